"""Formgrader opens on the workspace: it shows the marks, takes manual ones, and runs nothing that a
student wrote."""

from __future__ import annotations

import html.parser
import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from autograder.commands.grade import grade
from autograder.gradebook.database import open_gradebook
from autograder.gradebook.formgrader import markdown2html
from autograder.gradebook.tex import MAX_DEPTH, MAX_FORMULAS
from autograder.workspace.course import Course
from tests.classroom import LAB, WRONG, copy_course, hand_in, solved

HOSTILE = (
    "Six **faces** look alike: $p_1 = p_2$, so $a < b$ is impossible.\n\n"
    "<script>evil()</script> <img src='x' onerror='evil()'> [click](javascript:evil()) "
    "<svg onload=evil()>\n\n"
    "<iframe src='javascript:evil()'></iframe> $\\href{javascript:evil()}{x}$\n\n"
    "[page](data:text/html,evil)\n\n"
    "<b class='full-credit'>Click</b> <button class='full-credit'>Credit</button>\n\n"
    "<textarea class='comment tabbable'>Perfect!</textarea><input class='score' value='2'>"
    "<div class='navbar-fixed-top' style='position:fixed;width:9999px;height:9999px'>Cover</div>\n\n"
    "![pasted](attachment:pasted.svg) $\\\\rule{3000em}{3000em}$"
)


