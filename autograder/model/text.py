"""Cleaning text that strangers wrote, before it is stored, printed or shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["clean_name", "clean_text", "first_of"]

# Control characters, marks that change the direction in which a line is read, characters without
# a shape (tags, separators), and halves of surrogate pairs, which cannot be encoded. The joiner
# U+200D stays: emoji and several scripts need it.
_UNSEEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
)
_IN_TEXT = re.compile(f"[{_UNSEEN}]")
_IN_NAMES = re.compile(f"[{_UNSEEN}\t\n]")


def clean_text(text: str, *, most: int = 1_000_000) -> str:
    """``text`` with a sign in the place of every character that must not be shown, cut to ``most``.

    Line feeds and tabs stay.
    """
    shown = _IN_TEXT.sub("\ufffd", text[:most])
    return shown if len(text) <= most else f"{shown}…"


def clean_name(name: str, *, most: int = 1000) -> str:
    """A file's or person's name on one line, for messages, records and tables."""
    shown = _IN_NAMES.sub("?", name[:most])
    return shown if len(name) <= most else f"{shown}…"


def first_of(notes: Sequence[str], most: int) -> list[str]:
    """The first notes, each cleaned and cut; the others are only counted."""
    shown = [clean_text(note, most=2000) for note in notes[:most]]
    return [*shown, f"and {len(notes) - most} more"] if len(notes) > most else shown
