"""Lab 3, whole: the grader proved on it, its judge, and the solution notebook run from the first cell to the last."""

from __future__ import annotations

import importlib.util
import os
from types import ModuleType

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from autograder.course import Course, load_course
from autograder.examine.engine import Engine
from autograder.verify import verify

LAB = "lab3_rl"


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    """The real course, in a workspace of its own."""
    return load_course(workspace=tmp_path_factory.mktemp("workspace"))


@pytest.fixture(scope="module")
def judges(course) -> ModuleType:
    """The trusted code beside the solution."""
    path = course.root / "solutions" / LAB / "judges.py"
    spec = importlib.util.spec_from_file_location("lab3_judges", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tabulated(judges: ModuleType, log_odds) -> np.ndarray:
    """The table of a policy given by its log-odds of pushing right, as the hidden test reports it."""
    points = np.stack(np.meshgrid(*judges.grid_axes(), indexing="ij"), axis=-1).reshape(-1, 4)
    return 1 / (1 + np.exp(-np.clip(log_odds(points), -30, 30)))


def balance(x: np.ndarray) -> np.ndarray:
    """A good policy, by hand: lean against the pole's fall, and drift back to the middle."""
    return 40 * (0.1 * x[:, 0] + 0.3 * x[:, 1] + 3.0 * x[:, 2] + 1.0 * x[:, 3])


def test_the_judge_tells_good_policies_from_bad_ones(judges):
    """A policy that balances passes; random, constant and inverted ones do not."""
    bars = {"at_least": 350, "episodes": 40, "seed": 5}
    assert judges.balances(tabulated(judges, balance), **bars)[0]
    for bad in (lambda x: 0 * x[:, 0], lambda x: 0 * x[:, 0] + 9, lambda x: -balance(x)):
        passed, message = judges.balances(tabulated(judges, bad), **bars)
        assert not passed
        assert "steps on average" in message


def test_a_table_costs_a_good_policy_nothing(judges):
    """Played from its table, a policy lives about as long as the policy itself."""
    from labkit.cartpole import play_cartpole

    table = tabulated(judges, balance).reshape((judges.POINTS,) * 4)
    itself = play_cartpole(lambda x: np.stack([0 * x[:, 0], balance(x)], axis=1), 40, seed=8).mean()
    assert play_cartpole(judges.table_player(table), 40, seed=8).mean() >= 0.95 * itself


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        0.5,
        np.zeros(5),
        np.full(13**4, np.nan),
        np.full(13**4, 1.5),
        np.zeros((13, 13, 13, 13)),
        [[1], [2, 3]],
    ],
    ids=["nothing", "text", "a number", "short", "nan", "above 1", "shape", "ragged"],
)
def test_the_judge_survives_strange_values(judges, value):
    """What is no table of probabilities fails with a message, or by an exception that the grader catches."""
    try:
        passed, message = judges.balances(value, at_least=1, episodes=2, seed=0)
    except (TypeError, ValueError):
        return
    assert not passed
    assert message


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_grader_of_the_lab_is_right(course):
    """Solution full, blank 0, release tight and current, bank behaves, mutants caught: `autograder verify` is green."""
    verified = verify(course, LAB)
    assert verified.ok, [(check.check, check.problems or check.detail) for check in verified.checks if not check.ok]


@pytest.fixture(scope="module")
def filled(course):
    """The notebook of a student who has done everything, run at `quick` in an ordinary kernel, all cells."""
    engine = Engine(course, LAB, level="none")
    notebook = nbformat.read(course.released(LAB), as_version=4)
    for cell in notebook.cells:
        if cell.id in engine.exam.todos:
            cell.source = engine.exam.todos[cell.id].reference
    before = dict(os.environ)
    os.environ |= {"LABKIT_BUDGET": "quick", "LABKIT_PLAIN": "1"}
    try:
        return NotebookClient(notebook, timeout=900, kernel_name="python3").execute()
    finally:
        os.environ.clear()
        os.environ.update(before)


def outputs(notebook, mime: str) -> list[str]:
    """Everything of one MIME type that the cells put out."""
    found = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return ["".join(output["data"][mime]) for output in found if mime in output.get("data", {})]


def printed(notebook) -> str:
    found = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return "".join(output["text"] for output in found if output.output_type == "stream" and output.name == "stdout")


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_check_of_the_filled_notebook_passes(filled):
    """A right answer turns every public check to ✓, and no cell waits for anything."""
    text = printed(filled)
    assert text.count("✓") >= 15
    assert "✗" not in text
    assert "not attempted" not in text
    assert "waits for" not in text


@pytest.mark.slow
def test_films_play_in_the_page(filled):
    """Four films stand in the page itself: Cart-Pole and Pong, before and after training."""
    pages = outputs(filled, "text/html")
    films = [page for page in pages if "data:video/webm;base64," in page or "data:image/webp;base64," in page]
    assert len(films) == 4


@pytest.mark.slow
def test_every_picture_has_words(filled):
    """No picture or film is put out without alternative text."""
    for page in outputs(filled, "text/html"):
        assert page.count("<img") <= page.count("alt=")
        assert page.count("<video") <= page.count("aria-label=")
    assert not outputs(filled, "image/png")
