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
VARIABLE = "LABKIT_BUDGET"


class Budget(SimpleNamespace):
    """The settings of the chosen budget as attributes, and its `name`. Read-only."""

    name: str

    def __setattr__(self, key: str, value: object) -> None:
        raise AttributeError(
            f"a budget is read-only; choose another one by {VARIABLE} or choose_budget(name=...)"
        )

    __delattr__ = __setattr__  # type: ignore[assignment]

    def __getattr__(
        self, key: str
    ) -> Any:  # for type checkers, and an error that lists what there is
        raise AttributeError(
            f"the budget has no setting {key!r}; it has {', '.join(sorted(vars(self)))}"
        )


def choose_budget(
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    name: str | None = None,
    quiet: bool = False,
) -> Budget:
    """The budget in force, with its settings as attributes: `budget = choose_budget({...});
    budget.epochs`.

    The name is the first of: `name`, the environment variable LABKIT_BUDGET, "quick" where the
    variable CI is set, "class". Prints one line saying which budget is in force, unless `quiet`,
    and suggests "full" when the machine has a GPU.

    Args:
        settings: for each of "quick", "class" and "full", a mapping from setting to value. All
            three need the same settings. Without it the budget has only its `name`.

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
    if set(settings) != set(BUDGETS):
        raise ValueError(
            f"settings are needed for {', '.join(BUDGETS)}; got {', '.join(sorted(settings)) or 'none'}"
        )
    everything = {key for values in settings.values() for key in values}
    for budget, values in settings.items():
        if missing := everything - set(values):
            raise ValueError(f"the budget {budget!r} lacks {', '.join(sorted(missing))}")
    if "name" in everything:
        raise ValueError("'name' is the budget's own name and cannot be a setting")
    return settings


def _announcement(chosen: str, values: Mapping[str, Any]) -> str:
    listed = ", ".join(f"{key} = {value}" for key, value in values.items())
    line = f"Budget: {chosen}" + (f" ({listed})" if listed else "")
    if chosen == "class" and has_gpu():
        line += f"\nThis machine has a GPU: set the environment variable {VARIABLE}=full to train for longer."
    return line


@cache
def has_gpu() -> bool:
    """True when an NVIDIA driver lists a GPU. Asks the driver, so that TensorFlow need not be
    loaded."""
    try:
        listing = subprocess.run(
            ["nvidia-smi", "-L"], capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return listing.returncode == 0 and "GPU" in listing.stdout
