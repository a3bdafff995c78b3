"""The judge: expected value and comparator (from the key) against a reported value. Runs no student
code.

A pass needs positive evidence. Messages name labels, shapes and kinds; they never tell an expected
value.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from autograder.judging.decoding import Other, decode
from autograder.model.errors import ContentError

__all__ = ["Verdict", "compare"]


@dataclass(frozen=True)
class Verdict:
    """Whether a value is accepted, and what a student reads when it is not."""

    passed: bool
    message: str = ""


PASSED = Verdict(True)

MAX_SHOWN_AXES = 6
"""A message shows shapes up to this rank; more would let a process write numbers of its own into
it."""

MIN_EXPECTED = 5
"""Chi-square is trusted for outcomes that are expected at least so often."""

READABLE_KINDS = frozenset(
    ["set", "dict_keys", "dict_values", "generator", "map", "filter", "zip", "function", "type"]
)
"""Names of types that a message may repeat; any other name was made by the student's process and
stays there."""


def compare(
    label: str, comparator: dict[str, Any], expected: Any, got: Any, trusted: Path | None = None
) -> Verdict:
    """Judge ``got`` by ``comparator``.

    ``trusted`` is the folder that holds the lab's ``judges.py``, needed by ``evaluate`` only.
    Raises
    :class:`ContentError` for a comparator that this judge does not know.
    """
    kind = comparator.get("compare")
    judge = _JUDGES.get(str(kind))
    if judge is None:
        raise ContentError(f'The key asks for an unknown comparator "{kind}".')
    if kind == "evaluate":
        return _evaluate(label, comparator, got, trusted)
    return judge(f'"{label}"', comparator, expected, got)


def _tree(name: str, comparator: dict[str, Any], expected: Any, got: Any) -> Verdict:
    """Containers element by element; at the leaves ``close``, ``equal``, or (``auto``) what fits
    the expected value.

    What is no number (a text, None) can only be equal, whatever the comparator.
    """
    if isinstance(expected, dict):
        return _dict(name, comparator, expected, got)
    if isinstance(expected, list) and not _is_numeric(expected):
        return _list(name, comparator, expected, got)
    kind = comparator["compare"]
    if kind == "auto":
        kind = (
            "close"
            if _is_numeric(expected) and np.asarray(expected).dtype.kind in "fc"
            else "equal"
        )
    close = kind == "close" and _is_numeric(expected)
    return _close(name, comparator, expected, got) if close else _equal(name, expected, got)


def _dict(name: str, comparator: dict[str, Any], expected: dict[str, Any], got: Any) -> Verdict:
    if not isinstance(got, dict):
        return Verdict(False, f"{name} should be a dictionary, but is {_kind(got)}.")
    missing, extra = sorted(expected.keys() - got.keys()), sorted(got.keys() - expected.keys())
    if missing or extra:
        return Verdict(False, f"{name} does not have the keys it should have ({len(got)} of them).")
    return _first_failure(
        _tree(f"{name}, key {key!r}", comparator, expected[key], got[key]) for key in expected
    )


def _list(name: str, comparator: dict[str, Any], expected: list[Any], got: Any) -> Verdict:
    if isinstance(got, np.ndarray) and got.shape == (0,):
        got = []
    if not isinstance(got, list):
        return Verdict(False, f"{name} should be a list or tuple, but is {_kind(got)}.")
    if len(got) != len(expected):
        return Verdict(False, f"{name} should have {len(expected)} elements, but has {len(got)}.")
    pairs = enumerate(zip(expected, got, strict=True))
    return _first_failure(
        _tree(f"{name}, element {i}", comparator, want, have) for i, (want, have) in pairs
    )


def _first_failure(verdicts: Any) -> Verdict:
    return next((verdict for verdict in verdicts if not verdict.passed), PASSED)


def _close(name: str, comparator: dict[str, Any], expected: Any, got: Any) -> Verdict:
    array, problem = _numbers(name, got, np.shape(expected))
    if problem:
        return problem
    want = np.asarray(expected)
    wide = complex if want.dtype.kind == "c" else float
    if array.dtype.kind == "c" and wide is float:
        return Verdict(False, f"{name} should hold real numbers, but is {_kind(array)}.")
    want, have = want.astype(wide), array.astype(wide)
    if np.isnan(have).any() and not np.isnan(want).any():
        return Verdict(
            False, f"{name} contains NaN (not a number): look for 0/0, log(0) or an overflow."
        )
    right = np.isclose(have, want, rtol=comparator["rtol"], atol=comparator["atol"], equal_nan=True)
    return PASSED if right.all() else Verdict(False, _wrong_values(name, right))


def _equal(name: str, expected: Any, got: Any) -> Verdict:
    if isinstance(expected, str):
        if not isinstance(got, str):
            return Verdict(False, f"{name} should be a text, but is {_kind(got)}.")
        return PASSED if got == expected else Verdict(False, _wrong_text(name, expected, got))
    if isinstance(expected, bool) and not isinstance(_scalar(got), bool):
        return Verdict(False, f"{name} should be a truth value, but is {_kind(got)}.")
    if not _is_numeric(expected):
        same = type(_scalar(got)) is type(expected) and _scalar(got) == expected
        return PASSED if same else Verdict(False, f"{name} is not what it should be.")
    array, problem = _numbers(name, got, np.shape(expected))
    if problem:
        return problem
    right = np.asarray(array == np.asarray(expected))
    return PASSED if right.all() else Verdict(False, _wrong_values(name, right))


def _at_least(name: str, comparator: dict[str, Any], expected: Any, got: Any) -> Verdict:
    return _limit(name, got, lambda values: values >= comparator["limit"], "too small")


def _at_most(name: str, comparator: dict[str, Any], expected: Any, got: Any) -> Verdict:
    return _limit(name, got, lambda values: values <= comparator["limit"], "too large")


def _limit(name: str, got: Any, holds: Callable[[np.ndarray], Any], wrong: str) -> Verdict:
    if not _is_numeric(got) or np.size(got) == 0 or np.asarray(got).dtype.kind == "c":
        return Verdict(False, f"{name} should hold real numbers, but is {_kind(got)}.")
    values = np.asarray(got, float)
    if not np.isfinite(values).all():
        return Verdict(False, f"{name} is not finite.")
    return PASSED if np.all(holds(values)) else Verdict(False, f"{name} is {wrong}.")


def _accuracy(name: str, comparator: dict[str, Any], expected: Any, got: Any) -> Verdict:
    labels = np.asarray(decode(comparator["labels"]))
    array, problem = _numbers(name, got, labels.shape)
    if problem:
        return problem
    share = float(np.mean(array == labels))
    if share >= comparator["at_least"]:
        return PASSED
    return Verdict(
        False,
        f"{name}: {share:.1%} of the predictions are right, {comparator['at_least']:.1%} are needed.",
    )


def _distribution(name: str, comparator: dict[str, Any], expected: Any, got: Any) -> Verdict:
    probabilities = np.asarray(decode(comparator["probabilities"]), float)
    array, problem = _numbers(name, got, probabilities.shape)
    if problem:
        return problem
    seen = array.astype(float)
    total = seen.sum()
    if not np.isfinite(seen).all() or (seen < 0).any() or (seen % 1).any() or total <= 0:
        return Verdict(False, f"{name}: nothing was drawn.")
    if abs(total / np.sum(np.asarray(expected, float)) - 1) > 0.01:
        return Verdict(False, f"{name}: fewer or more draws were counted than were asked for.")
    if seen[probabilities <= 0].any():
        return Verdict(False, f"{name}: something was drawn that has probability 0.")
    if min(_p_values(seen, probabilities / probabilities.sum())) >= comparator["alpha"] / 2:
        return PASSED
    return Verdict(False, f"{name}: the draws do not fit the distribution.")


def _p_values(seen: np.ndarray, probabilities: np.ndarray) -> tuple[float, float]:
    """Chi-square over what is expected at least 5 times; an exact binomial test for all the rest
    together.

    Chi-square alone would reject right answers for a few draws of something rare.
    """
    from scipy import special  # scipy.stats would take a second to import

    total = seen.sum()
    common = probabilities * total >= MIN_EXPECTED
    rare, drawn = min(probabilities[~common].sum(), 1.0), seen[~common].sum()
    so_many = special.betainc(drawn, total - drawn + 1, rare) if drawn else 1.0
    p_rare = min(1.0, 2 * min(so_many, special.bdtr(drawn, int(total), rare)))
    if common.sum() < 2 or not seen[common].any():
        return p_rare, 1.0
    wanted = probabilities[common] / probabilities[common].sum() * seen[common].sum()
    distance = np.sum((seen[common] - wanted) ** 2 / wanted)
    return p_rare, float(special.chdtrc(common.sum() - 1, distance))


def _evaluate(label: str, comparator: dict[str, Any], got: Any, trusted: Path | None) -> Verdict:
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


def _numbers(name: str, got: Any, shape: tuple[int, ...]) -> tuple[np.ndarray, Verdict | None]:
    """``got`` as an array of numbers of ``shape``, or the verdict that says why it is none."""
    nothing = np.zeros(0)
    if got is None:
        return nothing, Verdict(
            False, f"{name} is None: does every path of your code return a value?"
        )
    if not _is_numeric(got) and got != []:
        return nothing, Verdict(False, f"{name} should hold numbers, but is {_kind(got)}.")
    array = np.asarray(got)
    if array.shape != shape:
        return nothing, Verdict(False, f"{name} has {_shape(array)}, but {shape} is expected.")
    return array, None


def _is_numeric(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "biufc"
    if isinstance(value, bool):
        return False
    if isinstance(value, list):
        try:
            return (
                bool(value) and np.asarray(value).dtype.kind in "biufc" and not _holds_text(value)
            )
        except (ValueError, OverflowError):
            return False
    return isinstance(value, int | float) and (not isinstance(value, int) or abs(value) < 2**63)


def _holds_text(value: list[Any]) -> bool:
    return any(isinstance(item, str | dict | Other) or item is None for item in value)


def _scalar(value: Any) -> Any:
    return value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value


def _shape(array: np.ndarray) -> str:
    return f"shape {array.shape}" if array.ndim <= MAX_SHOWN_AXES else f"{array.ndim} axes"


def _kind(value: Any) -> str:
    if isinstance(value, Other):
        name = f" ({value.kind})" if value.kind in READABLE_KINDS else ""
        return f"of a kind that cannot be read{name}"
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype.name} with {_shape(value)}"
    if type(value) is int and not _is_numeric(value):
        return "an integer that is far too large"
    return _KINDS.get(type(value), "something else")


_KINDS: dict[type, str] = {
    type(None): "None",
    bool: "a truth value",
    int: "an integer",
    float: "a float",
    str: "a text",
    list: "a list",
    dict: "a dictionary",
}


def _wrong_values(name: str, right: np.ndarray) -> str:
    if right.ndim == 0:
        return f"{name} has a wrong value."
    wrong = int(right.size - np.count_nonzero(right))
    first = tuple(int(i) for i in np.argwhere(~right)[0])
    where = f"the first at index {first[0] if len(first) == 1 else first}"
    return f"{name}: {wrong} of {right.size} values are wrong, {where}."


def _wrong_text(name: str, expected: str, got: str) -> str:
    if len(expected) != len(got):
        return f"{name} has {len(got)} characters, but {len(expected)} are expected."
    place = next(
        i for i, (want, have) in enumerate(zip(expected, got, strict=True)) if want != have
    )
    return f"{name} is wrong from character {place} on."


_JUDGES: dict[str, Callable[..., Verdict]] = {
    "auto": _tree,
    "close": _tree,
    "equal": _tree,
    "at_least": _at_least,
    "at_most": _at_most,
    "accuracy": _accuracy,
    "distribution": _distribution,
    "evaluate": _evaluate,
}
