"""How much a lab computes: `quick` for graders, `class` for two CPU cores, `full` for a GPU."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

__all__ = ["BUDGETS", "Budget", "choose_budget"]

BUDGETS = ("quick", "class", "full")
"""The names of the budgets, from the least to the most computing."""

VARIABLE = "LABKIT_BUDGET"


class Budget(SimpleNamespace):
    """The settings of the chosen budget as attributes, and its `name`. Read-only."""

    name: str

    def __setattr__(self, key: str, value: object) -> None:
        raise AttributeError(
            f"a budget is read-only; choose another one by {VARIABLE} or choose_budget(name=...)"
        )

    __delattr__ = __setattr__  # type: ignore[assignment]

    # Called for unknown names only; type checkers take it as leave to use any setting.
    def __getattr__(self, key: str) -> Any:
        settings = ", ".join(sorted(vars(self)))
        raise AttributeError(f"the budget has no setting {key!r}; it has {settings}")


def choose_budget(
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    name: str | None = None,
    quiet: bool = False,
) -> Budget:
    """Choose how much the lab computes here, and say so in one line.

        settings = {"quick": {"epochs": 1}, "class": {"epochs": 5}, "full": {"epochs": 20}}
        budget = choose_budget(settings)
        for epoch in range(budget.epochs): ...

    The budget is the first of: `name`, the environment variable LABKIT_BUDGET, "quick" where the
    variable CI is set, "class". The printed line suggests "full" when the machine has a GPU.

    Args:
        settings: for each of "quick", "class" and "full", a mapping from setting to value. All
            three need the same settings. Without it the budget has only its `name`.
        name: a budget to use whatever the environment says.
        quiet: print nothing.

    Returns:
        The budget in force, with its settings as attributes.

    Raises:
        ValueError: for an unknown budget, or settings that are missing in one of them.
    """
    chosen = name or os.environ.get(VARIABLE) or ("quick" if os.environ.get("CI") else "class")
    if chosen not in BUDGETS:
        raise ValueError(f"unknown budget {chosen!r}: expected one of {', '.join(BUDGETS)}")
    values = dict(_checked(settings)[chosen]) if settings is not None else {}
    if not quiet:
        print(_announcement(chosen, values))
    return Budget(**values, name=chosen)


def _checked(settings: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    """The settings, when every budget has the same ones."""
    if set(settings) != set(BUDGETS):
        given = ", ".join(sorted(settings)) or "none"
        raise ValueError(f"settings are needed for {', '.join(BUDGETS)}; got {given}")
    everything = {key for values in settings.values() for key in values}
    for budget, values in settings.items():
        if missing := everything - set(values):
            raise ValueError(f"the budget {budget!r} lacks {', '.join(sorted(missing))}")
    if "name" in everything:
        raise ValueError("'name' is the budget's own name and cannot be a setting")
    return settings


def _announcement(chosen: str, values: Mapping[str, Any]) -> str:
    """The line that is printed: the budget, its settings, and whether a GPU could do more."""
    listed = ", ".join(f"{key} = {value}" for key, value in values.items())
    line = f"Budget: {chosen}" + (f" ({listed})" if listed else "")
    if chosen == "class" and has_gpu():
        advice = f"set the environment variable {VARIABLE}=full to train for longer."
        line += f"\nThis machine has a GPU: {advice}"
    return line


@cache
def has_gpu() -> bool:
    """True when an NVIDIA driver lists a GPU; TensorFlow need not be loaded for that."""
    try:
        listing = subprocess.run(
            ["nvidia-smi", "-L"], capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return listing.returncode == 0 and "GPU" in listing.stdout
