"""The documentation tells the truth: its example lab is built and verified, its commands and links
exist."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from autograder.workspace.course import Course, load_course

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
FILE_IN_DOC = re.compile(r"^`([\w./]+)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
COMMANDS = (
    "build",
    "collect",
    "grade",
    "feedback",
    "export",
    "report",
    "verify",
    "mark",
    "try",
    "demo",
    "new-lab",
    "roster",
    "rename",
    "forget",
)
RUN = "from autograder.cli.app import main; main(prog_name='autograder')"


def prose(page: Path) -> str:
    """A page without its code blocks."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def shell_lines(page: Path) -> Iterator[str]:
    """Every command of a page: lines of shell blocks, and commands quoted in the text."""
    for _, language, body in FENCE.findall(page.read_text(encoding="utf-8")):
        if language in ("sh", "bash"):
            yield from (
                line.strip() for line in body.replace("\\\n", " ").splitlines() if line.strip()
            )
    yield from re.findall(r"`((?:autograder|make|nbgrader) [^`\n]+)`", prose(page))


def commands(name: str) -> list[tuple[str, str]]:
    """(page, command) of every use of a program in the documentation."""
    found = []
    for page in PAGES:
        for line in shell_lines(page):
            plain = line.split("#")[0].strip()
            for part in re.split(r"&&|\|", plain):
                part = part.strip().removeprefix(".venv/bin/")
                if part.split(" ")[0] == name:
                    found.append((page.name, part))
    return found


@cache
def help_of(*words: str) -> str:
    """What ``autograder COMMAND --help`` prints."""
    asked = subprocess.run(
        [sys.executable, "-c", RUN, *words, "--help"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert asked.returncode == 0, asked.stderr
    return asked.stdout


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The example course of docs/authoring.md: its course.toml, and what new-lab writes."""
    from autograder.commands.new_lab import new_lab

    root = tmp_path_factory.mktemp("hello")
    (root / "course.toml").write_text(quoted_files()["course.toml"], encoding="utf-8")
    new_lab(load_course(root), "lab0_hello")
    return load_course(root)


def quoted_files() -> dict[str, str]:
    """File -> what docs/authoring.md quotes of it."""
    return dict(FILE_IN_DOC.findall((ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")))


def test_example_lab_builds_and_verifies(example: Course) -> None:
    """The lab of docs/authoring.md passes every gate of build, and everything that verify looks
    at."""
    from autograder.commands.build import build
    from autograder.commands.verify import verify

    (built,) = build(example)
    assert (built.lab, built.todos, built.points) == ("lab0_hello", 1, 2)
    verified = verify(example, "lab0_hello")
    assert verified.ok, [
        (check.check, check.problems or check.detail) for check in verified.checks if not check.ok
    ]


def test_what_is_quoted_stands_in_the_example(example: Course) -> None:
    """Each quoted part of a file is in the file that new-lab writes, word for word."""
    quoted = quoted_files()
    assert len(quoted) >= 4
    for name, text in quoted.items():
        assert text in (example.root / name).read_text(encoding="utf-8"), name


def test_example_answers_say_what_is_different(example: Course) -> None:
    """The example's answers show both ways of writing one, each with a headline in words."""
    from autograder.authoring.exam import make_exam
    from autograder.authoring.source import read_source
    from autograder.quality.answer_file import read_answers

    lab = example.lab("lab0_hello")
    exam = make_exam(lab.id, read_source(example, lab))
    references = {name: todo.reference for name, todo in exam.todos.items()}
    bank = read_answers(example.answers(lab.id), references)
    assert len(bank.entries) >= 6
    assert all(len(entry.about.split()) >= 3 for entry in bank.entries)
    assert sum('"""' in entry.code for entry in bank.entries) == 3  # written as differences


def test_every_command_is_documented() -> None:
    """docs/instructors.md or docs/authoring.md shows each command of the command line."""
    used = {part.split()[1] for _, part in commands("autograder") if len(part.split()) > 1}
    assert set(COMMANDS) <= used


@pytest.mark.parametrize(("page", "command"), sorted(set(commands("autograder"))))
def test_documented_commands_exist(page: str, command: str) -> None:
    """Each ``autograder COMMAND --option`` in the documentation is known to the command line."""
    words = [word for word in command.split()[1:] if word not in ("…", "...")]
    while words and words[0].startswith("--"):  # options before the command
        option = words.pop(0)
        assert option in help_of(), f"{page}: {command}"
        if words and option in ("--course", "--workspace"):
            words.pop(0)
    if not words or words[0] == "VERB":
        return
    name = words[0]
    assert name in COMMANDS, f"{page}: {command}"
    for option in re.findall(r"(?<!\S)--[a-z-]+", command):
        assert option in help_of(name) or option in help_of(), f"{page}: {command}"


@pytest.mark.parametrize(("page", "command"), sorted(set(commands("make"))))
def test_documented_targets_exist(page: str, command: str) -> None:
    """Each ``make TARGET`` named in the documentation is in the Makefile."""
    targets = set(
        re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    for word in command.split()[1:]:
        assert "=" in word or word in targets, f"{page}: {command}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Relative links and pictures point to files of the repository, and anchors to headings."""
    for target in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), f"{page.name}: {target} does not exist"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = {
                re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings
            }
            assert anchor in slugs, f"{page.name}: {target}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pictures_have_alt_text(page: Path) -> None:
    """Whoever cannot see a picture reads what it shows."""
    assert not re.search(r"!\[\]\(", prose(page))
