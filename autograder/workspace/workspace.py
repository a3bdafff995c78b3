"""The workspace: every path below it, and what is read and written there.

No other module joins a path of the workspace. The folders are nbgrader's course tree (source,
release, submitted, autograded, feedback, ``gradebook.db``) and ours beside them (originals,
collected, results, keys, reports); docs: "Workspace" in ``docs/architecture.md``.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.model.collect_record import CollectRecord
from autograder.model.errors import ContentError, UsageError
from autograder.workspace.course import Course
from autograder.workspace.files import read_json, write_json

__all__ = ["COURSE_TREE", "LOCK_FILES", "Workspace"]

COURSE_TREE = ("source", "release", "submitted", "autograded", "feedback")
"""The folders in which nbgrader works."""

_BY_STUDENT = ("submitted/{0}", "autograded/{0}", "feedback/{0}")
_BY_LAB = (
    "originals/*/{0}",
    "collected/*/{0}.json",
    "results/*/{0}.json",
    "results/*/entered/{0}",
    "results/*/marked/{0}.json",
)
"""Everything of one student, but for the gradebook."""

LOCK_FILES = (".turn", ".turn-owner")
"""The lock of the workspace, and who has it. Older versions lock by the first name, too."""


@dataclass(frozen=True)
class Workspace:
    """The workspace of a course."""

    course: Course

    @property
    def root(self) -> Path:
        """The folder that holds everything; nbgrader is run here."""
        return self.course.workspace

    # --- nbgrader's course tree ---

    @property
    def gradebook(self) -> Path:
        """nbgrader's database."""
        return self.root / "gradebook.db"

    @property
    def nbgrader_config(self) -> Path:
        """The configuration that nbgrader reads when it is run here."""
        return self.root / "nbgrader_config.py"

    def make_course_tree(self) -> None:
        """Make the folders in which nbgrader works."""
        for name in COURSE_TREE:
            (self.root / name).mkdir(parents=True, exist_ok=True)

    def source(self, lab_id: str) -> Path:
        """The source notebook, solutions inside."""
        return self.root / "source" / lab_id / f"{lab_id}.ipynb"

    def release(self, lab_id: str) -> Path:
        """The notebook that this workspace has built for students."""
        return self.root / "release" / lab_id / f"{lab_id}.ipynb"

    def submitted_folder(self, student: str, lab_id: str) -> Path:
        """What nbgrader knows of a hand-in: the notebook, and when it came."""
        return self.root / "submitted" / student / lab_id

    def submitted(self, student: str, lab_id: str) -> Path:
        """A student's canonical notebook."""
        return self.submitted_folder(student, lab_id) / f"{lab_id}.ipynb"

    def timestamp(self, student: str, lab_id: str) -> Path:
        """When it was handed in, as nbgrader reads it."""
        return self.submitted_folder(student, lab_id) / "timestamp.txt"

    def autograded(self, student: str, lab_id: str) -> Path:
        """A student's notebook with verdicts, as formgrader shows it."""
        return self.root / "autograded" / student / lab_id / f"{lab_id}.ipynb"

    @property
    def feedback(self) -> Path:
        """The folder of all feedback pages."""
        return self.root / "feedback"

    def feedback_page(self, student: str, lab_id: str) -> Path:
        """The page of one student."""
        return self.feedback / student / lab_id / f"{lab_id}.html"

    # --- what we add to it ---

    def originals(self, student: str, lab_id: str) -> Path:
        """The folder of what a student handed in, byte for byte."""
        return self.root / "originals" / lab_id / student

    def record(self, student: str, lab_id: str) -> Path:
        """What ``collect`` noted about a hand-in."""
        return self.root / "collected" / lab_id / f"{student}.json"

    def keys(self, lab_id: str) -> Path:
        """The folder of a lab's answer keys."""
        return self.root / "keys" / lab_id

    def results(self, lab_id: str) -> Path:
        """The folder of a lab's results."""
        return self.root / "results" / lab_id

    def result(self, student: str, lab_id: str) -> Path:
        """The result of one student."""
        return self.results(lab_id) / f"{student}.json"

    def entered(self, student: str, lab_id: str) -> Path:
        """Names the result that was last entered into the gradebook."""
        return self.results(lab_id) / "entered" / student

    def marked(self, student: str, lab_id: str) -> Path:
        """Names the answers that were there to be marked by hand."""
        return self.results(lab_id) / "marked" / f"{student}.json"

    def cached(self, digest: str) -> Path:
        """The outcome of an exam, named by all that decides it."""
        return self.root / "results" / "cache" / f"{digest}.json"

    def report(self, lab_id: str) -> Path:
        """The class report."""
        return self.root / "reports" / f"{lab_id}.html"

    @property
    def lock(self) -> Path:
        """The lock of the workspace; see :mod:`autograder.workspace.lock`."""
        return self.root / LOCK_FILES[0]

    @property
    def lock_owner(self) -> Path:
        """Who has the lock, for those who wait."""
        return self.root / LOCK_FILES[1]

    def forget_results(self) -> None:
        """Remove every result, the cache among them, and what nbgrader made of them."""
        for name in ("results", "autograded"):
            shutil.rmtree(self.root / name, ignore_errors=True)

    # --- releases ---

    def released(self, lab_id: str) -> Path:
        """The notebook that was handed out: built here, or else the committed one in ``labs/``."""
        built = self.release(lab_id)
        return built if built.is_file() else self.course.released(lab_id)

    def read_release(self, lab_id: str) -> NotebookNode:
        """The notebook that was handed out.

        Raises:
            UsageError: if the lab was never built.
            ContentError: if the file is damaged.
        """
        return _read_notebook(self.released(lab_id), lab_id)

    def read_committed(self, lab_id: str) -> NotebookNode:
        """The notebook in ``labs/``, whatever this workspace has built; raises like
        :meth:`read_release`."""
        return _read_notebook(self.course.released(lab_id), lab_id)

    # --- students ---

    def traces(self, student: str) -> list[Path]:
        """Everything that is there of a student, sorted."""
        if not _is_name(student):
            return []
        named = [self.root / pattern.format(student) for pattern in _BY_STUDENT]
        found = [path for path in named if path.exists()]
        for pattern in _BY_LAB:
            before, _, after = pattern.partition("*/")
            folder = self.root / before
            labs = sorted(folder.iterdir()) if folder.is_dir() else []
            paths = [lab / after.format(student) for lab in labs]
            found += [path for path in paths if path.exists()]
        return sorted(found)

    def rename_student(self, old: str, new: str, known_as: str = "") -> list[str]:
        """Give everything of a student another name; the new name must be free.

        Args:
            old: The id until now.
            new: The id from now on.
            known_as: What the roster calls the student, if it is a roster that renames.

        Returns:
            The new paths, as people read them.

        Raises:
            UsageError: if the new name cannot be a folder's.
        """
        if not _is_name(new):
            raise UsageError(f'"{new}" cannot be an id: letters, digits and "._-@" only.')
        moved = []
        for path in self.traces(old):
            target = path.with_name(new + path.suffix if path.suffix == ".json" else new)
            # A record and a result say whose they are.
            row = read_json(path) if path.suffix == ".json" and path.is_file() else None
            path.rename(target)
            if row is not None and "student" in row:
                write_json(target, _renamed(row, new, known_as))
            moved.append(str(target.relative_to(self.root)))
        return moved

    def put_away(self, student: str) -> list[str]:
        """Move everything of a student to a folder of its own below ``trash/``.

        Returns:
            The new paths, as people read them.
        """
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        folder = self.root / "trash" / f"{stamp}-{student}"
        moved = []
        for path in self.traces(student):
            target = folder / path.relative_to(self.root)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
            moved.append(str(target.relative_to(self.root)))
        return moved

    def collected_students(self, lab_id: str) -> list[str]:
        """Who has a record of ``collect``, sorted."""
        return _stems(self.root / "collected" / lab_id)

    def handed_in(self, lab_id: str) -> list[str]:
        """Everyone who handed in, sorted: collected by us, or put into ``submitted/`` by
        nbgrader."""
        folders = (self.root / "submitted").glob(f"*/{lab_id}")
        names = {folder.parent.name for folder in folders} | set(self.collected_students(lab_id))
        return sorted(name for name in names if not name.startswith("."))

    def read_record(self, student: str, lab_id: str) -> CollectRecord | None:
        """What ``collect`` noted about a hand-in; None if it was not collected by us."""
        return _record(self.record(student, lab_id))

    def read_records(self, lab_id: str) -> dict[str, CollectRecord]:
        """Student -> record, for everyone whom ``collect`` has met."""
        return {
            student: self.read_record(student, lab_id) or CollectRecord()
            for student in self.collected_students(lab_id)
        }

    def write_record(self, record: CollectRecord) -> None:
        """Keep what ``collect`` noted."""
        write_json(self.record(record.student, record.lab), record.to_json())

    def known_people(self) -> dict[str, tuple[str, frozenset[str]]]:
        """Student id -> the name it was given for, and what told the person apart.

        Over all labs, so that one person keeps one id.
        """
        known: dict[str, tuple[str, frozenset[str]]] = {}
        for path in sorted((self.root / "collected").glob("*/*.json")):
            record = _record(path) or CollectRecord()
            _, identity = known.get(path.stem, ("", frozenset()))
            known[path.stem] = (
                record.handed_in_as or path.stem,
                identity | frozenset(record.identity),
            )
        return known


