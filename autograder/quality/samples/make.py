"""The sample class: what a real class hands in, made from the release, the solution and the answer
bank.

``samples/L/STUDENT/FILE`` are the files, ``samples/L/expected.toml`` says what grading them must
give. Everything is made by this module and never edited; the same course gives the same bytes.
``python -m autograder.quality.samples.make`` writes all of it anew.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.workspace.course import Course, load_course
from autograder.model.errors import ContentError, UsageError
from autograder.authoring.source import read_source
from autograder.notebooks.reading import read_notebook
from autograder.notebooks.regions import unmarked
from autograder.notebooks.roles import Role, cell_name, is_marked_by_hand, role_of
from autograder.workspace.files import write_atomic
from autograder.quality.samples.sample_class import CLASSES
from autograder.quality.samples.kit import Kit, Sample

__all__ = ["make_samples", "sample_files"]

_HEAD = """\
# Made by `make samples`: what grading each sample must give. Never edited.
# lost: "all" or "some" of a TODO's points; every TODO that is not named keeps all of them.
"""


def make_samples(course: Course, lab_id: str) -> list[Path]:
    """Write ``samples/L`` anew, as a whole; the paths written."""
    files = sample_files(course, lab_id)
    folder = course.root / "samples" / lab_id
    if folder.is_dir():
        shutil.rmtree(folder)
    for name, data in files.items():
        write_atomic(folder / name, data)
    return [folder / name for name in files]


def sample_files(course: Course, lab_id: str) -> dict[str, bytes]:
    """Path below ``samples/L`` -> bytes, without writing anything."""
    lab = course.lab(lab_id)
    if lab_id not in CLASSES:
        raise UsageError(f"{lab_id} has no sample class yet. Known: {', '.join(CLASSES)}.")
    kit = _kit(course, lab_id)
    samples = CLASSES[lab.id]
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
        parts.append(
            f"\n[{sample.student}]  # {sample.about}\nstatus = {json.dumps(sample.status)}\n"
        )
        lost = sample.lost(kit)
        if lost:
            parts.append(
                "lost = { "
                + ", ".join(f"{todo} = {json.dumps(much)}" for todo, much in lost.items())
                + " }\n"
            )
        if sample.states:
            states = ", ".join(
                f"{todo} = {json.dumps(state)}" for todo, state in sample.states.items()
            )
            parts.append("states = { " + states + " }\n")
    return "".join(parts)


def main() -> None:
    """Write the sample classes of all labs of this course."""
    course = load_course()
    for lab in course.labs:
        if lab.id in CLASSES:
            paths = make_samples(course, lab.id)
            print(f"{lab.id}: {len(paths)} files below {paths[0].parents[1]}")


if __name__ == "__main__":
    main()
