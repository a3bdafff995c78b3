"""`playground`: a student's own network, learning before their eyes, with controls around it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from labkit.checking.boxes import in_notebook
from labkit.nets.play.drawing import draw, words
from labkit.nets.play.page import static_page
from labkit.nets.play.session import Session
from labkit.nets.play.settings import ACTIVATIONS, FEATURES, MOST_LAYERS, Settings
from labkit.nets.points import KINDS

__all__ = ["Playground", "playground"]

FRAME_SECONDS = 0.03  # of training in each frame; drawing and sending take about as long
INTERVAL = 120  # milliseconds from frame to frame, which makes eight in a second
LIVE = ("learning_rate", "batch_size", "l1", "l2")  # these take effect without a restart
STATIC_EPOCHS = (0, 1, 3, 10, 30, 100, 200)


def playground(
    make_network: Callable[..., Any],
    *,
    features: Callable[..., Any] | None = None,
    **settings: Any,
) -> Playground:
    """Open a playground for a network that somebody has written.

    In a notebook there are controls; elsewhere, or where ipywidgets is missing, it trains for
    `STATIC_EPOCHS` and shows what came of it, step by step, on a page without a kernel.

        playground(make_network, data="spiral", layers=(8, 8), activation="tanh")

    Args:
        make_network: `make_network(sizes, rng, activation="relu")` gives a network with `layers`,
            `forward(x)` and `loss_and_grads(x, labels, l2=0.0)`.
        features: `features(points, names)` → (N, len(names)); left out, the library's own.
        **settings: what to begin with, as in `Settings`; the panel shows this line.

    Raises:
        ValueError: for settings that make no sense.
    """
    session = Session(make_network, Settings(**settings), features)
    opened = Playground(session, features_given=features is not None)
    opened.show()
    return opened


class Playground:
    """A session, and the widgets around it.

    Attributes:
        session: the network and its training.
        controls: widgets by the name of their setting, and "play", "clock", "step", "reset".
    """

    def __init__(self, session: Session, *, features_given: bool = False) -> None:
        self.session = session
        self.features_given = features_given
        self.controls: dict[str, Any] = {}
        self._quiet = False

    @property
    def code(self) -> str:
        """The line of Python that opens a playground with the settings in force."""
        return self.session.settings.as_python(self.features_given)

    def show(self) -> None:
        """Display the panel, or the static page where there is no notebook."""
        from IPython.display import HTML, display

        widgets = _widgets() if in_notebook() else None
        if widgets is None:
            display(HTML(static_page(self.session, STATIC_EPOCHS, self.code)))
            print(words(self.session))
            return
        self._make(widgets)
        self.refresh()
        display(self._arranged(widgets))

    def frame(self) -> None:
        """Train for a moment, and draw."""
        until = time.perf_counter() + FRAME_SECONDS
        while self.session.train_epoch() and time.perf_counter() < until:
            pass
        self.refresh()

    def step(self) -> None:
        """Train for one epoch, and draw."""
        self.session.train_epoch()
        self.refresh()

    def reset(self) -> None:
        """Begin anew with the settings of the controls."""
        self._restart(self._wanted())

    def refresh(self, problem: str = "") -> None:
        """Draw the state; a diverged network stops the clock."""
        problem = problem or self.session.problem
        if problem:
            self.controls["play"].value = False
        self.picture.value = draw(self.session)
        colour = "#a00" if problem else "inherit"
        said = problem or words(self.session)
        self.status.value = f'<p role="status" style="color:{colour};margin:0">{said}</p>'
        self.line.value = self.code

    def _run(self, on: bool) -> None:
        """Start or stop the clock; its button says what a click will do."""
        self.controls["clock"].playing = on
        self.controls["play"].description = "Pause" if on else "Play"
        self.controls["play"].icon = "pause" if on else "play"

    def _wanted(self) -> dict[str, Any]:
        """The settings as the controls show them."""
        chosen: dict[str, Any] = {}
        for name in ("data", "noise", "train_share", "activation", *LIVE, "seed"):
            chosen[name] = self.controls[name].value
        boxes = self.controls["inputs"]
        chosen["inputs"] = tuple(name for name in FEATURES if boxes[name].value)
        count = self.controls["depth"].value
        chosen["layers"] = tuple(box.value for box in self.controls["layers"][:count])
        return chosen

    def _changed(self, name: str) -> None:
        if self._quiet:
            return
        wanted = self._wanted()
        for number, box in enumerate(self.controls["layers"]):
            box.disabled = number >= self.controls["depth"].value
        if name not in LIVE:
            self._restart(wanted)
            return
        try:
            self.session.settings = self.session.settings.changed(**{name: wanted[name]})
            self.refresh()
        except ValueError as error:
            self.refresh(problem=str(error))

    def _restart(self, wanted: dict[str, Any]) -> None:
        try:
            self.session.restart(Settings(**wanted))
            self.refresh()
        except (ValueError, KeyError, OSError) as error:
            self.refresh(problem=str(error))

    def _make(self, widgets: Any) -> None:
        """The widgets, connected with what they do."""
        settings, controls = self.session.settings, self.controls
        self.picture, self.status = widgets.HTML(), widgets.HTML()
        self.line = widgets.Text(description="as Python", disabled=False)
        controls.update(_controls(widgets, settings))
        named = {name: controls[name] for name in ("data", "noise", "train_share", "activation")}
        named.update({name: controls[name] for name in (*LIVE, "seed", "depth")})
        for name, widget in named.items():
            widget.observe(lambda _, name=name: self._changed(name), "value")
        for widget in (*controls["inputs"].values(), *controls["layers"]):
            widget.observe(lambda _: self._changed("layers"), "value")
        controls["play"].observe(lambda change: self._run(change["new"]), "value")
        controls["clock"].observe(lambda _: self.frame(), "value")
        controls["step"].on_click(lambda _: self.step())
        controls["reset"].on_click(lambda _: self.reset())

    def _arranged(self, widgets: Any) -> Any:
        """Clock, data, inputs, network and training in rows, the picture below."""
        c, row = self.controls, widgets.Layout(flex_flow="row wrap")
        rows = [
            [c["play"], c["step"], c["reset"], c["seed"], c["clock"]],
            [c["data"], c["noise"], c["train_share"]],
            [widgets.Label("inputs"), *c["inputs"].values()],
            [c["depth"], *c["layers"], c["activation"]],
            [c["learning_rate"], c["batch_size"], c["l1"], c["l2"]],
        ]
        boxes = [widgets.HBox(row_of, layout=row) for row_of in rows]
        self.line.layout.width = "95%"
        return widgets.VBox([*boxes, self.status, self.picture, self.line])


def _widgets() -> Any:
    """ipywidgets, or None with a word about it."""
    try:
        import ipywidgets
    except ImportError:
        print("For the controls install ipywidgets.")
        return None
    return ipywidgets


def _controls(w: Any, settings: Settings) -> dict[str, Any]:
    """A widget for each setting, and for the clock."""
    narrow, tiny = w.Layout(width="210px"), w.Layout(width="120px")
    numbers: dict[str, Any] = {"continuous_update": False, "layout": w.Layout(width="270px")}
    sizes = [*settings.layers, *(4,) * MOST_LAYERS][:MOST_LAYERS]
    layers = [_layer(w, n, i, i >= len(settings.layers)) for i, n in enumerate(sizes)]
    return {
        "play": w.ToggleButton(False, description="Play", icon="play", layout=tiny),
        # It ticks in the page; its own buttons have no names, so that it stays out of sight.
        "clock": w.Play(min=0, max=10**9, interval=INTERVAL, layout=w.Layout(display="none")),
        "step": w.Button(description="Step", tooltip="one epoch", layout=tiny),
        "reset": w.Button(description="Reset", tooltip="new points and weights", layout=tiny),
        "seed": w.IntText(settings.seed, description="seed", layout=narrow),
        "data": w.Combobox(
            value=settings.data,
            options=KINDS,
            description="data",
            placeholder="or a CSV file",
            continuous_update=False,
            layout=narrow,
        ),
        "noise": w.FloatSlider(
            settings.noise, min=0, max=1, step=0.05, description="noise", **numbers
        ),
        "train_share": w.FloatSlider(
            settings.train_share, min=0.1, max=0.9, step=0.05, description="training", **numbers
        ),
        "inputs": _inputs(w, settings),
        "depth": w.BoundedIntText(
            len(settings.layers), min=0, max=MOST_LAYERS, description="layers", layout=narrow
        ),
        "layers": layers,
        "activation": w.Dropdown(
            options=ACTIVATIONS, value=settings.activation, description="activation", layout=narrow
        ),
        "learning_rate": w.FloatText(settings.learning_rate, description="rate", layout=narrow),
        "batch_size": w.BoundedIntText(
            settings.batch_size, min=1, max=1000, description="batch", layout=narrow
        ),
        "l1": w.FloatText(settings.l1, description="L1", layout=narrow),
        "l2": w.FloatText(settings.l2, description="L2", layout=narrow),
    }


def _inputs(w: Any, settings: Settings) -> dict[str, Any]:
    """A box to tick for each feature."""
    boxes = {}
    for name in FEATURES:
        on, layout = name in settings.inputs, w.Layout(width="120px")
        boxes[name] = w.Checkbox(on, description=name, indent=False, layout=layout)
    return boxes


def _layer(w: Any, size: int, number: int, off: bool) -> Any:
    """The number of neurons of one layer."""
    return w.BoundedIntText(
        size,
        min=1,
        max=8,
        disabled=off,
        description=f"{number + 1}:",
        layout=w.Layout(width="90px"),
        style={"description_width": "20px"},
    )
