"""The playground without a browser: settings, training, picture, page, and what controls do."""

from __future__ import annotations

import re
import time
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from labkit.nets.play import panel
from labkit.nets.play.drawing import draw, words
from labkit.nets.play.page import static_page
from labkit.nets.play.panel import Playground, playground
from labkit.nets.play.session import Session, plain_features
from labkit.nets.play.settings import FEATURES, Settings
from tests.labkit.nets.small import make_network

SPIRAL = Settings(data="spiral", layers=(8, 8), activation="tanh", noise=0.0, train_share=0.7)


def session(**settings):
    return Session(make_network, Settings(**settings))


def opened(monkeypatch, **settings):
    """A playground with its widgets, shown to nobody."""
    import ipywidgets

    monkeypatch.setattr(panel, "in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda *shown: None)
    assert ipywidgets
    return playground(make_network, **settings)


def test_the_line_of_python_brings_the_state_back():
    """Only what is not usual is named, and evaluating it gives equal settings."""
    assert Settings().as_python() == "playground(make_network)"
    settings = Settings(data="xor", inputs=["x", "xy"], layers=(3, 2), l2=0.1, seed=4)
    line = settings.as_python(features_given=True)
    given = eval(line, {"playground": lambda *a, **k: k, "make_network": 0, "features": 1})
    assert given.pop("features") == 1
    assert Settings(**given) == settings


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"inputs": ("x", "z")}, "unknown inputs \\['z'\\]"),
        ({"inputs": ()}, "at least one"),
        ({"layers": (9,)}, "from 1 to 8"),
        ({"layers": (1, 1, 1, 1, 1)}, "up to 4"),
        ({"activation": "gelu"}, "relu, tanh"),
        ({"learning_rate": float("nan")}, "learning_rate"),
        ({"batch_size": 0}, "batch_size"),
        ({"train_share": 1.0}, "train_share"),
        ({"data": "moons"}, "circle, xor, gauss, spiral, or a file"),
    ],
)
def test_settings_that_make_no_sense_are_named(settings, message):
    """Before anything is trained."""
    with pytest.raises(ValueError, match=message):
        session(**settings)


def test_it_learns_what_a_line_cannot_and_squares_can():
    """The circle: chance without hidden neurons, all right with the squares as inputs."""
    shares = []
    for inputs in (("x", "y"), ("x2", "y2")):
        played = session(data="circle", layers=(), inputs=inputs, noise=0.0)
        while played.epoch < 60:
            played.train_epoch()
        shares.append(played.share_right())
    assert shares[0] < 0.75
    assert shares[1] > 0.97


@pytest.mark.timeout(300)
def test_the_spiral_is_learned():
    """Two layers of eight, from the coordinates alone: 97 % of held-out points."""
    played = Session(make_network, SPIRAL)
    while played.epoch < 1500 and not (played.epoch % 50 == 0 and played.losses[-1][1] < 0.03):
        assert played.train_epoch()
    assert played.share_right() >= 0.97


def test_weight_decay_makes_weights_smaller():
    """Both kinds; L1 makes some of them nearly 0."""
    sizes = {}
    for name, decay in (("none", {}), ("l1", {"l1": 0.02}), ("l2", {"l2": 0.1})):
        played = session(data="gauss", noise=0.5, **decay)
        for _ in range(60):
            played.train_epoch()
        sizes[name] = np.concatenate([np.ravel(W) for W in played.weights()])
    assert np.sum(sizes["l1"] ** 2) < np.sum(sizes["none"] ** 2)
    assert np.sum(sizes["l2"] ** 2) < np.sum(sizes["none"] ** 2) / 2
    assert np.abs(sizes["l1"]).min() < 0.01


@pytest.mark.filterwarnings("error")
def test_a_diverged_network_says_so_and_stops():
    """A learning rate of 10 with weight decay; also when it starts from numbers without end."""
    played = session(learning_rate=10.0, l2=0.5)
    while played.train_epoch():
        assert played.epoch < 200
    assert "diverged" in played.problem
    assert played.epoch < 200
    assert "diverged" in words(played)
    ET.fromstring(draw(played))
    stopped = played.epoch
    assert played.train_epoch() is False
    assert played.epoch == stopped


def test_the_same_seed_plays_the_same_game():
    """Points, weights and batches follow from the seed."""
    games = [session(seed=seed) for seed in (3, 3, 4)]
    for played in games:
        for _ in range(3):
            played.train_epoch()
    assert games[0].losses == games[1].losses != games[2].losses


def test_own_points_are_read_and_split(tmp_path):
    """Both parts hold both classes."""
    path = tmp_path / "points.csv"
    rows = [f"{i},{i % 7},{i % 2}" for i in range(40)]
    path.write_text("\n".join(["x,y,label", *rows]))
    played = session(data=str(path), train_share=0.1, noise=0.0)
    points = played.points
    assert len(points.train) == 4
    assert len(points.held_out) == 36
    assert set(points.train_labels) == set(points.held_out_labels) == {0, 1}


def test_maps_are_the_answers_of_the_neurons():
    """The first column is x itself, rising to the right; row 0 is above; the last is the verdict."""
    played = session(inputs=("x", "y"), layers=(3, 2))
    layers, verdict = played.maps(30)
    assert [len(layer) for layer in layers] == [2, 3, 2]
    assert np.all(np.diff(layers[0][0], axis=1) > 0)
    assert np.all(np.diff(layers[0][1], axis=0) < 0)
    logits = played.network.forward(plain_features([[-3.0, 3.0]], ("x", "y")))[0]
    assert verdict[0, 0] == pytest.approx(np.tanh((logits[1] - logits[0]) / 2))
    hidden = np.maximum(played.network.layers[0].forward(np.array([[-3.0, 3.0]])), 0)[0]
    assert layers[1][:, 0, 0] == pytest.approx(hidden)


