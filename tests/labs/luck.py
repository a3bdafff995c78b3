"""How much luck there is in a lab's visible checks: `python -m tests.labs.luck lab1_music 20`.

Every answer of the bank, and the reference, is checked with so many seeds; names of TODOs behind the
number leave out all others. An answer whose sign is
not the same with each of them is one whose check depends on chance, such as the first weights of a
model; it is printed with the number of ✓.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import compress

from autograder.quality.answer_file import read_answers
from autograder.workspace.course import load_course
from tests.labs.visible import read_sheet

SLOW = 5.0
"""Seconds after which an answer is not tried with other seeds."""


def luck(lab: str, seeds: int, only: Sequence[str] = ()) -> list[str]:
    """A line for each answer of a lab whose check depends on chance."""
    course = load_course()
    sheet = read_sheet(lab, course)
    references = {name: todo.reference for name, todo in sheet.exam.todos.items()}
    wanted = only or list(references)
    names = {todo: [f"{todo}/reference"] for todo in wanted}
    codes = {todo: [references[todo]] for todo in wanted}
    for entry in read_answers(course.answers(lab), references).entries:
        if entry.todo in names:
            names[entry.todo].append(entry.name)
            codes[entry.todo].append(entry.code)
    first = sheet.say(codes, [0])
    # An answer that never ends is not tried again and again.
    for todo in names:
        rows = first[todo]
        ends = [rows[i][0].seconds < SLOW for i in range(len(rows))]
        names[todo] = list(compress(names[todo], ends))
        codes[todo] = list(compress(codes[todo], ends))
    lines = []
    said = sheet.say(codes, range(seeds))
    for todo in names:
        for name, row in zip(names[todo], said[todo], strict=True):
            ticks = sum(one.sign == "✓" for one in row)
            if 0 < ticks < len(row):
                lines.append(f"{name}: {ticks} of {len(row)} say ✓")
    return lines


if __name__ == "__main__":
    found = luck(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
    print("\n".join(found) or "none of these checks depends on chance")
