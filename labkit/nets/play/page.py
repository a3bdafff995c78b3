"""A playground without a kernel: what a training looked like, as one page to leaf through."""

from __future__ import annotations

import html
from collections.abc import Sequence

from labkit.nets.play.drawing import draw, words
from labkit.nets.play.session import Session

__all__ = ["static_page"]


def static_page(session: Session, epochs: Sequence[int], code: str) -> str:
    """Train up to each of the epochs, and lay the pictures out to unfold one by one.

    The page needs neither a kernel nor a script; the last picture is open. A network that diverges
    ends it.

    Args:
        session: at epoch 0.
        epochs: when to draw, rising.
        code: the line that opens this playground.
    """
    parts = [f"<p>A playground without controls: <code>{html.escape(code)}</code></p>"]
    frames: list[tuple[str, str]] = []
    for epoch in epochs:
        while session.epoch < epoch and session.train_epoch():
            pass
        frames.append((words(session), draw(session)))
        if session.problem:
            break
    for number, (said, picture) in enumerate(frames, 1):
        opened = " open" if number == len(frames) else ""
        summary = f"<summary>{html.escape(said)}</summary>"
        parts.append(f"<details{opened}>{summary}{picture}</details>")
    return "".join(parts)
