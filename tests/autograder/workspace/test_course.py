"""``course.toml`` is read once and checked whole: what is wrong is named with the file and the
value."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.model.errors import ContentError, UsageError
from autograder.workspace.course import Limits, find_course, load_course

GOOD = """
[course]
id = "small"
name = "Small course"
repository = "https://github.com/example/small"

[[labs]]
id = "one"
title = "Lab one"

[[labs]]
id = "two"
title = "Lab two"
limits = { todo_seconds = 5 }

[limits]
todo_seconds = 12.5
memory_mb = 500
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "course.toml").write_text(GOOD)
    return tmp_path


def test_everything_is_read(folder: Path) -> None:
    """Names, paths and labs stand in the course as the file names them."""
    course = load_course(folder)
    assert (course.id, course.name, course.branch, course.warm) == (
        "small",
        "Small course",
        "main",
        (),
    )
    assert [lab.title for lab in course.labs] == ["Lab one", "Lab two"]
    assert course.workspace == (folder / "workspace").resolve()
    assert course.released("one") == folder / "labs" / "one" / "one.ipynb"
    assert course.source_text("one") == folder / "solutions" / "one" / "one.py"
    assert course.answers("one") == folder / "solutions" / "one" / "answers"


def test_limits_go_from_the_package_to_the_course_to_the_lab(folder: Path) -> None:
    """A lab's limit overrides the course's, the course's overrides the default."""
    one, two = load_course(folder).labs
    assert (one.limits.todo_seconds, two.limits.todo_seconds) == (12.5, 5)
    assert one.limits.memory_mb == two.limits.memory_mb == 500
    assert one.limits.open_files == Limits().open_files


def test_the_course_is_found_from_below(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command typed anywhere inside the course finds it; outside, the error says what to do."""
    deep = folder / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert find_course() == folder.resolve()
    assert load_course().root == folder.resolve()
    monkeypatch.chdir("/")
    with pytest.raises(UsageError, match="--course FOLDER"):
        load_course()


def test_the_environment_names_course_and_workspace(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """$AUTOGRADER_COURSE and $AUTOGRADER_WORKSPACE stand in for the options, which win."""
    monkeypatch.chdir("/")
    monkeypatch.setenv("AUTOGRADER_COURSE", str(folder))
    monkeypatch.setenv("AUTOGRADER_WORKSPACE", str(tmp_path / "elsewhere"))
    assert load_course().workspace == (tmp_path / "elsewhere").resolve()
    assert load_course(workspace=tmp_path / "third").workspace == (tmp_path / "third").resolve()


def test_a_named_folder_that_does_not_exist_is_not_searched_above(folder: Path) -> None:
    """A typing error in --course must not silently take the course around it."""
    with pytest.raises(UsageError, match="There is no folder"):
        load_course(folder / "missing")


def test_an_unknown_lab_is_answered_with_the_nearest(folder: Path) -> None:
    """The message offers a name that exists."""
    with pytest.raises(UsageError, match=r'There is no lab "tow"\. Did you mean "two"\?'):
        load_course(folder).lab("tow")
    with pytest.raises(UsageError, match="Known: one, two"):
        load_course(folder).lab("xyzxyz")


BROKEN = {
    "not TOML": ("[course", "not valid TOML"),
    "no course section": ("[course]\n", "[corse]\n", "needs a [course] section"),
    "course is a number": (GOOD, "course = 1\n", "needs a [course] section"),
    "no labs": ("[[labs]]", "[[lobs]]", "at least one [[labs]]"),
    "labs is a table": (
        GOOD,
        GOOD.split("[[labs]]")[0] + '[labs]\nid = "one"\n',
        "at least one [[labs]]",
    ),
    "an empty name": ('name = "Small course"', 'name = ""', '"name" must be a text'),
    "a title that is a number": ('title = "Lab one"', "title = 1", '"title" must be a text, not 1'),
    "a branch that is a number": (
        'name = "Small',
        'branch = 3\nname = "Small',
        '"branch" must be a text, not 3',
    ),
    "a lab without id": ('id = "one"\n', "", '"id" must be a text, not None'),
    "an id that leaves its folder": ('id = "one"', 'id = "../one"', 'an "id" must match'),
    "an id with a space": ('id = "one"', 'id = "lab one"', 'an "id" must match'),
    "one id twice": ('id = "two"', 'id = "one"', "two labs have the same id"),
    "an unknown limit": (
        "memory_mb",
        "memory_md",
        'unknown limit "memory_md". Did you mean "memory_mb"?',
    ),
    "an unknown limit of a lab": (
        "{ todo_seconds",
        "{ todo_second",
        'Did you mean "todo_seconds"?',
    ),
    "a negative limit": ("12.5", "-1", 'limit "todo_seconds" must be a positive number, not -1'),
    "a limit that is no number": (
        "12.5",
        "nan",
        'limit "todo_seconds" must be a positive number, not nan',
    ),
    "a limit without end": (
        "12.5",
        "inf",
        'limit "todo_seconds" must be a positive number, not inf',
    ),
    "a limit that is a text": ("12.5", '"long"', "must be a positive number, not 'long'"),
    "limits that are a number": (
        "limits = { todo_seconds = 5 }",
        "limits = 5",
        "needs a [limits] section",
    ),
    "grading that is a list": (GOOD, "grading = []\n" + GOOD, "needs a [grading] section"),
    "warm that is a text": (
        GOOD,
        GOOD + '[grading]\nwarm = "numpy"\n',
        '"warm" must be a list of texts',
    ),
}


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_one_sentence_that_names_it(folder: Path, case: tuple[str, ...]) -> None:
    """Wrong TOML, wrong types and wrong names: ContentError with the file's name and what is
    wrong."""
    *change, message = case
    text = GOOD.replace(change[0], change[1]) if len(change) == 2 else change[0]
    assert text != GOOD
    (folder / "course.toml").write_text(text)
    with pytest.raises(ContentError) as caught:
        load_course(folder)
    assert message in str(caught.value)
    assert "course.toml" in str(caught.value)
    assert "\n" not in str(caught.value).split("TOML:")[0]


def test_a_file_in_another_encoding_is_refused(folder: Path) -> None:
    """UTF-16 is not guessed at."""
    (folder / "course.toml").write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(ContentError, match="cannot be read"):
        load_course(folder)
