"""Cases and probes: how a hidden test reports values instead of judging them.

A hidden test runs in the process of the student's code, so it must not know what is right. It calls
`probe` with the values that the student's code gave; they leave the process as plain data and are
compared elsewhere, by a process that runs no student code. The comparators named in a `probe` call
are cut out of the exam and evaluated only while the answer key is recorded from the solution.

    with case("random batch 0", hint="Is the mean over batch and time?"):
        probe("loss", compute_loss(labels, logits), rtol=1e-4)
"""

from labkit.probes.cases import MIME, case, collected, probe, record_comparators
from labkit.probes.chance import begin_test, case_rng, stir_chance
from labkit.probes.comparators import (
    accuracy,
    at_least,
    at_most,
    close,
    distribution,
    equal,
    evaluate,
)
from labkit.probes.describing import counts, facts, outcome
from labkit.probes.encoding import MAX_ITEMS, MAX_TEXT, encode

__all__ = [
    "MAX_ITEMS",
    "MAX_TEXT",
    "MIME",
    "accuracy",
    "at_least",
    "at_most",
    "begin_test",
    "case",
    "case_rng",
    "close",
    "collected",
    "counts",
    "distribution",
    "encode",
    "equal",
    "evaluate",
    "facts",
    "outcome",
    "probe",
    "record_comparators",
    "stir_chance",
]
