"""Measures what Lab 1 promises, in the cells that a student runs, and writes the tables of
docs/lab1_music.md.

    python solutions/lab1_music/measure.py --part notebook --budget class
    python solutions/lab1_music/measure.py --part splits --seeds 0,1

`notebook` runs the filled notebook from the first cell to the last, and reads the numbers from what
its cells print. `splits` runs its training cell alone, at `class`, on the whole collection split in
another way: a tenth of the tunes, drawn with the seed, is held out, and twins of a melody may lie
on both sides. Results depend on how many batches the machine gets through in the seconds of the
budget.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np

from autograder.authoring.solution import filled_notebook, load_solution
from autograder.quality.measuring import parse_seeds, time_notebook, write_row
from labkit.music.tunes import Tunes, full_collection, load_tunes

LAB = "lab1_music"
PAGE = Path(__file__).resolve().parents[2] / "docs" / f"{LAB}.md"
PARTS = ("notebook", "splits")
TRAINING = "tune_model = build_model("
SCORE = re.compile(r"held out, in nats, after (\d+) batches: 5-gram ([\d.]+), network ([\d.]+)")
ROW = r"^ *{} +(\d+) +(\d+%) +(\d+%) +(\d+%)"


def main() -> None:
    """Read the command line, measure, write rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--part", choices=PARTS, default="notebook", help="what to measure (default: notebook)"
    )
    parser.add_argument(
        "--budget", choices=("quick", "class", "full"), default="class", help="of the notebook"
    )
    parser.add_argument(
        "--seeds", type=parse_seeds, default=[0], help="of the splits, such as 0-2,7 (default: 0)"
    )
    options = parser.parse_args()
    if options.part == "notebook":
        found, cells = time_notebook(LAB, options.budget)
        seconds = f"{found['after_imports']:.0f}"
        row = [
            options.budget,
            str(found["cores"]),
            seconds,
            *results("".join(cell.text for cell in cells)),
        ]
        write_row(PAGE, "notebook", row)
        print(" | ".join(row))
    for seed in options.seeds if options.part == "splits" else ():
        row = [
            str(seed),
            str(len(os.sched_getaffinity(0))),
            *_groups(SCORE, train_on(plain_split(seed))),
        ]
        write_row(PAGE, "splits", row)
        print(" | ".join(row), flush=True)


def results(printed: str) -> list[str]:
    """Batches of the training, nats of both models, and the counts and shares of the tunes."""
    training = _groups(SCORE, printed)
    written = _groups(re.compile(ROW.format(r"T = 0\.7"), re.M), printed)
    human = _groups(re.compile(ROW.format("held out"), re.M), printed)
    return [*training, *written, human[3]]


def plain_split(seed: int) -> Tunes:
    """The whole collection, a tenth of its tunes held out as the seed draws them."""
    tunes = full_collection()
    order = np.random.default_rng(seed).permutation(len(tunes))
    held_out, train = np.split(order, [len(tunes) // 10])
    parts = ([tunes[i] for i in sorted(part)] for part in (train, held_out))
    return Tunes(*parts, source="full", vocab=load_tunes("full", quiet=True).vocab)


def train_on(tunes: Tunes) -> str:
    """What the notebook's training cell prints for these tunes."""
    names = load_solution(LAB)
    names["tunes"] = tunes
    [training] = [cell.source for cell in filled_notebook(LAB).cells if TRAINING in cell.source]
    with redirect_stdout(_Copy()) as printed:
        exec(compile(training, "training", "exec"), names)
    return printed.getvalue()


class _Copy(io.StringIO):
    """Keeps what is printed, and shows it at once."""

    def write(self, text: str) -> int:
        sys.stderr.write(text)
        return super().write(text)


def _groups(pattern: re.Pattern[str], printed: str) -> tuple[str, ...]:
    found = pattern.search(printed)
    if found is None:
        raise SystemExit(
            f"The notebook printed nothing like {pattern.pattern!r}:\n{printed[-3000:]}"
        )
    return found.groups()


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.update(LABKIT_PLAIN="1", LABKIT_BUDGET="class")
    main()
