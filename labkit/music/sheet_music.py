"""Sheet music: `render_sheet_music(abc)` engraves a tune with verovio.

verovio runs in a process of its own, which may crash without harm.
"""

from __future__ import annotations

import base64
import html
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from labkit.music.engrave import MISSING
from labkit.music.meter import bars
from labkit.music.notation import split_header
from labkit.music.reading import TuneError, validate_tune

__all__ = ["SheetMusic", "render_sheet_music"]

ENGRAVE = Path(__file__).with_name("engrave.py")


@dataclass(frozen=True, repr=False)
class SheetMusic:
    """Sheet music that notebooks show as a picture with an alternative text.

    Attributes:
        svg: the picture, or "" when the tune could not be engraved.
        alt: what a screen reader says.
        abc: the tune; shown as text where there is no picture.
        problem: why there is no picture, else "".
    """

    svg: str
    alt: str
    abc: str
    problem: str = ""

    def _repr_html_(self) -> str:
        if not self.svg:
            problem, abc = html.escape(self.problem), html.escape(self.abc)
            return f"<p>No sheet music: {problem}</p><pre>{abc}</pre>"
        address = f"data:image/svg+xml;base64,{base64.b64encode(self.svg.encode()).decode()}"
        style = "background: white; max-width: 100%; width: 800px"
        return f'<img alt="{html.escape(self.alt)}" style="{style}" src="{address}">'

    def __repr__(self) -> str:
        return self.alt if self.svg else f"No sheet music: {self.problem}\n{self.abc}"


def render_sheet_music(abc: str, *, timeout: float = 20.0) -> SheetMusic:
    """Engrave one tune in ABC as sheet music, in about 0.3 s and without raising anything.

    verovio runs in a child process, because malformed ABC can crash it.

    Args:
        abc: the tune.
        timeout: seconds after which the child process is stopped.

    Returns:
        The sheet music; without a picture it says why.
    """
    try:
        validate_tune(abc)
    except TuneError as error:
        return SheetMusic("", "", str(abc), str(error))
    svg, problem = _engrave(abc, timeout)
    return SheetMusic(svg, describe_tune(abc), abc, problem)


def describe_tune(abc: str) -> str:
    """The alternative text of sheet music: title, rhythm, meter, key and number of bars."""
    fields, _ = split_header(abc)
    title = fields.get("T") or "a tune without a title"
    rhythm = fields.get("R") or "tune"
    meter, key = fields.get("M") or "free meter", fields.get("K") or "no key"
    return f"Sheet music of “{title}”, a {rhythm} in {meter}, key {key}, {len(bars(abc))} bars"


@lru_cache(maxsize=64)
def _engrave(abc: str, timeout: float) -> tuple[str, str]:
    """(svg, problem), one of them empty."""
    # -P: this folder's modules must not hide the standard library's.
    command = [sys.executable, "-P", str(ENGRAVE)]
    try:
        child = subprocess.run(
            command, input=abc.encode(), capture_output=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        return "", f"engraving took longer than {timeout:g} seconds"
    except OSError as error:
        return "", f"the engraver could not be started: {error}"
    svg = child.stdout.decode("utf-8", "replace")
    # A signal ends a process with a negative code, and in a shell with 128 plus its number.
    if child.returncode == 0 and "<svg" in svg:
        return svg, ""
    if child.returncode == MISSING:
        return "", "verovio is not installed; try: pip install verovio"
    if child.returncode < 0 or child.returncode > 128:
        return "", "the engraver crashed on this tune; its ABC is not well formed"
    return "", "the engraver cannot read this tune; its ABC is not well formed"
