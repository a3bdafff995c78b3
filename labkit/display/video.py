"""Films in the notebook, made from arrays: no virtual display, no system package, no file.

`render_video` encodes frames as WebM (VP8, by the encoder inside OpenCV's wheel) and puts them into
the page itself. Where that encoder is missing, the film becomes an animated WebP image.
"""

from __future__ import annotations

import base64
import html
import io
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["Video", "render_video"]

CODEC = "VP80"
LONGEST = 3600  # frames, 4 minutes at 15 a second: a notebook must stay small enough to hand in


class Video:
    """A film with its alternative text, inside the page; what `render_video` returns.

    Attributes:
        data: the bytes of the file.
        mime: their kind, "video/webm" or "image/webp".
        alt: the alternative text.
        width: of the frames, in pixels.
    """

    def __init__(self, data: bytes, mime: str, alt: str, width: int) -> None:
        self.data = data
        self.mime = mime
        self.alt = alt
        self.width = width

    def _repr_html_(self) -> str:
        address = f"data:{self.mime};base64,{base64.b64encode(self.data).decode()}"
        alt, style = html.escape(self.alt), "max-width: 100%; image-rendering: pixelated"
        if self.mime.startswith("image/"):
            return f'<img alt="{alt}" width="{self.width}" style="{style}" src="{address}">'
        return (
            f'<video controls loop muted aria-label="{alt}" title="{alt}" width="{self.width}" '
            f'style="{style}" src="{address}">{alt}</video>'
        )

    def __repr__(self) -> str:
        return f"Video: {self.alt}"


def render_video(frames: Any, *, alt: str, fps: float = 15, scale: int = 2) -> Video:
    """Encode frames as a film that plays in the notebook.

    Args:
        frames: uint8 (T, H, W, 3) in the order red, green, blue, or (T, H, W) in grey; at most
            3600.
        alt: what it shows, for those who cannot see it.
        fps: frames a second. Pong at 15 runs at its own speed.
        scale: every pixel becomes a square of scale × scale.

    Raises:
        ValueError: for other frames, a scale below 1, or an empty `alt`.
    """
    frames = _checked(frames, alt, scale)
    frames = _even(frames.repeat(scale, axis=1).repeat(scale, axis=2))
    if data := _webm(frames, fps):
        return Video(data, "video/webm", alt.strip(), frames.shape[2])
    return Video(_webp(frames, fps), "image/webp", alt.strip(), frames.shape[2])


def _checked(frames: Any, alt: str, scale: int) -> np.ndarray:
    """The frames as uint8 (T, H, W, 3)."""
    frames = np.asarray(frames)
    if frames.ndim == 3:  # grey
        frames = np.repeat(frames[..., None], 3, axis=-1)
    is_colour = frames.ndim == 4 and frames.shape[-1] == 3 and frames.dtype == np.uint8
    if not is_colour or not 0 < len(frames) <= LONGEST:
        raise ValueError(
            f"frames must be uint8 (T, H, W, 3) or (T, H, W), 1 to {LONGEST} of them, "
            f"got {frames.dtype} of shape {frames.shape}"
        )
    if scale < 1 or not alt.strip():
        raise ValueError("scale must be at least 1, and alt must say in words what the film shows")
    return frames


def _even(frames: np.ndarray) -> np.ndarray:
    """Repeat the last row or column where their number is odd: VP8 halves the colour planes."""
    height, width = frames.shape[1:3]
    return np.pad(frames, ((0, 0), (0, height % 2), (0, width % 2), (0, 0)), mode="edge")


def _webm(frames: np.ndarray, fps: float) -> bytes:
    """The film as WebM, or no bytes when OpenCV cannot write it here."""
    try:
        import cv2
    except ImportError:
        return b""
    # OpenCV writes to a file only.
    handle, name = tempfile.mkstemp(suffix=".webm")
    os.close(handle)
    path = Path(name)
    height, width = frames.shape[1:3]
    try:
        with _quiet(cv2):
            codec = cv2.VideoWriter.fourcc(*CODEC)
            writer = cv2.VideoWriter(name, cv2.CAP_FFMPEG, codec, fps, (width, height))
            if not writer.isOpened():
                return b""
            for frame in frames:
                writer.write(np.ascontiguousarray(frame[..., ::-1]))  # OpenCV wants blue first
            writer.release()
        return path.read_bytes()
    finally:
        path.unlink()


class _quiet:  # noqa: N801 - used as a verb: with _quiet(cv2)
    """Silence OpenCV's log, and what its encoder writes to file descriptor 2 about unusual tags."""

    def __init__(self, cv2: Any) -> None:
        # The functions moved between versions 4 and 5 of OpenCV.
        self._log = getattr(cv2, "setLogLevel", None) or cv2.utils.logging.setLogLevel
        self._level = (getattr(cv2, "getLogLevel", None) or cv2.utils.logging.getLogLevel)()

    def __enter__(self) -> None:
        self._log(0)
        self._stderr, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)

    def __exit__(self, *error: object) -> None:
        os.dup2(self._stderr, 2)
        os.close(self._stderr)
        self._log(self._level)


def _webp(frames: np.ndarray, fps: float) -> bytes:
    """The film as an animated WebP image, by Pillow."""
    from PIL import Image

    first, *others = (Image.fromarray(frame) for frame in frames)
    file = io.BytesIO()
    first.save(
        file,
        "WEBP",
        save_all=True,
        append_images=others,
        duration=round(1000 / fps),
        loop=0,
        quality=70,
    )
    return file.getvalue()
