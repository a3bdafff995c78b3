"""Pictures drawn from numbers: a Cart-Pole from its state, probabilities beside a frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from labkit.display.plots import OKABE_ITO

__all__ = ["add_probability_bars", "cartpole_frames"]

TRACK = 2.4  # metres from the middle to where an episode ends
POLE = 1.0  # metres; Gymnasium's `length`, 0.5, is half of it
PANEL = 64  # pixels beside the frame
SMOOTH = 3  # fractional bits of OpenCV's coordinates


def cartpole_frames(observations: Any, *, width: int = 400) -> np.ndarray:
    """Draw Cart-Pole without a display.

    Args:
        observations: (T, 4): position of the cart in metres, its velocity, angle of the pole in
            radians from upright (positive to the right), its velocity. Only the first and the third
            are seen.
        width: of the frames, in pixels.

    Returns:
        uint8 (T, width / 2, width, 3).

    Raises:
        ValueError: when the observations are not (T, 4).
    """
    observations = np.asarray(observations, float)
    if observations.ndim != 2 or observations.shape[1] != 4:
        raise ValueError(f"observations must have shape (T, 4), got {observations.shape}")
    return np.stack([_cartpole(position, angle, width) for position, _, angle, _ in observations])


def _cartpole(position: float, angle: float, width: int) -> np.ndarray:
    """One frame, uint8 (width / 2, width, 3): track, cart and pole."""
    import cv2

    frame = np.full((width // 2, width, 3), 255, np.uint8)
    metre, ground = width / (2 * TRACK * 1.1), width * 0.42

    def point(x: float, y: float) -> tuple[int, int]:
        """Metres from the middle of the ground → pixels with SMOOTH fractional bits."""
        return round((width / 2 + x * metre) * 2**SMOOTH), round((ground - y * metre) * 2**SMOOTH)

    def line(start: tuple[int, int], end: tuple[int, int], colour: str, thickness: int) -> None:
        cv2.line(frame, start, end, _rgb(colour), thickness, cv2.LINE_AA, SMOOTH)

    line(point(-TRACK, 0), point(TRACK, 0), "#888888", 1)
    for end in (-TRACK, TRACK):
        line(point(end, -0.1), point(end, 0.1), OKABE_ITO[4], 2)
    corners = point(position - 0.25, 0.15), point(position + 0.25, -0.05)
    cv2.rectangle(frame, *corners, _rgb(OKABE_ITO[0]), cv2.FILLED, cv2.LINE_AA, SMOOTH)
    top = point(position + POLE * np.sin(angle), 0.15 + POLE * np.cos(angle))
    line(point(position, 0.15), top, OKABE_ITO[1], max(2, width // 60))
    return frame


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def add_probability_bars(
    frames: Any, probabilities: Any, actions: Any = None, *, names: Sequence[str] = ("up", "down")
) -> np.ndarray:
    """Frames with a panel at their right: one bar for the probability of each action.

    Args:
        frames: uint8 (T, H, W, 3) or (T, H, W).
        probabilities: (T, A), each row sums to 1.
        actions: what was done, integers (T,); its bar is filled, the others are outlines. Without
            it all are filled.
        names: of the A actions, from top to bottom.

    Returns:
        uint8 (T, H, W + 64, 3).

    Raises:
        ValueError: when the numbers of frames, probabilities, actions or names do not agree.
    """
    frames, probabilities = np.asarray(frames), np.asarray(probabilities, float)
    if frames.ndim == 3:
        frames = np.repeat(frames[..., None], 3, axis=-1)
    _check_counts(frames, probabilities, actions, names)
    panels = []
    for i, row in enumerate(probabilities):
        action = None if actions is None else int(actions[i])
        panels.append(_panel(frames.shape[1], row, names, action))
    return np.concatenate([frames, np.stack(panels)], axis=2)


def _check_counts(
    frames: np.ndarray, probabilities: np.ndarray, actions: Any, names: Sequence[str]
) -> None:
    fits = probabilities.shape == (len(frames), len(names))
    if fits and (actions is None or len(actions) == len(frames)):
        return
    also = "" if actions is None else f" and {len(actions)} actions"
    raise ValueError(
        f"expected probabilities ({len(frames)}, {len(names)}) and as many actions as frames, "
        f"got {probabilities.shape}{also}"
    )


def _panel(
    height: int, probabilities: np.ndarray, names: Sequence[str], action: int | None
) -> np.ndarray:
    """One panel, uint8 (height, PANEL, 3): for each action its name, its bar and its percentage."""
    import cv2

    panel = np.zeros((height, PANEL, 3), np.uint8)
    row = height / len(names)
    for i, (name, fraction) in enumerate(zip(names, probabilities, strict=True)):
        colour, middle = _rgb(OKABE_ITO[(3, 1, 6, 5)[i % 4]]), int(row * (i + 0.5))
        _write(panel, name, middle - 14, 0.42)
        corner = 6 + round(float(fraction) * (PANEL - 12)), middle + 8
        thickness = cv2.FILLED if action is None or action == i else 1
        cv2.rectangle(panel, (6, middle - 8), corner, colour, thickness)
        _write(panel, f"{fraction:.0%}", middle + 24, 0.4)
    return panel


def _write(panel: np.ndarray, text: str, bottom: int, size: float) -> None:
    """White text at the left of the panel, which stands on the row `bottom`."""
    import cv2

    font, white = cv2.FONT_HERSHEY_SIMPLEX, (255, 255, 255)
    cv2.putText(panel, text, (6, bottom), font, size, white, 1, cv2.LINE_AA)
