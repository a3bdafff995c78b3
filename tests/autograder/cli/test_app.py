"""The command line: help with examples, one clear sentence for whatever is wrong, exit status 0, 1
or 2, pure JSON."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner

from autograder.cli import app as cli
from autograder.model.errors import ContentError, UsageError
from autograder.workspace.course import Course
from tests.classroom import LAB, WRONG, everything, filled, hand_in, solved
from tests.tiny import SOURCE

COMMANDS = [
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
]


@dataclass
class Ran:
    """One command: its exit status, and what it wrote where."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(*words: object, course: Course | None = None) -> Ran:
    """Run the command in this process; an exception that is not a clean exit fails the test."""
    place = ["--course", str(course.root)] if course else []
    done = CliRunner().invoke(cli.main, [*place, *map(str, words)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert "Traceback" not in done.stderr
    return Ran(done.exit_code, done.stdout, done.stderr)


@pytest.fixture
def small(tiny: Course) -> Course:
    """Two students, one of them wrong."""
    hand_in(tiny, "ada", solved(tiny, why="Symmetry."))
    hand_in(tiny, "ben", solved(tiny, double=WRONG["double"]))
    return tiny


def test_new_lab_lists_what_it_wrote(tiny: Course) -> None:
    """The files on standard output, what to do next on standard error."""
    done = run("new-lab", "words", "--title", "Words", course=tiny)
    assert done.code == 0
    assert "solutions/words/words.py" in done.out.splitlines()
    assert "autograder build words, autograder verify words" in " ".join(done.err.split())
    assert all((tiny.root / line).is_file() for line in done.out.splitlines())


# --- help ---


def test_the_commands_are_those_of_the_design() -> None:
    """All ten, each listed with one sentence in the help."""
    assert set(COMMANDS) <= set(cli.main.commands)
    listed = run("--help")
    assert listed.code == 0
    for name, command in cli.main.commands.items():
        assert f"\n  {name} " in listed.out
        first = (command.help or "").split("\n\n")[0]
        assert first.endswith(".")
        assert len(first) <= 120


@pytest.mark.parametrize("command", sorted(cli.main.commands))
def test_every_command_has_an_example_that_parses(command: str) -> None:
    """The example of the help is one that the command accepts."""
    shown = run(command, "--help")
    assert shown.code == 0
    assert run(command, "-h").out == shown.out
    example = " ".join(shown.out.split("Example: ", 1)[1].split("Options:")[0].split())
    program, name, *words = shlex.split(example)
    assert (program, name) == ("autograder", command)
    cli.main.commands[command].make_context(command, words)


def test_the_version_is_told() -> None:
    """What an issue report needs."""
    assert "0." in run("--version").out


# --- wrong usage: exit 2 ---

USAGE: dict[str, tuple[list[str], str]] = {
    "unknown command": (["grde", LAB], 'There is no command "grde". Did you mean "grade"?'),
    "unknown command far away": (["xylophone"], "Known: build, collect"),
    "unknown option": (["grade", LAB, "--forse"], "--force"),
    "no lab": (["grade"], "Missing argument 'LAB'"),
    "nothing to collect": (["collect", LAB], "Missing argument"),
    "nothing to try": (["try", LAB], "Missing option '--answer'"),
    "an answer without its name": (
        ["try", LAB, "--answer", "file.py"],
        '--answer wants GRADE_ID=FILE, not "file.py"',
    ),
    "an unknown TODO": (["try", LAB, "--answer", "duoble=x.py"], 'Did you mean "double"?'),
    "an answer file that is missing": (
        ["try", LAB, "--answer", "double=missing.py"],
        "missing.py cannot be read",
    ),
    "a notebook that is missing": (["mark", "missing.ipynb"], 'There is no file "missing.ipynb"'),
    "a folder for a notebook": (["mark", "."], "is a folder; a notebook file (.ipynb) is expected"),
    "an unknown lab for a notebook": (
        ["mark", __file__, "--lab", "tini"],
        'There is no lab "tini". Did you mean "tiny"?',
    ),
    "a hand-in that is missing": (
        ["collect", LAB, "missing.zip"],
        'There is no file or folder "missing.zip"',
    ),
    "a roster that is missing": (
        ["collect", LAB, ".", "--roster", "missing.csv"],
        'roster "missing.csv" cannot be read',
    ),
    "an unknown style": (["export", LAB, "--to", "x.csv", "--style", "xls"], "'xls' is not one of"),
    "no place to export to": (["export", LAB], "Missing option '--to'"),
    "no workers": (["grade", LAB, "--workers", "0"], "0 is not in the range x>=1"),
    "an unknown sandbox": (
        ["grade", LAB, "--sandbox", "chroot"],
        'There is no sandbox level "chroot"',
    ),
    "no sample class": (["demo", LAB], "has no sample class"),
    "a lab that exists": (["new-lab", LAB], "exists already"),
}


@pytest.mark.parametrize("case", USAGE.values(), ids=USAGE.keys())
def test_wrong_usage_is_one_sentence_and_exit_2(
    small: Course, case: tuple[list[str], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The sentence is on standard error, standard output stays empty, and nothing is written."""
    words, message = case
    monkeypatch.chdir(tmp_path)
    before = everything(small.root)
    done = run(*words, course=small)
    assert done.code == 2
    assert message in " ".join(done.err.split())
    assert done.out == ""
    assert everything(small.root) == before


@pytest.mark.parametrize(
    "words",
    [
        ["build", "tinny"],
        ["collect", "tinny", "."],
        ["grade", "tinny"],
        ["feedback", "tinny"],
        ["export", "tinny", "--to", "x.csv"],
        ["report", "tinny"],
        ["verify", "tinny"],
        ["try", "tinny", "--answer", "double=x"],
        ["demo", "tinny"],
    ],
    ids=lambda words: words[0],
)
def test_an_unknown_lab_is_answered_with_the_nearest(
    small: Course, words: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every command that takes a lab offers the nearest name."""
    monkeypatch.chdir(tmp_path)
    before = everything(small.root)
    done = run(*words, course=small)
    assert (done.code, done.out) == (2, "")
    assert 'There is no lab "tinny". Did you mean "tiny"?' in done.err
    assert everything(small.root) == before


def complete_words(command: str) -> list[str]:
    """Arguments with which each command gets as far as the course."""
    more = {
        "collect": [LAB, "."], "export": [LAB, "--to", "x.csv"], "mark": ["x.ipynb"], "try": [LAB, "--answer", "a=b"],
        "build": [], "verify": [], "demo": [], "rename": ["old", "new"],
    }  # fmt: skip
    return [command, *more.get(command, [LAB])]


IN_A_COURSE = [command for command in COMMANDS if command != "roster"]
"""A roster can be looked at anywhere."""


@pytest.mark.parametrize("command", IN_A_COURSE)
def test_outside_a_course_every_command_says_where_to_go(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No course.toml: exit 2 and what to do; also when --course names no folder."""
    monkeypatch.chdir(tmp_path)
    done = run(*complete_words(command))
    assert (done.code, done.out) == (2, "")
    assert "No course.toml in" in done.err
    assert "--course FOLDER" in done.err
    done = run("--course", "nowhere", *complete_words(command))
    assert (done.code, done.out) == (2, "")
    assert 'There is no folder "nowhere"' in done.err


@pytest.mark.parametrize("command", IN_A_COURSE)
def test_a_broken_course_toml_is_named_by_every_command(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not TOML: exit 1, the file and the place in it."""
    (tmp_path / "course.toml").write_text("[course\nid = 1\n")
    monkeypatch.chdir(tmp_path)
    done = run(*complete_words(command))
    assert (done.code, done.out) == (1, "")
    assert "course.toml is not valid TOML" in done.err
    assert "line 1" in done.err


# --- wrong content: exit 1 ---


def broken_source(course: Course) -> None:
    course.source_text(LAB).write_text(SOURCE.replace('    """Twice x. x (N,) floats."""\n', ""))


def stale(course: Course) -> None:
    course.released(LAB).write_text("{}")


def nothing(course: Course) -> None:
    pass


def no_hand_in(course: Course) -> None:
    import shutil

    shutil.rmtree(course.workspace / "submitted")


def damaged_gradebook(course: Course) -> None:
    (course.workspace / "gradebook.db").write_bytes(b"no database" * 100)


def word_file(course: Course) -> None:
    (course.root / "x.ipynb").write_bytes(b"PK\x03\x04 word/document.xml")


CONTENT: dict[str, tuple[Callable[[Course], None], list[str], str]] = {
    "build: a rule is broken": (broken_source, ["build"], "· TODO \"double\": double has no docstring."),
    "build --check: stale": (stale, ["build", "--check"], "labs/tiny/tiny.ipynb is not what solutions/tiny/tiny.py"),
    "grade: nothing handed in": (no_hand_in, ["grade", LAB], "run `autograder collect tiny FILES` first"),
    "grade: an unknown student": (nothing, ["grade", LAB, "adda"], 'Did you mean "ada"?'),
    "grade: a damaged gradebook": (damaged_gradebook, ["grade", LAB], "gradebook.db cannot be used"),
    "feedback: no results": (nothing, ["feedback", LAB], "Run `autograder grade tiny` first"),
    "report: no results": (nothing, ["report", LAB], "Run `autograder grade tiny` first"),
    "export: a damaged gradebook": (damaged_gradebook, ["export", LAB, "--to", "x.csv"], "gradebook.db cannot be used"),
    "verify: something does not hold": (stale, ["verify", LAB, "--no-bank", "--no-mutants"], "Not everything holds"),
    "mark: not a notebook": (word_file, ["mark", "x.ipynb", "--json"], ""),
}  # fmt: skip


@pytest.mark.parametrize("case", CONTENT.values(), ids=CONTENT.keys())
def test_wrong_content_is_listed_and_exit_1(
    small: Course,
    case: tuple[Callable[[Course], None], list[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is wrong is listed on standard error, and what was there stays."""
    prepare, words, message = case
    prepare(small)
    monkeypatch.chdir(small.root)
    before = {name: data for name, data in everything(small.root).items() if "/keys/" not in name}
    done = run(*words)
    assert done.code == 1
    assert message in " ".join(done.err.split())
    after = everything(small.root)
    assert {name: after[name] for name in before} == before


def test_a_hand_in_that_is_no_notebook_is_a_row_not_an_error(tiny: Course, tmp_path: Path) -> None:
    """One Word file among the notebooks costs nobody else anything."""
    for name, data in ("ada", None), ("ben", b"PK\x03\x04 word/document.xml"):
        folder = tmp_path / "in" / name
        folder.mkdir(parents=True)
        if data is None:
            nbformat.write(solved(tiny), folder / "tiny.ipynb")
        else:
            (folder / "tiny.ipynb").write_bytes(data)
    done = run("collect", LAB, tmp_path / "in", "--json", course=tiny)
    assert done.code == 0
    assert {row["student"]: row["status"] for row in done.json["rows"]} == {
        "ada": "collected",
        "ben": "not gradable",
    }
    graded = run("grade", LAB, "--json", course=tiny)
    assert graded.code == 0
    assert [(row["student"], row["status"]) for row in graded.json] == [
        ("ada", "graded"),
        ("ben", "not gradable"),
    ]


def test_an_unreadable_folder_is_one_sentence(
    tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Permission denied (whoever runs this test): the folder is named, nothing is lost."""
    real = os.scandir

    def refuse(path: Any = ".") -> Any:
        if "locked" in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    (tmp_path / "locked").mkdir()
    before = everything(tiny.root)
    monkeypatch.setattr(os, "scandir", refuse)
    done = run("collect", LAB, tmp_path / "locked", course=tiny)
    monkeypatch.undo()
    assert (done.code, done.out) == (2, "")
    assert 'locked" cannot be read (Permission denied).' in done.err
    assert everything(tiny.root) == before


def test_a_workspace_that_cannot_be_made_is_one_sentence(tiny: Course, tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "taken").write_text("a file")
    done = run("--workspace", tmp_path / "taken", "build", course=tiny)
    assert done.code == 1
    assert "taken" in done.err
    assert len([line for line in done.err.splitlines() if line.startswith("Error:")]) == 1


def test_a_place_that_cannot_be_written_is_one_sentence(small: Course, tmp_path: Path) -> None:
    """Export into a folder's own place."""
    assert run("grade", LAB, course=small).code == 0
    (tmp_path / "folder").mkdir()
    done = run("export", LAB, "--to", tmp_path / "folder", course=small)
    assert done.code == 1
    assert "folder" in done.err


# --- results ---


def test_json_is_all_there_is_on_standard_output(
    small: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """collect, grade, verify, mark and try print JSON that a program reads, and progress
    elsewhere."""
    nbformat.write(filled(small, double=WRONG["double"]), tmp_path / "mine.ipynb")
    (tmp_path / "mine.py").write_text(WRONG["dice"])
    monkeypatch.chdir(tmp_path)
    assert run("collect", LAB, "mine.ipynb", "--json", course=small).json["lab"] == LAB
    graded = run("grade", LAB, "--json", course=small)
    assert {row["student"]: row["points"] for row in graded.json} == {"ada": 8, "ben": 6, "mine": 0}
    assert "grading tiny" in graded.err
    verified = run("verify", LAB, "--no-bank", "--no-mutants", "--json", course=small)
    assert (verified.json["ok"], verified.json["lab"]) == (True, LAB)
    assert isinstance(run("verify", "--no-bank", "--no-mutants", "--json", course=small).json, list)
    assert (
        run("mark", "mine.ipynb", "--json", course=small).json["todos"]["double"]["state"]
        == "incorrect"
    )
    assert run("try", LAB, "--answer", "dice=mine.py", "--json", course=small).json["points"] == 6


def test_a_result_that_is_not_gradable_is_json_too(tiny: Course, tmp_path: Path) -> None:
    """Exit 1, and the reason in the JSON as well."""
    (tmp_path / "x.ipynb").write_bytes(b"%PDF-1.7")
    done = run("mark", tmp_path / "x.ipynb", "--json", course=tiny)
    assert done.code == 1
    assert done.json["status"] == "not gradable"
    assert done.json["reason"]
    plain = run("mark", tmp_path / "x.ipynb", course=tiny)
    assert plain.code == 1
    assert "Not gradable:" in plain.out


def test_the_whole_story_command_by_command(tiny: Course, tmp_path: Path) -> None:
    """build, collect, grade, feedback, export, report: each prints where its result is."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    nbformat.write(solved(tiny), folder / "ada_tiny.ipynb")
    nbformat.write(filled(tiny), folder / "ben_tiny.ipynb")
    assert "tiny: unchanged (3 TODOs, 8 points)" in run("build", course=tiny).out
    assert "tiny: is current" in run("build", "--check", course=tiny).out
    assert run("collect", LAB, folder, course=tiny).code == 0
    table = run("grade", LAB, course=tiny).out
    assert "8 / 8" in table
    assert "0 / 8" in table
    pages = run("feedback", LAB, course=tiny).out.split()
    assert len(pages) == 2
    assert all(Path(page).is_file() for page in pages)
    export = run("export", LAB, "--to", tmp_path / "marks.csv", course=tiny)
    assert Path(export.out.strip()).read_text().count("\n") == 3
    assert Path(run("report", LAB, course=tiny).out.strip()).is_file()


def test_who_could_not_be_graded_is_listed_and_exit_1(
    small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table or the JSON is complete; the problem and the exit status say that something is
    missing."""
    from autograder.gradebook import entry as entry_module

    real = entry_module.autograde

    def refuse(course: Course, lab_id: str, student: str, **options: Any) -> None:
        if student == "ada":
            raise ContentError("database is locked")
        real(course, lab_id, student, **options)

    monkeypatch.setattr(entry_module, "autograde", refuse)
    done = run("grade", LAB, "--json", course=small)
    assert done.code == 1
    assert [row["points"] for row in done.json] == [8, 6]
    assert "· ada is not in the gradebook: database is locked" in done.err


def test_names_in_messages_are_no_markup(monkeypatch: pytest.MonkeyPatch, tiny: Course) -> None:
    """Brackets, and bytes of a file name that are no UTF-8, are shown as they are."""

    def fail(*args: Any, **options: Any) -> Any:
        raise UsageError("[red]name[/red] \udcff")

    monkeypatch.setattr("autograder.commands.report.report", fail)
    done = run("report", LAB, course=tiny)
    assert done.code == 2
    assert "Error: [red]name[/red]" in done.err


# --- what comes from outside ---


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (KeyboardInterrupt(), 130, "What was finished is kept"),
        (
            OSError(28, "No space left on device", "results/x.json"),
            1,
            "No space left on device (results/x.json).",
        ),
        (MemoryError(), 1, None),
    ],
    ids=["interrupt", "disk", "defect"],
)
def test_exceptions_of_the_system(
    tiny: Course, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, text: str | None
) -> None:
    """Ctrl-C and errors of the file system are sentences; a real defect is not hidden."""

    def fail(*args: Any, **options: Any) -> Any:
        raise error

    monkeypatch.setattr("autograder.commands.report.report", fail)
    if text is None:
        with pytest.raises(type(error)):
            run("report", LAB, course=tiny)
        return
    done = run("report", LAB, course=tiny)
    assert done.code == code
    assert text in done.err


def test_an_error_of_the_database_is_one_sentence(
    tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLAlchemy's novels are cut to their cause."""
    from sqlalchemy.exc import OperationalError

    def fail(*args: Any, **options: Any) -> Any:
        raise OperationalError(
            "INSERT INTO grade VALUES (?)", {}, Exception("database or disk is full")
        )

    monkeypatch.setattr("autograder.commands.report.report", fail)
    done = run("report", LAB, course=tiny)
    assert done.code == 1
    assert done.err.strip() == "Error: The gradebook cannot be used: database or disk is full."


@pytest.fixture
def full_disk(small: Course) -> Iterator[Course]:
    """The course with a graded class, its workspace on a disk without any space left."""
    assert run("grade", LAB, course=small).code == 0
    aside = small.root / "aside"
    small.workspace.rename(aside)
    small.workspace.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", small.workspace], capture_output=True
    )
    if made.returncode:
        pytest.skip("a small disk can only be mounted by root")
    try:
        subprocess.run(["cp", "-a", f"{aside}/.", small.workspace], check=True)
        filler = small.workspace / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
        yield small
    finally:
        subprocess.run(["umount", "-l", small.workspace], check=True)


def test_a_full_disk_loses_nothing(full_disk: Course, tmp_path: Path) -> None:
    """Every command that writes says so in one sentence; what was there stays; with room again it
    goes on."""
    course, filler = full_disk, full_disk.workspace / "filler"
    nbformat.write(filled(course), tmp_path / "carl.ipynb")
    before = everything(course.workspace)
    collecting = ["collect", LAB, tmp_path / "carl.ipynb"]
    for words in (collecting, ["feedback", LAB], ["report", LAB], ["grade", LAB, "--force"]):
        done = run(*words, course=course)
        assert done.code == 1, (words, done)
        assert "No space left on device" in done.err or "disk is full" in done.err, (
            words,
            done.err,
        )
        after = everything(course.workspace)
        assert {name for name in before if before[name] != after.get(name)} == set(), words
        assert not [name for name in after if name.endswith(".part")]
    filler.unlink()
    assert run(*collecting, course=course).code == 0
    done = run("grade", LAB, "--json", course=course)
    assert done.code == 0
    assert {row["student"]: row["points"] for row in done.json} == {
        "ada": 8,
        "ben": 6,
        "carl": 0,
    }, [row.get("reason") for row in done.json]


def test_a_disk_that_fills_up_while_writing_leaves_the_old_file(
    small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where no small disk can be mounted: the last step of writing fails, and nothing is half
    written."""
    assert run("grade", LAB, course=small).code == 0
    before = everything(small.root)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for words in (["report", LAB], ["feedback", LAB], ["grade", LAB, "--force"]):
        done = run(*words, course=small)
        assert done.code == 1
        assert "No space left on device" in done.err
        assert "The old content is untouched" in done.err
        assert everything(small.root) == before


def test_as_a_command_of_its_own(small: Course) -> None:
    """Started from a shell whose standard output can only write ASCII: clean exit, JSON, no
    traceback."""
    hand_in(small, "zoë♪", solved(small))
    own = Path(sys.executable).parent / "autograder"
    done = subprocess.run(
        [own, "grade", LAB, "--json"],
        cwd=small.root,
        env={"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "ascii", "LANG": "C"},
        capture_output=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr.decode()
    rows = json.loads(done.stdout.decode("utf-8"))
    assert [row["student"] for row in rows] == ["ada", "ben", "zoë♪"]
    assert b"Traceback" not in done.stderr


def test_a_roster_is_shown_and_strangers_are_an_error(tiny: Course, tmp_path: Path) -> None:
    """``roster`` tells how a file is read; a hand-in that matches nobody is exit status 1."""
    roster = tmp_path / "grades.csv"
    roster.write_text("Student,ID,SIS User ID,Section\n Points Possible,,,\nDoe Ada,7,s7,A\n")
    shown = run("roster", roster)
    assert shown.code == 0
    assert 'sid: column "SIS User ID"' in shown.out
    assert "left out: Points Possible" in shown.out
    (tmp_path / "in").mkdir()
    nbformat.write(solved(tiny), tmp_path / "in" / "zoe_8_9_x.ipynb")
    done = run("collect", LAB, tmp_path / "in", "--roster", roster, course=tiny)
    assert done.code == 1
    assert "matches nobody" in done.out
    assert (
        run("collect", LAB, tmp_path / "in", "--roster", roster, "--as", "s7", course=tiny).code
        == 0
    )
    assert run("rename", "s7", "s8", course=tiny).code == 0
    assert run("forget", "s7", course=tiny).code == 2
    assert "trash/" in run("forget", "s8", course=tiny).out
