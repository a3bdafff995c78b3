"""The answer key: what the solution reports, with the comparators, made by running it. Never typed
in by hand.

Stored as ``workspace/keys/L/DIGEST/key.json`` and ``arrays.npz``; the digest names source,
libraries, labkit.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import io
import json
import platform
import shutil
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from autograder.course import Course
from autograder.errors import ContentError
from autograder.examine.judge import compare
from autograder.examine.wire import WireError, decode
from autograder.lab.exam import Exam
from labkit.probes import MAX_ITEMS, MAX_TEXT, encode

__all__ = [
    "CaseKey",
    "Key",
    "ProbeKey",
    "file_digest",
    "key_digest",
    "key_from_reports",
    "load_key",
    "store_key",
    "tree_digest",
]

LIBRARIES = (
    "tensorflow",
    "keras",
    "numpy",
    "gymnasium",
    "ale-py",
    "opencv-python-headless",
    "scikit-learn",
    "music21",
)


LIMITS = ("at_least", "at_most")
"""Comparators that say little: a process could report any large or small number."""

ENOUGH = 16
"""So many bits of evidence a case needs, so that it cannot be passed by guessing."""


@dataclass(frozen=True)
class ProbeKey:
    """One value to be reported: its comparator and the expected value, still encoded."""

    label: str
    comparator: dict[str, Any]
    expected: dict[str, Any]


@dataclass(frozen=True)
class CaseKey:
    """One case: its probes in order, and the hint a student reads when it fails."""

    name: str
    hint: str
    probes: tuple[ProbeKey, ...]


@dataclass(frozen=True)
class Key:
    """The key of one lab: the cases of each TODO, in order."""

    lab: str
    digest: str
    todos: dict[str, tuple[CaseKey, ...]]


def key_digest(course: Course, exam: Exam) -> str:
    """Names everything the key depends on."""
    versions = {name: _version(name) for name in LIBRARIES}
    judges = course.source_text(exam.lab).parent / "judges.py"
    rows = [
        exam.digest,
        platform.python_version(),
        versions,
        tree_digest(_labkit()),
        tree_digest(course.data),
        judges.read_text(encoding="utf-8") if judges.is_file() else "",
    ]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:20]


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _labkit() -> Path:
    import labkit

    return Path(labkit.__file__).parent


def tree_digest(folder: Path) -> str:
    """Of every file below a folder, but for prose and compiled code."""
    found = sorted(
        path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".pyc", ".md")
    )
    digest = hashlib.sha256()
    for path in found:
        digest.update(f"{path.relative_to(folder)}\0{file_digest(path)}\0".encode())
    return digest.hexdigest()


def file_digest(path: Path) -> str:
    """Of a file's contents; a file that has not changed is not read twice."""
    status = path.stat()
    return _digest_once(path, (status.st_size, status.st_mtime_ns, status.st_ino))


@lru_cache(maxsize=2000)
def _digest_once(path: Path, version: tuple[int, ...]) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


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
            f'case "{name}" reports only truth values and limits, which can be guessed: report the values themselves'
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


def store_key(key: Key, folder: Path) -> Path:
    """Write ``folder/DIGEST/key.json`` and ``arrays.npz``, whole or not at all."""
    arrays: dict[str, np.ndarray] = {}
    todos = {
        grade_id: [
            {
                "case": case.name,
                "hint": case.hint,
                "probes": [_pack(probe, arrays) for probe in case.probes],
            }
            for case in cases
        ]
        for grade_id, cases in key.todos.items()
    }
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / key.digest
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        new = Path(temporary) / key.digest
        new.mkdir()
        (new / "arrays.npz").write_bytes(buffer.getvalue())
        table = {"lab": key.lab, "digest": key.digest, "todos": todos}
        (new / "key.json").write_text(json.dumps(table, indent=1), encoding="utf-8")
        if load_key(folder, key.digest) is None:
            shutil.rmtree(place, ignore_errors=True)
            new.replace(place)
    return place


def _pack(probe: ProbeKey, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    expected = probe.expected
    if "array" in expected and len(expected["array"]["data"]) > 200:
        name = f"a{len(arrays):05d}"
        arrays[name] = decode(expected)
        expected = {"stored": name}
    return {"label": probe.label, "comparator": probe.comparator, "expected": expected}


def load_key(folder: Path, digest: str) -> Key | None:
    """The stored key of that digest, or None when there is none, or a damaged one."""
    try:
        return _read_key(folder / digest)
    except (OSError, ValueError, KeyError, TypeError, BadZipFile):
        return None


def _read_key(place: Path) -> Key:
    table = json.loads((place / "key.json").read_text(encoding="utf-8"))
    with np.load(place / "arrays.npz", allow_pickle=False) as arrays:
        todos = {
            grade_id: tuple(
                CaseKey(
                    case["case"],
                    case["hint"],
                    tuple(_unpack(probe, arrays) for probe in case["probes"]),
                )
                for case in cases
            )
            for grade_id, cases in table["todos"].items()
        }
    return Key(table["lab"], table["digest"], todos)


def _unpack(row: dict[str, Any], arrays: Any) -> ProbeKey:
    expected = row["expected"]
    if "stored" in expected:
        expected = encode(arrays[expected["stored"]])
    return ProbeKey(row["label"], row["comparator"], expected)
