"""The workspace: one module knows its paths; an old one is read, or brought up to date."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.cli.app import main
from autograder.commands.export import export
from autograder.commands.feedback import feedback
from autograder.commands.grade import grade
from autograder.commands.report import report
from autograder.model.errors import ContentError, UsageError
from autograder.workspace import workspace as workspace_module
from autograder.workspace.course import Course
from autograder.workspace.files import read_json, write_atomic, write_json
from autograder.workspace.lock import workspace_lock
from autograder.workspace.migration import config_text, migrate
from autograder.workspace.results import Results
from autograder.workspace.workspace import COURSE_TREE, Workspace
from tests.classroom import LAB, WRONG, hand_in, solved

PACKAGE = Path(workspace_module.__file__).parents[1]
BELOW = {*COURSE_TREE, "originals", "collected", "results", "keys", "reports", "gradebook.db"}


def joins(tree: ast.AST) -> Iterator[ast.BinOp]:
    """Every ``a / b`` that joins a path of the workspace."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            left, right = node.left, node.right
            below = isinstance(right, ast.Constant) and right.value in BELOW
            if below or (isinstance(left, ast.Attribute) and left.attr == "workspace"):
                yield node


def test_no_other_module_joins_a_path_of_the_workspace() -> None:
    """Where a file lies is written once."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if path != Path(workspace_module.__file__):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found += [f"{path.relative_to(PACKAGE)}:{node.lineno}" for node in joins(tree)]
    assert found == []
    assert len(list(joins(ast.parse('a / "results"; course.workspace / name')))) == 2


def test_json_is_written_whole_and_read_if_it_is_an_object(tmp_path: Path) -> None:
    """Anything else counts as no file."""
    path = tmp_path / "new" / "a.json"
    write_json(path, {"name": "Zoë ♪"})
    assert path.read_text(encoding="utf-8") == '{\n "name": "Zoë ♪"\n}\n'
    assert read_json(path) == {"name": "Zoë ♪"}
    assert read_json(tmp_path / "missing.json") is None
    for damage in (b"", b"{", b"[1]", b"\xff\xfe", b"[" * 100_000):
        path.write_bytes(damage)
        assert read_json(path) is None


def test_a_release_is_found_at_one_place(tiny: Course) -> None:
    """What this workspace built, else the committed notebook; damaged is told from missing."""
    workspace = Workspace(tiny)
    built = workspace.release(LAB)
    built.write_text(built.read_text().replace("Tiny lab", "My lab"))
    assert workspace.released(LAB) == built
    assert "My lab" in workspace.read_release(LAB).cells[0].source
    assert "Tiny lab" in workspace.read_committed(LAB).cells[0].source
    built.write_text("{")
    with pytest.raises(ContentError, match="is damaged: run `autograder build tiny`"):
        workspace.read_release(LAB)
    built.unlink()
    assert "Tiny lab" in workspace.read_release(LAB).cells[0].source
    tiny.released(LAB).unlink()
    with pytest.raises(UsageError, match="has not been built yet"):
        workspace.read_release(LAB)


def test_who_handed_in(tiny: Course) -> None:
    """Collected by us or put there by nbgrader; hidden folders are nobody."""
    workspace = Workspace(tiny)
    assert workspace.handed_in(LAB) == []
    hand_in(tiny, "ben", solved(tiny))
    write_json(workspace.record("ada", LAB), {"student": "ada", "handed_in_as": "Ada L."})
    workspace.record("cleo", LAB).write_text("{broken")
    workspace.submitted_folder(".ipynb_checkpoints", LAB).mkdir(parents=True)
    assert workspace.handed_in(LAB) == ["ada", "ben", "cleo"]
    assert workspace.collected_students(LAB) == ["ada", "cleo"]
    assert workspace.known_people() == {
        "ada": ("Ada L.", frozenset()),
        "cleo": ("cleo", frozenset()),
    }


# --- workspaces of older versions ---

OLD_CONFIG = """# Written by `autograder build`; nbgrader reads it when it is run in this folder.
from pathlib import Path

from autograder.course import load_course
from autograder.gradebook.nbg import configure

