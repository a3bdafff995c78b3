"""Feedback pages and class reports: everything a student needs, nothing hidden, and no way to do
harm."""

from __future__ import annotations

import base64
import json
import os
import random
import re
import signal
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from autograder.commands.feedback import feedback
from autograder.commands.report import report
from autograder.gradebook.marks import Marks
from autograder.model.collect_record import CollectRecord
from autograder.model.errors import ContentError
from autograder.model.result import Result
from autograder.notebooks.reading import canonical_bytes
from autograder.reporting.cells import Cells
from autograder.reporting.class_report import make_report
from autograder.reporting.feedback_page import make_page
from autograder.reporting.pictures import Pictures
from autograder.reporting.render import CSP, STATES, code_html, markdown_html, number, page, ticks
from autograder.workspace.course import Course
from autograder.workspace.files import write_atomic
from tests.autograder import tiny
from tests.autograder.tiny import LAB

EVIL = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>{{ 7*7 }}"
    "</code></pre></details></title></style><style>*{display:none}</style>"
    "<!-- `</code>` \u202eevil\x1b[2J"
)


class Harm(HTMLParser):
    """Collects everything in a page that could run, load or navigate."""

    TAGS = frozenset(
        (
            "script",
            "iframe",
            "object",
            "embed",
            "form",
            "input",
            "button",
            "link",
            "base",
            "video",
            "math",
        )
    )

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.styles = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note dangerous tags and attributes."""
        values = {name: value or "" for name, value in attrs}
        self.styles += tag == "style"
        self.found += [tag] if tag in self.TAGS else []
        self.found += [
            f"{tag} {name}"
            for name in values
            if name.startswith("on") or name in ("srcdoc", "action")
        ]
        for name in ("href", "src", "xlink:href"):
            if not re.match(
                r"#|https?://|mailto:|data:image/(png|jpeg|gif|webp);|\.\./feedback/|$",
                values.get(name, ""),
            ):
                self.found.append(f"{tag} {name}={values[name]}")


def harm(html: str) -> list[str]:
    """Everything dangerous in a page; exactly one style element is ours."""
    parser = Harm()
    parser.feed(html)
    assert parser.styles == 1
    assert f'content="{CSP}"'.replace("'", "&#39;") in html
    assert "\u202e" not in html
    assert "\x1b" not in html
    return parser.found


def todo(state: str = "correct", points: float = 2.0, **more: Any) -> dict[str, Any]:
    """A TODO's result."""
    cases = [{"case": "a small example", "passed": points > 0, "message": ""}]
    return {
        "points": points,
        "max_points": 2.0,
        "state": state,
        "seconds": 0.1,
        "message": "",
        "cases": cases,
    } | more


def result(student: str = "ada", **more: Any) -> dict[str, Any]:
    """A graded result of the tiny lab."""
    todos = {"tensors": todo(), "double": todo(), "mean": todo()} | more.pop("todos", {})
    base = {
        "lab": LAB,
        "student": student,
        "points": sum(row["points"] for row in todos.values()),
        "max_points": 6.0,
        "status": "graded",
        "sandbox": "namespaces",
        "seconds": 1.5,
        "repairs": [],
        "incidents": [],
        "todos": todos,
        "written": {"tiny_written_1": {"max_points": 2.0, "answered": True}},
    }
    return base | more


BAD = {
    "lab": LAB,
    "student": "bob",
    "status": "not gradable",
    "reason": "The file is `empty`.",
    "points": 0,
    "todos": {},
}


def shown(
    found: dict[str, Any],
    notebook: Any = None,
    marks: Marks | None = None,
    record: dict[str, Any] | None = None,
) -> str:
    """The page as text."""
    notebook = tiny.solved(tiny_written_1="It **moves**.") if notebook is None else notebook
    row, noted = Result.from_json(found), CollectRecord.from_json(record or {})
    return page("feedback.html.j2", page=make_page("Course", "Lab 1", row, noted, notebook, marks))


