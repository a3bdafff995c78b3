"""Matching: whatever was done to the notebook, the answers are found, and our cells are ours."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.notebooknode import NotebookNode

from autograder.matching.match import canonical_submission, match, recognise
from autograder.model.errors import NotGradable
from autograder.model.submission import Submission
from autograder.notebooks.reading import canonical_bytes, read_notebook
from tests.autograder import tiny
from tests.autograder.tiny import RIGHT, cell, place

RELEASE = tiny.release()


def matched(notebook: NotebookNode) -> Submission:
    """As collect does it: from bytes."""
    return match(read_notebook(tiny.to_bytes(notebook)).notebook, RELEASE, lab=tiny.LAB)


def said(submission: Submission, *parts: str) -> bool:
    """Whether one of the repairs has all the parts."""
    return any(all(part in repair for part in parts) for repair in submission.repairs)


def test_a_clean_submission_needs_no_repair() -> None:
    """Right answers in their places: nothing to say, nothing untouched but the written answer."""
    submission = matched(tiny.solved())
    assert submission.answers == RIGHT
    assert submission.repairs == []
    assert submission.extras == []
    assert submission.untouched == {"tiny_written_1"}


def test_an_untouched_notebook_is_untouched() -> None:
    """Row 30: stubs are "not attempted", also after their comments and markers were tidied away."""
    notebook = tiny.release()
    cell(notebook, "double").source = (
        "def double(x):\n    '''Twice  x, as the text says.'''\n"
        "    raise NotImplementedError('TODO double')"
    )
    cell(notebook, "mean").source = "# nothing yet"
    cell(notebook, "tensors").source = ""
    submission = matched(notebook)
    assert submission.untouched == {"tensors", "double", "mean", "tiny_written_1"}
    assert submission.answers["double"] == cell(RELEASE, "double").source


# What a student did to the solved notebook, and what the reader is told (None: nothing).


def delete_test(nb: NotebookNode) -> None:
    del nb.cells[place(nb, "test_double")]


def edit_test(nb: NotebookNode) -> None:
    cell(nb, "test_double").source = "pass  # it works"


def turn_test_to_text(nb: NotebookNode) -> None:
    index = place(nb, "test_double")
    nb.cells[index] = tiny.text(nb.cells[index].source, "test_double", nb.cells[index].metadata)


def raise_points(nb: NotebookNode) -> None:
    cell(nb, "test_double").metadata.nbgrader.points = 100


def flip_flags(nb: NotebookNode) -> None:
    cell(nb, "test_double").metadata.nbgrader.update(grade=False, solution=True)


def copy_answer(nb: NotebookNode) -> None:
    draft = copy.deepcopy(cell(nb, "double"))
    draft.source, draft.id = "def double(x):\n    return x", "draft"
    nb.cells.insert(place(nb, "double"), draft)
    nb.cells.insert(
        place(nb, "double") + 1,
        tiny.code(tiny.STUB_DOUBLE, "s", tiny.nbgrader("double", solution=True)),
    )


def lose_metadata(nb: NotebookNode) -> None:
    nb.cells = tiny.forget(nb, ids=False).cells


def lose_everything(nb: NotebookNode) -> None:
    nb.cells = tiny.forget(nb).cells


def lose_one_mark(nb: NotebookNode) -> None:
    nb.cells[place(nb, "double")] = tiny.code(RIGHT["double"], "other")


def lose_and_copy(nb: NotebookNode) -> None:
    nb.cells = tiny.forget(nb).cells
    index = next(i for i, item in enumerate(nb.cells) if item.source == RIGHT["double"])
    nb.cells.insert(index, tiny.code("def double(x):\n    return x", "draft"))


def reorder(nb: NotebookNode) -> None:
    nb.cells.insert(place(nb, "test_mean"), nb.cells.pop(place(nb, "mean")))
    nb.cells.insert(0, nb.cells.pop(place(nb, "test_mean")))


def remove_markers(nb: NotebookNode) -> None:
    for item in nb.cells:
        item.source = item.source.replace("    # YOUR CODE HERE\n", "").replace(
            "# YOUR CODE HERE", ""
        )


def own_cell(nb: NotebookNode) -> None:
    cell(nb, "double").source = tiny.STUB_DOUBLE
    nb.cells.insert(place(nb, "double") + 1, tiny.code(RIGHT["double"], "mine"))


def own_cell_at_the_end(nb: NotebookNode) -> None:
    cell(nb, "double").source = tiny.STUB_DOUBLE
    nb.cells.append(tiny.code(RIGHT["double"], "mine"))


def own_cell_for_values(nb: NotebookNode) -> None:
    cell(nb, "tensors").source = tiny.STUB_TENSORS
    nb.cells.insert(place(nb, "tensors") + 1, tiny.code(RIGHT["tensors"], "mine"))


def edit_setup(nb: NotebookNode) -> None:
    cell(nb, "setup").source = "import numpy as np\nvocab = []"


def remove_setup(nb: NotebookNode) -> None:
    del nb.cells[place(nb, "setup")]


def split(nb: NotebookNode) -> None:
    index = place(nb, "mean")
    head, tail = RIGHT["mean"].split("\n    total")
    nb.cells[index].source = head
    nb.cells.insert(index + 1, tiny.code("    total" + tail, "tail"))


def split_with_marks(nb: NotebookNode) -> None:
    split(nb)
    cell(nb, "tail").metadata = cell(nb, "mean").metadata


def split_after_three_lines(nb: NotebookNode) -> None:
    index = place(nb, "mean")
    head, tail = RIGHT["mean"].split("\n    return")
    nb.cells[index].source = head
    nb.cells.insert(index + 1, tiny.code("    return" + tail, "tail"))


def split_values(nb: NotebookNode) -> None:
    index = place(nb, "tensors")
    head, tail = RIGHT["tensors"].split("\n")
    nb.cells[index].source = head
    nb.cells.insert(index + 1, tiny.code(tail, "tail", nb.cells[index].metadata))


def merge_answer_and_test(nb: NotebookNode) -> None:
    cell(nb, "double").source += "\n\n" + cell(nb, "test_double").source
    del nb.cells[place(nb, "test_double")]


def merge_into_test(nb: NotebookNode) -> None:
    cell(nb, "test_double").source = RIGHT["double"] + "\n\n" + cell(nb, "test_double").source
    del nb.cells[place(nb, "double")]


def merge_all(nb: NotebookNode) -> None:
    merged = "\n\n".join(item.source for item in nb.cells[3:10] if item.cell_type == "code")
    nb.cells = [
        *nb.cells[:3],
        tiny.code(merged, nb.cells[3].id, nb.cells[3].metadata),
        *nb.cells[10:],
    ]


def fence(nb: NotebookNode) -> None:
    index = place(nb, "double")
    nb.cells[index] = tiny.text(
        f"```python\n{RIGHT['double']}\n```", "double", nb.cells[index].metadata
    )


def turn_to_text(nb: NotebookNode) -> None:
    index = place(nb, "double")
    nb.cells[index] = tiny.text(RIGHT["double"], "double", nb.cells[index].metadata)


def turn_to_raw(nb: NotebookNode) -> None:
    index = place(nb, "double")
    nb.cells[index] = nbformat.v4.new_raw_cell(
        RIGHT["double"], id="double", metadata=nb.cells[index].metadata
    )


def time_it(nb: NotebookNode) -> None:
    cell(nb, "double").source = "%%time\n" + RIGHT["double"]


def swap(nb: NotebookNode) -> None:
    double, mean = cell(nb, "double"), cell(nb, "mean")
    double.source, mean.source = mean.source, double.source


def change_demo_and_prose(nb: NotebookNode) -> None:
    cell(nb, "demo").source = "print('my own demo')"
    cell(nb, "title").source = "# My lab"


def paste_twice(nb: NotebookNode) -> None:
    nb.cells += [copy.deepcopy(item) for item in nb.cells]


HARMLESS = {
    "21 test deleted": (delete_test, "Put back 1 locked cell that was missing: `double`."),
    "23 test edited": (edit_test, "Restored 1 locked cell that had been edited: `double`."),
    "24 test turned into text": (
        turn_test_to_text,
        "Restored 1 locked cell that had been edited: `double`.",
    ),
    "25 points raised": (raise_points, "Restored the points and locks of 1 cell: `double`."),
    "26 flags changed": (flip_flags, "Restored the points and locks of 1 cell: `double`."),
    "27 answer copied": (copy_answer, "Found several copies of `double`; the last one counts."),
    "28 metadata lost": (
        lose_metadata,
        "All grading marks were lost; the cells were found by their ids and content.",
    ),
    "28 metadata and ids lost": (lose_everything, "All grading marks were lost"),
    "28 one mark lost": (
        lose_one_mark,
        "Found `double` by its content; the grading marks were lost.",
    ),
    "28 lost, with a draft above": (
        lose_and_copy,
        "Found several copies of `double`; the last one counts.",
    ),
    "29 cells reordered": (reorder, "Put the cells back into their original order."),
    "31 answer in a new cell below": (own_cell, "Found `double` in a cell of its own."),
    "31 answer at the end": (own_cell_at_the_end, "Found `double` in a cell of its own."),
    "31 values in a new cell": (
        own_cell_for_values,
        "Found `images` and `matrix` in a cell of its own.",
    ),
    "32 markers removed": (remove_markers, None),
    "33 setup edited": (edit_setup, "Restored 1 setup cell that had been edited"),
    "33 setup removed": (remove_setup, "Put back 1 setup cell that was missing."),
    "split": (split, "Joined `mean`, which was split over several cells."),
    "split, both marked": (split_with_marks, "Joined `mean`, which was split over several cells."),
    "split later": (split_after_three_lines, "Joined `mean`, which was split over several cells."),
    "values split": (
        split_values,
        "Joined `images` and `matrix`, which was split over several cells.",
    ),
    "answer and test merged": (
        merge_answer_and_test,
        "Put back 1 locked cell that was missing: `double`.",
    ),
    "answer merged into its test": (merge_into_test, "Found `double`"),
    "everything merged": (merge_all, None),
    "answer fenced in text": (fence, "Read `double` from a text cell as code."),
    "answer turned into text": (turn_to_text, "Read `double` from a text cell as code."),
    "answer turned into raw": (turn_to_raw, "Read `double` from a text cell as code."),
    "magic": (time_it, None),
    "two answers swapped": (swap, None),
    "demo and prose changed": (change_demo_and_prose, None),
    "notebook pasted twice": (paste_twice, None),
}


@pytest.mark.parametrize(("change", "note"), HARMLESS.values(), ids=HARMLESS)
def test_answers_are_found_whatever_was_done_to_the_notebook(
    change: Callable[[NotebookNode], None], note: str | None
) -> None:
    """Rows 21 to 34: full answers, our own tests and settings, and a note that says what was
    repaired."""
    notebook = tiny.solved()
    change(notebook)
    submission = matched(notebook)
    for name, answer in RIGHT.items():
        assert _same(submission.answers[name], answer), submission.answers[name]
    assert submission.untouched == {"tiny_written_1"}
    if note:
        assert said(submission, note), submission.repairs
    ours = {item.id: item.source for item in RELEASE.cells if item.id not in RIGHT}
    made = {item.id: item for item in canonical_submission(submission, RELEASE).cells}
    assert {name: made[name].source for name in ours} == ours
    assert all(made[item.id].metadata == item.metadata for item in RELEASE.cells)
    assert_stable(submission)


def assert_stable(submission: Submission) -> None:
    """Grading starts from the canonical notebook: matching it again finds the same."""
    made = canonical_submission(submission, RELEASE)
    again = match(read_notebook(canonical_bytes(made)).notebook, RELEASE)
    assert again.answers == submission.answers
    assert again.written == submission.written
    assert again.untouched == submission.untouched
    assert [(e.after, e.source, e.kind) for e in again.extras] == [
        (e.after, e.source, e.kind) for e in submission.extras
    ]


def _same(found: str, answer: str) -> bool:
    space: dict[str, object] = {}
    exec(found, space)
    expected: dict[str, object] = {}
    exec(answer, expected)
    return {k for k in expected if k != "__builtins__"} <= set(space) and "".join(
        answer.split()
    ) in "".join(found.replace("# YOUR CODE HERE", "").split())


def test_answer_and_test_deleted_cost_only_that_todo() -> None:
    """Row 22: the TODO counts as not attempted, the others stand."""
    notebook = tiny.solved()
    del notebook.cells[place(notebook, "double")]
    del notebook.cells[place(notebook, "test_double")]
    submission = matched(notebook)
    assert submission.untouched == {"double", "tiny_written_1"}
    assert submission.answers["mean"] == RIGHT["mean"]
    assert said(submission, "Put back the empty answer cell, which was missing: `double`.")


def test_a_broken_answer_stays_the_answer() -> None:
    """A syntax error is an answer, also when all marks are lost; an experiment elsewhere does not
    replace it."""
    broken = "def double(x)\n    return 2 * x"
    assert matched(tiny.solved(double=broken)).answers["double"] == broken
    assert matched(tiny.forget(tiny.solved(double=broken))).answers["double"] == broken
    misnamed = 'def doubel(x):\n    """Twice x."""\n    return 2 * x'
    assert matched(tiny.forget(tiny.solved(double=misnamed))).answers["double"] == misnamed


def test_a_later_experiment_does_not_replace_a_complete_answer() -> None:
    """Only a stub or a broken cell gives way to a cell of its own; the experiment stays an extra
    cell."""
    notebook = tiny.solved()
    notebook.cells.append(tiny.code("def double(x):\n    return x << 1", "experiment"))
    submission = matched(notebook)
    assert submission.answers["double"] == RIGHT["double"]
    assert [extra.source for extra in submission.extras] == ["def double(x):\n    return x << 1"]


def test_extra_cells_keep_their_places() -> None:
    """A helper above an answer, one below, prose: all return at the same place, with ids of their
    own."""
    notebook = tiny.solved(double="def double(x):\n    return twice(x)")
    notebook.cells.insert(
        place(notebook, "double"), tiny.code("def twice(x):\n    return 2 * x", "helper")
    )
    notebook.cells.insert(place(notebook, "test_double") + 1, tiny.text("My remark", "remark"))
    submission = matched(notebook)
    assert [(e.after, e.kind) for e in submission.extras] == [
        ("test_tensors", "code"),
        ("test_double", "markdown"),
    ]
    ids = [item.id for item in canonical_submission(submission, RELEASE).cells]
    assert ids[ids.index("double") - 1] == "extra-1"
    assert ids[ids.index("test_double") + 1] == "extra-2"
    nbformat.validate(canonical_submission(submission, RELEASE))


def test_a_helper_below_moves_above_the_answer_that_uses_it() -> None:
    """Cells can be run in any order, an exam runs from top to bottom."""
    notebook = tiny.solved(double="def double(x):\n    return twice(x)")
    notebook.cells += [
        tiny.code("import operator", "imports"),
        tiny.code("def twice(x):\n    return operator.mul(2, x)", "helper"),
        tiny.code("print('effects stay where they are', twice(1))", "print"),
    ]
    submission = matched(notebook)
    assert [extra.after for extra in submission.extras] == [
        "test_tensors",
        "test_tensors",
        "tiny_written_1",
    ]
    assert said(submission, "Moved", "`twice`")


def test_imports_added_to_a_setup_cell_are_kept() -> None:
    """Row 33: our cell is restored; what the student added to it still works."""
    notebook = tiny.solved()
    cell(notebook, "setup").source += "\nimport statistics as st\nnp = None\nEPS = 1e-9\nprint(EPS)"
    submission = matched(notebook)
    assert [(e.source, e.position) for e in submission.extras] == [
        ("import statistics as st\nEPS = 1e-9", 1)
    ]


WRITTEN = "Because **one** value moves the sum.\n\n- $x_i / n$"


@pytest.mark.parametrize("where", ["in place", "below", "marks lost", "as code", "in the question"])
def test_written_answers_are_found(where: str) -> None:
    """Written answers are texts: in their cell, in a cell below, without marks, in the wrong kind
    of cell."""
    notebook = tiny.solved()
    index = place(notebook, "tiny_written_1")
    if where == "below":
        notebook.cells.insert(index + 1, tiny.text(WRITTEN, "mine"))
    elif where == "in the question":
        cell(notebook, "question").source += f"\n\n{WRITTEN}"
    elif where == "as code":
        notebook.cells[index] = tiny.code(WRITTEN, "tiny_written_1", notebook.cells[index].metadata)
    else:
        notebook.cells[index].source = WRITTEN
    submission = matched(tiny.forget(notebook) if where == "marks lost" else notebook)
    assert submission.written == {"tiny_written_1": WRITTEN}
    assert submission.untouched == set()
    assert submission.extras == []
    filled = canonical_submission(submission, RELEASE)
    assert cell(filled, "tiny_written_1").source == WRITTEN


@pytest.mark.parametrize("where", ["in place", "marks lost", "below"])
def test_a_question_in_the_answers_own_cell_stays_with_the_answer(where: str) -> None:
    """nbgrader keeps question and answer in one cell; the answer is found by its question."""
    asked = "**Question 1.** Why? A few sentences."
    release = tiny.release()
    cell(release, "tiny_written_1").source = f"{asked}\n\nYOUR ANSWER HERE"
    notebook = copy.deepcopy(release)
    if "below" in where:
        notebook.cells.insert(place(notebook, "tiny_written_1") + 1, tiny.text("Because.", "mine"))
    else:
        cell(notebook, "tiny_written_1").source = f"{asked}\n\nBecause."
    if where == "marks lost":
        del notebook.cells[place(notebook, "question")]
        notebook = tiny.forget(notebook)
    submission = match(notebook, release)
    assert submission.written == {"tiny_written_1": f"{asked}\n\nBecause."}


def test_the_release_is_never_changed() -> None:
    """Matching is a pure function of both notebooks."""
    before = canonical_bytes(RELEASE)
    canonical_submission(matched(tiny.solved()), RELEASE)
    assert canonical_bytes(RELEASE) == before


def test_a_notebook_is_recognised_by_marks_ids_and_content() -> None:
    """Row 12: file names do not matter; a stranger's notebook belongs to no lab."""
    other = tiny.other_release()
    releases = {"tiny_lab": RELEASE, "other_lab": other}
    for notebook in (tiny.solved(), tiny.forget(tiny.solved()), tiny.forget(tiny.release())):
        assert recognise(notebook, releases) == "tiny_lab"
    assert recognise(tiny.forget(other), releases) == "other_lab"
    stranger = nbformat.v4.new_notebook(
        cells=[tiny.code("print('hello')", "a"), tiny.text("Notes", "b")]
    )
    assert recognise(stranger, releases) is None
    assert recognise(tiny.solved(), {}) is None


