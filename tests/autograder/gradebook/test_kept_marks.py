"""Marks given by hand and penalties: kept, recomputed, and added up right."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from traitlets.config import Config

from autograder.commands.feedback import feedback
from autograder.commands.grade import grade
from autograder.commands.report import report
from autograder.gradebook.configuration import OWN_CONFIG, configure
from autograder.gradebook.database import open_gradebook
from autograder.gradebook.deadlines import FILE as DEADLINES
from autograder.gradebook.marks import Marks, open_marks, update_penalties
from autograder.model.errors import ContentError
from autograder.model.lateness import Lateness
from autograder.workspace.course import Course, load_course
from tests.classroom import LAB, WRONG, hand_in, solved

WHY = "Symmetry."
LATE = "2030-01-02 10:00:00 UTC"
HALF = """
from nbgrader.plugins import LateSubmissionPlugin


class Half(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 2


c = get_config()
c.AssignLatePenalties.plugin_class = Half
"""


@pytest.fixture
def small(tiny: Course) -> Course:
    """Ada's lab, graded, and her written answer marked with 1.5, the points of "dice" with 1."""
    hand_in(tiny, "ada", solved(tiny, why=WHY), LATE)
    grade(tiny, LAB)
    mark_by_hand(tiny, why=1.5, test_dice=1.0)
    return tiny


def mark_by_hand(course: Course, **points: float) -> None:
    """Give points as formgrader does."""
    with open_gradebook(course) as gradebook:
        for name, value in points.items():
            found = gradebook.find_grade(name, LAB, LAB, "ada")
            found.manual_score, found.needs_manual_grade = value, False
        gradebook.db.commit()


def waiting(course: Course) -> set[str]:
    """The cells that formgrader shows as to be marked."""
    with open_gradebook(course) as gradebook:
        grades = gradebook.find_submission_notebook(LAB, LAB, "ada").grades
        return {one.name for one in grades if one.needs_manual_grade}


def marks_of(course: Course) -> Marks:
    """Ada's marks as pages show them."""
    with open_marks(course, LAB) as reader:
        marks = reader.marks("ada")
    assert marks is not None
    return marks


def due(course: Course, when: datetime) -> None:
    """Change the deadline in nbgrader's gradebook."""
    with open_gradebook(course) as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=when)


def test_the_same_answer_is_never_to_be_marked_again(small: Course) -> None:
    """By ``grade``, with ``--force``, and by ``nbgrader autograde``; a changed one is."""
    grade(small, LAB)
    assert waiting(small) == set()
    grade(small, LAB, force=True)
    assert waiting(small) == set()
    typed = [sys.executable, "-m", "nbgrader", "autograde", LAB, "--force"]
    subprocess.run(typed, cwd=small.workspace, check=True, capture_output=True)
    assert waiting(small) == set()
    hand_in(small, "ada", solved(small, why=WHY, double=WRONG["double"]), LATE)
    grade(small, LAB)
    assert waiting(small) == set()  # another answer has changed
    hand_in(small, "ada", solved(small, why="A cube.", dice=WRONG["dice"]), LATE)
    grade(small, LAB)
    assert waiting(small) == {"why", "test_dice"}
    grade(small, LAB, force=True)
    assert waiting(small) == {"why", "test_dice"}  # nobody has looked at them yet
    mark_by_hand(small, why=0.5)
    grade(small, LAB, force=True)
    assert waiting(small) == {"test_dice"}


def test_the_sum_of_a_page_is_right_while_a_mark_is_reviewed(small: Course) -> None:
    """Tasks, written answers and total agree; what was marked before counts, and that is said."""
    hand_in(small, "ada", solved(small, why="A cube."), LATE)
    grade(small, LAB)
    with open_gradebook(small) as gradebook:
        gradebook.find_grade("test_total", LAB, LAB, "ada").extra_credit = 0.25
        gradebook.db.commit()
    marks = marks_of(small)
    assert (marks.scores["why"], marks.review) == (1.5, {"why"})
    assert sum(score or 0 for score in marks.scores.values()) == marks.score
    (page,) = feedback(small, LAB)
    html = page.read_text()
    assert "given for an earlier answer" in html
    tasks = float(html.partition("<td>Tasks</td>")[2].partition(" of ")[0].rpartition(">")[2])
    assert tasks + 1.5 == marks.score


def test_the_penalty_follows_marks_date_and_policy(small: Course) -> None:
    """Each change is taken up by the next command, without an exam."""
    (small.root / OWN_CONFIG).write_text(HALF)
    due(small, datetime(2030, 1, 1))
    grade(small, LAB)
    before = marks_of(small)
    assert before.penalty == before.score / 2 > 0
    mark_by_hand(small, why=0.5)
    feedback(small, LAB)
    assert marks_of(small).penalty == (before.score - 1) / 2
    (small.root / OWN_CONFIG).write_text(HALF.replace("score / 2", "99"))
    grade(small, LAB)
    assert marks_of(small).penalty == before.score - 1  # never more than there is
    due(small, datetime(2030, 1, 3))
    grade(small, LAB)
    assert marks_of(small).penalty == 0
    book = (small.workspace / "gradebook.db").read_bytes()
    update_penalties(small, LAB)
    assert (small.workspace / "gradebook.db").read_bytes() == book