course = load_course(Path({root!r}), workspace=Path({workspace!r}))
configure(get_config(), course)  # noqa: F821
"""

OLD_CASE = {"case": "random vector 0", "passed": False, "message": "Wrong."}
OLD_TODOS = {
    "double": {"points": 0.0, "max_points": 2.0, "state": "incorrect", "cases": [OLD_CASE]},
    "total": {"points": 4.0, "max_points": 4.0, "state": "correct", "cases": []},
    "dice": {"points": 0.0, "max_points": 2.0, "state": "not attempted", "cases": []},
}
OLD_RESULT = {
    "lab": LAB, "student": "zoe", "points": 4.0, "max_points": 8.0, "status": "graded",
    "sandbox": "namespaces", "seconds": 1.0, "repairs": ["Read as UTF-16."],
    "incidents": ["total: look at it."], "todos": OLD_TODOS,
}  # fmt: skip
"""As an older version wrote it: no message, no written questions."""

OLD_RECORD = {
    "lab": LAB, "file": "zoe.ipynb", "repairs": ["Read as UTF-16."], "ignored": [], "reason": None,
    "sha256": "00", "release": "11", "handed_in": "2030-01-01 10:00:00 UTC", "student": "zoe",
    "name": "Zoë", "handed_in_as": "zoe",
}  # fmt: skip


@pytest.fixture
def old(tiny: Course) -> Course:
    """A workspace as the version before wrote it: built, collected, graded once."""
    workspace = Workspace(tiny)
    config = OLD_CONFIG.format(root=str(tiny.root), workspace=str(tiny.workspace))
    workspace.nbgrader_config.write_text(config)
    (workspace.root / ".turn").write_text("autograder grade tiny, process 1234")
    hand_in(tiny, "zoe", solved(tiny, double=WRONG["double"]))
    write_json(workspace.result("zoe", LAB), OLD_RESULT)
    write_json(workspace.record("zoe", LAB), OLD_RECORD)
    write_atomic(workspace.cached("0123456789"), json.dumps({"todos": {}, "points": 0}).encode())
    write_atomic(workspace.keys(LAB) / "0123456789" / "key.json", b"{}")
    return tiny


def test_an_old_workspace_is_read(old: Course, tmp_path: Path) -> None:
    """Pages, report and export are made from what an older version wrote."""
    (page,) = feedback(old, LAB)
    text = page.read_text(encoding="utf-8")
    assert "Zoë" in text
    assert "Read as UTF-16." in text
    assert "Wrong." in text
    assert "total: look at it." in report(old, LAB).read_text(encoding="utf-8")
    assert export(old, LAB, to=tmp_path / "marks.csv").is_file()


def test_an_old_workspace_is_graded_again_and_keeps_what_collect_knew(old: Course) -> None:
    """Another version of the grader grades again; marks that differ are told."""
    done = grade(old, LAB)
    assert (done.graded, done.problems) == (["zoe"], [])
    assert [(row.before, row.after) for row in done.changes] == [(4.0, 6.0)]
    assert done.results[0].repairs == ("Read as UTF-16.",)
    assert Results(old, LAB).read("zoe") == done.results[0]


def test_an_old_configuration_is_written_anew_once(
    old: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names modules that have moved: nbgrader could not be run with it. It is said, once."""
    path = Workspace(old).nbgrader_config
    assert migrate(old)
    assert path.read_text() == config_text(old)
    assert f"{path} was written for another version" in capsys.readouterr().err
    assert not migrate(old)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("words", [["report", LAB], ["feedback", LAB], ["grade", LAB]])
def test_any_command_brings_it_up_to_date(old: Course, words: list[str]) -> None:
    """Whichever is typed first; afterwards nbgrader runs in the folder."""
    from click.testing import CliRunner

    done = CliRunner().invoke(main, ["--course", str(old.root), *words])
    assert done.exit_code == 0, done.output
    assert Workspace(old).nbgrader_config.read_text() == config_text(old)
    listed = subprocess.run(
        [sys.executable, "-m", "nbgrader", "list_assignments", "--help"],
        cwd=old.workspace, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert listed.returncode == 0, listed.stderr
    assert "Error" not in listed.stderr


def test_the_lock_brings_it_up_to_date(old: Course) -> None:
    """Also when commands are called as functions."""
    with workspace_lock(old, "grade"):
        assert Workspace(old).nbgrader_config.read_text() == config_text(old)


def test_another_folder_is_no_other_version(tiny: Course) -> None:
    """In a container the same course lies elsewhere: the configuration of the last build stays."""
    path = Workspace(tiny).nbgrader_config
    elsewhere = path.read_text().replace(str(tiny.root), "/course")
    path.write_text(elsewhere)
    assert not migrate(tiny)
    assert path.read_text() == elsewhere


def test_a_configuration_of_ones_own_is_left_alone(tiny: Course) -> None:
    """Only what we wrote is written anew; a workspace that was never built gets none."""
    path = Workspace(tiny).nbgrader_config
    path.write_text("c = get_config()\n")
    assert not migrate(tiny)
    assert path.read_text() == "c = get_config()\n"
    path.unlink()
    assert not migrate(tiny)
    assert not path.exists()