def _renamed(row: dict[str, Any], new: str, known_as: str) -> dict[str, Any]:
    """A record or result under another id; what the student was called stays known."""
    row = row | {"student": new}
    if "handed_in_as" in row:
        called = f"name:{row['handed_in_as']}"
        row["identity"] = list(dict.fromkeys([*row.get("identity", []), called]))
        row["handed_in_as"] = known_as or row["handed_in_as"]
    return row


def _is_name(student: str) -> bool:
    """Whether an id can be a folder's name: it leads nowhere else."""
    return re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.@-]*", student) is not None


def _stems(folder: Path) -> list[str]:
    """The names of the JSON files of a folder, without their ending, sorted."""
    return sorted(path.stem for path in folder.glob("*.json"))


def _record(path: Path) -> CollectRecord | None:
    """A record; None if there is none that can be read."""
    row = read_json(path)
    try:
        return None if row is None else CollectRecord.from_json(row)
    except TypeError:
        return None


def _read_notebook(path: Path, lab_id: str) -> Any:
    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError as error:
        raise UsageError(
            f"{lab_id} has not been built yet: run `autograder build {lab_id}`."
        ) from error
    except Exception as error:  # nbformat raises whatever its parsers do
        raise ContentError(f"{path} is damaged: run `autograder build {lab_id}`.") from error
