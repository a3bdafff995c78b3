"""The points of the playground."""

from __future__ import annotations

import numpy as np
import pytest

from labkit.nets.points import EXTENT, KINDS, make_points, read_points


@pytest.mark.parametrize("kind", KINDS)
def test_half_of_each_colour_within_the_picture(kind):
    """Without noise nearly all points are on the picture; the same seed draws the same."""
    points, labels = make_points(kind, 200, 0.0, np.random.default_rng(1))
    again, _ = make_points(kind, 200, 0.0, np.random.default_rng(1))
    assert labels.sum() == 100
    assert np.array_equal(points, again)
    assert np.mean(np.abs(points) < EXTENT) > 0.98


def test_a_rule_separates_each_kind():
    """Circle by the radius, xor by the sign of the product, gauss by the sum."""
    rng = np.random.default_rng(2)
    rules = {
        "circle": lambda p: np.hypot(*p.T) < 1.5,
        "xor": lambda p: p[:, 0] * p[:, 1] > 0,
        "gauss": lambda p: p.sum(axis=1) > 0,
    }
    for kind, rule in rules.items():
        points, labels = make_points(kind, 300, 0.0, rng)
        assert np.mean(rule(points) == labels) > 0.98, kind
    points, labels = make_points("spiral", 300, 0.0, rng)
    radius = np.hypot(*points.T)
    turned = np.arctan2(points[:, 1], points[:, 0]) - 3 * np.pi * radius / 2.8
    assert np.mean((np.cos(turned) < 0) == labels) == 1.0


def test_noise_moves_points_and_keeps_labels():
    """The standard deviation of the way is the noise."""
    still, labels = make_points("xor", 4000, 0.0, np.random.default_rng(3))
    moved, same = make_points("xor", 4000, 0.5, np.random.default_rng(3))
    assert np.array_equal(labels, same)
    assert np.std(moved - still) == pytest.approx(0.5, rel=0.05)


def test_an_unknown_kind_is_named():
    """So that a typing error is found."""
    with pytest.raises(ValueError, match="unknown data 'moons': expected one of circle"):
        make_points("moons", 10, 0.0, np.random.default_rng(1))


def test_points_are_read_from_a_file(tmp_path):
    """Columns in any order, scaled to the picture, centred."""
    path = tmp_path / "points.csv"
    path.write_text("label, x, y\n0, 100, 10\n1, 300, 10\n0, 100, 30\n1, 200, 20\n")
    points, labels = read_points(path)
    assert labels.tolist() == [0, 1, 0, 1]
    assert np.abs(points).max() == pytest.approx(0.95 * EXTENT)
    assert points[3] == pytest.approx([0, 0])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x,y\n1,2\n", "missing: \\['label'\\]"),
        ("x,y,label\n1,2,0\n", "1 points; at least 4"),
        ("x,y,label\n1,2,0\n1,two,0\n", "line 3: x, y and label must be numbers"),
        ("x,y,label\n1,2,7\n", "line 2: .*label 0 or 1"),
        ("x,y,label\n1,nan,0\n", "line 2: x and y must be finite"),
        ("x,y,label\n1\n", "line 2"),
    ],
)
def test_a_bad_file_is_told_in_words(tmp_path, text, message):
    """With the line where it is."""
    path = tmp_path / "points.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        read_points(path)
