"""``course.toml`` and each ``lab.toml`` are read once and checked whole.

What is wrong is named with the file and the value.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.model.errors import ContentError, UsageError
from autograder.workspace.course import Limits, find_course, load_course

GOOD = """
[course]
id = "small"
name = "Small course"
repository = "https://github.com/example/small"

[limits]
todo_seconds = 12.5
memory_mb = 500
"""

ONE = """
title = "Lab one"
order = 1
topics = ["music", "rl"]
preload = ["scipy", "labkit.music:load_tunes()"]
"""

TWO = """
title = "Lab two"
order = 2
limits = { todo_seconds = 5 }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "course.toml").write_text(GOOD)
    # written in the other order: what counts is what the files say
    for lab, text in (("two", TWO), ("one", ONE)):
        write_lab(tmp_path, lab, text)
    return tmp_path


def write_lab(root: Path, lab: str, text: str) -> None:
    """Write the ``lab.toml`` of one lab."""
    path = root / "solutions" / lab / "lab.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_everything_is_read(folder: Path) -> None:
    """Names, paths and labs stand in the course as the file names them."""
    course = load_course(folder)
    assert (course.id, course.name, course.branch) == ("small", "Small course", "main")
    one, two = course.labs
    assert (one.id, one.title, one.order) == ("one", "Lab one", 1)
    assert (one.topics, one.preload) == (("music", "rl"), ("scipy", "labkit.music:load_tunes()"))
    assert (two.id, two.topics, two.preload) == ("two", (), ())
    assert course.workspace == (folder / "workspace").resolve()
    assert course.released("one") == folder / "labs" / "one" / "one.ipynb"
    assert course.source_text("one") == folder / "solutions" / "one" / "one.py"
    assert course.answers("one") == folder / "solutions" / "one" / "answers"
    assert course.samples("one") == folder / "samples" / "one"


def test_a_lab_is_a_folder_with_a_lab_file(folder: Path) -> None:
    """A lab comes and goes with its folder; what editors and Python leave behind is no lab."""
    write_lab(folder, "zero", 'title = "Lab zero"\norder = 0\n')
    for name in ("__pycache__", ".ipynb_checkpoints"):
        (folder / "solutions" / name).mkdir()
    (folder / "solutions" / "notes.txt").write_text("a file")
    assert [lab.id for lab in load_course(folder).labs] == ["zero", "one", "two"]
    shutil.rmtree(folder / "solutions" / "zero")
    assert [lab.id for lab in load_course(folder).labs] == ["one", "two"]


def test_a_lab_reads_the_data_of_its_topics(folder: Path) -> None:
    """A topic without data adds no folder."""
    (folder / "data" / "music").mkdir(parents=True)
    (folder / "data" / "faces").mkdir()
    course = load_course(folder)
    assert course.data_of("one") == (folder / "data" / "music",)
    assert course.data_of("two") == ()


def test_a_course_without_labs_says_how_to_write_one(folder: Path) -> None:
    """It can be loaded, so that its first lab can be written; nothing else works on it."""
    shutil.rmtree(folder / "solutions")
    course = load_course(folder)
    with pytest.raises(UsageError, match="`autograder new-lab ID` writes one"):
        course.chosen()
    with pytest.raises(UsageError, match=r'There is no lab "one"\. .*`autograder new-lab ID`'):
        course.chosen(["one"])


def test_every_lab_is_chosen_or_those_that_are_named(folder: Path) -> None:
    """In the order in which they are named."""
    course = load_course(folder)
    assert [lab.id for lab in course.chosen()] == ["one", "two"]
    assert [lab.id for lab in course.chosen(["two", "one"])] == ["two", "one"]


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
    "no course section": ("[course]\n", "[corse]\n", 'unknown key "corse". Did you mean "course"?'),
    "nothing at all": ("\n", "needs a [course] section"),
    "course is a number": (GOOD, "course = 1\n", "needs a [course] section"),
    "an empty name": ('name = "Small course"', 'name = ""', '"name" must be a text'),
    "a branch that is a number": (
        'name = "Small',
        'branch = 3\nname = "Small',
        '"branch" must be a text, not 3',
    ),
    "an unknown key": ("repository =", "repositry =", 'Did you mean "repository"?'),
    "a course without id": ('id = "small"\n', "", '"id" must be a text, not None'),
    "an id with a space": ('id = "small"', 'id = "small course"', 'an "id" must match'),
    "an unknown limit": (
        "memory_mb",
        "memory_md",
        'unknown limit "memory_md". Did you mean "memory_mb"?',
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
    "labs of an older version": (
        GOOD,
        GOOD + '[[labs]]\nid = "one"\ntitle = "Lab one"\n',
        "each says its title, order, topics and limits in its own solutions/ID/lab.toml",
    ),
    "warm of an older version": (
        GOOD,
        GOOD + '[grading]\nwarm = ["numpy"]\n',
        "`preload` in solutions/ID/lab.toml",
    ),
}

