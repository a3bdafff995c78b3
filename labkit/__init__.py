"""The student library of the labs: checks, datasets, music, plots, budgets and seeds.

`import labkit` is cheap: it loads neither TensorFlow nor Matplotlib nor music21. Every public name is loaded with
its module when it is first used.
"""

from __future__ import annotations

import importlib
from typing import Any

_MODULE_OF = {
    "Check": "checks",
    "CheckFailed": "checks",
    "check": "checks",
    "when_done": "when",
}

__all__ = sorted(_MODULE_OF)


def __getattr__(name: str) -> Any:
    """Loads the module behind a public name, or a submodule, on first use."""
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
