"""Values cross from a student's process as a closed schema; whatever else arrives is refused, never
run."""

from __future__ import annotations

import base64
import json
import math
from typing import Any

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.judging.decoding import DTYPES, Other, WireError, decode
from labkit.probes import encode

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.floats(width=32).map(np.float32),
)
arrays = hnp.arrays(
    st.sampled_from([np.dtype(name) for name in sorted(DTYPES)]),
    hnp.array_shapes(min_dims=0, max_dims=3, max_side=4),
)
values = st.recursive(
    scalars | arrays,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=8,
)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=10,
)
KINDS = ["none", "bool", "int", "float", "text", "other", "list", "dict", "array"]


def through_the_wire(value: object) -> Any:
    """What arrives when a process reports ``value`` as JSON."""
    return decode(json.loads(json.dumps(encode(value))))


def same(sent: Any, arrived: Any) -> bool:
    """Equal in kind, shape, dtype and every bit that matters (NaN equals NaN)."""
    if isinstance(sent, np.generic):
        sent = np.asarray(sent)
    if isinstance(sent, np.ndarray):
        return (
            isinstance(arrived, np.ndarray)
            and arrived.dtype == sent.dtype
            and arrived.shape == sent.shape
            and arrived.tobytes() == sent.tobytes()
        )
    if type(sent) is not type(arrived):
        return False
    if isinstance(sent, float):
        return sent == arrived or (math.isnan(sent) and math.isnan(arrived))
    if isinstance(sent, list):
        return len(sent) == len(arrived) and all(map(same, sent, arrived))
    if isinstance(sent, dict):
        return sent.keys() == arrived.keys() and all(
            same(sent[name], arrived[name]) for name in sent
        )
    return bool(sent == arrived)


def is_value_or_refused(message: object) -> bool:
    """Whether decoding gives a value of the closed schema or WireError; any other exception gets
    out."""
    try:
        value = decode(message)
    except WireError:
        return True
    return value is None or type(value) in (bool, int, float, str, list, dict, np.ndarray, Other)


@given(values)
def test_what_is_reported_arrives_unchanged(value: object) -> None:
    """Every value of the schema arrives with its kind, dtype, shape and bytes."""
    assert same(value, through_the_wire(value))


@given(junk)
def test_any_json_is_a_value_or_refused(message: object) -> None:
    """Whatever JSON arrives, decoding gives a value or WireError, no other exception."""
    assert is_value_or_refused(message)


@given(st.sampled_from(KINDS), junk)
def test_a_known_kind_with_any_payload_is_a_value_or_refused(kind: str, payload: object) -> None:
    """A known kind does not make its payload trusted."""
    assert is_value_or_refused({kind: payload})


@given(
    st.fixed_dictionaries(
        {"dtype": junk | st.sampled_from(sorted(DTYPES)), "shape": junk, "data": junk}
    )
)
@settings(max_examples=200)
def test_a_mangled_array_is_an_array_or_refused(payload: dict[str, Any]) -> None:
    """dtype, shape and bytes of an array are each checked."""
    assert is_value_or_refused({"array": payload})


def encoded_array(
    dtype: str = "<f8", shape: object = None, data: bytes = bytes(16)
) -> dict[str, Any]:
    shape = [2] if shape is None else shape
    return {"array": {"dtype": dtype, "shape": shape, "data": base64.b64encode(data).decode()}}


def nested(depth: int) -> Any:
    message: Any = {"int": "1"}
    for _ in range(depth):
        message = {"list": [message]}
    return message


