"""new-lab: what it writes builds, verifies and demos at once, and touches no other lab."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.commands.build import build
from autograder.commands.demo import demo
from autograder.commands.new_lab import new_lab
from autograder.commands.verify import verify
from autograder.model.errors import UsageError
from autograder.workspace.course import Course, load_course
from tests.classroom import LAB, everything

ROOT = Path(__file__).parents[3]
NEW = "lab99_words"


def git(root: Path, *words: str) -> str:
    """What a git command prints, in a folder, by nobody in particular."""
    own = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
    done = subprocess.run(
        ["git", *own, *words], cwd=root, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this course under git, with a new lab."""
    root = tmp_path_factory.mktemp("repository")
    for name in ("solutions", "labs", "samples", "data"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("course.toml", ".gitignore", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "A course")
    new_lab(load_course(root), NEW)
    return root


def changed(root: Path) -> set[str]:
    """The folders that differ from the commit, two levels deep."""
    lines = git(root, "status", "--porcelain", "--untracked-files=all").splitlines()
    return {"/".join(line[3:].strip('"').split("/")[:2]) for line in lines}


def test_a_new_lab_touches_its_own_folder(repository: Path) -> None:
    """No list in the course, and no file of another lab."""
    assert changed(repository) == {f"solutions/{NEW}"}
    names = [path.name for path in load_course(repository).private(NEW).iterdir()]
    assert sorted(names) == ["answers", "lab.toml", f"{NEW}.py", "samples.py", "tests"]
    assert [lab.id for lab in load_course(repository).labs][-1] == NEW


@pytest.mark.timeout(300)
def test_it_builds_verifies_and_demos_at_once(repository: Path) -> None:
    """Without a line being edited; what is made of it lies in its own folders, too."""
    course = load_course(repository)
    (built,) = build(course, [NEW])
    assert (built.todos, built.points) == (1, 2)
    verified = verify(course, NEW)
    assert verified.ok, [check for check in verified.checks if not check.ok]
    shown = demo(course, NEW)
    assert len(shown.graded.results) == len(shown.feedback) == 3
    assert shown.report.is_file()
    assert changed(repository) == {f"{place}/{NEW}" for place in ("solutions", "labs", "samples")}


def test_its_own_test_passes_and_its_files_are_clean(repository: Path) -> None:
    """What a stranger starts from keeps the rules of the repository."""
    own = f"solutions/{NEW}"
    for command in (
        ["pytest", "-q", "-p", "no:cacheprovider", own],
        ["ruff", "check", own],
        ["ruff", "format", "--check", own],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=repository,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_no_placeholder_is_left(repository: Path) -> None:
    """Neither in a file nor in its name; the title stands in both places."""
    folder = load_course(repository).private(NEW)
    for path in folder.rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        assert not any(word in text + path.name for word in ("$ID", "$TITLE", "$ORDER", ".tmpl"))
    assert load_course(repository).lab(NEW).title == "Lab 99 · Words"
    assert "# # Lab 99 · Words\n" in (folder / f"{NEW}.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("lab", "order", "title"),
    [
        ("lab7_deep_dreams", 7, "Lab 7 · Deep dreams"),
        ("lab1_again", 2, "Lab 2 · Again"),  # lab 1 is there already
        ("finale", 2, "Lab 2 · Finale"),
        ("lab3", 3, "Lab 3 · Lab3"),
    ],
)
def test_order_and_title_come_from_the_id(tiny: Course, lab: str, order: int, title: str) -> None:
    """The number in its name if it is free, else the next one."""
    new_lab(tiny, lab)
    made = load_course(tiny.root).lab(lab)
    assert (made.order, made.title) == (order, title)


def test_order_and_title_can_be_given(tiny: Course) -> None:
    """A title is any line of text that needs no escape."""
    new_lab(tiny, "words", title="Wörter & Sätze $x$", order=0)
    first = load_course(tiny.root).labs[0]
    assert (first.id, first.title, first.order) == ("words", "Wörter & Sätze $x$", 0)


@pytest.mark.parametrize(
    ("lab", "options", "message"),
    [
        ("../words", {}, "cannot name a lab"),
        ("lab 4", {}, "cannot name a lab"),
        ("", {}, "cannot name a lab"),
        ("_words", {}, "cannot name a lab"),
        (LAB, {}, "exists already"),
        ("words", {"order": 1}, "tiny has order 1 already"),
        ("words", {"title": 'a "b"'}, "without quotation marks"),
        ("words", {"title": "a\nb"}, "one line of text"),
        ("words", {"title": " "}, "one line of text"),
    ],
)
def test_what_cannot_be_written_is_refused(
    tiny: Course, lab: str, options: dict[str, object], message: str
) -> None:
    """One sentence, and no file anywhere is written or changed."""
    before = everything(tiny.root)
    with pytest.raises(UsageError, match=message):
        new_lab(tiny, lab, **options)
    assert everything(tiny.root) == before


def test_a_lab_is_written_whole_or_not_at_all(
    tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk in the middle leaves nothing behind."""
    from autograder.commands import new_lab as module

    real = module.write_atomic

    def full(path: Path, data: bytes) -> None:
        if path.name == "samples.py":
            raise OSError("No space left on device")
        real(path, data)

    monkeypatch.setattr(module, "write_atomic", full)
    before = sorted(tiny.solutions.iterdir())
    with pytest.raises(OSError, match="No space"):
        new_lab(tiny, "words")
    assert sorted(tiny.solutions.iterdir()) == before
