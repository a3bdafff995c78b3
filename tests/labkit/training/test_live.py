"""Watching a training run."""

from __future__ import annotations

import sys
import types

import numpy as np
import pytest

from labkit.training.live import LiveCurve
from labkit.training.run import duration, sparkline


def test_a_run_is_recorded():
    """Every loss with its step, held-out numbers with theirs, numbers of any origin."""
    with LiveCurve(4) as curve:
        for step in curve:
            curve.add([1.0, np.float32(0.5), np.array(0.25), 0][step])
            if step == 3:
                curve.add_held_out(0.4)
    history = curve.history
    assert (history.steps, history.loss) == ([0, 1, 2, 3], [1.0, 0.5, 0.25, 0.0])
    assert (history.held_out_steps, history.held_out) == ([3], [0.4])
    assert not history.interrupted
    assert history.seconds > 0


def test_an_interrupt_keeps_what_was_recorded(capsys):
    """Interrupting the kernel ends the block without an error and loses nothing."""
    with LiveCurve(10) as curve:
        for step in curve:
            curve.add(1.0 / (step + 1))
            if step == 2:
                raise KeyboardInterrupt
    assert curve.history.interrupted
    assert len(curve.history.loss) == 3
    assert "Interrupted after 3 of 10 steps" in capsys.readouterr().out


def test_run_returns_the_history():
    """`run` is the loop in one call, also when it is interrupted."""

    def step(i: int) -> float:
        if i == 5:
            raise KeyboardInterrupt
        return 1.0

    assert LiveCurve(3).run(lambda i: float(i)).loss == [0.0, 1.0, 2.0]
    assert len(LiveCurve(10).run(step).loss) == 5


def test_other_errors_are_errors():
    """Only interrupts are swallowed."""
    with pytest.raises(ZeroDivisionError):
        LiveCurve(2).run(lambda i: 1 / 0)


def test_text_stays_short(capsys):
    """Outside notebooks about ten lines, with progress, speed, time left, and the held-out number
    by the baseline."""
    with LiveCurve(1000, loss_name="nats", baseline=1.7, baseline_name="5-gram") as curve:
        for step in curve:
            curve.add(2.0 - step / 1000)
            if step == 500:
                curve.add_held_out(1.6)
    lines = capsys.readouterr().out.splitlines()
    assert 8 <= len(lines) <= 11
    assert "step 100 of 1,000" in lines[0]
    assert "5-gram 1.700" in lines[0]
    assert " left" in lines[0]
    assert "held out 1.600 (5-gram 1.700)" in lines[-1]
    assert "step 1,000 of 1,000" in lines[-1]
    assert "took" in lines[-1]
    assert lines[-1].startswith("█")


def test_a_limit_of_time(monkeypatch, capsys):
    """The loop ends after the step in which the seconds are over; progress and time left know both
    limits."""
    clock = [100.0]
    monkeypatch.setattr("labkit.training.live.time.monotonic", lambda: clock[0])
    progress = []
    with LiveCurve(1000, seconds=60, loss_name="nats") as curve:
        for _ in curve:
            progress.append(curve.progress)
            curve.add(1.0)
            clock[0] += 8
    assert progress == pytest.approx([i * 8 / 60 for i in range(8)])
    lines = capsys.readouterr().out.splitlines()
    assert "step 1 of at most 1,000" in lines[0]
    assert "52 s left" in lines[0]
    assert "step 8 of at most 1,000" in lines[-1]
    assert "took 1 min 04 s" in lines[-1]
    assert not curve.history.interrupted
    assert curve.progress == 1


def test_steps_may_be_over_before_the_time():
    """With time to spare the loop runs all its steps, and the fraction of the steps is the
    progress."""
    with LiveCurve(4, seconds=1e6) as curve:
        assert [curve.progress for _ in curve] == pytest.approx([0, 0.25, 0.5, 0.75], abs=1e-3)


@pytest.mark.parametrize("seconds", [0, -1.0, float("nan")])
def test_a_limit_is_positive(seconds):
    """A run needs some time."""
    with pytest.raises(ValueError, match="positive number"):
        LiveCurve(3, seconds=seconds)


def test_leaving_the_loop_early(capsys):
    """After `break` the curve shows what was reached."""
    with LiveCurve(100) as curve:
        for step in curve:
            curve.add(1.0)
            if step == 4:
                break
    assert "step 5 of 100" in capsys.readouterr().out
    assert not curve.history.interrupted


class Display:
    """Stands for IPython's display handle; keeps every update."""

    def __init__(self) -> None:
        self.pages: list[str] = []

    def update(self, page: object) -> None:
        self.pages.append(str(page))


@pytest.fixture
def display(monkeypatch):
    """A notebook, as far as LiveCurve can tell."""
    handle = Display()
    shell = types.SimpleNamespace(kernel=object())
    module = types.ModuleType("IPython.display")
    module.HTML = str  # type: ignore[attr-defined]
    module.display = lambda *_, **__: handle  # type: ignore[attr-defined]
    ipython = types.ModuleType("IPython")
    ipython.version_info = (9, 0)  # type: ignore[attr-defined]
    ipython.get_ipython = lambda: shell  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", module)
    return handle


def test_in_a_notebook_one_picture_is_updated(display, capsys):
    """One display, few updates, the last one with the curve, its alternative text and no progress
    bar."""
    with LiveCurve(200, title="Training", loss_name="nats", baseline=1.7) as curve:
        for _ in curve:
            curve.add(1.5)
    assert len(display.pages) <= 3
    assert '<img alt="Training: nats from 1.500 to 1.500' in display.pages[-1]
    assert "<progress" not in display.pages[-1]
    assert capsys.readouterr().out == ""


def test_plain_text_on_request(display, monkeypatch, capsys):
    """LABKIT_PLAIN=1 gives text in a notebook."""
    monkeypatch.setenv("LABKIT_PLAIN", "1")
    LiveCurve(20).run(lambda i: 1.0)
    assert display.pages == []
    assert "step 20 of 20" in capsys.readouterr().out


def test_sparkline():
    """Low is low, high is high, at most `width` characters, gaps where nothing can be shown."""
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█"
    assert len(sparkline(list(range(1000)), width=30)) == 30
    assert sparkline([1.0, float("nan"), 2.0]) == "▁ █"
    assert sparkline([3.0, 3.0]) == "▁▁"
    assert sparkline([]) == ""


@pytest.mark.parametrize(
    ("seconds", "words"), [(9.6, "10 s"), (125, "2 min 05 s"), (4200, "1 h 10 min")]
)
def test_duration(seconds, words):
    """Times as people say them."""
    assert duration(seconds) == words


@pytest.mark.parametrize("steps", [0, -1, 1.5, True])
def test_a_run_has_steps(steps):
    """A run needs a positive number of steps."""
    with pytest.raises(ValueError, match="positive integer"):
        LiveCurve(steps)


def test_a_loss_is_one_number():
    """An array is refused where it is recorded, not when it is drawn."""
    with pytest.raises(ValueError, match="single number"):
        LiveCurve(2).add(np.zeros(3))
