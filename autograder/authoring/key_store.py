"""Keys on disk: `workspace/keys/L/DIGEST/key.json` and `arrays.npz`."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from autograder.judging.decoding import decode
from autograder.model.key import CaseKey, Key, ProbeKey
from labkit.probes import encode

__all__ = ["load_key", "store_key"]


def store_key(key: Key, folder: Path) -> Path:
    """Write ``folder/DIGEST/key.json`` and ``arrays.npz``, whole or not at all."""
    arrays: dict[str, np.ndarray] = {}
    # Small values stand in the JSON, large arrays are collected for the archive beside it.
    todos: dict[str, list[dict[str, Any]]] = {}
    for grade_id, cases in key.todos.items():
        todos[grade_id] = [_pack_case(case, arrays) for case in cases]
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


def _pack_case(case: CaseKey, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    probes = [_pack(probe, arrays) for probe in case.probes]
    return {"case": case.name, "hint": case.hint, "probes": probes}


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
        todos: dict[str, tuple[CaseKey, ...]] = {}
        for grade_id, cases in table["todos"].items():
            todos[grade_id] = tuple(_unpack_case(case, arrays) for case in cases)
    return Key(table["lab"], table["digest"], todos)


def _unpack_case(row: dict[str, Any], arrays: Any) -> CaseKey:
    probes = tuple(_unpack(probe, arrays) for probe in row["probes"])
    return CaseKey(row["case"], row["hint"], probes)


def _unpack(row: dict[str, Any], arrays: Any) -> ProbeKey:
    expected = row["expected"]
    if "stored" in expected:
        expected = encode(arrays[expected["stored"]])
    return ProbeKey(row["label"], row["comparator"], expected)