REFUSED = {
    "not a dictionary": [1],
    "two kinds at once": {"int": "1", "float": "1.0"},
    "no kind": {},
    "unknown kind": {"pickle": "gASVAA=="},
    "none that is something": {"none": 0},
    "bool that is an int": {"bool": 1},
    "int that is a number": {"int": 1},
    "int that is no number": {"int": "one"},
    "int of a million digits": {"int": "9" * 10**6},
    "float that is code": {"float": "__import__('os')"},
    "float without an end": {"float": "0." + "1" * 100},
    "text that is a list": {"text": ["a"]},
    "a type name that is a structure": {"other": [["x"]]},
    "list that is a dictionary": {"list": {}},
    "list that is too long": {"list": [{"none": True}] * 10_001},
    "dictionary that is a dictionary": {"dict": {"a": {"int": "1"}}},
    "dictionary row of three": {"dict": [["a", {"int": "1"}, 2]]},
    "dictionary key that is no text": {"dict": [[1, {"int": "1"}]]},
    "nested too deeply": nested(20),
    "array of objects": encoded_array("|O"),
    "array of records": encoded_array("<i8,<f8", [1]),
    "array with a dtype that is a list": {"array": {"dtype": ["<f8"], "shape": [2], "data": ""}},
    "array with the wrong number of bytes": encoded_array(shape=[3]),
    "array with a negative size": encoded_array(shape=[-1]),
    "array with a size that is a bool": encoded_array(dtype="|u1", shape=[True], data=b"x"),
    "array with a text as shape": encoded_array(shape="2"),
    "array with forty axes": encoded_array(dtype="|u1", shape=[1] * 40, data=b"x"),
    "array that claims 2**80 values": encoded_array(shape=[2**39, 2**39, 2**2], data=b""),
    "array that is not base64": {"array": {"dtype": "<f8", "shape": [0], "data": "§"}},
    "array without data": {"array": {"dtype": "<f8", "shape": [0]}},
    "array of truth values that are neither": encoded_array("|b1", [2], b"\x01\x02"),
}


@pytest.mark.parametrize("message", REFUSED.values(), ids=REFUSED.keys())
def test_malformed_messages_are_refused(message: object) -> None:
    """Each way to leave the schema ends in WireError."""
    with pytest.raises(WireError):
        decode(message)


def test_well_formed_messages_are_accepted() -> None:
    """The neighbours of the malformed messages above are values."""
    np.testing.assert_array_equal(decode(encoded_array()), np.zeros(2))
    np.testing.assert_array_equal(decode(encoded_array("|b1", [2], b"\x01\x00")), [True, False])
    assert decode(encoded_array(shape=[0, 5], data=b"")).shape == (0, 5)
    assert decode({"int": "-12"}) == -12
    assert decode({"float": "-inf"}) == -math.inf
    assert decode({"dict": [["a", {"none": True}]]}) == {"a": None}
    assert decode(nested(10)) == [[[[[[[[[[1]]]]]]]]]]


def test_an_array_larger_than_allowed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size limit is checked before anything is decoded."""
    monkeypatch.setattr("autograder.judging.decoding.MAX_ARRAY_BYTES", 32)
    assert decode(encoded_array(shape=[4], data=bytes(32))).shape == (4,)
    with pytest.raises(WireError):
        decode(encoded_array(shape=[6], data=bytes(48)))


def test_values_that_cannot_be_reported_arrive_as_the_name_of_their_kind() -> None:
    """A set, a function or an object of a student's own class is never rebuilt."""

    class Secret:
        pass

    for value, kind in ({1, 2}, "set"), (len, "builtin_function_or_method"), (Secret(), "Secret"):
        assert through_the_wire(value) == Other(kind)


def test_objects_that_fight_back_arrive_as_a_name() -> None:
    """An object whose conversion raises does not end the report."""

    class Hostile:
        def __array__(self, *_: object, **__: object) -> np.ndarray:
            raise RuntimeError("no")

    assert isinstance(through_the_wire([Hostile()])[0], Other)


@pytest.mark.parametrize(
    "value", [np.arange(6.0).reshape(2, 3).T, np.arange(6)[::-2], np.arange(3, dtype=">i4")]
)
def test_layout_and_byte_order_do_not_matter(value: np.ndarray) -> None:
    """Transposed, strided and big-endian arrays arrive with their values."""
    np.testing.assert_array_equal(through_the_wire(value), value)
