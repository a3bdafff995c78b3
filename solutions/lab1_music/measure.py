"""Measures what Lab 1 promises, in the filled notebook as a student runs it: the table of docs/lab1_music.md.

    python solutions/lab1_music/measure.py --budget class

The notebook is run from the first cell to the last, and the numbers are read from what its cells print. Results depend
on how many batches the machine gets through in the seconds of the budget.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from autograder.quality.measuring import time_notebook, write_row

LAB = "lab1_music"
PAGE = Path(__file__).resolve().parents[2] / "docs" / f"{LAB}.md"
SCORE = re.compile(r"held out, in nats, after (\d+) batches: 5-gram ([\d.]+), network ([\d.]+)")
ROW = r"^ *{} +(\d+) +(\d+%) +(\d+%) +(\d+%)"


def main() -> None:
    """Read the command line, run the notebook, write its row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--budget", choices=("quick", "class", "full"), default="class")
    budget = parser.parse_args().budget
    found, cells = time_notebook(LAB, budget)
    row = [budget, str(found["cores"]), f"{found['after_imports']:.0f}", *results("".join(cell.text for cell in cells))]
    write_row(PAGE, "notebook", row)
    print(" | ".join(row))


def results(printed: str) -> list[str]:
    """Batches of the training, nats of both models, and the counts and shares of the tunes."""
    training = _groups(SCORE, printed)
    written = _groups(re.compile(ROW.format(r"T = 0\.7"), re.M), printed)
    human = _groups(re.compile(ROW.format("held out"), re.M), printed)
    return [*training, *written, human[3]]


def _groups(pattern: re.Pattern[str], printed: str) -> tuple[str, ...]:
    found = pattern.search(printed)
    if found is None:
        raise SystemExit(f"The notebook printed nothing like {pattern.pattern!r}:\n{printed[-3000:]}")
    return found.groups()


if __name__ == "__main__":
    main()
