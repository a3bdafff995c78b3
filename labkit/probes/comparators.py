"""The comparators: how the judge compares a reported value with the expected one.

Each function returns plain data that is stored in the answer key; the judge carries it out.
"""

from __future__ import annotations

import numpy as np

from labkit.probes.encoding import Encoded, encode

__all__ = ["accuracy", "at_least", "at_most", "close", "distribution", "equal", "evaluate"]


def close(rtol: float = 1e-4, atol: float = 1e-6) -> Encoded:
    """Require equality within `atol + rtol·|expected|`, element by element; shapes must agree."""
    return {"compare": "close", "rtol": float(rtol), "atol": float(atol)}


def equal() -> Encoded:
    """Require exact equality, element by element; an integer equals a float of the same value."""
    return {"compare": "equal"}


def at_least(limit: float) -> Encoded:
    """Require every element to be finite and `>= limit`."""
    return {"compare": "at_least", "limit": float(limit)}


def at_most(limit: float) -> Encoded:
    """Require every element to be finite and `<= limit`."""
    return {"compare": "at_most", "limit": float(limit)}


def accuracy(at_least: float, labels: object) -> Encoded:
    """Require a fraction of predictions equal to their labels.

    Args:
        at_least: the lowest fraction that passes, in [0, 1].
        labels: the right classes (N,), which stay with the judge.
    """
    return {
        "compare": "accuracy",
        "at_least": float(at_least),
        "labels": encode(np.asarray(labels)),
    }


def distribution(probabilities: object, alpha: float = 1e-6) -> Encoded:
    """Require counts of independent draws to fit a distribution, by Pearson's chi-square test.

    Args:
        probabilities: of the K outcomes (K,); the reported value holds their counts (K,).
        alpha: the counts are rejected when their p-value lies below it.
    """
    return {
        "compare": "distribution",
        "probabilities": encode(np.asarray(probabilities, float)),
        "alpha": float(alpha),
    }


def evaluate(function: str, **parameters: object) -> Encoded:
    """Let a trusted function decide, in the judge's process.

    Args:
        function: `module:function`; the module lies beside the solution.
        **parameters: handed to it, as in `function(value, **parameters)`.
    """
    return {"compare": "evaluate", "function": function, "parameters": encode(parameters)}
