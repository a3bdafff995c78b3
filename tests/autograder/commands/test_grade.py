"""grade: one result per student, nbgrader's gradebook in step with it, and never the same work
twice."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.commands.build import build
from autograder.commands.grade import grade
from autograder.gradebook import entry as entry_module
from autograder.gradebook.configuration import OWN_CONFIG
from autograder.gradebook.database import open_gradebook
from autograder.model.errors import ContentError, NotGradable, UsageError
from autograder.model.grade_report import Change, GradeReport, changes
from autograder.model.result import Result, Status, TodoResult, TodoState
from autograder.running import engine as engine_module
from autograder.running.engine import Engine
from autograder.workspace.course import Course
from autograder.workspace.files import write_atomic
from tests.classroom import LAB, WRONG, copy_course, filled, hand_in, solutions, solved

STATES = {"correct", "partial", "incorrect", "not attempted", "error", "timeout", "killed"}
ENDLESS = 'def total(x):\n    """Sum."""\n    import time\n    time.sleep(600)'
DEADLY = 'def double(x):\n    """Twice x."""\n    import os\n    os._exit(1)'
NOISY = (
    'import sys\nprint("noise", file=sys.stderr)\n\n\n'
    'def dice(rng):\n    """Six."""\n    return int(rng.integers(6))'
)


def class_of(course: Course) -> None:
    """Ten students with their characters."""
    hand_in(course, "ada", solved(course, why="Because a cube has six equal faces."))
    hand_in(course, "ben", solved(course, double=WRONG["double"]))
    hand_in(course, "cleo", filled(course))
    hand_in(course, "dan", solved(course, total=ENDLESS))
    hand_in(course, "eve", solved(course, double=DEADLY))
    hand_in(course, "fay", solved(course, dice=NOISY))
    hand_in(course, "gus", solved(course, total="def total(x:\n    return"))
    write_atomic(course.workspace / "submitted" / "hal" / LAB / f"{LAB}.ipynb", b"{broken")
    record = {
        "student": "ida",
        "lab": LAB,
        "file": "x.docx",
        "repairs": [],
        "reason": "This is a Word file.",
    }
    write_atomic(course.workspace / "collected" / LAB / "ida.json", json.dumps(record).encode())
    record = {
        "student": "ada",
        "lab": LAB,
        "file": "a.ipynb",
        "repairs": ["Restored 2 cells."],
        "reason": None,
    }
    write_atomic(course.workspace / "collected" / LAB / "ada.json", json.dumps(record).encode())
    (course.workspace / "submitted" / ".ipynb_checkpoints" / LAB).mkdir(parents=True)


@pytest.fixture(scope="module")
def graded(
    built_tiny: Course, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Course, GradeReport]:
    """The class, graded once. Read-only."""
    course = copy_course(built_tiny, tmp_path_factory.mktemp("graded") / "course")
    class_of(course)
    return course, grade(course, LAB)


@pytest.fixture
def small(tiny: Course) -> Course:
    """Two students, one of them wrong, not graded yet."""
    hand_in(tiny, "ada", solved(tiny))
    hand_in(tiny, "ben", solved(tiny, double=WRONG["double"]))
    return tiny


def result(course: Course, student: str) -> dict[str, Any]:
    return dict(json.loads((course.workspace / "results" / LAB / f"{student}.json").read_text()))


def gradebook_scores(course: Course) -> dict[str, dict[str, float | None]]:
    """student -> graded cell -> automatic score, as nbgrader has them."""
    with open_gradebook(course) as gradebook:
        return {
            submission.student.id: {
                g.name: g.auto_score for book in submission.notebooks for g in book.grades
            }
            for submission in gradebook.find_assignment(LAB).submissions
        }


def forbid_exams(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, running any exam is a failure."""

    def refuse(self: Engine, jobs: Iterable[Any], done: Any = None) -> list[Any]:
        assert list(jobs) == []
        return []

    monkeypatch.setattr(Engine, "examine", refuse)