def test_a_page_shows_marks_reasons_titles_and_the_students_own_code() -> None:
    """Score, what to work on first, every TODO with its case messages, the code, the written
    answer."""
    wrong = todo(
        "incorrect",
        0.0,
        cases=[{"case": "two values", "passed": False, "message": "`mean` is off by one."}],
    )
    html = shown(
        result(todos={"mean": wrong}, repairs=["Restored 1 locked cell."]),
        record={"name": "Ada Lovelace"},
    )
    for text in (
        "Ada Lovelace",
        "4 of 6 points",
        "Work on this first",
        "<code>mean</code> is off by one.",
        "two values",
    ):
        assert text in html
    assert "TODO <code>double</code>" in html
    assert "Not correct yet" in html
    assert "It <strong>moves</strong>." in html
    assert "Restored 1 locked cell." in html
    assert "Why is the mean sensitive" in html
    assert 'class="k">return</span>' in html


def test_a_question_is_told_once_and_by_us() -> None:
    """The question comes from the release; the answer is what the student wrote below it."""
    release = tiny.release()
    tiny.cell(release, "tiny_written_1").source = "**Q1.** Why so?\n\nYOUR ANSWER HERE"
    notebook = tiny.solved(tiny_written_1="**Q1.** Why so?\n\nBecause.")
    row = Result.from_json(result())
    made = make_page("Course", "Lab 1", row, CollectRecord(), notebook, None, release)
    assert "Why so?" in (made.written[0].question or "")
    assert (made.written[0].text or "").strip() == "<p>Because.</p>"


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_told_by_icon_and_word(state: str) -> None:
    """Colour alone tells nothing to some readers."""
    html = shown(result(todos={"mean": todo(state, 1.0 if state != "correct" else 2.0)}))
    assert STATES[state].word in html
    assert STATES[state].icon in html


def test_a_page_for_what_cannot_be_graded_gives_cause_and_advice() -> None:
    """No points, no tasks: what happened, and that the attempt is not used up."""
    html = shown(BAD, record={"name": "Bob"})
    assert "The file is <code>empty</code>." in html
    assert "attempt was not used up" in html
    assert "points" not in re.sub(r"(?s)<style>.*?</style>", "", html)
    assert harm(html) == []


def test_marks_by_hand_comments_and_penalties_come_from_the_gradebook() -> None:
    """What a person gave counts; what waits says so."""
    marks = Marks(
        scores={"tiny_written_1": 1.5},
        by_hand={"test_mean": 1.0},
        comments={"tiny_written_1": "Nice *idea*", "mean": "Half a point for the docstring"},
        score=6.5,
        max_score=8.0,
        penalty=1.0,
    )
    html = shown(result(), marks=marks)
    for text in (
        "<b>1.5</b>",
        "Nice <em>idea</em>",
        "from 2 to 1",
        "Half a point",
        "−1",
        "<b>5.5</b>",
    ):
        assert text in html
    assert "To be marked" in shown(result(), marks=Marks(scores={"tiny_written_1": None}))
    assert "To be marked" in shown(result())


def test_nothing_a_student_writes_can_do_harm() -> None:
    """Row 61: names, code, Markdown, file names, comments, even messages: shown as text, never run,
    never loaded."""
    notebook = tiny.solved(
        double=f'double = """{EVIL}"""',
        tiny_written_1=EVIL + "\n\n[x](javascript:alert(1)) ![y](//e.vil/z.png)",
    )
    tiny.cell(notebook, "double-text").source = f"### {EVIL}"
    tiny.cell(notebook, "question").source = EVIL
    evil = todo(
        "partial", 1.0, message=EVIL, cases=[{"case": EVIL, "passed": False, "message": EVIL}]
    )
    found = result(
        todos={"double": evil, 'x" onclick="y': evil},
        repairs=[EVIL],
        incidents=[EVIL],
        student=EVIL,
        sandbox=EVIL,
    )
    marks = Marks(scores={"tiny_written_1": 1.0}, comments={"tiny_written_1": EVIL, "double": EVIL})
    html = shown(found, notebook, marks, {"name": EVIL, "file": EVIL})
    assert harm(html) == []
    assert "{{ 7*7 }}" in html
    assert harm(shown(BAD | {"reason": EVIL}, record={"name": EVIL})) == []
    names = {EVIL: EVIL, "bob": EVIL}
    rows = [found, BAD | {"reason": EVIL}]
    values = make_report(
        course=EVIL,
        lab_title=EVIL,
        lab=LAB,
        results=list(map(Result.from_json, rows)),
        names=names,
        expected={"x": EVIL},
        cells=Cells(notebook),
    )
    assert harm(page("report.html.j2", page=values)) == []