class Server:
    """A Jupyter server, as an instructor starts it in the workspace, and a browser's way of talking
    to it."""

    def __init__(self, course: Course, home: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.course, self.address = course, f"http://127.0.0.1:{self.port}"
        self.log = (home / "log").open("wb")
        folders = {
            f"JUPYTER_{name}_DIR": str(home / name) for name in ("CONFIG", "DATA", "RUNTIME")
        }
        own = str(Path(sys.executable).parent)
        command = [
            "jupyter",
            "lab",
            "--no-browser",
            f"--ServerApp.port={self.port}",
            "--ServerApp.port_retries=0",
        ]
        command += [
            "--ServerApp.ip=127.0.0.1",
            "--ServerApp.allow_root=True",
            "--IdentityProvider.token=",
        ]
        self.process = subprocess.Popen(
            command,
            cwd=course.workspace,
            env={"HOME": str(home), "PATH": f"{own}:/usr/bin:/bin", "LANG": "C.UTF-8", **folders},
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        jar = http.cookiejar.CookieJar()
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self.jar = jar

    def wait(self) -> None:
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.get("/formgrader/manage_assignments")
                return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(Path(self.log.name).read_text())

    def stop(self) -> None:
        os.kill(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def get(self, path: str) -> str:
        with self.browser.open(self.address + path, timeout=60) as answer:
            return str(answer.read().decode())

    def api(self, path: str, method: str = "GET", body: Any = None) -> Any:
        """One call of formgrader's API, with the token that a page would send."""
        token = next((cookie.value for cookie in self.jar if cookie.name == "_xsrf"), "") or ""
        request = urllib.request.Request(
            f"{self.address}/formgrader/api/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"X-XSRFToken": token, "Content-Type": "application/json"},
        )
        with self.browser.open(request, timeout=120) as answer:
            return json.loads(answer.read())

    def notebook_of(self, student: str) -> str:
        """The id of a student's submitted notebook."""
        rows = self.api(f"submitted_notebooks/{LAB}/{LAB}")
        return str(next(row["id"] for row in rows if row["student"] == student))


@pytest.fixture(scope="module")
def server(built_tiny: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a graded workspace: ada is right, ben is not, mallory is hostile, zoe is not
    graded yet."""
    home = tmp_path_factory.mktemp("formgrader")
    course = copy_course(built_tiny, home / "course")
    hand_in(course, "ada", solved(course, why="Because of symmetry."))
    hand_in(course, "ben", solved(course, double=WRONG["double"]))
    hand_in(course, "mallory", solved(course, why=HOSTILE))
    grade(course, LAB)
    hand_in(course, "zoe", solved(course, total=WRONG["total"]))
    running = Server(course, home)
    try:
        running.wait()
        yield running
    finally:
        running.stop()


def test_the_assignment_and_its_scores_are_listed(server: Server) -> None:
    """What `autograder grade` wrote is what formgrader shows."""
    (assignment,) = server.api("assignments")
    assert (assignment["name"], assignment["max_score"], assignment["num_submissions"]) == (
        LAB,
        10,
        4,
    )
    rows = {row["student"]: row for row in server.api(f"submissions/{LAB}")}
    assert {name: row["score"] for name, row in rows.items() if row["autograded"]} == {
        "ada": 8,
        "ben": 6,
        "mallory": 8,
    }
    assert (
        rows["ada"]["code_score"],
        rows["ada"]["max_code_score"],
        rows["ada"]["max_written_score"],
    ) == (8, 8, 2)
    assert rows["ada"]["needs_manual_grade"] is True
    assert (
        rows["ben"]["needs_manual_grade"] is False
    )  # left the question alone: 0 without anybody's work


def test_the_page_of_a_submission_shows_answer_verdicts_and_text(server: Server) -> None:
    """Who marks by hand sees the code, the verdict on each case, and the written answer."""
    page = server.get(f"/formgrader/submissions/{server.notebook_of('ben')}/")
    assert "incorrect: 0 points." in page
    assert "✗ random vector 0" in page
    page = server.get(f"/formgrader/submissions/{server.notebook_of('ada')}/")
    assert "Because of symmetry." in page
    assert "probe(" not in page


def test_a_manual_mark_is_saved_and_counts(server: Server) -> None:
    """Points and a comment for the written answer go through formgrader's API into the
    gradebook."""
    submission = server.notebook_of("ada")
    grades = {row["name"]: row for row in server.api(f"grades?submission_id={submission}")}
    assert grades["why"]["auto_score"] is None
    saved = server.api(f"grade/{grades['why']['id']}", "PUT", {"manual_score": 1.5})
    assert (saved["manual_score"], saved["needs_manual_grade"]) == (1.5, False)
    comment = next(
        row for row in server.api(f"comments?submission_id={submission}") if row["name"] == "why"
    )
    server.api(f"comment/{comment['id']}", "PUT", {"manual_comment": "Which symmetry?"})
    with open_gradebook(server.course) as gradebook:
        ada = gradebook.find_submission(LAB, "ada")
        assert (ada.score, ada.written_score, ada.needs_manual_grade) == (9.5, 1.5, False)
        assert gradebook.find_comment("why", LAB, LAB, "ada").comment == "Which symmetry?"
    assert server.api(f"submission/{LAB}/ada")["score"] == 9.5


def test_the_autograde_button_gives_the_judged_marks(server: Server) -> None:
    """Formgrader's own button goes through the same sandbox and the same judge, inside its event
    loop."""
    answer = server.api(f"submission/{LAB}/zoe/autograde", "POST")
    assert answer["success"], answer
    row = server.api(f"submission/{LAB}/zoe")
    assert (
        row["code_score"]
        == 4
        + json.loads((server.course.workspace / "results" / LAB / "zoe.json").read_text())["todos"][
            "total"
        ]["points"]
    )
    assert row["code_score"] < 8


def test_nothing_that_a_student_wrote_runs_in_the_page(server: Server) -> None:
    """A script in a written answer would run with the rights of the person who marks."""
    page = server.get(f"/formgrader/submissions/{server.notebook_of('mallory')}/")
    assert "Six <strong>faces</strong> look alike: $p_1 = p_2$" in page
    assert acting(page) == []


class _Acting(html.parser.HTMLParser):
    """Collects what a browser would run or load of the word evil: scripts, styles, and any
    attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = ""
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag if tag in ("script", "style") else ""
        self.found += [
            f"{tag} {name}={value}"
            for name, value in attrs
            if re.search("evil|ZXZpbA", value or "")
        ]

    def handle_data(self, data: str) -> None:
        if self.inside and "evil" in data:
            self.found.append(f"{self.inside}: {data}")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""


def acting(page: str) -> list[str]:
    """What of a page would act."""
    parser = _Acting()
    parser.feed(page)
    return parser.found


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Any]:
    """A real browser."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        pytest.skip("needs Chromium and its driver; .ci/run installs them")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    options.page_load_strategy = "eager"
    # The page asks the web for its typesetter, and waits for an answer: here it is no, at once.
    options.add_argument("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
    flags = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
    for flag in (
        *flags,
        "--no-proxy-server",
        "--no-first-run",
        f"--user-data-dir={tmp_path / 'profile'}",
    ):
        options.add_argument(flag)
    running = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield running
    running.quit()


def test_a_click_on_the_answer_gives_no_credit(server: Server, browser: Any) -> None:
    """The page listens for clicks on classes; what a student wrote has none, and the comment that
    is read is the instructor's."""
    submission = server.notebook_of("mallory")
    grade_id = next(
        row["id"]
        for row in server.api(f"grades?submission_id={submission}")
        if row["name"] == "why"
    )
    browser.get(f"{server.address}/formgrader/submissions/{submission}/?index=0")
    panel = "document.getElementById('why').closest('.nbgrader_cell')"
    # Without the web there is no typesetter, and the page says nothing of being ready itself.
    ready = "return typeof formgrader !== 'undefined' && !!formgrader.grades"
    ready += " && formgrader.grades.loaded && formgrader.comments && formgrader.comments.loaded"
    WebDriverWait(browser, 60).until(lambda page: page.execute_script(ready))
    # First the answer, all of it, then a comment as an instructor writes it.
    clicked = browser.execute_script(
        f"const all = {panel}.querySelectorAll('.text_cell_render, .text_cell_render *');"
        "all.forEach(part => part.click()); return all.length"
    )
    assert clicked >= 8
    comment = browser.find_element(By.ID, "why-comment")
    comment.send_keys("Not yet.")
    browser.execute_script("arguments[0].blur()", comment)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        rows = server.api(f"comments?submission_id={submission}")
        said = next(row["manual_comment"] for row in rows if row["name"] == "why")
        if said:
            break
        time.sleep(0.2)
    assert said == "Not yet."
    found = server.api(f"grade/{grade_id}")
    assert (found["manual_score"], found["needs_manual_grade"]) == (None, True)
    # Nothing of the answer lies outside of its own panel.
    outside = browser.execute_script(
        f"const box = {panel}.getBoundingClientRect();"
        "const top = document.elementFromPoint(innerWidth / 2, 5);"
        f"return [{panel}.contains(top), box.width > 3000, box.height > 3000]"
    )
    assert outside == [False, False, False]
    # The button of the page itself still works.
    browser.execute_script(f"{panel}.querySelector('button.full-credit').click()")
    WebDriverWait(browser, 20).until(
        lambda page: server.api(f"grade/{grade_id}")["manual_score"] == 2
    )


def rendered(text: str, **attachments: dict[str, str]) -> str:
    environment = jinja2.Environment()
    environment.filters["markdown2html"] = markdown2html
    return environment.from_string("{{ cell.source | markdown2html }}").render(
        cell={"source": text, "attachments": attachments}
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a **b**", "<strong>b</strong>"),
        (r"`print('\n', \href)`", r"print('\n', \href)"),
        ("`x < y`", "<code>x &lt; y</code>"),
        ("$a_1 < b_2$", "$a_1 &lt; b_2$"),
        ("| a |\n|---|\n| 1 |", "<td>1</td>"),
        (
            "<details><summary>Hint</summary>text</details>",
            "<details><summary>Hint</summary>text</details>",
        ),
        ("$\\frac{\\alpha}{2} \\leq \\sum_i x_i$", "$\\frac{\\alpha}{2} \\leq \\sum_i x_i$"),
        ("$$\\begin{aligned}a &= b \\\\ c &= d\\end{aligned}$$", "\\end{aligned}$$"),
        ("[page](https://example.org)", 'href="https://example.org"'),
    ],
)
def test_what_belongs_to_an_answer_stays(text: str, expected: str) -> None:
    """Formulas, tables, code, hints and links are shown."""
    assert expected in rendered(text)


def test_a_pasted_picture_stays() -> None:
    """Attachments of the cell become pictures in the page."""
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in rendered(
        "![a](attachment:a.png)", **{"a.png": {"image/png": "iVBORw0KGgo="}}
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>evil()</script>",
        "<img src=x onerror=evil()>",
        "[a](javascript:evil())",
        "[a](JaVaScRiPt:evil())",
        "[a](data:text/html;base64,ZXZpbA==)",
        "<a href=' data:text/html,evil'>a</a>",
        "<svg><a xlink:href='javascript:evil()'>a</a></svg>",
        "<iframe srcdoc='evil'></iframe>",
        "<form action='javascript:evil()'><button>a</button></form>",
        "<style>evil</style>",
        "<math><mi xlink:href='javascript:evil()'>a</mi></math>",
        "<details open ontoggle=evil()>a</details>",
        "![a](data:image/svg+xml;base64,evil)",
    ],
)
def test_what_a_browser_would_run_goes(text: str) -> None:
    """Scripts, handlers, frames, forms, styles and links that act are taken out."""
    assert acting(re.sub(r"!?\[\w*\]\((\S*)\)", r"<a href='\1'></a>", text)) != []
    assert acting(rendered(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "<b class='full-credit'>a</b>",
        "<textarea class='comment tabbable' id='why-comment'>a</textarea>",
        "<div class='navbar navbar-fixed-top'>a</div>",
        "<p id='why' style='position:fixed'>a</p>",
        "<input class=score value=9><button class=mark-graded>a</button>",
        "<img src='https://e.org/x.png'> ![a](https://e.org/x.png) ![a](//e.org/x.png)",
        "<a data-link='x' data-toggle='tooltip' href='/formgrader/api/assignments'>a</a>",
        "```mermaid\na\n```",
        "```python\na = 1  # comment\n```",
        "<svg class=a><style>a</style></svg><math class=a></math>",
        "<a name='why' href='#why'>a</a>",
    ],
)
def test_nothing_of_an_answer_is_taken_for_a_part_of_the_page(text: str) -> None:
    """No class, id, style, form, image from elsewhere or link into the server itself."""
    html = rendered(text).partition(">")[2]  # behind our own frame
    found = re.findall(
        r" (class|id|style|name|data-\w+|src|href)=|<(textarea|input|button|svg)", html
    )
    assert found == []


TEX_THAT_ACTS = (
    r"\href{a}{b} \\href{a}{b} \\\href{a}{b} \rule{3000em}{3000em} \Rule{1em}{1em}{1em} \style{a}{b} "
    r"\class{full-credit}{b} \cssId{a}{b} \bbox[a]{b} \require{html} \unicode{65} \def\x{\href} "
    r"\let\x\href \newcommand{\x}{a} \csname href\endcsname \kern3000em \hspace{3000em} \raise9em a "
    r"\mmlToken{mi}[href=a]{b} \enclose{a}{b} \toggle{a}{b}\endtoggle \texttip{a}{b} \tag{a} "
    r"\label{a} \ref{a} \color{white} \HREF{a}{b} \includegraphics{a} \moveleft9em a \llap{a}"
)


@pytest.mark.parametrize(
    "around", ["${}$", "$${}$$", "\\({}\\)", "\\begin{a}{}\\end{a}", "{}", "<b>{}</b>"]
)
def test_tex_that_links_or_draws_outside_is_plain_text(around: str) -> None:
    """Only commands that make formulas reach the typesetter, however the backslash is written."""
    html = rendered(around.replace("{}", TEX_THAT_ACTS))
    reached = set(re.findall(r"\\([A-Za-z]+)", html)) - {"begin", "end"}
    assert reached == set()


def deepest(tex: str) -> int:
    """How deep a typesetter goes into what is left of a text."""
    depth = most = 0
    for escape, sign in re.findall(r"\\(left|right|begin|end|.)|([{}])", tex, re.DOTALL):
        depth += (escape in ("left", "begin") or sign == "{") - (
            escape in ("right", "end") or sign == "}"
        )
        most = max(most, depth)
    return most


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        (r"\frac1{", "}"),
        ("x^{", "}"),
        (r"\overset{", "}{y}"),
        (r"\left(", r"\right)"),
        (r"\begin{array}{c}", r"\end{array}"),
        (r"{\}", r"}\{"),
        (r"{\left(\\right", r"\right)}"),
        (r"\begin{array}{c}\\end ", r"\end{array}"),
        (r"\text{$", "$}"),
        ("{<br>", "}"),
    ],
)
def test_tex_is_nested_so_deep_and_no_deeper(opens: str, closes: str) -> None:
    """MathJax in Chromium ends the tab at some hundred; what is too deep is plain text."""
    html = rendered(f"${opens * 300}x{closes * 300}$")
    assert deepest(html) <= 3 * MAX_DEPTH
    shallow = rendered(f"${opens * 5}x{closes * 5}$")
    assert deepest(shallow) >= 5


