"""Files of any kind -> ``workspace/submitted/``: one canonical notebook per student.

Nothing that was handed in is run, unpacked to disk or followed. Each hand-in is read in a child
process with limits of memory and time, so that one file never stops the class. The file itself is
kept byte for byte in ``originals/``; what was repaired, ignored or refused is written to
``collected/L/STUDENT.json``.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.commands.rename import known_people, rename_by_roster
from autograder.gradebook.students import enrol
from autograder.intake.claims import Context, Handin
from autograder.intake.collect_report import CollectReport
from autograder.intake.find import find_handins
from autograder.intake.limited import Failure, run_limited
from autograder.intake.owners import Owned, Owners, by_roster, by_themselves, without_tests
from autograder.intake.rosters import RosterReading, inspect_roster
from autograder.intake.store import CollectRow, CollectStatus, SubmissionStore
from autograder.intake.students import Person, Roster, StudentIds
from autograder.intake.time_tables import from_worksheet, read_time_table
from autograder.matching.match import match, recognise
from autograder.model.errors import ContentError, UsageError, did_you_mean
from autograder.workspace.course import Course
from autograder.workspace.lock import workspace_lock
from autograder.workspace.workspace import Workspace

__all__ = ["CollectReport", "CollectRow", "collect"]

Progress = Callable[[str, int, int], None]
"""Called with a student, how many are done, and how many there are."""


def collect(
    course: Course,
    lab_id: str,
    inputs: Sequence[Path],
    *,
    roster: Path | None = None,
    student: str | None = None,
    times: Path | None = None,
    force: bool = False,
    progress: Progress = lambda student, done, total: None,
) -> CollectReport:
    """Collect hand-ins for a lab and put them where nbgrader expects them.

    A changed file replaces the old one, which is kept under ``earlier/``; a gradable hand-in gives
    way to one that is not gradable only with ``force``.

    Args:
        inputs: Folders, archives and files.
        roster: The expected students: each has a row; what matches none is listed, not stored.
        student: The id of the one person whose hand-in this is, whatever its name says.
        times: A table of the LMS that tells when people handed in, if the download does not.
        force: Whether to replace what would be kept otherwise.

    Raises:
        UsageError: for an unknown lab, or if an input or the roster cannot be read.
        ContentError: if the lab has no released notebook.
    """
    releases = _releases(course, course.lab(lab_id).id)
    reading = inspect_roster(roster) if roster else None
    with workspace_lock(course, f"collect {lab_id}"):
        people, report = reading.roster if reading else None, CollectReport(lab_id)
        handins = _find(course, inputs, people, report)
        if people:
            report.renamed = rename_by_roster(course, people)
        ids = _expected_ids(course, people)
        handins = handins if student is None else [_of(student, handins, people, course)]
        owners = _owners(course, handins, reading, ids, report, force=force)
        report.unread_times = _note_times(course, lab_id, owners, reading, times, ids)
        store = SubmissionStore(course, lab_id, releases, force=force)
        found = _stored(store, owners, progress) + _missing(store, people, ids, owners)
        report.rows = sorted(found, key=lambda row: row.student)
        if people:
            enrol(course, people, ids)
        store.check()
    return report


def _find(
    course: Course, inputs: Sequence[Path], people: Roster | None, report: CollectReport
) -> list[Handin]:
    context = Context(report.lab, [lab.id for lab in course.labs], people, course.zone)
    handins: list[Handin] = []
    for source in inputs:
        found, ignored = find_handins(source, context)
        report.ignored += ignored
        handins += found
    return handins


def _expected_ids(course: Course, people: Roster | None) -> dict[str, str]:
    """Roster id -> id used here."""
    if people is None:
        return {}
    return StudentIds(known_people(course)).add_expected(people.students)


def _owners(
    course: Course,
    handins: Sequence[Handin],
    reading: RosterReading | None,
    ids: Mapping[str, str],
    report: CollectReport,
    *,
    force: bool,
) -> Owners:
    known = known_people(course)
    if reading is None:
        return by_themselves(handins, known)
    owners = by_roster(handins, reading.roster, ids, known, force=force)
    report.ignored += without_tests(owners, reading.test_students)
    return owners


def _note_times(
    course: Course,
    lab_id: str,
    owners: Owners,
    reading: RosterReading | None,
    times: Path | None,
    ids: Mapping[str, str],
) -> list[str]:
    """Look up in tables when people handed in, where the download does not tell.

    Returns:
        Times that are not understood.
    """
    context = Context(lab_id, [lab.id for lab in course.labs], zone=course.zone)
    tables = [read_time_table(times, context, course.lab(lab_id).title)] if times else []
    worksheet = from_worksheet(reading, context) if reading else None
    tables += [worksheet] if worksheet else []
    expected = {ids[one.id]: one for one in (reading.roster.students if reading else [])}
    unread: list[str] = []
    for table in tables:
        table.add_to(owners.owned, expected)
        unread += table.unread
    return unread


def _of(student: str, handins: Sequence[Handin], people: Roster | None, course: Course) -> Handin:
    """The one hand-in that is found, as that student's.

    Raises:
        UsageError: if there are several, or nobody has that id.
    """
    known = {expected.id for expected in people.students} if people else set(known_people(course))
    if student not in known and (people is not None or known):
        raise UsageError(f'Nobody has the id "{student}".{did_you_mean(student, sorted(known))}')
    if len(handins) != 1:
        raise UsageError(f"--as takes one person's hand-in; here are {len(handins)}.")
    handin = handins[0]
    # What told them apart is kept, so that the next download is understood.
    keys = tuple(key for person in handin.people for key in person.keys)
    handin.people = (Person(student, keys, is_text=True),)
    return handin


def _stored(store: SubmissionStore, owners: Owners, progress: Progress) -> list[CollectRow]:
    """A row for each hand-in, those that nobody gets among them."""
    rows = []
    # The children inherit what is known of the release: it need not be parsed in each of them.
    match(store.releases[store.lab], store.releases[store.lab])
    recognise(store.releases[store.lab], store.releases)
    gc.freeze()
    for done, (owned, row) in enumerate(_read_apart(store, owners.owned), start=1):
        if row is not None:
            row.repairs.extend(owned.notes)
            rows.append(row)
        progress(owned.student, done, len(owners.owned))
    gc.unfreeze()
    return rows + _unmatched(owners)


def _read_apart(
    store: SubmissionStore, owned: Sequence[Owned]
) -> Iterator[tuple[Owned, CollectRow | None]]:
    """Read and store each hand-in in a child process of its own.

    Whoever hands in what takes too much memory or time is not gradable; nobody else notices.
    """

    def take(one: Owned) -> CollectRow | str:
        try:
            return store.take(one)
        except ContentError as error:  # such as a full disk
            return str(error)

    by_student = {one.student: one for one in owned}
    tasks = ((student, partial(take, one)) for student, one in by_student.items())
    for student, answer in run_limited(tasks):
        one = by_student[student]
        if isinstance(answer, Failure):
            yield one, store.refuse(one, answer)
        elif isinstance(answer, CollectRow):
            yield one, answer
        else:
            store.problems.append(f"{student}: {answer}")
            yield one, None


def _unmatched(owners: Owners) -> list[CollectRow]:
    """A row for each hand-in that nobody gets."""
    rows = []
    for one in owners.unmatched:
        name = one.person.name or one.person.number
        files = ", ".join(entry.shown for entry in one.handin.entries[:3])
        reason = f"Not stored: {one.why}. `--as ID` says whose it is. {one.handin.problem}".strip()
        rows.append(CollectRow(name, name, CollectStatus.UNMATCHED, files, reason))
    return rows


def _missing(
    store: SubmissionStore, people: Roster | None, ids: Mapping[str, str], owners: Owners
) -> list[CollectRow]:
    """A row for each student of the roster from whom nothing came."""
    came = {owned.student for owned in owners.owned}
    absent = [one for one in (people.students if people else []) if ids[one.id] not in came]
    return [store.absent(ids[one.id], one.name or one.id) for one in absent]


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
