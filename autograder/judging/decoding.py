"""Decoding what a student's process reports: a closed schema, sizes capped, nothing executed.

The counterpart of :func:`labkit.probes.encode`. Everything that arrives here is hostile until it is
decoded: kinds are checked, arrays are rebuilt from bytes with an allow-list of dtypes, and no
pickle of any kind is read.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Other", "WireError", "decode"]

DTYPES = frozenset(
    [
        "|b1",
        "|i1",
        "<i2",
        "<i4",
        "<i8",
        "|u1",
        "<u2",
        "<u4",
        "<u8",
        "<f2",
        "<f4",
        "<f8",
        "<c8",
        "<c16",
    ]
)
MAX_DEPTH = 14
MAX_ITEMS = 10_000
MAX_ARRAY_BYTES = 64 * 2**20


class WireError(Exception):
    """What arrived is not a value of the schema."""


@dataclass(frozen=True)
class Other:
    """A value that cannot be reported; ``kind`` is the name of its type."""

    kind: str


def decode(message: Any, depth: int = 0) -> Any:
    """The value that ``message`` encodes: None, bool, int, float, str, array, list, dict or
    :class:`Other`.

    Raises :class:`WireError` for anything outside the schema.
    """
    if depth > MAX_DEPTH:
        raise WireError("nested too deeply")
    if not isinstance(message, dict) or len(message) != 1:
        raise WireError("not an encoded value")
    (kind, payload), *_ = message.items()
    decoder = _DECODERS.get(kind)
    if decoder is None:
        raise WireError("unknown kind")
    return decoder(payload, depth)


def _none(payload: Any, depth: int) -> None:
    if payload is not True:
        raise WireError("bad none")


def _bool(payload: Any, depth: int) -> bool:
    if not isinstance(payload, bool):
        raise WireError("bad bool")
    return payload


def _int(payload: Any, depth: int) -> int:
    if not isinstance(payload, str) or len(payload) > 700:
        raise WireError("bad int")
    try:
        return int(payload)
    except ValueError as error:
        raise WireError("bad int") from error


def _float(payload: Any, depth: int) -> float:
    if not isinstance(payload, str) or len(payload) > 64:
        raise WireError("bad float")
    try:
        return float(payload)
    except ValueError as error:
        raise WireError("bad float") from error


def _text(payload: Any, depth: int) -> str:
    if not isinstance(payload, str):
        raise WireError("bad text")
    return payload


def _other(payload: Any, depth: int) -> Other:
    if not isinstance(payload, str):
        raise WireError("bad other")
    return Other(payload[:80])


def _list(payload: Any, depth: int) -> list[Any]:
    if not isinstance(payload, list) or len(payload) > MAX_ITEMS:
        raise WireError("bad list")
    return [decode(item, depth + 1) for item in payload]


def _dict(payload: Any, depth: int) -> dict[str, Any]:
    if not isinstance(payload, list) or len(payload) > MAX_ITEMS:
        raise WireError("bad dict")
    result: dict[str, Any] = {}
    for row in payload:
        if not isinstance(row, list) or len(row) != 2 or not isinstance(row[0], str):
            raise WireError("bad dict")
        result[row[0]] = decode(row[1], depth + 1)
    return result


def _array(payload: Any, depth: int) -> np.ndarray:
    try:
        dtype, shape, data = payload["dtype"], payload["shape"], payload["data"]
        if dtype not in DTYPES or not isinstance(shape, list) or len(shape) > 32:
            raise WireError("bad array")
        if not all(type(size) is int and 0 <= size < 2**40 for size in shape):
            raise WireError("bad array")
        if not isinstance(data, str) or len(data) > MAX_ARRAY_BYTES * 4 // 3 + 4:
            raise WireError("bad array")
        raw = base64.b64decode(data, validate=True)
        if dtype == "|b1" and raw.strip(b"\0\1"):
            raise WireError("bad array")  # NumPy compares such truth values in surprising ways
        return np.frombuffer(raw, dtype=np.dtype(dtype)).reshape(shape)
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise WireError("bad array") from error


_DECODERS = {
    "none": _none,
    "bool": _bool,
    "int": _int,
    "float": _float,
    "text": _text,
    "other": _other,
    "list": _list,
    "dict": _dict,
    "array": _array,
}
