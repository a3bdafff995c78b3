"""The digest of a key: what can change a mark of the lab gives another, and nothing else does."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.authoring import digests
from autograder.authoring.digests import key_digest
from autograder.running.engine import Engine
from autograder.workspace import topics
from autograder.workspace.course import Course, load_course
from tests.classroom import LAB
from tests.tiny import SOURCE

ROOT = Path(__file__).parents[3]
MUSIC, VISION = "lab1_music", "lab2_vision"

Digest = Callable[[str], str]


def digest_of(course: Course) -> str:
    """The digest of the tiny lab's key."""
    return key_digest(course, Engine(course, LAB, level="none").exam)


def append(path: Path, text: str) -> None:
    """Write at the end of a file, which is made if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This repository's course, its data and its labkit at a place where they may be changed."""
    for name in ("solutions", "data", "labkit"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "course.toml", tmp_path)
    monkeypatch.setattr(topics, "labkit_folder", lambda: tmp_path / "labkit")
    return tmp_path


@pytest.fixture
def digest(copied: Path) -> Digest:
    """Lab -> the digest of its key, as the copied course stands now."""

    def read(lab: str) -> str:
        course = load_course(copied)
        return key_digest(course, Engine(course, lab, level="none").exam)

    return read


# --- what changes no key of Lab 1 ---

ELSEWHERE = {
    "a comment in another topic": ("labkit/rl/pong.py", "# a remark\n"),
    "a new file in another topic's data": ("data/rl/new.csv", "a,b\n"),
    "a new topic": ("labkit/weather/__init__.py", '"""Clouds."""\n'),
    "another lab's source": ("solutions/lab2_vision/lab2_vision.py", "\n# %%\nx = 1\n"),
    "another lab's judge": ("solutions/lab2_vision/judges.py", "x = 1\n"),
    "an answer of its own bank": ("solutions/lab1_music/answers/new.py", "x = 1\n"),
    "what its tests measured": ("solutions/lab1_music/measured.json", "{}\n"),
    "a page of the documentation": ("docs/new.md", "# New\n"),
    "a note on its data": ("data/music/README.md", "More words.\n"),
}