BROKEN_LABS = {
    "not TOML": ("title", "not valid TOML"),
    "no title": ('title = "Lab two"\n', "", '"title" must be a text, not None'),
    "a title that is a number": ('title = "Lab two"', "title = 1", '"title" must be a text, not 1'),
    "no order": ("order = 2\n", "", '"order" must be a whole number, not None'),
    "an order that is a text": ("order = 2", 'order = "2"', "must be a whole number, not '2'"),
    "an order that is no number": ("order = 2", "order = true", "must be a whole number, not True"),
    "an order below 0": ("order = 2", "order = -2", "must be a whole number, not -2"),
    "one order twice": ("order = 2", "order = 1", '"order" is 1, as in one'),
    "an unknown key": ("order = 2", "order = 2\ntopic = []", 'Did you mean "topics"?'),
    "topics that are a text": (
        "order = 2",
        'order = 2\ntopics = "music"',
        '"topics" must be a list of texts',
    ),
    "an unknown topic": (
        "order = 2",
        'order = 2\ntopics = ["musik"]',
        'labkit has no topic "musik". Did you mean "music"?',
    ),
    "the core as a topic": (
        "order = 2",
        'order = 2\ntopics = ["training"]',
        'labkit has no topic "training"',
    ),
    "preload that is a text": (
        "order = 2",
        'order = 2\npreload = "scipy"',
        '"preload" must be a list of texts',
    ),
    "an unknown limit": ("{ todo_seconds", "{ todo_second", 'Did you mean "todo_seconds"?'),
    "limits that are a number": (
        "limits = { todo_seconds = 5 }",
        "limits = 5",
        "needs a [limits] section",
    ),
}


def changed(good: str, change: list[str]) -> str:
    """``good`` with one text replaced by another, or another text in its place."""
    text = good.replace(change[0], change[1]) if len(change) == 2 else change[0]
    assert text != good
    return text


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_one_sentence_that_names_it(folder: Path, case: tuple[str, ...]) -> None:
    """Wrong TOML, wrong types and wrong names: ContentError with the file's name and what is
    wrong."""
    *change, message = case
    (folder / "course.toml").write_text(changed(GOOD, change))
    with pytest.raises(ContentError) as caught:
        load_course(folder)
    assert message in str(caught.value)
    assert "course.toml" in str(caught.value)
    assert "\n" not in str(caught.value).split("TOML:")[0]


@pytest.mark.parametrize("case", BROKEN_LABS.values(), ids=BROKEN_LABS.keys())
def test_a_broken_lab_is_one_sentence_that_names_it(folder: Path, case: tuple[str, ...]) -> None:
    """The same for the file of a lab."""
    *change, message = case
    write_lab(folder, "two", changed(TWO, change))
    with pytest.raises(ContentError) as caught:
        load_course(folder)
    assert message in str(caught.value)
    assert "solutions/two/lab.toml" in str(caught.value)
    assert "\n" not in str(caught.value).split("TOML:")[0]


def test_a_folder_of_solutions_without_its_file_is_named(folder: Path) -> None:
    """A lab is not left out silently because its file was forgotten."""
    (folder / "solutions" / "three").mkdir()
    with pytest.raises(ContentError, match=r"solutions/three/lab\.toml does not exist"):
        load_course(folder)


def test_a_folder_that_cannot_name_a_lab_is_refused(folder: Path) -> None:
    """Its name becomes a file's name, an nbgrader name and a part of an address."""
    write_lab(folder, "lab three", TWO.replace("2", "3"))
    with pytest.raises(ContentError, match=r"an \"id\" must match .* not 'lab three'"):
        load_course(folder)


def test_a_file_in_another_encoding_is_refused(folder: Path) -> None:
    """UTF-16 is not guessed at."""
    (folder / "course.toml").write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(ContentError, match="cannot be read"):
        load_course(folder)