def test_points_saved_in_formgrader_change_the_penalty_at_once(small: Course) -> None:
    """As a browser saves them, through formgrader's own handler."""
    from nbgrader.server_extensions.formgrader import apihandlers

    (small.root / OWN_CONFIG).write_text(HALF)
    due(small, datetime(2030, 1, 1))
    configure(Config(), small)  # formgrader is loaded, as it is when its server reads this
    with open_gradebook(small) as gradebook:
        handler = SimpleNamespace(
            current_user="marker",
            xsrf_token="",
            settings={"nbgrader_bad_setup": False},
            gradebook=gradebook,
            get_json_body=lambda: {"manual_score": 0.5, "extra_credit": None},
            write=lambda text: None,
        )
        apihandlers.GradeHandler.put(handler, gradebook.find_grade("why", LAB, LAB, "ada").id)
    marks = marks_of(small)
    assert marks.scores["why"] == 0.5
    assert marks.penalty == marks.score / 2 > 0


def test_lateness_is_shown_to_student_and_instructor(small: Course) -> None:
    """Late by how much, on time thanks to an extension, or a time that nobody knows."""
    hand_in(small, "ben", solved(small))
    toml = small.root / "course.toml"
    toml.write_text(toml.read_text().replace("[course]", '[course]\ntimezone = "Europe/Berlin"'))
    course = load_course(small.root)
    rows = f"lab,student,due,grace_minutes\n{LAB},,2030-01-01 10:00,30\n"
    (course.root / DEADLINES).write_text(rows)
    grade(course, LAB)
    ada, ben = (path.read_text() for path in sorted(feedback(course, LAB)))
    assert "Handed in 2030-01-02 11:00 CET, 1 day late (due 2030-01-01 10:30 CET)." in ada
    assert "time of your hand-in is not known, so it counts as on time" in ben
    html = report(course, LAB).read_text()
    for text in ("1 day late", "time unknown", "handed in late"):
        assert text in html
    (course.root / DEADLINES).write_text(rows + f"{LAB},ada,2030-01-05 10:00,\n")
    grade(course, LAB)
    (ada, _) = (path.read_text() for path in sorted(feedback(course, LAB)))
    assert "on time (due 2030-01-05 10:00 CET, with your extension)" in ada
    assert "handed in late" not in report(course, LAB).read_text()


HOW_LATE = {
    timedelta(0): "",
    timedelta(seconds=5): "less than a minute",
    timedelta(minutes=5): "5 min",
    timedelta(hours=2, minutes=5): "2 h 5 min",
    timedelta(days=1, minutes=5): "1 day",
    timedelta(days=3, hours=4): "3 days 4 h",
}


@pytest.mark.parametrize("late", HOW_LATE)
def test_how_late_in_words(late: timedelta) -> None:
    """In the two units that matter."""
    due = datetime(2030, 1, 1, tzinfo=UTC)
    assert Lateness(due + late, due).how_late == HOW_LATE[late]
    assert Lateness(due - late, due).how_late == ""
    assert "late, says the LMS" in Lateness(said_late=True).note
    assert Lateness(due + late).sentence == Lateness(due + late).note == ""


def test_a_policy_that_fails_is_named(small: Course) -> None:
    """Not a traceback, and no mark is touched."""
    (small.root / OWN_CONFIG).write_text(HALF.replace("score / 2", "score / 0"))
    due(small, datetime(2030, 1, 1))
    with pytest.raises(ContentError, match='"Half" for late submissions fails for ada'):
        update_penalties(small, LAB)


def policy_of_the_docs() -> str:
    """The example for ``nbgrader_course.py`` on the instructors' page."""
    page = Path(__file__).parents[3] / "docs" / "instructors.md"
    blocks = re.findall(r"(?s)```python\n(.*?)```", page.read_text())
    (policy,) = (block for block in blocks if "late_submission_penalty" in block)
    return policy


def test_the_policy_of_the_docs_passes_the_checks_of_the_course(tmp_path: Path) -> None:
    """Beside ``course.toml``, ``make check`` looks at it, too."""
    root = Path(__file__).parents[3]
    own = tmp_path / OWN_CONFIG
    own.write_text(policy_of_the_docs())
    for check in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *check, "--config", root / "pyproject.toml", own]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_the_policy_of_the_docs_takes_a_tenth_a_day(small: Course) -> None:
    """The text that people copy from the instructors' page."""
    (small.root / OWN_CONFIG).write_text(policy_of_the_docs())
    due(small, datetime(2030, 1, 1, 9))
    update_penalties(small, LAB)
    marks = marks_of(small)
    assert marks.penalty == pytest.approx(marks.score * 0.2)  # 25 hours: the second day has begun
