"""Students' values: as NumPy arrays, and in words for a message, without importing TensorFlow."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np

__all__ = [
    "dtype_name",
    "is_missing",
    "is_of_kind",
    "kind",
    "shape_of",
    "shorten",
    "show_interval",
    "show_number",
    "show_shape",
    "show_value",
    "to_numpy",
]

KIND_WORDS = {
    "b": "True/False",
    "i": "whole numbers",
    "u": "whole numbers",
    "f": "decimal numbers",
    "c": "complex numbers",
    "U": "text",
    "S": "text",
}
NUMBER_KINDS = {"float": "f", "int": "iu", "complex": "c", "bool": "b", "str": "U"}


def is_missing(value: object) -> bool:
    """True for the two placeholders of a TODO at the top level: None and `...`."""
    return value is None or value is Ellipsis


def to_numpy(value: Any) -> Any:
    """Convert numbers of any origin to a NumPy array, and leave other values as they are.

    Args:
        value: anything that a student's code gives.

    Returns:
        An array for a tensor, a variable, an array, a Python or NumPy scalar, and a regular nested
        list of numbers; a list, with its elements converted, for any other list or tuple; text for
        bytes and string tensors; else `value` itself.
    """
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, (str, dict, set, frozenset, type)) or value is None:
        return value
    if isinstance(value, (bool, int, float, complex)):
        return _number(value)
    if isinstance(value, (list, tuple)):
        return _sequence_to_numpy(value)
    array = _from_array_like(value)
    return value if array is None else array


def _number(value: Any) -> Any:
    """A Python number as an array; an integer of more than 64 bits stays one."""
    array = np.asarray(value)
    return value if array.dtype.kind == "O" else array


def _sequence_to_numpy(value: list[Any] | tuple[Any, ...]) -> Any:
    """One array, when all elements are numbers or arrays of one shape; else a list."""
    items = [to_numpy(item) for item in value]
    if not items or not all(_is_numeric(item) for item in items):
        return items
    # NumPy would turn True into 1 beside other numbers.
    shapes = {item.shape for item in items}
    are_booleans = {item.dtype.kind == "b" for item in items}
    return np.stack(items) if len(shapes) == len(are_booleans) == 1 else items


def _is_numeric(item: Any) -> bool:
    return isinstance(item, np.ndarray) and item.dtype.kind in "biufc"


def _from_array_like(value: Any) -> Any:
    """The array inside a tensor, a variable or an array-like object; None without one."""
    for method in ("numpy", "__array__"):
        convert = getattr(value, method, None)
        if not callable(convert):
            continue
        try:
            array = np.asarray(convert())
        except Exception:  # a symbolic tensor has the method but no values
            continue
        return _readable(array)
    return None


def _readable(array: np.ndarray) -> Any:
    """An array of types that NumPy can calculate with; text for a single string."""
    if array.dtype.kind == "V" and array.dtype.names is None:  # bfloat16 and its relatives
        return array.astype(np.float64)
    if array.dtype.kind == "S" or (array.dtype.kind == "O" and array.size and _all_bytes(array)):
        # TensorFlow's strings are bytes.
        texts = [_decode(item) for item in array.ravel()]
        array = np.array(texts).reshape(array.shape)
    if array.dtype.kind == "U" and array.ndim == 0:
        return str(array)
    return array


def _all_bytes(array: np.ndarray) -> bool:
    return all(isinstance(item, bytes) for item in array.ravel())


def _decode(item: Any) -> str:
    return item.decode("utf-8", "replace") if isinstance(item, bytes) else str(item)


def shape_of(value: Any) -> tuple[int | None, ...] | None:
    """The shape of a tensor (also a symbolic one), an array or a regular nested list, if any."""
    shape = getattr(value, "shape", None)
    if shape is not None and not callable(shape):
        try:
            return tuple(None if size is None else int(size) for size in shape)
        except (TypeError, ValueError):
            return None
    array = to_numpy(value)
    return tuple(array.shape) if isinstance(array, np.ndarray) else None


def dtype_name(value: Any) -> str | None:
    """The dtype as text, such as "float32", if any; Python scalars and lists get NumPy's."""
    dtype = getattr(value, "dtype", None)
    if dtype is not None:
        name = getattr(dtype, "name", dtype)  # tf.DType and np.dtype have a name, Keras uses text
        return re.sub(r"_ref$", "", str(name))
    array = to_numpy(value)
    if isinstance(array, str):
        return "str"
    return str(array.dtype.name) if isinstance(array, np.ndarray) else None