def test_the_picture_is_an_svg_with_words_and_widths():
    """Words for those who cannot see it; the widest line is the largest weight."""
    played = session(layers=(3,), inputs=FEATURES)
    root = ET.fromstring(draw(played))
    assert root.get("role") == "img"
    assert "of the held-out points are right" in root.get("aria-label")
    tag = "{http://www.w3.org/2000/svg}"
    widths = [float(path.get("stroke-width")) for path in root.iter(f"{tag}path")]
    assert len(widths) == 7 * 3 + 3 * 2
    first = np.abs(played.weights()[0]).ravel()
    assert np.argmax(widths[:21]) == np.argmax(first)
    assert len(list(root.iter(f"{tag}image"))) == 7 + 3 + 1


def test_a_frame_is_quick_enough():
    """Drawing the largest network leaves time for five frames a second on one core."""
    played = session(layers=(8, 8, 8, 8), inputs=FEATURES)
    begun = time.process_time()
    for _ in range(5):
        played.train_epoch()
        draw(played)
    assert (time.process_time() - begun) / 5 < 0.15


def test_the_static_page_needs_no_script():
    """Steps of a training to unfold, the last one open; a diverged network ends it."""
    page = static_page(session(), (0, 1, 5), "playground(make_network)")
    assert page.count("<details") == 3
    assert page.count("<details open>") == 1
    assert "<script" not in page
    assert "Epoch 5: loss" in page
    page = static_page(session(learning_rate=10.0, l2=0.5), (0, 1, 100, 200), "…")
    assert page.count("<details") < 4
    assert "diverged" in page


def test_outside_a_notebook_the_page_is_shown(monkeypatch, capsys):
    """And a line of text is printed."""
    shown = []
    monkeypatch.setenv("LABKIT_PLAIN", "1")
    monkeypatch.setattr("IPython.display.display", shown.append)
    playground(make_network, data="gauss")
    assert "<svg" in shown[0].data
    assert "Epoch 200: loss" in capsys.readouterr().out


def test_step_play_and_reset(monkeypatch):
    """Step is one epoch, a tick of the clock at least one, reset begins anew."""
    played = opened(monkeypatch)
    played.controls["step"].click()
    assert played.session.epoch == 1
    assert "Epoch 1:" in played.status.value
    played.controls["play"].value = True
    assert played.controls["clock"].playing
    assert played.controls["play"].description == "Pause"
    played.controls["clock"].value = 1
    assert played.session.epoch > 1
    played.controls["play"].value = False
    assert not played.controls["clock"].playing
    played.controls["reset"].click()
    assert played.session.epoch == 0


def test_controls_change_the_network(monkeypatch):
    """Sizes begin anew, rates take effect at once; the line of Python follows."""
    played = opened(monkeypatch)
    played.controls["step"].click()
    played.controls["learning_rate"].value = 0.5
    assert played.session.epoch == 1
    assert played.session.settings.learning_rate == 0.5
    played.controls["depth"].value = 2
    played.controls["layers"][1].value = 3
    played.controls["inputs"]["xy"].value = True
    played.controls["data"].value = "xor"
    assert played.session.epoch == 0
    assert [W.shape for W in played.session.weights()] == [(3, 4), (4, 3), (3, 2)]
    assert played.code in played.line.value
    assert "layers=(4, 3)" in played.code
    assert "data='xor'" in played.code


def test_nonsense_in_a_control_is_told_and_changes_nothing(monkeypatch):
    """A file that is not there, no input at all, a negative rate."""
    played = opened(monkeypatch)
    played.controls["data"].value = "nowhere.csv"
    assert "nowhere.csv" in played.status.value
    assert played.session.settings.data == "circle"
    played.controls["data"].value = "circle"
    played.controls["learning_rate"].value = -1.0
    assert "learning_rate must lie between" in played.status.value
    assert played.session.settings.learning_rate == 0.03


def test_the_clock_stops_when_the_network_diverges(monkeypatch):
    """It says so, and a reset after a repair goes on."""
    played = opened(monkeypatch, learning_rate=10.0, l2=0.5)
    played.controls["play"].value = True
    for tick in range(1, 100):
        played.controls["clock"].value = tick
        if played.session.problem:
            break
    assert played.controls["clock"].playing is False
    assert "diverged" in played.status.value
    played.controls["l2"].value = 0.0
    played.controls["learning_rate"].value = 0.03
    played.controls["reset"].click()
    played.controls["step"].click()
    assert played.session.epoch == 1
    assert not played.session.problem


def test_students_features_are_used(monkeypatch):
    """What `features` gives is what the network sees."""
    asked = []

    def features(points, names):
        asked.append(list(names))
        return plain_features(points, names) * 2

    played = Session(make_network, Settings(inputs=("y", "x2")), features)
    assert asked[0] == ["y", "x2"]
    assert np.array_equal(played.see([[1.0, 3.0]]), [[6.0, 2.0]])
    assert Playground(played, features_given=True).code.startswith(
        "playground(make_network, features=features, inputs=('y', 'x2')"
    )
    assert re.search("inputs", Playground(played).code)
