"""Times of handing in that stand in a table of the LMS, for downloads that tell none.

Moodle's grading worksheet has "Last modified (submission)", Canvas's report of submissions
"submission date", Gradescope's marks "Submission Time". A row belongs to whoever has its number, id
or address; a name counts only if nobody else has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from autograder.intake.claims import Context
from autograder.intake.names import equal_key
from autograder.intake.owners import Owned
from autograder.intake.rosters import RosterReading, inspect_roster
from autograder.intake.students import Person, Roster, Student, contradicts
from autograder.intake.times import parse_time, utc_text
from autograder.model.errors import UsageError

__all__ = ["TimeTable", "from_worksheet", "read_time_table"]

_NOTHING = ("", "-", "–", "--", "never", "n/a")


@dataclass
class TimeTable:
    """When the people of a table handed in.

    Attributes:
        roster: The people.
        when: Their ids in the table -> the time, as nbgrader reads it.
        unread: Times that nobody can understand; they count as unknown.
        only_numbers: Whether a hand-in must have a row's number: the table may be another lab's.
    """

    roster: Roster
    when: dict[str, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    only_numbers: bool = False

    def add_to(self, owned: Sequence[Owned], expected: Mapping[str, Student]) -> None:
        """Give those a time of whom none is known.

        Args:
            owned: The hand-ins.
            expected: The id used here -> the student of the roster.
        """
        names = Counter(equal_key(student.name) for student in expected.values())
        if not expected:
            names = Counter(equal_key(one.name) for one in owned)
        for one in owned:
            if one.handin.when:
                continue
            row = self._row(one, expected.get(one.student), names)
            if row is not None and self.when.get(row.id):
                one.handin = replace(one.handin, when=self.when[row.id])

    def _row(self, one: Owned, student: Student | None, names: Counter[str]) -> Student | None:
        """The row of whoever handed in; None if nothing tells for certain."""
        pairs = [key.partition(":") for key in one.identity if not key.startswith("name:")]
        keys = [(kind, value) for kind, _, value in pairs]
        if self.only_numbers:
            keys = [key for key in keys if key[0].startswith("moodle/")]
        elif student is not None:
            keys += sorted(student.all_keys())
        person = Person(one.name, tuple(keys), is_text=not keys and not self.only_numbers)
        match = self.roster.match(person)
        if len(match.students) != 1 or contradicts(person, match.students[0]):
            return None
        alone = not self.only_numbers and names[equal_key(one.name)] == 1
        return match.students[0] if match.how == "number" or alone else None


def read_time_table(path: Path, context: Context, title: str) -> TimeTable:
    """The times of one lab.

    Args:
        path: The table.
        context: The lab, and the zone of times without one.
        title: What the lab is called in the LMS.

    Raises:
        UsageError: if there is no column with times, or no row is about the lab.
    """
    reading = inspect_roster(path)
    if "when" not in reading.columns:
        raise UsageError(
            f'"{path}" has no column with times of handing in, such as "submission date" or '
            '"Last modified (submission)".'
        )
    return _table(reading, _of_lab(reading, (context.lab, title), path), context)


def from_worksheet(reading: RosterReading, context: Context) -> TimeTable | None:
    """The times in a roster that is Moodle's grading worksheet; None if there are none.

    Its participants' numbers tell whether it is that of the lab.
    """
    if reading.kind != "Moodle grading worksheet" or "when" not in reading.columns:
        return None
    table = _table(reading, ((student, text) for student, _, text in reading.times), context)
    table.only_numbers = True
    return table


def _table(reading: RosterReading, rows: Iterable[tuple[str, str]], context: Context) -> TimeTable:
    table = TimeTable(reading.roster)
    latest: dict[str, datetime] = {}
    for student, text in rows:
        if text.casefold() in _NOTHING:
            continue
        when = parse_time(text, context.zone)
        if when is None:
            table.unread.append(text)
        elif student not in latest or when > latest[student]:  # of several attempts the last
            latest[student] = when
            table.when[student] = utc_text(when)
    return table


def _of_lab(reading: RosterReading, names: Sequence[str], path: Path) -> list[tuple[str, str]]:
    """The rows about one lab, where a column says what they are about."""
    labs = {assignment for _, assignment, _ in reading.times} - {""}
    wanted = {equal_key(name) for name in names}
    if not labs:
        return [(student, text) for student, _, text in reading.times]
    mine = {lab for lab in labs if equal_key(lab) in wanted}
    if not mine:
        found = ", ".join(f'"{lab}"' for lab in sorted(labs)[:6])
        raise UsageError(
            f'"{path}" has no row about "{names[0]}" or "{names[-1]}". It is about {found}.'
        )
    return [(student, text) for student, lab, text in reading.times if lab in mine]
