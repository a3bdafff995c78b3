"""How much a lab computes is chosen by one call."""

from __future__ import annotations

import pytest

from labkit.training import budgets
from labkit.training.budgets import choose_budget

SETTINGS = {
    name: {"steps": steps, "units": 8}
    for name, steps in (("quick", 1), ("class", 20), ("full", 300))
}


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    for variable in ("LABKIT_BUDGET", "CI"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(budgets, "has_gpu", lambda: False)


def test_the_default_is_class(capsys):
    """Without any choice a student gets `class`, and one line that says so."""
    budget = choose_budget(SETTINGS)
    assert (budget.name, budget.steps, budget.units) == ("class", 20, 8)
    assert capsys.readouterr().out == "Budget: class (steps = 20, units = 8)\n"


def test_environment_and_argument(monkeypatch):
    """CI means quick, LABKIT_BUDGET overrides it, the argument overrides both."""
    monkeypatch.setenv("CI", "true")
    assert choose_budget(SETTINGS, quiet=True).name == "quick"
    monkeypatch.setenv("LABKIT_BUDGET", "full")
    assert choose_budget(SETTINGS, quiet=True).steps == 300
    assert choose_budget(SETTINGS, name="class", quiet=True).steps == 20


def test_a_gpu_is_an_offer(monkeypatch, capsys):
    """With a GPU the budget stays, and `full` is suggested."""
    monkeypatch.setattr(budgets, "has_gpu", lambda: True)
    assert choose_budget(SETTINGS).name == "class"
    assert "LABKIT_BUDGET=full" in capsys.readouterr().out


def test_a_budget_is_read_only():
    """Cells cannot edit a budget by accident; an unknown setting is answered with the known
    ones."""
    budget = choose_budget(SETTINGS, quiet=True)
    with pytest.raises(AttributeError, match="read-only"):
        budget.steps = 5
    with pytest.raises(AttributeError, match="it has name, steps, units"):
        _ = budget.epochs


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"quick": {}}, "settings are needed for quick, class, full; got quick"),
        ({**SETTINGS, "full": {"steps": 1}}, "'full' lacks units"),
        ({name: {"name": 1} for name in SETTINGS}, "cannot be a setting"),
    ],
)
def test_incomplete_settings_are_refused(settings, words):
    """Every budget needs the same settings, or a lab would break only on some machines."""
    with pytest.raises(ValueError, match=words):
        choose_budget(settings)


def test_an_unknown_budget_lists_the_known(monkeypatch):
    """A typing error in the environment is named."""
    monkeypatch.setenv("LABKIT_BUDGET", "ful")
    with pytest.raises(ValueError, match="'ful': expected one of quick, class, full"):
        choose_budget(SETTINGS)
