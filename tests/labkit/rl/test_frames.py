"""Pictures drawn from numbers: measured in their pixels."""

from __future__ import annotations

import numpy as np
import pytest

from labkit.display.plots import OKABE_ITO
from labkit.rl.frames import PANEL, TRACK, add_probability_bars, cartpole_frames


def pixels_of(frame: np.ndarray, colour: str) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of the pixels with this colour, roughly: lines are smoothed at their
    edges."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
    return np.nonzero(np.abs(frame.astype(int) - rgb).max(axis=-1) < 20)


def test_the_cart_stands_where_it_is():
    """The cart's middle is at its position, in the scale of the track."""
    positions = [-2.0, 0.0, 1.3]
    frames = cartpole_frames([[position, 0, 0, 0] for position in positions], width=400)
    assert (frames.shape, frames.dtype) == ((3, 200, 400, 3), np.uint8)
    for frame, position in zip(frames, positions, strict=True):
        _, columns = pixels_of(frame, OKABE_ITO[0])
        middle = (columns.min() + columns.max()) / 2
        assert middle == pytest.approx(200 + position * 400 / (2 * TRACK * 1.1), abs=2)


@pytest.mark.parametrize("angle", [-0.6, 0.0, 0.2, 1.0])
def test_the_pole_leans_as_it_leans(angle):
    """A positive angle leans to the right, and the slope is the angle's."""
    frame = cartpole_frames([[0, 0, angle, 0]], width=400)[0]
    rows, columns = pixels_of(frame, OKABE_ITO[1])
    slope = np.polyfit(-rows, columns, 1)[0]
    assert np.arctan(slope) == pytest.approx(angle, abs=0.1)


def test_observations_need_four_numbers():
    """One observation alone, or other numbers, are named."""
    with pytest.raises(ValueError, match=r"\(T, 4\)"):
        cartpole_frames([0, 0, 0, 0])


def test_bars_are_as_long_as_the_probabilities():
    """The frame stays as it is; each bar grows with its probability; the action that was taken is
    filled."""
    frames = np.full((2, 210, 160, 3), 7, np.uint8)
    with_bars = add_probability_bars(frames, [[0.75, 0.25], [0.0, 1.0]], [0, 1])
    assert with_bars.shape == (2, 210, 160 + PANEL, 3)
    np.testing.assert_array_equal(with_bars[:, :, :160], frames)
    _, up = pixels_of(with_bars[0, :, 160:], OKABE_ITO[3])
    _, down = pixels_of(with_bars[0, :, 160:], OKABE_ITO[1])
    full = PANEL - 12
    assert np.ptp(up) == pytest.approx(0.75 * full, abs=1)
    assert np.ptp(down) == pytest.approx(0.25 * full, abs=1)
    assert len(up) > 0.75 * full * 15  # filled
    assert len(down) < 0.25 * full * 8  # an outline
    _, sure = pixels_of(with_bars[1, :, 160:], OKABE_ITO[1])
    assert np.ptp(sure) == pytest.approx(full, abs=1)


def test_grey_frames_get_colour():
    """(T, H, W) is shown as grey."""
    assert add_probability_bars(np.zeros((1, 210, 160), np.uint8), [[0.5, 0.5]]).shape == (
        1,
        210,
        160 + PANEL,
        3,
    )


@pytest.mark.parametrize(
    ("probabilities", "actions"),
    [([[0.5, 0.5]], None), ([[1.0], [1.0]], None), ([[1, 0]] * 2, [0])],
)
def test_numbers_that_do_not_agree(probabilities, actions):
    """As many probabilities and actions as frames, and one probability for each name."""
    with pytest.raises(ValueError, match="expected probabilities"):
        add_probability_bars(np.zeros((2, 20, 20, 3), np.uint8), probabilities, actions)