def test_so_many_formulas_are_typeset() -> None:
    """Each takes a browser milliseconds; the others are shown as they were typed."""
    few, many = rendered("$x$ " * 150), rendered("$x$ " * 2_000)
    assert (few.count("$"), few.count(r"\$")) == (300, 0)
    assert len(re.findall(r"(?<!\\)\$", many)) == 2 * MAX_FORMULAS
    assert many.count("x") == 2_000


@pytest.mark.parametrize(
    "text", ["![a](attachment:pasted.svg)", "![](attachment:)", "<img src='attachment:x' alt='a'>"]
)
def test_a_picture_that_is_gone_can_be_marked(text: str) -> None:
    """A pasted SVG is not kept; the page says so where it stood."""
    assert "a picture that is not in the notebook" in rendered(f"Look: {text} and think.")
    assert "and think" in rendered(f"Look: {text} and think.")


def test_a_picture_is_shown_once() -> None:
    """Named 400 times, it would make a page of 400 MB."""
    html = rendered("![a](attachment:a.png) " * 400, **{"a.png": {"image/png": "iVBORw0KGgo="}})
    assert html.count("iVBORw0KGgo=") == 1


def test_hostile_markdown_takes_no_time() -> None:
    """The longest answer that is shown, of what makes readers of Markdown slow."""
    parts = ["[", "![", "*a ", "`a", "<a ", "$a ", "\\(", "> ", "|a", "_a_", "[a](", "<!--", "a\n"]
    start = time.process_time()
    for part in parts:
        rendered(part * 100_000)
    assert time.process_time() - start < 20