def test_markdown_keeps_structure_and_drops_what_is_active() -> None:
    """Tables, emphasis, code and pasted bitmaps stay; raw HTML is text; odd links lose their
    target."""
    pictures = {"a.png": {"image/png": "iVBORw0KGgo="}}
    html = markdown_html(
        "|a|\n|-|\n|1|\n\n![p](attachment:a.png) [d](data:text/html,x) [m](https://e.org) <b>",
        pictures,
    )
    assert "<table>" in html
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in html
    assert "data:text" not in html
    assert 'rel="noopener noreferrer nofollow"' in html
    assert "&lt;b&gt;" in html


def test_text_filters() -> None:
    """Back-ticks become code, numbers lose their noise, long code is cut."""
    assert ticks("use `a<b` or\n`c") == "use <code>a&lt;b</code> or<br>`c"
    assert [number(v) for v in (3.0, 2.5, 1 / 3, 0)] == ["3", "2.5", "0.33", "0"]
    assert "more characters" in code_html("x = 1\n" * 9000)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A tiny course with two results."""
    course = tiny.make_course(tmp_path)
    for row in (
        result("ada", incidents=["Opened a socket."]),
        result("eve", todos={"mean": todo("error", 0.0)}),
        BAD,
    ):
        write_atomic(
            course.workspace / "results" / LAB / f"{row['student']}.json", json.dumps(row).encode()
        )
    notebook = canonical_bytes(tiny.solved())
    write_atomic(course.workspace / "submitted" / "ada" / LAB / f"{LAB}.ipynb", notebook)
    write_atomic(
        course.workspace / "collected" / LAB / "ada.json",
        b'{"name": "Ada Lovelace", "file": "x.ipynb"}',
    )
    return course


def test_feedback_writes_a_page_per_student(course: Course) -> None:
    """Also for those without a notebook, a record or a gradebook; pages are self-contained."""
    seen: list[tuple[str, int, int]] = []
    paths = feedback(course, LAB, progress=lambda *row: seen.append(row))
    assert [path.relative_to(course.workspace).as_posix() for path in paths] == [
        f"feedback/{student}/{LAB}/{LAB}.html" for student in ("ada", "bob", "eve")
    ]
    # Pages are made side by side: whichever ends first is counted first.
    assert sorted(student for student, _, _ in seen) == ["ada", "bob", "eve"]
    assert [row[1:] for row in seen] == [(1, 3), (2, 3), (3, 3)]
    for path in paths:
        assert harm(path.read_text(encoding="utf-8")) == []
    assert feedback(course, LAB, students=["eve"]) == paths[2:]


def test_feedback_says_what_is_missing(course: Course) -> None:
    """An unknown student, a lab without results."""
    with pytest.raises(ContentError, match='Did you mean "ada"'):
        feedback(course, LAB, students=["adda"])
    with pytest.raises(ContentError, match="autograder grade other_lab"):
        feedback(course, "other_lab")
    with pytest.raises(ContentError, match="autograder grade other_lab"):
        report(course, "other_lab")


def test_the_report_tells_what_needs_a_human_eye(course: Course) -> None:
    """Counts, distribution with its text, states per TODO, incidents, not gradable, links to the
    pages."""
    html = report(course, LAB).read_text(encoding="utf-8")
    assert harm(html) == []
    for text in (
        "Opened a socket.",
        "The file is <code>empty</code>.",
        "Ada Lovelace",
        "not gradable",
    ):
        assert text in html
    assert "Histogram of the share of points: students 1 at 60–70 %, 1 at 90–100 %." in html
    assert 'aria-label="1 correct, 1 stopped with an error"' in html
    assert f'href="../feedback/ada/{LAB}/{LAB}.html"' in html
    assert "2 graded in sandbox level namespaces" in html


def test_the_report_counts_failing_cases_and_weak_sandboxes() -> None:
    """The most frequent case comes first, with its most frequent message."""
    wrong = todo("incorrect", 0.0, cases=[{"case": "c1", "passed": False, "message": "m1"}])
    other = todo("incorrect", 0.0, cases=[{"case": "c1", "passed": False, "message": "m2"}])
    rows = [result(str(k), todos={"mean": wrong}) for k in range(2)] + [
        result("x", todos={"mean": other}, sandbox="none")
    ]
    values = make_report(
        course="C",
        lab_title="L",
        lab=LAB,
        results=list(map(Result.from_json, rows)),
        names={},
        expected={"y": "Yves"},
        cells=Cells(None),
    )
    (failure,) = values["failures"]
    assert failure["students"] == 3
    assert failure["cases"] == [{"case": "c1", "count": 3, "message": "m1", "other": 1}]
    assert values["weak_sandboxes"] == "1 × none"
    assert values["missing"] == ["Yves"]


def test_a_picture_is_on_a_page_once() -> None:
    """One picture, named 400 times, would make a page of 400 MB; the name may hold anything."""
    data = base64.b64encode(random.Random(1).randbytes(750_000)).decode()
    names = ("a.png", "a.png.png", "my picture (1).png")
    for name in names:
        html = markdown_html(
            f"![first](attachment:{name}) " + f"![p](attachment:{name}) " * 400,
            {other: {"image/png": data if other == name else "AAAA"} for other in names},
        )
        assert html.count(data) == 1
        assert html.count("[p: shown above]") == 400
        assert html.index(data) < html.index("[p: shown above]")


def test_pictures_of_a_page_are_bounded() -> None:
    """In number and in bytes, over all answers together; what is left out is said."""
    room = Pictures()
    many = {f"{k}.png": {"image/png": f"{k:04}"} for k in range(30)}
    html = markdown_html(" ".join(f"![p](attachment:{k}.png)" for k in range(30)), many, room)
    html += markdown_html("![last](attachment:x.png)", {"x.png": {"image/png": "abcd"}}, room)
    assert html.count("<img") == 20
    assert "[last: not shown, for the page has too many pictures]" in html
    large = {"a": {"image/png": "A" * 25_000_000}, "b": {"image/png": "B" * 4}}
    html = markdown_html("![a](attachment:a) ![b](attachment:b)", large)
    assert "[a: not shown, for the page has too many pictures]" in html
    assert 'src="data:image/png;base64,BBBB"' in html


@pytest.mark.parametrize(
    "text", ["![p](attachment:gone.svg)", "![p](https://e.org/x.png)", "![p](/etc/x.png)"]
)
def test_a_picture_that_is_not_in_the_notebook_is_told(text: str) -> None:
    """A pasted SVG, a picture from elsewhere: a text stands in its place."""
    html = markdown_html(text)
    assert "<img" not in html
    assert "[p: a picture that is not in the notebook" in html


@pytest.mark.parametrize("why", ["memory", "time", "size", "crash"])
def test_one_page_that_fails_does_not_end_the_class(
    why: str, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its student gets a page with the marks and a note; all others get theirs."""
    command = sys.modules[feedback.__module__]
    make = make_page

    def make_or_die(*given: Any) -> Any:
        shown, notebook = make(*given), given[4]
        if given[2].student == "ada" and notebook is not None:
            if why == "memory":
                bytearray(2**40)
            elif why == "time":
                os.kill(os.getpid(), signal.SIGXCPU)
            elif why == "size":
                shown.repairs = ["x" * 900_000] * 60
            else:
                os._exit(5)
        return shown

    monkeypatch.setattr(command, "make_page", make_or_die)
    paths = {path.parts[-3]: path.read_text() for path in feedback(course, LAB)}
    assert len(paths) > 1
    for student, html in paths.items():
        assert ("too much time or memory" in html) == (student == "ada")


def test_a_damaged_result_does_not_end_the_class(course: Course) -> None:
    """All other pages are there before it is told."""
    (course.workspace / "results" / LAB / "ada.json").write_text("{")
    with pytest.raises(ContentError) as told:
        feedback(course, LAB)
    assert "damaged" in told.value.problems[0]
    assert (course.workspace / "feedback" / "bob" / LAB / f"{LAB}.html").is_file()