@pytest.mark.parametrize("change", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_what_does_not_concern_a_lab_keeps_its_key(
    change: tuple[str, str], copied: Path, digest: Digest
) -> None:
    """Nobody's Lab 1 is graded again because something else in the course has changed."""
    before = digest(MUSIC)
    append(copied / change[0], change[1])
    assert digest(MUSIC) == before


def test_a_new_lab_changes_no_key(copied: Path, digest: Digest) -> None:
    """Another lab can come in mid-term."""
    before, labs = digest(MUSIC), len(load_course(copied).labs)
    shutil.copytree(copied / "solutions" / MUSIC, copied / "solutions" / "lab99_more")
    path = copied / "solutions" / "lab99_more"
    (path / f"{MUSIC}.py").rename(path / "lab99_more.py")
    (path / "lab.toml").write_text('title = "Lab 99"\norder = 99\ntopics = ["rl"]\n')
    assert len(load_course(copied).labs) == labs + 1
    assert digest(MUSIC) == before


def test_what_is_said_about_a_lab_changes_no_key(copied: Path, digest: Digest) -> None:
    """Its title, its place in the course, and the order of its topics decide no mark."""
    before = digest(MUSIC)
    path = copied / "solutions" / MUSIC / "lab.toml"
    settings = 'title = "Tunes"\norder = 9\ntopics = ["keras_tools", "music"]\n'
    path.write_text(settings)
    assert digest(MUSIC) == before


# --- what changes it ---

CONCERNING = {
    "a module of the core": ("labkit/training/seeds.py", "# a remark\n"),
    "a new module of the core": ("labkit/checking/new.py", "x = 1\n"),
    "a module at the top of the core": ("labkit/datasets.py", "# a remark\n"),
    "its topic": ("labkit/music/meter.py", "# a remark\n"),
    "a new file of its topic's data": ("data/music/new.csv", "a,b\n"),
    "its data": ("data/music/oneills_150.abc", "\nX:1\n"),
    "its judge": ("solutions/lab1_music/judges.py", "def judge(value):\n    return True, ''\n"),
}


@pytest.mark.parametrize("change", CONCERNING.values(), ids=CONCERNING.keys())
def test_what_concerns_a_lab_gives_another_key(
    change: tuple[str, str], copied: Path, digest: Digest
) -> None:
    """Whatever can change what the solution reports, or how it is judged, asks for a new key."""
    before = digest(MUSIC)
    append(copied / change[0], change[1])
    assert digest(MUSIC) != before


def test_a_topic_that_a_topic_or_a_judge_imports_counts_too(copied: Path, digest: Digest) -> None:
    """What is reached through another file is as good as listed."""
    before = digest(MUSIC)
    append(copied / "labkit/music/meter.py", "def later():\n    import labkit.rl.pong\n")
    through_topic = digest(MUSIC)
    append(copied / "labkit/rl/pong.py", "# a remark\n")
    changed = digest(MUSIC)
    append(copied / "solutions" / MUSIC / "judges.py", "from labkit.digits import load_digits\n")
    through_judge = digest(MUSIC)
    append(copied / "labkit/digits/loading.py", "# a remark\n")
    assert len({before, through_topic, changed, through_judge, digest(MUSIC)}) == 5


def test_the_version_of_a_library_counts_where_it_is_imported(
    digest: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the exam, by a topic, or by every value that is reported; and nowhere else."""
    real = digests._version

    def with_another(name: str) -> tuple[str, str]:
        monkeypatch.setattr(digests, "_version", lambda n: "99.0" if n == name else real(n))
        return digest(MUSIC), digest(VISION)

    before = digest(MUSIC), digest(VISION)
    changed = {
        name: [a != b for a, b in zip(with_another(name), before, strict=True)]
        for name in (
            "tensorflow",
            "numpy",
            "verovio",
            "opencv-python-headless",
            "gymnasium",
            "rich",
        )
    }
    assert changed == {
        "tensorflow": [True, True],
        "numpy": [True, True],
        "verovio": [True, False],  # imported by labkit.music
        "opencv-python-headless": [False, True],
        "gymnasium": [False, False],
        "rich": [False, False],
    }


def test_source_data_and_judges_are_part_of_the_digest(tiny: Course) -> None:
    """A changed solution, hidden test, data file or trusted function asks for a new key, in the
    same process too."""
    seen = [digest_of(tiny)]
    table, judges = tiny.data / "music" / "tunes.csv", tiny.private(LAB) / "judges.py"
    changes: list[tuple[Path, str]] = [
        (tiny.source_text(LAB), SOURCE.replace("* 2.0", "+ np.asarray(x)")),
        (tiny.source_text(LAB), SOURCE.replace("rtol=1e-6", "rtol=1e-5")),
        (table, "a,b\n"),
        (table, "a,c\n"),
        (judges, "def judge(value):\n    return True, ''\n"),
        (judges, "def judge(value):\n    return False, ''\n"),
    ]
    for path, text in changes:
        path.write_text(text)
        seen.append(digest_of(tiny))
    assert len(set(seen)) == len(seen)
    (tiny.data / "music" / "README.md").write_text("Where it comes from.")
    assert digest_of(tiny) == seen[-1]


def test_another_python_gives_another_key(tiny: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of Python can give other values."""
    before = digest_of(tiny)
    monkeypatch.setattr(digests.platform, "python_version", lambda: "3.99.0")
    assert digest_of(tiny) != before


def test_a_numpy_lab_does_not_depend_on_tensorflow(
    tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another TensorFlow regrades nobody who never used it."""
    before, real = digest_of(tiny), digests._version
    for name, same in (("tensorflow", True), ("keras", True), ("numpy", False)):
        monkeypatch.setattr(
            digests, "_version", lambda n, changed=name: "99.0" if n == changed else real(n)
        )
        assert (digest_of(tiny) == before) == same, name
