"""Values that the lab's own trusted code judges: ``solutions/L/judges.py``."""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.judging.decoding import decode
from autograder.judging.values import Verdict
from autograder.model.errors import ContentError

__all__ = ["judge_by_trusted_code"]


def judge_by_trusted_code(
    label: str, comparator: dict[str, Any], got: Any, trusted: Path | None
) -> Verdict:
    """Judge ``got`` by the function that the comparator names, in the folder ``trusted``.

    Raises:
        ContentError: if there is no such function.
    """
    module_name, _, function_name = comparator["function"].partition(":")
    if trusted is None or not (trusted / f"{module_name}.py").is_file():
        raise ContentError(
            f'The key asks for "{comparator["function"]}", but there is no such trusted code.'
        )
    path = trusted / f"{module_name}.py"
    try:
        function = getattr(_load(path, path.stat().st_mtime_ns), function_name)
    except Exception as error:
        raise ContentError(
            f'The trusted code "{comparator["function"]}" cannot be loaded: {error}'
        ) from error
    try:
        passed, message = function(got, **decode(comparator["parameters"]))
        return Verdict(bool(passed), "" if passed else str(message))
    except Exception as error:  # a strange value must cost its case only
        return Verdict(False, f'"{label}" could not be evaluated ({type(error).__name__}).')


@lru_cache(maxsize=8)
def _load(path: Path, changed: int) -> ModuleType:
    """The module at ``path``; ``changed`` is its time of change, so that a new version is read
    anew."""
    spec = importlib.util.spec_from_file_location(f"trusted_{path.parent.name}_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
