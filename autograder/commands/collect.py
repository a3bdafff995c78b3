"""Files of any kind -> ``workspace/submitted/``: one canonical notebook per student.

Nothing that was handed in is run, unpacked to disk or followed. The file itself is kept byte for
byte in ``originals/``; what was repaired, ignored or refused is written to
``collected/L/STUDENT.json``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.gradebook.students import enrol
from autograder.intake.layouts import Context, Handin, find_handins
from autograder.intake.store import CollectRow, CollectStatus, SubmissionStore
from autograder.intake.students import Roster, StudentIds, read_roster
from autograder.model.errors import ContentError
from autograder.workspace.course import Course
from autograder.workspace.lock import workspace_lock
from autograder.workspace.workspace import Workspace

__all__ = ["CollectReport", "CollectRow", "collect"]

Progress = Callable[[str, int, int], None]
"""Called with a student, how many are done, and how many there are."""

_MARKS = {
    CollectStatus.COLLECTED: "+",
    CollectStatus.UPDATED: "+",
    CollectStatus.UNCHANGED: "=",
    CollectStatus.KEPT: "!",
    CollectStatus.NOT_GRADABLE: "✗",
    CollectStatus.MISSING: "○",
}


@dataclass
class CollectReport:
    """What was collected.

    Attributes:
        lab: The lab's id.
        rows: One per student, sorted by id.
        ignored: Files that belong to nobody.
    """

    lab: str
    rows: list[CollectRow] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def count(self, status: CollectStatus) -> int:
        """How many students have that status."""
        return sum(row.status == status for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON for ``--json``."""
        return asdict(self)

    def to_text(self) -> str:
        """A line per student, what was repaired or refused below it, and the counts."""
        width = max((len(row.student) for row in self.rows), default=0)
        lines = []
        for row in self.rows:
            line = f"{_MARKS[row.status]} {row.student:<{width}}  {row.status:<12}  {row.file}"
            lines.append(line.rstrip())
            notes = [row.reason, *row.repairs] if row.reason else row.repairs
            lines += [f"    {note}" for note in notes]
        lines += [f"ignored: {name}" for name in self.ignored]
        counts = [f"{self.count(status)} {status}" for status in _MARKS if self.count(status)]
        return "\n".join([*lines, f"{self.lab}: {', '.join(counts) or 'nothing to collect'}"])


def collect(
    course: Course,
    lab_id: str,
    inputs: Sequence[Path],
    *,
    roster: Path | None = None,
    force: bool = False,
    progress: Progress = lambda student, done, total: None,
) -> CollectReport:
    """Collect hand-ins for a lab and put them where nbgrader expects them.

    A file that has not changed is left alone. A changed one replaces the old, which is kept under
    ``earlier/``; a gradable hand-in gives way to one that is not gradable only with ``force``.

    Args:
        lab_id: The lab.
        inputs: Folders, archives and files.
        roster: The expected students: each has a row, also those who handed in nothing.
        force: Whether to replace what would be kept otherwise.
        progress: Called after each student.

    Raises:
        UsageError: for an unknown lab, or if an input or the roster cannot be read.
        ContentError: if the lab has no released notebook.
    """
    releases = _releases(course, course.lab(lab_id).id)
    people = read_roster(roster) if roster else None
    with workspace_lock(course, f"collect {lab_id}"):
        report = CollectReport(lab_id)
        handins = _find(inputs, Context(lab_id, [lab.id for lab in course.labs], people), report)
        store = SubmissionStore(course, lab_id, releases, force=force)
        expected = people.students if people else []
        # All ids at once, so that they do not depend on the order of the files.
        names = [*handins, *(student.id for student in expected)]
        ids = StudentIds(Workspace(course).known_names()).add(names)
        for done, (name, handin) in enumerate(handins.items(), start=1):
            report.rows.append(store.take(ids[name], _display(name, people), name, handin))
            progress(ids[name], done, len(handins))
        for student in expected:
            if student.id not in handins:
                report.rows.append(store.absent(ids[student.id], student.name or student.id))
        if people:
            enrol(course, people, ids)
    report.rows.sort(key=lambda row: row.student)
    return report


def _find(inputs: Sequence[Path], context: Context, report: CollectReport) -> dict[str, Handin]:
    """The hand-ins by what the roster or the files call the person."""
    handins: dict[str, Handin] = {}
    for source in inputs:
        found, ignored = find_handins(source, context)
        report.ignored += ignored
        for handin in found:
            _add(handins, handin, context.roster)
    return handins


def _releases(course: Course, lab_id: str) -> dict[str, NotebookNode]:
    """The released notebooks of all labs that are built; the lab at hand must be."""
    workspace = Workspace(course)
    built = [lab.id for lab in course.labs if workspace.released(lab.id).is_file()]
    found = {built_id: workspace.read_release(built_id) for built_id in built}
    if lab_id not in found:
        raise ContentError(
            f"{lab_id} has no released notebook. Run `autograder build {lab_id}` first."
        )
    return found


def _known_as(hint: str, people: Roster | None) -> str:
    """The roster's id of a person, or what the file or folder said."""
    student = people.find(hint) if people else None
    return student.id if student else hint


def _display(name: str, people: Roster | None) -> str:
    """The name people read: the roster's, or what the file or folder said."""
    student = people.find(name) if people else None
    return student.name or student.id if student else name


def _add(handins: dict[str, Handin], handin: Handin, people: Roster | None) -> None:
    """Put together what one person handed in at several places.

    Of dated attempts the last one counts.
    """
    name = _known_as(handin.who, people)
    old = handins.get(name)
    if old is None or handin.when > old.when:
        handins[name] = handin
    elif handin.when == old.when:
        old.entries += handin.entries
        old.problem = old.problem or handin.problem