def kind(value: Any) -> str:
    """What `value` is, for a message: "a float32 array of shape (3, 4)", "text", "a function"…"""
    if isinstance(value, np.ndarray):
        words = KIND_WORDS.get(value.dtype.kind, "objects")
        if value.ndim == 0:
            return f"a single value ({value.dtype.name}, {words})"
        return f"an array of {words} ({value.dtype.name}), shape {show_shape(value.shape)}"
    if isinstance(value, str):
        return "text"
    if isinstance(value, type):
        return f"the class {value.__name__} itself"
    name = type(value).__name__
    if callable(value) and hasattr(value, "__name__"):
        return f"the function {value.__name__} itself"
    if _is_symbolic(value):
        return f"a symbolic tensor without values, shape {show_shape(shape_of(value))}"
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _is_symbolic(value: Any) -> bool:
    return hasattr(value, "shape") and hasattr(value, "dtype")


def show_shape(shape: tuple[int | None, ...] | None) -> str:
    """A shape as Python writes it, with words for the empty one and `any` for a free axis."""
    if shape is None:
        return "no shape"
    if shape == ():
        return "() (a single number)"
    inner = ", ".join("any" if size is None else str(size) for size in shape)
    return f"({inner},)" if len(shape) == 1 else f"({inner})"


def show_value(value: Any, limit: int = 160) -> str:
    """`value` for a message, on one line and at most `limit` characters."""
    if isinstance(value, np.ndarray):
        if value.ndim == 0:
            return show_number(value[()])
        with np.printoptions(precision=5, threshold=12, edgeitems=3, suppress=True):
            text = re.sub(r"\s+", " ", np.array2string(value, separator=", "))
        return shorten(text, limit)
    if isinstance(value, list):
        return shorten("[" + ", ".join(show_value(item, 40) for item in value[:8]) + "]", limit)
    try:
        text = repr(value)
    except Exception:  # a student's __repr__ may fail
        text = f"<{type(value).__name__}>"
    return shorten(re.sub(r"\s+", " ", text), limit)


def show_number(value: Any) -> str:
    """One number, 6 significant digits, without NumPy's wrapping."""
    if isinstance(value, (float, np.floating)):
        return f"{float(value):.6g}"
    return str(value)


def is_of_kind(dtype: str, wanted: str) -> bool:
    """Whether a dtype, such as "float32", is of a kind, one of `NUMBER_KINDS`."""
    if wanted not in NUMBER_KINDS:
        return False
    if (wanted, dtype) in {("float", "bfloat16"), ("str", "str"), ("str", "string")}:
        return True
    try:
        return np.dtype(dtype).kind in NUMBER_KINDS[wanted]
    except TypeError:
        return False


def show_interval(low: float, high: float) -> str:
    """An interval in words; either end may be infinite."""
    if math.isinf(high):
        return f"at least {show_number(low)}"
    if math.isinf(low):
        return f"at most {show_number(high)}"
    return f"between {show_number(low)} and {show_number(high)}"


def shorten(text: str, limit: int) -> str:
    """`text`, cut in the middle when longer than `limit`."""
    if len(text) <= limit:
        return text
    half = (limit - 3) // 2
    return f"{text[:half]} … {text[-half:]}"