def test_a_huge_messy_notebook_is_matched_quickly() -> None:
    """A thousand strange cells take seconds, not minutes."""
    cells = [
        tiny.code(f"def double{k}(x):\n    y = x + {k}\n    return y * {k}", f"c{k}")
        for k in range(900)
    ]
    notebook = tiny.forget(tiny.solved())
    notebook.cells = cells + notebook.cells
    assert matched(notebook).answers["double"] == RIGHT["double"]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
SOURCES = st.sampled_from(
    [
        *RIGHT.values(),
        tiny.STUB_DOUBLE,
        tiny.TESTS["mean"],
        "%%bash\nls",
        "def (",
        "\t\x00",
        "é" * 9,
    ]
)


@st.composite
def broken_notebooks(draw: st.DrawFn) -> bytes:
    """The bytes of a solved notebook after random damage to its cells, their fields, its top, its
    bytes."""
    notebook = json.loads(tiny.to_bytes(tiny.solved()))
    for _ in range(draw(st.integers(1, 6))):
        cells = notebook.get("cells")
        action = draw(st.integers(0, 6))
        if action == 0 or not isinstance(cells, list) or not cells:
            notebook[draw(st.sampled_from(["cells", "nbformat", "metadata", "worksheets"]))] = draw(
                JUNK
            )
            continue
        index = draw(st.integers(0, len(cells) - 1))
        if action == 1:
            cells[index] = draw(JUNK)
        elif action == 2:
            cells.insert(index, copy.deepcopy(cells[draw(st.integers(0, len(cells) - 1))]))
        elif action == 3:
            del cells[index]
        elif isinstance(cells[index], dict):
            field = draw(
                st.sampled_from(["id", "cell_type", "metadata", "source", "outputs", "attachments"])
            )
            cells[index][field] = draw(SOURCES if action == 4 else JUNK)
            nbgrader = {
                "nbgrader": {"grade_id": draw(JUNK), "points": draw(JUNK), "solution": draw(JUNK)}
            }
            if action == 5:
                cells[index]["metadata"] = nbgrader
    data = json.dumps(notebook).encode()
    return data[: draw(st.integers(0, len(data)))] if draw(st.integers(0, 19)) == 0 else data


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(broken_notebooks())
def test_any_damage_ends_in_a_submission_or_in_not_gradable(data: bytes) -> None:
    """Whatever the bytes, nothing but ``NotGradable`` is raised, and what is read can be written
    and validated."""
    try:
        notebook = read_notebook(data).notebook
    except NotGradable:
        return
    submission = match(notebook, RELEASE)
    assert set(submission.answers) == set(RIGHT)
    made = canonical_submission(submission, RELEASE)
    nbformat.validate(made)
    assert_stable(submission)
