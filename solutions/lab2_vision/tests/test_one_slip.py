"""Lab 2: one slip costs the cases that are about it, not the whole TODO."""

from __future__ import annotations

import pytest

from autograder.quality.bank import check_bank, read_bank
from autograder.running.engine import Engine
from autograder.workspace.course import load_course

KEPT = {
    "fit_digits/wrong_dictionary": 0.75,
    "fit_digits/wrong_no_seed": 0.75,
    "predict_digits/wrong_logits": 0.55,
    "predict_digits/wrong_no_softmax": 0.55,
    "predict_digits/wrong_overflow": 0.85,
    "digits_step/wrong_returns_numpy": 0.85,
    "digits_step/wrong_not_training": 0.85,
    "group_accuracy/wrong_no_name": 0.8,
    "vae_loss/wrong_column": 0.8,
    "debiasing_loss/wrong_class_shape": 0.9,
    "debiasing_loss/wrong_not_reduced": 0.9,
    "db_vae/wrong_variance": 0.85,
    "db_vae/wrong_predict_training": 0.75,
    "debiasing_step/wrong_returns_numpy": 0.85,
}
"""The fraction of a TODO's points that each of these answers keeps, at least."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_one_slip_costs_one_case():
    """The commonest slips lose something, and keep what the other cases are worth."""
    engine = Engine(load_course(), "lab2_vision", level="none")
    bank = read_bank(engine)
    trials = check_bank(engine, [bank.answer(name) for name in KEPT])
    points = {name: todo.points for name, todo in engine.exam.todos.items()}
    kept = {trial.entry.name: trial.points / points[trial.entry.todo] for trial in trials}
    assert kept.keys() == KEPT.keys()
    assert {name: share for name, share in kept.items() if share < KEPT[name] - 0.01} == {}
    assert {name: share for name, share in kept.items() if share == 1} == {}
