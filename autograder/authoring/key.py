"""The answer key: what the solution reports, with the comparators, made by running it. Never typed
in by hand.

Stored as ``workspace/keys/L/DIGEST/key.json`` and ``arrays.npz``; the digest names source,
libraries, labkit.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from autograder.judging.decoding import WireError, decode
from autograder.judging.judge import compare
from autograder.model.errors import ContentError
from autograder.model.exam import Exam
from autograder.model.key import CaseKey, Key, ProbeKey
from labkit.probes import MAX_ITEMS, MAX_TEXT

__all__ = ["key_from_reports"]


LIMITS = ("at_least", "at_most")
"""Comparators that say little: a process could report any large or small number."""

ENOUGH = 16
"""So many bits of evidence a case needs, so that it cannot be passed by guessing."""


def key_from_reports(
    exam: Exam, digest: str, reports: dict[str, list[dict[str, Any]]], trusted: Path
) -> Key:
    """Make the key from what the solution reported; :class:`ContentError` lists what is wrong with
    the tests."""
    problems: list[str] = []
    todos: dict[str, tuple[CaseKey, ...]] = {}
    for grade_id in exam.todos:
        try:
            todos[grade_id] = tuple(_cases(reports.get(grade_id, []), trusted))
        except ValueError as error:
            problems.append(f"{grade_id}: {error}")
    if problems:
        raise ContentError(f"The solution of {exam.lab} does not give a key.", problems)
    return Key(exam.lab, digest, todos)


def _cases(reports: list[dict[str, Any]], trusted: Path) -> list[CaseKey]:
    cases: dict[str, CaseKey] = {}
    for report in reports:
        name, probes = report["case"], report["probes"]
        if name is None:
            raise ValueError(f'the probe "{probes[0]["label"]}" stands outside any case')
        if name in cases:
            raise ValueError(f'two cases are named "{name}"')
        if error := report.get("error"):
            raise ValueError(
                f'the solution fails in case "{name}": {error["name"]}: {error["text"]}'
            )
        cases[name] = _case(
            name, report.get("hint", ""), [_probe(name, probe, trusted) for probe in probes]
        )
    if not cases:
        raise ValueError("the solution reports no case")
    return list(cases.values())


def _case(name: str, hint: str, probes: list[ProbeKey]) -> CaseKey:
    labels = [probe.label for probe in probes]
    if not probes:
        raise ValueError(f'case "{name}" reports nothing')
    if len(set(labels)) < len(labels):
        raise ValueError(f'case "{name}" reports two values under one label')
    if (
        sum(
            _evidence(probe.expected)
            for probe in probes
            if probe.comparator["compare"] not in LIMITS
        )
        < ENOUGH
    ):
        raise ValueError(
            f'case "{name}" reports only truth values and limits, which can be guessed: report the '
            "values themselves"
        )
    return CaseKey(name, hint, tuple(probes))


def _evidence(expected: dict[str, Any]) -> int:
    """How many guesses it takes, in bits: nothing is none, a truth value is one, anything else is
    enough."""
    ((kind, payload),) = expected.items()
    if kind in ("list", "dict"):
        return (
            sum(_evidence(item if kind == "list" else item[1]) for item in payload)
            if payload
            else ENOUGH
        )
    if kind == "array" and payload["dtype"] == "|b1":
        return int(np.prod(payload["shape"]))
    return {"none": 0, "bool": 1}.get(kind, ENOUGH)


def _unreportable(expected: dict[str, Any]) -> str:
    """Why ``expected`` does not stand for the whole value, or nothing."""
    ((kind, payload),) = expected.items()
    if kind == "other":
        return f"it is of a kind that cannot be reported: {payload}"
    if kind == "text" and len(payload) >= MAX_TEXT:
        return f"texts of {MAX_TEXT} characters are cut off"
    if kind not in ("list", "dict"):
        return ""
    if len(payload) >= MAX_ITEMS:
        return f"containers of {MAX_ITEMS} elements are cut off: report an array"
    items = payload if kind == "list" else [item for _, item in payload]
    return next((why for why in map(_unreportable, items) if why), "")


def _probe(case: str, probe: dict[str, Any], trusted: Path) -> ProbeKey:
    label, comparator = probe["label"], probe["comparator"]
    expected = probe.get("expect", probe["value"])
    if why := _unreportable(expected):
        raise ValueError(f'case "{case}": "{label}" cannot be expected: {why}')
    try:
        verdict = compare(label, comparator, decode(expected), decode(probe["value"]), trusted)
    except WireError as error:
        raise ValueError(f'case "{case}": "{label}" cannot be reported ({error})') from error
    if not verdict.passed:
        raise ValueError(
            f'case "{case}": the solution does not pass its own test: {verdict.message}'
        )
    return ProbeKey(label, comparator, expected)