def watch_exams(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the exams that are run from now on."""
    names: list[str] = []
    real: Callable[..., Any] = Engine.examine

    def watched(self: Engine, jobs: Iterable[Any], done: Any = None) -> list[Any]:
        chosen = list(jobs)
        names.extend(job.name for job in chosen)
        return list(real(self, chosen, done))

    monkeypatch.setattr(Engine, "examine", watched)
    return names


# --- results ---


def test_there_is_one_result_per_student(graded: tuple[Course, GradeReport]) -> None:
    """Everyone who was collected or submitted, in order, once; hidden folders are nobody."""
    course, report = graded
    names = ["ada", "ben", "cleo", "dan", "eve", "fay", "gus", "hal", "ida"]
    assert [row.student for row in report.results] == names
    assert (
        sorted(path.stem for path in (course.workspace / "results" / LAB).glob("*.json")) == names
    )
    assert sorted(report.graded) == names[:7]
    assert report.unchanged == report.problems == []
    assert [row.to_json() for row in report.results] == [result(course, name) for name in names]


POINTS = {
    "ada": (8, "correct", "correct", "correct"),
    "ben": (6, "incorrect", "correct", "correct"),
    "cleo": (0, "not attempted", "not attempted", "not attempted"),
    "dan": (4, "correct", "timeout", "correct"),
    "eve": (6, "killed", "correct", "correct"),
    "fay": (8, "correct", "correct", "correct"),
    "gus": (4, "correct", "error", "correct"),
}


@pytest.mark.parametrize("student", POINTS)
def test_each_student_loses_what_is_wrong_and_nothing_else(
    graded: tuple[Course, GradeReport], student: str
) -> None:
    """Follow-through, crashes, endless loops and noise on stderr cost the TODO that they belong
    to."""
    found = result(graded[0], student)
    assert [todo["state"] for todo in found["todos"].values()] == list(POINTS[student][1:])
    assert found["points"] == POINTS[student][0]


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def test_a_graded_result_has_exactly_the_contracts_shape(
    graded: tuple[Course, GradeReport],
) -> None:
    """Keys, types and ranges of docs/architecture.md, for every student."""
    for student in POINTS:
        found = result(graded[0], student)
        assert found.keys() == {
            "lab", "student", "points", "max_points", "status", "sandbox", "seconds", "repairs",
            "incidents", "todos", "written",
        }  # fmt: skip
        assert (found["lab"], found["student"], found["status"], found["max_points"]) == (
            LAB,
            student,
            "graded",
            8,
        )
        assert found["sandbox"] == "namespaces"
        assert list(found["todos"]) == ["double", "total", "dice"]
        assert all(isinstance(text, str) for text in (*found["repairs"], *found["incidents"]))
        for todo in found["todos"].values():
            assert todo.keys() == {"points", "max_points", "state", "seconds", "message", "cases"}
            assert todo["state"] in STATES
            assert 0 <= todo["points"] <= todo["max_points"]
            assert is_number(todo["seconds"])
            assert isinstance(todo["message"], str)
            for case in todo["cases"]:
                assert case.keys() == {"case", "passed", "message"}
                assert isinstance(case["passed"], bool)
                assert isinstance(case["case"], str)
                assert isinstance(case["message"], str)
        assert found["points"] == sum(todo["points"] for todo in found["todos"].values())
        assert found["written"] == {"why": {"max_points": 2.0, "answered": student == "ada"}}


def test_points_are_the_share_of_passed_cases(graded: tuple[Course, GradeReport]) -> None:
    """points x passed / cases, for every TODO of every student."""
    for student in POINTS:
        for todo in result(graded[0], student)["todos"].values():
            passed = sum(case["passed"] for case in todo["cases"])
            assert todo["points"] == pytest.approx(
                todo["max_points"] * passed / len(todo["cases"]), abs=1e-3
            )


def test_what_cannot_be_graded_says_why(graded: tuple[Course, GradeReport]) -> None:
    """A broken file and a Word file: a reason, no TODOs, no attempt in the gradebook."""
    assert result(graded[0], "ida")["reason"] == "This is a Word file."
    for student in ("hal", "ida"):
        found = result(graded[0], student)
        assert (found["status"], found["todos"], found["points"]) == ("not gradable", {}, 0)
        assert found["reason"]
    assert gradebook_scores(graded[0]).keys() == set(POINTS)


def test_repairs_are_told(graded: tuple[Course, GradeReport]) -> None:
    """What collect repaired stands in the result."""
    assert result(graded[0], "ada")["repairs"] == ["Restored 2 cells."]


# --- the gradebook ---


def test_the_gradebook_has_the_points_of_the_results(graded: tuple[Course, GradeReport]) -> None:
    """Every graded cell of every student; the written answer waits for a person, a blank one is
    0."""
    scores = gradebook_scores(graded[0])
    for student in POINTS:
        found = result(graded[0], student)
        for name, todo in found["todos"].items():
            assert scores[student][f"test_{name}"] == pytest.approx(todo["points"], abs=1e-3)
        assert scores[student]["why"] == (None if student == "ada" else 0)


def test_the_autograded_notebook_shows_the_verdicts(graded: tuple[Course, GradeReport]) -> None:
    """What formgrader opens: each test cell with the verdict on each case, and no output of the
    student's code."""
    path = graded[0].workspace / "autograded" / "ben" / LAB / f"{LAB}.ipynb"
    cells = {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
    assert cells["test_double"].outputs[0].text.startswith("incorrect: 0 points.")
    assert "✗ random vector 0" in cells["test_double"].outputs[0].text
    assert cells["test_double"].outputs[1].data["text/plain"] == "0.0"
    assert cells["test_total"].outputs[1].data["text/plain"] == "4.0"
    assert cells["double"].source == WRONG["double"]


def test_typing_nbgrader_autograde_gives_the_same_marks(
    small: Course, graded: tuple[Course, GradeReport], tmp_path: Path
) -> None:
    """`nbgrader autograde tiny` in the workspace, as a command of its own, equals `autograder grade
    tiny`."""
    hand_in(small, "cleo", filled(small))
    typed = copy_course(small, tmp_path / "typed")
    bin_folder = str(Path(sys.executable).parent)
    subprocess.run(
        ["nbgrader", "autograde", LAB],
        cwd=typed.workspace,
        env={**os.environ, "PATH": f"{bin_folder}:/usr/bin:/bin"},
        check=True,
        capture_output=True,
        timeout=300,
    )
    expected = {
        name: scores
        for name, scores in gradebook_scores(graded[0]).items()
        if name in ("ada", "ben", "cleo")
    }
    expected["ada"]["why"] = 0  # here she left the question unanswered
    assert gradebook_scores(typed) == expected


def test_a_due_date_a_penalty_and_manual_scores_survive_regrading(small: Course) -> None:
    """Late penalties follow the course's policy; what a person marked stays, whatever is graded
    again."""
    (small.root / OWN_CONFIG).write_text(
        'c = get_config()\nc.LateSubmissionPlugin.penalty_method = "zero"\n'
    )
    hand_in(small, "ada", solved(small, why="Symmetry."), timestamp="2030-01-01 10:00:00 UTC")
    hand_in(
        small, "ben", solved(small, double=WRONG["double"]), timestamp="2030-01-03 10:00:00 UTC"
    )
    with open_gradebook(small) as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=datetime(2030, 1, 2))
    grade(small, LAB)
    with open_gradebook(small) as gradebook:
        ada, ben = (gradebook.find_submission(LAB, student) for student in ("ada", "ben"))
        assert (ada.score, ada.late_submission_penalty or 0) == (8, 0)
        assert (ben.score, ben.late_submission_penalty) == (6, 6)
        gradebook.find_grade("why", LAB, LAB, "ada").manual_score = 1.5
        gradebook.find_grade("test_double", LAB, LAB, "ben").manual_score = 0.5
        gradebook.find_comment("why", LAB, LAB, "ada").manual_comment = "Which symmetry?"
        gradebook.db.commit()
    hand_in(
        small,
        "ada",
        solved(small, why="Symmetry.", dice=WRONG["dice"]),
        timestamp="2030-01-01 12:00:00 UTC",
    )
    grade(small, LAB)
    grade(small, LAB, force=True)
    with open_gradebook(small) as gradebook:
        assert gradebook.find_submission(LAB, "ada").score == 6 + 1.5
        assert gradebook.find_comment("why", LAB, LAB, "ada").comment == "Which symmetry?"
        ben = gradebook.find_submission(LAB, "ben")
        assert (ben.score, ben.late_submission_penalty) == (6.5, 6.5)
        assert ben.total_seconds_late == 34 * 3600


def test_a_new_due_date_is_taken_up_without_running_anything(
    small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Due dates are set in formgrader, often after the first grading."""
    (small.root / OWN_CONFIG).write_text(
        'c = get_config()\nc.LateSubmissionPlugin.penalty_method = "zero"\n'
    )
    hand_in(small, "ada", solved(small), timestamp="2030-01-03 10:00:00 UTC")
    grade(small, LAB)
    with open_gradebook(small) as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=datetime(2030, 1, 2))
    forbid_exams(monkeypatch)
    grade(small, LAB)
    with open_gradebook(small) as gradebook:
        assert gradebook.find_submission(LAB, "ada").late_submission_penalty == 8


# --- nothing twice ---


def test_a_second_run_starts_no_kernel_and_touches_no_gradebook(
    small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Results come from the cache, equal to the first; the gradebook's file is not even opened for
    writing."""
    first = grade(small, LAB)
    book = small.workspace / "gradebook.db"
    before = book.read_bytes()
    forbid_exams(monkeypatch)
    monkeypatch.setattr(
        entry_module, "autograde", lambda *args, **options: pytest.fail("nbgrader was run again")
    )
    monkeypatch.setattr(Engine, "start", lambda engine: pytest.fail("a fork server was started"))
    second = grade(small, LAB)
    assert second.results == first.results
    assert (sorted(second.unchanged), second.graded, second.problems) == (["ada", "ben"], [], [])
    assert book.read_bytes() == before


def test_a_changed_answer_regrades_that_student_only(
    small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One new hand-in, one exam; the other's result file is the same."""
    grade(small, LAB)
    ada = (small.workspace / "results" / LAB / "ada.json").read_bytes()
    hand_in(small, "ben", solved(small, double="def double(x):\n    return x + x"))
    names = watch_exams(monkeypatch)
    report = grade(small, LAB)
    assert names == report.graded == ["ben"]
    assert report.unchanged == ["ada"]
    assert (small.workspace / "results" / LAB / "ada.json").read_bytes() == ada
    assert gradebook_scores(small)["ben"]["test_double"] == 2


def test_equal_answers_of_two_students_are_two_results(small: Course) -> None:
    """The cache is by content; the names stay apart."""
    hand_in(small, "carl", solved(small))
    grade(small, LAB)
    assert result(small, "carl")["points"] == result(small, "ada")["points"] == 8
    assert (result(small, "carl")["student"], result(small, "ada")["student"]) == ("carl", "ada")
    assert gradebook_scores(small)["carl"] == gradebook_scores(small)["ada"]


def test_a_changed_written_answer_reaches_formgrader_without_an_exam(
    small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the text is new: nothing is run, and the person who marks sees the new text."""
    grade(small, LAB)
    hand_in(small, "ada", solved(small, why="Now I know: symmetry."))
    forbid_exams(monkeypatch)
    grade(small, LAB)
    autograded = (small.workspace / "autograded" / "ada" / LAB / f"{LAB}.ipynb").read_text()
    assert "Now I know: symmetry." in autograded
    assert result(small, "ada")["written"]["why"]["answered"] is True
    assert gradebook_scores(small)["ada"]["why"] is None


def test_a_changed_solution_regrades_everyone(
    small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the same process: what is expected is new, so nobody keeps an old mark."""
    from tests.tiny import SOURCE

    grade(small, LAB)
    text = SOURCE.replace("np.asarray(x) * 2.0", "np.asarray(x) * 3.0").replace(
        "double(2.0), 4.0", "double(2.0), 6.0"
    )
    small.source_text(LAB).write_text(text.replace("np.ones(3)), 6.0", "np.ones(3)), 9.0"))
    build(small)
    names = watch_exams(monkeypatch)
    report = grade(small, LAB)
    assert sorted(names) == ["ada", "ben"]
    assert sorted((change.student, change.before, change.after) for change in report.changes) == [
        ("ada", 8, 6),
        ("ben", 6, 8),
    ]
    assert all(change.todos.keys() == {"double"} for change in report.changes)
    assert result(small, "ada")["todos"]["double"]["state"] == "incorrect"
    assert result(small, "ben")["todos"]["double"]["state"] == "correct"
    assert gradebook_scores(small)["ben"]["test_double"] == 2


def test_changed_prose_regrades_nobody(small: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text, hints, public checks and demonstrations decide no mark: students keep theirs and
    nothing is run."""
    from tests.tiny import SOURCE

    grade(small, LAB)
    text = SOURCE.replace("# # Tiny lab", "# # A tiny lab").replace(
        "the total of ones", "the total of three ones"
    )
    small.source_text(LAB).write_text(text)
    build(small)
    forbid_exams(monkeypatch)
    report = grade(small, LAB)
    assert (report.graded, report.changes) == ([], [])
    assert sorted(report.unchanged) == ["ada", "ben"]


def test_a_mark_that_comes_or_goes_is_a_change() -> None:
    """Also when a submission can no longer be graded, or can at last."""
    todos = {"double": TodoResult(3.0, 3.0, TodoState.CORRECT)}
    fine = Result(LAB, "ada", Status.GRADED, points=3.0, todos=todos)
    none = Result.not_gradable(LAB, "ada", "Empty.")
    assert changes(None, fine) == changes(fine, fine) == []
    assert changes(fine, none) == [Change("ada", 3.0, None, {})]
    assert changes(none, fine) == [Change("ada", None, 3.0, {})]


def test_force_runs_everything_again(small: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for by name, the cache is not used."""
    grade(small, LAB)
    names = watch_exams(monkeypatch)
    assert sorted(grade(small, LAB, force=True).graded) == ["ada", "ben"]
    assert sorted(names) == ["ada", "ben"]


@pytest.mark.parametrize("damage", ["", "{", "{}", "[]", '{"todos": {}}'])
def test_a_damaged_cache_is_not_believed(small: Course, damage: str) -> None:
    """Half-written files of the cache are graded again."""
    first = grade(small, LAB, students=["ada"])
    for path in (small.workspace / "results" / "cache").glob("*.json"):
        path.write_text(damage)
    second = grade(small, LAB, students=["ada"])
    assert second.graded == ["ada"]
    assert second.results[0].points == first.results[0].points == 8


def test_a_lost_gradebook_is_filled_again_without_exams(
    small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a gradebook the command says to build; in a new one the marks come back from the
    cache."""
    book = small.workspace / "gradebook.db"
    new = book.read_bytes()
    grade(small, LAB)
    before = gradebook_scores(small)
    book.unlink()
    with pytest.raises(UsageError, match="run `autograder build tiny` first"):
        grade(small, LAB)
    book.write_bytes(new)
    forbid_exams(monkeypatch)
    grade(small, LAB)
    assert gradebook_scores(small) == before


def test_an_interrupted_run_goes_on_where_it_stopped(
    small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was finished before the interruption is kept."""

    def stop(student: str, done: int, total: int) -> None:
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        grade(small, LAB, workers=1, progress=stop)
    names = watch_exams(monkeypatch)
    report = grade(small, LAB)
    assert names == report.graded, "nothing is examined that is not graded"
    assert "ada" not in names, "the first exam was over when the power went"
    assert sorted(report.graded + report.unchanged) == ["ada", "ben"]
    assert {row.student: row.points for row in report.results} == {"ada": 8, "ben": 6}


# --- nothing stops the batch ---


def test_a_defect_of_the_grader_costs_one_student_a_second_try(
    small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exam that the grader cannot run is reported with its cause; it is not a 0, and the others
    are graded."""
    real = engine_module.examine

    async def unlucky(exam: Any, key: Any, answers: Any, *rest: Any) -> Any:
        if answers.answers["double"].strip() == WRONG["double"]:
            raise ZeroDivisionError("a bug")
        return await real(exam, key, answers, *rest)

    monkeypatch.setattr(engine_module, "examine", unlucky)
    report = grade(small, LAB)
    assert [row.status for row in report.results] == ["graded", "not gradable"]
    assert "ZeroDivisionError: a bug" in report.results[1].reason
    assert report.problems == [f"ben: {report.results[1].reason}"]
    assert gradebook_scores(small).keys() == {"ada"}
    monkeypatch.setattr(engine_module, "examine", real)
    assert grade(small, LAB).graded == ["ben"]


def test_a_gradebook_that_refuses_one_student_takes_the_others(
    small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The result is kept, the problem is told, and the next run enters it."""
    real = entry_module.autograde

    def refuse(course: Course, lab_id: str, student: str, **options: Any) -> None:
        if student == "ada":
            raise ContentError("nbgrader could not process tiny: database is locked")
        real(course, lab_id, student, **options)

    monkeypatch.setattr(entry_module, "autograde", refuse)
    report = grade(small, LAB)
    assert report.problems == [
        "ada is not in the gradebook: nbgrader could not process tiny: database is locked"
    ]
    assert gradebook_scores(small).keys() == {"ben"}
    assert result(small, "ada")["points"] == 8
    monkeypatch.setattr(entry_module, "autograde", real)
    assert grade(small, LAB).problems == []
    assert gradebook_scores(small)["ada"]["test_total"] == 4


def test_a_notebook_that_the_reader_chokes_on_costs_one_student(
    small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect in reading one hand-in is one student's reason."""
    from autograder.running import reading_aside

    def choke(data: bytes) -> Any:
        raise IndexError("list index out of range")

    monkeypatch.setattr(reading_aside, "read_notebook", choke)
    engine = Engine(small, LAB)
    data = engine.workspace.submitted("ben", LAB).read_bytes()
    with pytest.raises(NotGradable) as caught:
        reading_aside.read_and_match(data, engine.release, LAB)
    assert str(caught.value) == (
        "The notebook could not be read (IndexError). Tell your instructor."
    )


# --- how it is called ---


def test_chosen_students_only(small: Course) -> None:
    """Names can be given, also twice; a name nobody has is answered with the nearest."""
    report = grade(small, LAB, students=["ben", "ben"])
    assert [row.student for row in report.results] == ["ben"]
    assert gradebook_scores(small).keys() == {"ben"}
    with pytest.raises(ContentError, match=r'by "adda".*Did you mean "ada"'):
        grade(small, LAB, students=["adda"])


def test_progress_counts_to_the_end(small: Course) -> None:
    """Each student is reported once, with how many are done."""
    seen: list[tuple[str, int, int]] = []
    grade(small, LAB, progress=lambda *row: seen.append(row))
    assert sorted(name for name, _, _ in seen) == ["ada", "ben"]
    assert [row[1:] for row in seen] == [(1, 2), (2, 2)]


def test_nothing_handed_in_says_what_to_do(tiny: Course) -> None:
    """An empty class is not an empty table."""
    with pytest.raises(ContentError, match="autograder collect tiny FILES"):
        grade(tiny, LAB)
    with pytest.raises(UsageError, match="There is no lab"):
        grade(tiny, "tony")


def test_a_lab_that_was_never_built_is_not_the_students_fault(small: Course) -> None:
    """The command fails with advice; no student gets a result from it."""
    (small.workspace / "release" / LAB / f"{LAB}.ipynb").unlink()
    small.released(LAB).unlink()
    with pytest.raises(UsageError, match="has not been built"):
        grade(small, LAB)
    assert not list((small.workspace / "results").glob("*/*.json"))


def test_it_can_be_called_where_an_event_loop_runs(small: Course) -> None:
    """In a notebook, and behind formgrader's buttons, a loop is running already."""

    async def cell() -> GradeReport:
        return grade(small, LAB)

    assert [row.points for row in asyncio.run(cell()).results] == [8, 6]


def test_the_reference_answers_are_what_the_helpers_say(tiny: Course) -> None:
    """The tests of this file stand on these."""
    assert solutions(tiny).keys() == WRONG.keys()
