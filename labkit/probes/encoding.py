"""Values of a student's process as plain JSON data of a closed schema."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from itertools import islice
from typing import Any

import numpy as np

__all__ = ["MAX_DEPTH", "MAX_ITEMS", "MAX_TEXT", "Encoded", "encode"]

MAX_DEPTH = 12
MAX_ITEMS = 10_000
MAX_TEXT = 200_000
MAX_INTEGER_BITS = 2048

Encoded = dict[str, Any]


def encode(value: object, depth: int = 0) -> Encoded:
    """Encode `value` as plain JSON data of a closed schema, one `{kind: payload}` per value.

    Kinds: `none`, `bool`, `int`, `float` (as text, so that NaN and infinities survive), `text`,
    `array` (dtype, shape, base64 of the bytes in C order), `list`, `dict`, and `other` (the name of
    a type that cannot be reported). Never raises for a value of an unexpected type.

    Args:
        value: a Python or NumPy value, a tensor, or a list, tuple or mapping of these.
        depth: how many containers `value` lies in.

    Returns:
        The encoded value. Containers are cut after `MAX_ITEMS` items, text after `MAX_TEXT`
        characters, and nesting deeper than `MAX_DEPTH` becomes an `other`.
    """
    if depth > MAX_DEPTH:
        return {"other": "a structure nested too deeply"}
    # Exact types first: a subclass of int or float may lie about itself, and goes through NumPy.
    if value is None:
        return {"none": True}
    if type(value) is bool:
        return {"bool": value}
    if type(value) is int:
        small = value.bit_length() < MAX_INTEGER_BITS
        return {"int": str(value)} if small else {"other": "a giant integer"}
    if type(value) is float:
        return {"float": repr(value)}
    if isinstance(value, str):
        return {"text": str(value)[:MAX_TEXT]}
    if isinstance(value, Mapping):
        # All names are turned into text before the first item is encoded.
        named = [(str(name), item) for name, item in islice(value.items(), MAX_ITEMS)]
        return {"dict": [[name, encode(item, depth + 1)] for name, item in named]}
    if isinstance(value, list | tuple):
        return {"list": [encode(item, depth + 1) for item in value[:MAX_ITEMS]]}
    return _encode_array(value)


def _encode_array(value: object) -> Encoded:
    """Encode a tensor, an array, a NumPy scalar, or whatever NumPy can make an array of."""
    try:
        if hasattr(value, "numpy"):
            value = value.numpy()
        # A scalar string tensor gives bytes.
        if isinstance(value, str | bytes):
            return {"text": value if isinstance(value, str) else value.decode("utf-8", "replace")}
        array = np.asarray(value)
    except Exception as error:  # a student's object may raise anything here
        return {"other": f"{type(value).__name__} ({type(error).__name__})"}
    # NumPy has no bfloat16 of its own, so the judge could not read the bytes.
    if array.dtype.name == "bfloat16":
        array = array.astype(np.float32)
    if array.dtype.kind in "US" and array.size <= MAX_ITEMS:
        return _encode_text_array(array)
    if array.dtype.kind not in "biufc":
        return {"other": type(value).__name__}
    # One byte order and one memory order; `ascontiguousarray` makes a scalar one-dimensional.
    little_endian = array.astype(array.dtype.newbyteorder("<"), copy=False)
    array = np.ascontiguousarray(little_endian).reshape(array.shape)
    data = base64.b64encode(array.tobytes()).decode("ascii")
    return {"array": {"dtype": array.dtype.str, "shape": list(array.shape), "data": data}}


def _encode_text_array(array: np.ndarray) -> Encoded:
    """Encode an array of strings as a flat list of texts, a scalar one as a text."""
    if not array.ndim:
        return {"text": str(array)}
    return {"list": [{"text": str(item)} for item in array.ravel().tolist()]}
