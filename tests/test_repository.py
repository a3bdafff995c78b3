"""Rules of the layout: what lies where, who writes it, and what is never committed."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from autograder.workspace.course import load_course
from tools.readme import with_labs_table

ROOT = Path(__file__).parents[1]
COURSE = load_course(ROOT)
LABS = [lab.id for lab in COURSE.labs]
FILES = (
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Makefile",
    "pyproject.toml",
    "environment.yml",
    "course.toml",
    "requirements.lock",
    "requirements-students.lock",
    ".ci/run",
    ".github/workflows/ci.yml",
    ".pre-commit-config.yaml",
    "docs/students.md",
    "docs/instructors.md",
    "docs/authoring.md",
    "docs/architecture.md",
)
FOLDERS = ("labs", "solutions", "data", "labkit", "autograder", "tests", "docs", "samples", "tools")
MAX_BYTES = 5_000_000
BINARY = {".png", ".npz", ".zip", ".gz", ".jpg", ".ico", ".woff2", ".npy"}
NEVER = {
    "the host of a package registry": re.compile(
        r"pypi\W(org|io)|python\W?hosted|conda\W(org|io|com)", re.IGNORECASE
    ),
    "the address of an index": re.compile(r"--(?:extra-)?index[-]url|--find[-]links"),
    "a path of somebody's machine": re.compile(
        r"(?<![\w.}])/(?:root|work|home/(?!jovyan)\w+|Users/\w+|opt/wheels)/"
    ),
    "a secret": re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY|\bgh[pousr]_\w{20}|\bAKIA[A-Z0-9]{16}\b"
    ),
}


def tracked() -> list[Path]:
    """The files that git tracks; in an unpacked archive without git, none."""
    asked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return [ROOT / name for name in asked.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("name", FILES)
def test_file_exists(name: str) -> None:
    """Every file that people and tools look for is there, and says something."""
    assert (ROOT / name).stat().st_size > 100


@pytest.mark.parametrize("name", FOLDERS)
def test_folder_exists(name: str) -> None:
    """Every folder of the layout is there and holds something."""
    assert any((ROOT / name).iterdir())


def test_nothing_else_lies_at_the_top() -> None:
    """A new top-level entry is a decision: it is listed here, and in the README."""
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    listed = {Path(name).parts[0] for name in FILES} | set(FOLDERS)
    others = {
        ".gitignore",
        ".gitattributes",
        ".editorconfig",
        ".dockerignore",
        "CITATION.cff",
        "Containerfile",
    }
    others |= {"constraints-oldest.txt", "nbgrader_course.py", "conftest.py"}
    assert top - listed - others == set()


def test_workspace_is_ignored() -> None:
    """Submissions, marks and the answer key never reach git."""
    paths = ["workspace/gradebook.db", "workspace/keys/x", "workspace-demo/results/x", ".venv/x"]
    for path in paths:
        ignored = subprocess.run(
            ["git", "check-ignore", "-q", path], cwd=ROOT, check=False
        ).returncode
        assert ignored in (0, 128), f"{path} is not ignored"  # 128: not a git checkout


def test_files_are_small() -> None:
    """No tracked file is larger than 5 MB: a clone stays quick, and data come from elsewhere."""
    assert [path.name for path in tracked() if path.stat().st_size > MAX_BYTES] == []


@pytest.mark.parametrize("what", NEVER)
def test_never_committed(what: str) -> None:
    """No tracked file holds the host of a registry, a path of a developer's machine, or a
    secret."""
    found = []
    for path in tracked():
        if path.suffix in BINARY or {"samples", "submissions"} & set(path.parts):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [
            f"{path.relative_to(ROOT)}: {match.group()}" for match in NEVER[what].finditer(text)
        ]
    assert found == []


def test_licence_is_mit() -> None:
    """The code is MIT; the licence says that data have their own."""
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("MIT License")
    assert "data/" in text
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "MIT"


def test_changelog_keeps_its_form() -> None:
    """Keep a Changelog: an Unreleased section, then versions with dates."""
    headings = re.findall(
        r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert headings[0] == "[Unreleased]"
    assert all(
        re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", heading) for heading in headings[1:]
    )


def test_scripts_can_be_run() -> None:
    """.ci/run is executable and names its interpreter."""
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert script.read_text(encoding="utf-8").startswith("#!")


@pytest.mark.parametrize("lab", LABS)
def test_lab_is_complete(lab: str) -> None:
    """Each lab has its source, its answer bank and its released notebook, under its
    id."""
    assert COURSE.source_text(lab).is_file()
    assert COURSE.released(lab).is_file()
    assert COURSE.answers(lab).is_dir()


def test_what_was_made_of_a_lab_goes_with_it() -> None:
    """No notebook and no sample class lies around of a lab that has no folder in solutions/."""
    for name in ("labs", "samples"):
        assert {path.name for path in (ROOT / name).iterdir() if path.is_dir()} <= set(LABS)


def test_labs_holds_notebooks_only() -> None:
    """labs/ is written by `autograder build`: one notebook per lab, no text source beside it."""
    assert [
        path.name
        for path in (ROOT / "labs").rglob("*")
        if path.is_file() and path.suffix != ".ipynb"
    ] == []


@pytest.mark.parametrize("lab", LABS)
def test_release_cannot_bring_solutions_back(lab: str) -> None:
    """A released notebook carries no jupytext key, no outputs and no execution counts."""
    notebook = json.loads(COURSE.released(lab).read_text(encoding="utf-8"))
    assert "jupytext" not in notebook["metadata"]
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


@pytest.mark.parametrize("lab", LABS)
def test_badges_point_to_the_repository(lab: str) -> None:
    """The badges of a lab open this lab, at the address and branch of course.toml."""
    text = COURSE.released(lab).read_text(encoding="utf-8")
    place = f"{COURSE.repository.removeprefix('https://')}"
    slug = place.removeprefix("github.com/")
    assert (
        f"colab.research.google.com/github/{slug}/blob/{COURSE.branch}/labs/{lab}/{lab}.ipynb"
        in text
    )
    assert f"mybinder.org/v2/gh/{slug}/{COURSE.branch}" in text


@pytest.mark.parametrize("package", ["labkit", "autograder"])
def test_packages_are_typed(package: str) -> None:
    """Both packages tell type checkers that they are typed, and every module says what it is."""
    assert (ROOT / package / "py.typed").is_file()
    for path in (ROOT / package).rglob("*.py"):
        assert path.read_text(encoding="utf-8").startswith('"""'), path.relative_to(ROOT)


@pytest.mark.parametrize("package", ["labkit", "autograder"])
def test_modules_are_short(package: str) -> None:
    """No module is longer than 400 lines."""
    long = {
        path.name: len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / package).rglob("*.py")
    }
    assert {name: lines for name, lines in long.items() if lines > 400} == {}


def test_data_have_a_licence_and_a_checksum() -> None:
    """Each folder of data/ says where its files come from and under which licence; every file has
    its sha256."""
    for folder in (path for path in (ROOT / "data").iterdir() if path.is_dir()):
        checksums = (folder / "checksums.toml").read_text(encoding="utf-8")
        notes = [path for path in folder.iterdir() if path.suffix == ".md"]
        assert notes, f"data/{folder.name} has no note on provenance and licence"
        text = " ".join(path.read_text(encoding="utf-8").lower() for path in notes)
        assert "licence" in text or "license" in text or "public domain" in text
        for path in folder.iterdir():
            if path.suffix not in (".md", ".toml"):
                assert path.name in checksums, f"{path.name} has no checksum"


def test_the_table_of_labs_is_current() -> None:
    """README.md lists every lab, as its lab.toml calls it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert with_labs_table(text, COURSE) == text, "run `make labs`"
