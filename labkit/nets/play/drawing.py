"""The picture of a playground: one SVG with the network, its neurons and the border it draws."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence

import numpy as np

from labkit.nets.play.session import Session
from labkit.nets.points import EXTENT

__all__ = ["draw", "words"]

ORANGE, BLUE, PAPER = (0xE6, 0x9F, 0x00), (0x00, 0x72, 0xB2), (0xF7, 0xF7, 0xF7)
WIDTH, HEIGHT = 940, 430
NEURON, MAP = 34, 300
MAP_X, MAP_Y = WIDTH - MAP - 12, 30
LEFT, TOP = 60, 34
CURVES = (12.0, 352.0, 580.0, 66.0)  # x, y, width, height
MAP_RESOLUTION, NEURON_RESOLUTION = 60, 20


def draw(session: Session) -> str:
    """The state as an SVG with a description in words.

    Left the inputs, then each hidden layer, at the right the whole plane with the points: training
    points filled, held-out ones with a white rim, discs for class 1 and squares for class 0.
    """
    layers, verdict = session.maps(MAP_RESOLUTION)
    title = html.escape(words(session), quote=True)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{title}" style="width:100%;max-width:{WIDTH}px;height:auto" '
        'font-family="sans-serif" font-size="12">',
        *_network(session, layers),
        _picture(verdict, MAP_X, MAP_Y, MAP),
        *_points(session),
        *_curves(session.losses),
        f'<text x="{MAP_X}" y="20">what it thinks: blue 1, orange 0</text>',
        "</svg>",
    ]
    return "".join(parts)


def words(session: Session) -> str:
    """The state in one sentence: the epoch, both losses, the share that is right."""
    if session.problem:
        return f"Epoch {session.epoch}. {session.problem}"
    if not session.losses:
        return "The network has no finite loss."
    train, held_out = session.losses[-1]
    return (
        f"Epoch {session.epoch}: loss {train:.3f} in training, {held_out:.3f} held out; "
        f"{session.share_right():.1%} of the held-out points are right"
    )


def _places(count: int, column: int, columns: int) -> list[tuple[float, float]]:
    """The upper left corners of the neurons of a column."""
    x = LEFT + column * (MAP_X - 70 - LEFT) / max(columns - 1, 1)
    return [(x, TOP + i * (NEURON + 4)) for i in range(count)]


def _network(session: Session, layers: Sequence[np.ndarray]) -> list[str]:
    """Lines for the weights, and a little map for each neuron."""
    columns = [_places(len(layer), i, len(layers)) for i, layer in enumerate(layers)]
    ends = [*columns[1:], [(MAP_X - 8.0, 150.0), (MAP_X - 8.0, 190.0)]]
    parts = []
    for start, end, W in zip(columns, ends, session.weights(), strict=True):
        parts += _lines(start, end, W)
    for number, (places, layer) in enumerate(zip(columns, layers, strict=True)):
        coarse = layer[:, :: MAP_RESOLUTION // NEURON_RESOLUTION]
        coarse = coarse[:, :, :: MAP_RESOLUTION // NEURON_RESOLUTION]
        for i, (x, y) in enumerate(places):
            top = np.abs(np.nan_to_num(coarse[i])).max() or 1.0
            parts.append(_picture(np.nan_to_num(coarse[i]) / top, x, y, NEURON))
            if number == 0:
                name = html.escape(session.settings.inputs[i])
                parts.append(f'<text x="{x - 6}" y="{y + 21}" text-anchor="end">{name}</text>')
    return parts


def _lines(
    start: Sequence[tuple[float, float]], end: Sequence[tuple[float, float]], W: np.ndarray
) -> list[str]:
    """One curve for each weight: as wide as it is large; dashed and orange below zero."""
    W = np.nan_to_num(W)
    top = np.abs(W).max() or 1.0
    half = NEURON / 2
    parts = []
    for i, j in np.ndindex(W.shape):
        x1, y1, x2, y2 = start[i][0] + NEURON, start[i][1] + half, end[j][0], end[j][1] + half
        middle = (x1 + x2) / 2
        width = 0.3 + 4.2 * abs(W[i, j]) / top
        look = f'stroke="{_name(BLUE)}"' if W[i, j] > 0 else _BELOW
        parts.append(
            f'<path d="M{x1:.0f} {y1:.0f}C{middle:.0f} {y1:.0f} {middle:.0f} {y2:.0f} {x2:.0f} '
            f'{y2:.0f}" fill="none" {look} stroke-width="{width:.1f}"/>'
        )
    return parts


def _points(session: Session) -> list[str]:
    """The points on the map; their form tells the class as well as their colour does."""
    points = session.points
    sides = (
        (points.train, points.train_labels, "#000"),
        (points.held_out, points.held_out_labels, "#fff"),
    )
    parts = []
    for part, labels, rim in sides:
        for (x, y), label in zip(part, labels, strict=True):
            if max(abs(x), abs(y)) > EXTENT:
                continue
            left, top = _on_map(x), _on_map(-y)
            look = f'fill="{_name(BLUE if label else ORANGE)}" stroke="{rim}" stroke-width=".9"'
            at = MAP_X + left, MAP_Y + top
            if label:
                parts.append(f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="3.4" {look}/>')
            else:
                parts.append(
                    f'<rect x="{at[0] - 3:.1f}" y="{at[1] - 3:.1f}" width="6" height="6" {look}/>'
                )
    return parts


def _on_map(value: float) -> float:
    return (value + EXTENT) / (2 * EXTENT) * MAP


def _curves(losses: Sequence[tuple[float, float]]) -> list[str]:
    """Both losses from the first epoch to the last: training drawn through, held out dashed."""
    x, y, width, height = CURVES
    kept = np.array(losses[:: max(len(losses) // 300, 1)] or [(0.0, 0.0)])
    top = max(float(kept.max()), 0.1)
    across = x + width * np.arange(len(kept)) / max(len(kept) - 1, 1)
    parts = [
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="#fff" stroke="#bbb"/>'
        f'<text x="{x + 4}" y="{y + 13}">loss, at most {top:.2f}: training (line), '
        "held out (dashes)</text>"
    ]
    for column, look in ((0, 'stroke="#000"'), (1, 'stroke="#D55E00" stroke-dasharray="5 3"')):
        down = y + height * (1 - kept[:, column] / top)
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across, down, strict=True))
        parts.append(f'<polyline points="{path}" fill="none" {look} stroke-width="1.6"/>')
    return parts


def _picture(values: np.ndarray, x: float, y: float, size: float) -> str:
    """Numbers from −1 (orange) to 1 (blue) as an image inside the SVG."""
    data = base64.b64encode(_png(values)).decode()
    return (
        f'<image x="{x:.0f}" y="{y:.0f}" width="{size:.0f}" height="{size:.0f}" '
        f'preserveAspectRatio="none" href="data:image/png;base64,{data}"/>'
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{size:.0f}" height="{size:.0f}" fill="none" '
        'stroke="#444"/>'
    )


def _png(values: np.ndarray) -> bytes:
    from PIL import Image

    t = np.clip(values, -1, 1)[..., None]
    colours = np.where(t > 0, np.array(BLUE), np.array(ORANGE))
    pixels = np.array(PAPER) * (1 - np.abs(t)) + colours * np.abs(t)
    buffer = io.BytesIO()
    # Little compression: the picture lives for a fifth of a second.
    Image.fromarray(pixels.astype(np.uint8)).save(buffer, "png", compress_level=1)
    return buffer.getvalue()


def _name(colour: tuple[int, int, int]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


_BELOW = f'stroke="{_name(ORANGE)}" stroke-dasharray="6 2"'
