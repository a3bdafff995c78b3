"""The sample class of a lab: what a real class hands in.

Who is in it says ``solutions/L/samples.py``, in a list ``SAMPLES``; the files are made from the
release, the solution and the answer bank. ``samples/L/STUDENT/FILE`` are the files,
``samples/L/expected.toml`` says what grading them must give. They are never edited; the same course
gives the same bytes. ``python -m autograder.quality.samples.make`` writes all of them anew.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.authoring.source import read_source
from autograder.model.errors import ContentError, UsageError
from autograder.notebooks.reading import read_notebook
from autograder.notebooks.regions import unmarked
from autograder.notebooks.roles import Role, cell_name, is_marked_by_hand, role_of
from autograder.quality.samples.kit import Kit, Sample
from autograder.workspace.course import Course, load_course
from autograder.workspace.files import write_atomic

__all__ = ["has_samples", "load_samples", "make_samples", "sample_files"]

_HEAD = """\
# Made by `make samples`: what grading each sample must give. Never edited.
# lost: "all" or "some" of a TODO's points; every TODO that is not named keeps all of them.
# repaired: collecting it has something to repair. untouched: it is worth no more than the release.
"""


def has_samples(course: Course, lab_id: str) -> bool:
    """Whether a lab says who is in its sample class."""
    return (course.private(lab_id) / "samples.py").is_file()


def load_samples(course: Course, lab_id: str) -> Sequence[Sample]:
    """The students of a lab's sample class.

    Raises:
        UsageError: if the lab has no ``samples.py``.
        ContentError: if that file fails, or has no list ``SAMPLES``.
    """
    path = course.private(lab_id) / "samples.py"
    if not has_samples(course, lab_id):
        raise UsageError(
            f"{lab_id} has no sample class: {path} does not exist. It names the students in a list "
            "SAMPLES (docs/authoring.md)."
        )
    spec = importlib.util.spec_from_file_location(f"samples_of_{lab_id}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ContentError(f"{path} fails: {type(error).__name__}: {error}") from error
    samples = getattr(module, "SAMPLES", None)
    if not isinstance(samples, list | tuple) or not samples:
        raise ContentError(f"{path} needs a list SAMPLES of at least one Sample.")
    return samples


def make_samples(course: Course, lab_id: str) -> list[Path]:
    """Write ``samples/L`` anew, as a whole; the paths written."""
    files = sample_files(course, lab_id)
    folder = course.samples(lab_id)
    if folder.is_dir():
        shutil.rmtree(folder)
    for name, data in files.items():
        write_atomic(folder / name, data)
    return [folder / name for name in files]


def sample_files(course: Course, lab_id: str) -> dict[str, bytes]:
    """Path below ``samples/L`` -> bytes, without writing anything."""
    lab = course.lab(lab_id)
    samples = load_samples(course, lab.id)
    kit = _kit(course, lab.id)
    files = {f"{sample.student}/{sample.file}": sample.make(kit) for sample in samples}
    return files | {"expected.toml": _expected(samples, kit).encode()}


def _kit(course: Course, lab_id: str) -> Kit:
    path = course.released(lab_id)
    if not path.is_file():
        raise ContentError(f"{path} does not exist. Run `autograder build {lab_id}` first.")
    release = read_notebook(path).notebook
    source = read_source(course, course.lab(lab_id))
    return Kit(lab_id, release, _solutions(source), course.answers(lab_id))


def _solutions(source: NotebookNode) -> dict[str, str]:
    """The reference answer of every TODO, without the marks around it."""
    found = {}
    for cell in source.cells:
        if role_of(cell) is Role.ANSWER and not is_marked_by_hand(cell):
            found[cell_name(cell)] = unmarked(cell.source)
    return found


def _expected(samples: Sequence[Sample], kit: Kit) -> str:
    """The expectations as TOML."""
    parts = [_HEAD]
    for sample in samples:
        parts.append(f"\n[{sample.student}]  # {sample.about}\n")
        parts.append(f"status = {json.dumps(sample.status)}\n")
        if sample.repaired:
            parts.append("repaired = true\n")
        if sample.untouched:
            parts.append("untouched = true\n")
        parts.append(_table("lost", sample.lost(kit)))
        parts.append(_table("states", sample.states))
    return "".join(parts)


def _table(name: str, values: Mapping[str, str]) -> str:
    """One line of TOML; nothing for an empty table."""
    if not values:
        return ""
    items = ", ".join(f"{key} = {json.dumps(value)}" for key, value in values.items())
    return f"{name} = {{ {items} }}\n"


def main(*lab_ids: str) -> None:
    """Write the sample classes of some labs of this course, or of all."""
    course = load_course()
    for lab in course.chosen(lab_ids):
        if has_samples(course, lab.id):
            paths = make_samples(course, lab.id)
            print(f"{lab.id}: {len(paths)} files below {course.samples(lab.id)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
