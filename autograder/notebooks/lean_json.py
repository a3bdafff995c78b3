"""Reading the JSON of a notebook without ever parsing its saved outputs.

A notebook of 100 MB is nearly always 100 kB of cells and 100 MB of saved pictures. The scanner
below walks over the bytes with possessive regular expressions (no Python object per value), cuts
out every cell's ``outputs``, and hands the small rest to :mod:`json`. The same walk limits the
depth, so that a hostile file cannot exhaust the stack.
"""

from __future__ import annotations

import json
import re
from typing import Any

from autograder.model.errors import NotGradable

__all__ = ["MAX_LEAN_BYTES", "load_lean"]

MAX_LEAN_BYTES = 32 * 2**20
"""What may be left after the outputs are cut out; a notebook written by a person has a hundredth of
that."""

_MAX_DEPTH = 64
_MAX_BRACKETS = 1_000_000
"""What 2,000 cells and the state of all their widgets have is a tenth of it; each takes about a
microsecond."""

_MAX_OUTPUT_BRACKETS = 5_000_000
_CELL_DEPTHS = (3, 5)  # {cells: [{...}]} and, before nbformat 4, {worksheets: [{cells: [{...}]}]}

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
# No lookahead here: Python 3.11.2 gets it wrong.
_FLAT = re.compile(rb'(?:[^"\[\]{}]++|' + _STRING + rb")*+", re.DOTALL)
# Inside of a string the quotes would have backslashes.
_BEFORE_OUTPUTS = re.compile(rb'"outputs"\s*+:\s*+\Z')
_OPENING, _CLOSING = b"[{", b"]}"

_DAMAGED = (
    "The file is damaged: it stops in the middle or is not valid JSON. Open the notebook in "
    "Jupyter or Colab, save it, download it again as .ipynb and hand in the new file."
)


def load_lean(data: bytes) -> tuple[Any, int]:
    """Parse the JSON of a notebook, in UTF-8, without its outputs.

    Returns:
        What was parsed, and the number of bytes of outputs that were cut out.

    Raises:
        NotGradable: if the JSON is damaged, too deep or, without its outputs, too large.
    """
    lean, dropped = _cut_outputs(data)
    if len(lean) > MAX_LEAN_BYTES:
        raise NotGradable(
            f"The notebook holds {len(lean) / 2**20:.0f} MB without its outputs; "
            f"{MAX_LEAN_BYTES // 2**20} MB is the limit. Remove pasted pictures and data from the "
            "cells and hand it in again."
        )
    try:
        return json.loads(lean, parse_constant=lambda _: None), dropped
    except (ValueError, RecursionError) as error:
        raise NotGradable(_DAMAGED) from error


def _cut_outputs(data: bytes) -> tuple[bytes, int]:
    """``data`` with an empty list in the place of every cell's outputs, and the bytes cut out."""
    parts: list[bytes] = []
    position = kept = depth = dropped = 0
    for _ in range(_MAX_BRACKETS):
        start, position = position, _end_of_flat(data, position)
        if position >= len(data):
            return b"".join([*parts, data[kept:]]), dropped
        if data[position] in _OPENING:
            # The flat text just passed ends in `"outputs":` where the list of a cell begins.
            if depth in _CELL_DEPTHS and _BEFORE_OUTPUTS.search(data, start, position):
                end = _skip_value(data, position)
                parts += [data[kept:position], b"[]"]
                dropped += end - position
                kept = position = end
                continue
            depth += 1
            if depth > _MAX_DEPTH:
                raise NotGradable(
                    "The file is not a notebook: its JSON is nested too deeply. " + _HAND_IN
                )
        elif data[position] in _CLOSING:
            depth -= 1
        else:  # a string without its closing quote
            raise NotGradable(_DAMAGED)
        position += 1
    raise NotGradable("The file is not a notebook: its JSON has millions of parts. " + _HAND_IN)


def _skip_value(data: bytes, start: int) -> int:
    """The position after the list or object at ``start``."""
    depth, position = 1, start + 1
    for _ in range(_MAX_OUTPUT_BRACKETS):
        position = _end_of_flat(data, position)
        if position >= len(data) or data[position] not in _OPENING + _CLOSING:
            raise NotGradable(_DAMAGED)
        depth += 1 if data[position] in _OPENING else -1
        position += 1
        if depth == 0:
            return position
    raise NotGradable(
        "The saved outputs have millions of parts. Clear all outputs (Edit > Clear all outputs), "
        "save the notebook and hand it in again."
    )


def _end_of_flat(data: bytes, position: int) -> int:
    """The position of the next bracket that is not part of a string."""
    found = _FLAT.match(data, position)
    return found.end() if found else position


_HAND_IN = "Hand in the .ipynb file of the lab, as Jupyter or Colab saves it."
