"""The judge: every comparator, every diagnosis, and messages that tell nothing of what is
expected."""

from __future__ import annotations

import os
import re
import tracemalloc
from pathlib import Path
from typing import Any

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from autograder.judging.decoding import Other, decode
from autograder.judging.judge import Verdict, compare
from autograder.model.errors import ContentError
from labkit import probes
from labkit.probes import encode

AUTO = {"compare": "auto", "rtol": 1e-4, "atol": 1e-6}


def judge(
    expected: Any, got: Any, comparator: dict[str, Any] = AUTO, trusted: Path | None = None
) -> Verdict:
    """The verdict on ``got`` after both values went through the wire."""
    return compare("it", comparator, decode(encode(expected)), decode(encode(got)), trusted)


# --- what passes ---

RIGHT = {
    "an integer where a float is meant": (2.0, 2),
    "a float where an integer is meant": (3, 3.0),
    "a NumPy scalar where a number is meant": (1.5, np.float32(1.5)),
    "a number where a NumPy scalar is meant": (np.float64(1.5), 1.5),
    "a 0-d array where a number is meant": (7, np.asarray(7)),
    "float32 where float64 is meant": (np.array([0.1, 0.2]), np.array([0.1, 0.2], "float32")),
    "integers where floats are meant": (np.array([1.0, 2.0]), np.array([1, 2])),
    "a list where an array is meant": (np.eye(2), [[1, 0], [0, 1.0]]),
    "an array where a list is meant": ([1, 2, 3], np.array([1, 2, 3])),
    "a tuple where a list is meant": (["a", 1], ("a", 1)),
    "a NumPy truth value": (True, np.True_),
    "an array of truth values": (np.array([True, False]), [True, False]),
    "a NumPy text": ("abc", np.str_("abc")),
    "a small difference": (np.array([1.0, 100.0]), np.array([1.00009, 100.009])),
    "NaN where NaN is meant": (np.array([np.nan, 1.0]), np.array([np.nan, 1.0])),
    "infinity where infinity is meant": (np.array([np.inf, -np.inf]), np.array([np.inf, -np.inf])),
    "nothing": (None, None),
    "an integer of a hundred digits": (10**100, 10**100),
    "nested containers": ({"a": [1, {"b": None}], "c": "x"}, {"c": "x", "a": (1.0, {"b": None})}),
    "an empty list": ([], ()),
    "an empty list where an empty array is meant": (np.zeros(0), []),
    "an empty array where an empty list is meant": ([], np.zeros(0)),
    "an empty array": (np.zeros((0, 3)), np.zeros((0, 3), int)),
    "a complex number": (1 + 2j, np.complex64(1 + 2j)),
    "a real number where a complex one is meant": (np.array([1 + 0j]), np.array([1.0])),
}


@pytest.mark.parametrize(("expected", "got"), RIGHT.values(), ids=RIGHT.keys())
def test_a_right_value_passes_however_it_is_written(expected: Any, got: Any) -> None:
    """Kinds that mean the same number, text or container are the same."""
    assert judge(expected, got) == Verdict(True)


# --- what does not, and why ---

WRONG = {
    "None for a number": (1.5, None, "None: does every path of your code return a value"),
    "None for an array": (np.zeros(3), None, "None: does every path"),
    "None for a text": ("abc", None, "should be a text, but is None"),
    "None for a list": (["a"], None, "should be a list or tuple, but is None"),
    "None for a dictionary": ({"a": 1}, None, "should be a dictionary, but is None"),
    "a text for a number": (1.5, "1.5", "should hold numbers, but is a text"),
    "a truth value for a number": (1, True, "should hold numbers, but is a truth value"),
    "a number for a truth value": (True, 1, "should be a truth value, but is an integer"),
    "the other truth value": (True, False, "is not what it should be"),
    "a number for a text": ("1", 1, "should be a text, but is an integer"),
    "a dictionary for numbers": (np.zeros(2), {"a": 1}, "should hold numbers, but is a dictionary"),
    "rows of different lengths": (
        np.zeros((2, 2)),
        [[1.0, 2.0], [3.0]],
        "should hold numbers, but is a list",
    ),
    "a list for a dictionary": ({"a": 1}, [1], "should be a dictionary, but is a list"),
    "a set for a list": (["a", "b"], {"a", "b"}, "of a kind that cannot be read (set)"),
    "a generator for numbers": (
        [1, 2],
        (i for i in (1, 2)),
        "of a kind that cannot be read (generator)",
    ),
    "complex numbers for real ones": (
        np.ones(2),
        np.ones(2, complex),
        "should hold real numbers, but is an array of",
    ),
    "something for nothing": (None, 0.0, "is not what it should be"),
    "one integer of a hundred digits for another": (
        10**100,
        10**100 + 1,
        "is not what it should be",
    ),
    "an integer of a hundred digits for a small one": (
        5,
        10**100,
        "an integer that is far too large",
    ),
    "a row for a column": (
        np.zeros((3, 1)),
        np.zeros((1, 3)),
        "has shape (1, 3), but (3, 1) is expected",
    ),
    "an array for a number": (1.0, np.ones(1), "has shape (1,), but () is expected"),
    "a number for an array": (np.ones(1), 1.0, "has shape (), but (1,) is expected"),
    "a broadcast loss": (np.ones(4), np.ones((4, 4)), "has shape (4, 4), but (4,) is expected"),
    "twenty axes": (np.ones(4), np.ones([1] * 20), "has 20 axes, but (4,) is expected"),
    "NaN": (
        np.ones(2),
        np.array([1, np.nan]),
        "contains NaN (not a number): look for 0/0, log(0) or an overflow",
    ),
    "NaN at another place": (
        np.array([np.nan, 1]),
        np.array([1, np.nan]),
        "2 of 2 values are wrong",
    ),
    "infinity": (1.0, np.inf, "has a wrong value"),
    "a wrong number": (1.0, 1.1, "has a wrong value"),
    "a wrong integer": (3, 4, "has a wrong value"),
    "one wrong of six": (
        np.zeros((2, 3)),
        [[0, 0, 0], [0, 5, 0]],
        "1 of 6 values are wrong, the first at index (1,",
    ),
    "wrong from the second on": (
        [1, 2, 3],
        [1, 3, 4],
        "2 of 3 values are wrong, the first at index 1",
    ),
    "nothing at all for three numbers": ([1, 2, 3], [], "has shape (0,), but (3,) is expected"),
    "an element too few": (["a", "b"], ["a"], "should have 2 elements, but has 1"),
    "a wrong element": (["a", 1.0], ["a", 2.0], "element 1 has a wrong value"),
    "a missing key": (
        {"a": 1, "b": 2},
        {"a": 1},
        "does not have the keys it should have (1 of them)",
    ),
    "an extra key": (
        {"a": 1},
        {"a": 1, "b": 2},
        "does not have the keys it should have (2 of them)",
    ),
    "a wrong value in a dictionary": (
        {"a": [1, "x"]},
        {"a": [2, "x"]},
        "key 'a', element 0 has a wrong value",
    ),
    "a text too short": ("abc", "ab", "has 2 characters, but 3 are expected"),
    "a text wrong at its end": ("abc", "abd", "is wrong from character 2 on"),
}


@pytest.mark.parametrize(("expected", "got", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_value_fails_with_its_diagnosis(expected: Any, got: Any, message: str) -> None:
    """Each way to be wrong has a message of its own, which begins with the quoted label and ends as
    a sentence."""
    verdict = judge(expected, got)
    assert not verdict.passed
    assert message in verdict.message
    assert verdict.message.startswith('"it"')
    assert verdict.message.endswith((".", "?"))


def test_the_name_of_a_students_own_class_is_not_repeated() -> None:
    """A name that the student's process chose could carry anything out of it."""
    verdict = compare("it", AUTO, 1.0, Other("hidden_test_line_17"))
    assert "hidden" not in verdict.message
    assert "of a kind that cannot be read" in verdict.message


def test_tolerances_are_those_of_the_comparator() -> None:
    """``close`` holds when |got - expected| <= atol + rtol·|expected|, and not a little beyond."""
    rtol, atol = 0.01, 0.5
    limit = atol + rtol * 200
    for share, passes in (0.999, True), (1.001, False):
        assert judge(200.0, 200 + share * limit, probes.close(rtol, atol)).passed is passes
        assert judge(200.0, 200 - share * limit, probes.close(rtol, atol)).passed is passes


def test_the_expected_value_scales_the_tolerance_not_the_reported_one() -> None:
    """A giant reported value does not buy itself a giant tolerance."""
    assert not judge(1.0, 1e12, probes.close(rtol=0.9)).passed


def test_equal_is_exact() -> None:
    """``equal`` has no tolerance, for floats either."""
    assert judge(0.1, 0.1, probes.equal()).passed
    assert not judge(0.1, 0.1 + 1e-15, probes.equal()).passed


def test_integers_are_compared_exactly_by_default() -> None:
    """A tolerance of 1e-4 must not let a token id that is one off pass."""
    assert not judge(np.array([50_000]), np.array([50_001])).passed
    assert judge(np.array([50_000.0]), np.array([50_001])).passed  # floats do have the tolerance


# --- limits ---


@pytest.mark.parametrize(
    ("got", "message"),
    [
        (3.0, ""),
        (np.array([3, 4]), ""),
        (2.9, "too small"),
        (np.array([5, 2.9]), "too small"),
        (np.nan, "not finite"),
        (np.inf, "not finite"),
        (None, "None"),
        ("4", "a text"),
        (np.zeros(0), "real numbers"),
        ([], "real numbers"),
        (4 + 1j, "real numbers"),
    ],
)
def test_at_least_wants_finite_numbers_that_are_large_enough(got: Any, message: str) -> None:
    """A limit holds for every element, and for at least one."""
    verdict = judge(3.5, got, probes.at_least(3))
    assert verdict.passed is (message == "")
    assert message in verdict.message


@pytest.mark.parametrize(
    ("got", "passes"), [(3.0, True), (-1e9, True), (3.1, False), (-np.inf, False), (None, False)]
)
def test_at_most_wants_finite_numbers_that_are_small_enough(got: Any, passes: bool) -> None:
    """The mirror image of ``at_least``."""
    assert judge(0.0, got, probes.at_most(3)).passed is passes


# --- accuracy ---


@pytest.mark.parametrize("right", range(11))
def test_accuracy_counts_predictions_against_labels_that_stay_with_the_judge(right: int) -> None:
    """Passed exactly when the share of right predictions reaches the limit."""
    labels = np.arange(10)
    predictions = np.where(np.arange(10) < right, labels, -1)
    verdict = judge(labels, predictions, probes.accuracy(at_least=0.7, labels=labels))
    assert verdict.passed is (right >= 7)
    if right < 7:
        assert (
            verdict.message
            == f'"it": {right * 10}.0% of the predictions are right, 70.0% are needed.'
        )


@pytest.mark.parametrize(
    ("got", "message"), [(None, "None"), (np.zeros((10, 1), int), "shape"), ("0" * 10, "a text")]
)
def test_accuracy_wants_one_prediction_per_label(got: Any, message: str) -> None:
    """Predictions of another shape are not broadcast against the labels."""
    labels = np.zeros(10, int)
    verdict = judge(labels, got, probes.accuracy(at_least=0.0, labels=labels))
    assert not verdict.passed
    assert message in verdict.message


# --- distribution ---

FAIR = np.ones(6) / 6
SKEWED = np.array([0.5, 0.3, 0.15, 0.0484, 0.0015, 0.0001])


@pytest.mark.parametrize(
    "p", [FAIR, SKEWED, np.array([0.999, 0.001]), np.array([1.0, 0.0])], ids=str
)
def test_true_draws_are_not_rejected(p: np.ndarray) -> None:
    """500 honest samples of 600 draws: with alpha 1e-6 not one is rejected, rare outcomes or
    not."""
    rng = np.random.default_rng(1)
    comparator = probes.distribution(p)
    expected = np.round(600 * p)
    rejected = [
        seen
        for seen in rng.multinomial(600, p, 500)
        if not judge(expected, seen, comparator).passed
    ]
    assert rejected == []


def test_a_few_draws_of_something_rare_are_no_evidence_against_right_code() -> None:
    """Six draws of p = 0.001 in 600 happen once in 30,000 samples, far above alpha; chi-square
    alone rejects them."""
    p = np.array([0.4, 0.3, 0.2, 0.099, 0.001])
    seen = np.array([238, 180, 120, 56, 6])
    assert stats.binom.sf(5, 600, 0.001) > 1e-5
    assert stats.chisquare(seen, p * 600).pvalue < 1e-6
    assert judge(p * 600, seen, probes.distribution(p)).passed


DRAWN_WRONG = {
    "uniform instead of skewed": (SKEWED, FAIR),
    "skewed instead of uniform": (FAIR, SKEWED),
    "off by one": (np.array([0.7, 0.2, 0.1]), np.array([0.1, 0.7, 0.2])),
    "always the most likely": (np.array([0.7, 0.2, 0.1]), np.array([1.0, 0.0, 0.0])),
    "the rare too often": (np.array([0.999, 0.001]), np.array([0.95, 0.05])),
    "the rare never": (np.array([0.9, 0.1]), np.array([1.0, 0.0])),
    "softmax at another temperature": (
        np.array([0.665, 0.245, 0.09]),
        np.array([0.506, 0.307, 0.187]),
    ),
}


@pytest.mark.parametrize(("p", "q"), DRAWN_WRONG.values(), ids=DRAWN_WRONG.keys())
def test_draws_from_another_distribution_are_rejected(p: np.ndarray, q: np.ndarray) -> None:
    """100 samples of 1,500 draws from a typical wrong distribution: every one is rejected."""
    rng = np.random.default_rng(2)
    comparator = probes.distribution(p)
    assert not any(
        judge(p * 1500, seen, comparator).passed for seen in rng.multinomial(1500, q, 100)
    )


@pytest.mark.parametrize(
    ("got", "message"),
    [
        ([300, 299, 1], "probability 0"),
        ([3, 3, 0], "fewer or more draws"),
        ([3000, 3000, 0], "fewer or more draws"),
        ([0, 0, 0], "nothing was drawn"),
        ([301, 300, -1], "nothing was drawn"),
        ([np.nan, 300, 300], "nothing was drawn"),
        ([300.5, 299.5, 0], "nothing was drawn"),
        ([1e300, 1e300, 0], "fewer or more draws"),
        ([300, 300], "shape"),
        (None, "None"),
    ],
)
def test_counts_must_be_counts_of_the_draws_that_were_asked_for(got: Any, message: str) -> None:
    """Impossible outcomes, missing draws and things that are no counts fail before any
    statistics."""
    verdict = judge([300, 300, 0], got, probes.distribution([0.5, 0.5, 0]))
    assert not verdict.passed
    assert message in verdict.message


# --- evaluate ---

JUDGES = """
import numpy as np


def norm(value, at_most, scale=1.0):
    size = float(np.linalg.norm(np.asarray(value, float))) * scale
    return size <= at_most, f"the norm is {size:.1f}, which is too large"


def broken(value):
    return value["weights"], ""
"""


@pytest.fixture
def trusted(tmp_path: Path) -> Path:
    """A folder with trusted code in ``judges.py``."""
    (tmp_path / "judges.py").write_text(JUDGES)
    return tmp_path


def test_evaluate_lets_trusted_code_decide(trusted: Path) -> None:
    """The function gets the value and the parameters of the key; its message is what the student
    reads."""
    comparator = probes.evaluate("judges:norm", at_most=5, scale=1.0)
    assert judge(None, [3.0, 4.0], comparator, trusted) == Verdict(True)
    assert judge(None, [6.0, 8.0], comparator, trusted) == Verdict(
        False, "the norm is 10.0, which is too large"
    )


@pytest.mark.parametrize("got", [None, "text", {"a": 1}, [[1], [2, 3]]])
def test_a_strange_value_fails_its_evaluation_and_nothing_else(got: Any, trusted: Path) -> None:
    """An exception in trusted code, for a value it did not foresee, is a failed case."""
    verdict = judge(None, got, probes.evaluate("judges:norm", at_most=5), trusted)
    assert not verdict.passed
    verdict = judge(None, 3.0, probes.evaluate("judges:broken"), trusted)
    assert verdict == Verdict(False, '"it" could not be evaluated (TypeError).')


def test_trusted_code_that_does_not_exist_is_an_error_of_the_course(trusted: Path) -> None:
    """No module, no function, no folder, or a module that does not load: one clear sentence, not a
    verdict."""
    (trusted / "typo.py").write_text("def f(value:\n")
    for name in ("judges:missing", "nothing:norm", "typo:f"):
        with pytest.raises(ContentError, match=name):
            judge(None, 1.0, probes.evaluate(name), trusted)
    with pytest.raises(ContentError, match="no such trusted code"):
        judge(None, 1.0, probes.evaluate("judges:norm"), None)


def test_changed_trusted_code_is_read_anew(trusted: Path) -> None:
    """A long-lived process does not go on with yesterday's judges."""
    comparator = probes.evaluate("judges:norm", at_most=5)
    assert not judge(None, 9.0, comparator, trusted).passed
    (trusted / "judges.py").write_text(JUDGES.replace("size <= at_most", "size <= 2 * at_most"))
    os.utime(trusted / "judges.py", ns=(1, 1))
    assert judge(None, 9.0, comparator, trusted).passed


def test_an_unknown_comparator_is_an_error_of_the_course() -> None:
    """A key from another version of the package is not guessed at."""
    with pytest.raises(ContentError, match="unknown comparator"):
        compare("it", {"compare": "psychic"}, 1, 1)


# --- messages tell nothing ---

numbers = st.floats(-1e6, 1e6).filter(lambda x: abs(x) > 1e-3)
shapes = hnp.array_shapes(max_dims=3, max_side=4)


@given(st.data())
def test_a_message_depends_on_where_a_value_is_wrong_not_on_what_is_expected(
    data: st.DataObject,
) -> None:
    """Two expected arrays that a value misses at the same places give the same message."""
    shape = data.draw(shapes)
    got = data.draw(hnp.arrays(float, shape, elements=numbers))
    wrong = data.draw(hnp.arrays(bool, shape))
    assume(wrong.any())
    shift = data.draw(hnp.arrays(float, shape, elements=st.floats(2, 1e3)))
    one = judge(np.where(wrong, got + np.abs(got) * shift, got), got)
    other = judge(np.where(wrong, got - np.abs(got) * 2 * shift, got), got)
    assert not one.passed
    assert one.message == other.message


@given(st.text(min_size=1, max_size=12), st.integers(0, 11), st.characters(), st.characters())
def test_a_message_about_a_text_does_not_tell_the_text(
    text: str, place: int, one: str, other: str
) -> None:
    """Two expected texts that differ from a text at the same place give the same message."""
    place %= len(text)
    assume(text[place] not in (one, other))
    verdicts = [judge(text[:place] + char + text[place + 1 :], text) for char in (one, other)]
    assert not verdicts[0].passed
    assert verdicts[0] == verdicts[1]


secrets = st.recursive(
    st.floats(1.1, 1e6).filter(lambda x: len(repr(x)) > 8)
    | st.integers(10**9, 10**18)
    | st.text("qxzjkvw", min_size=8, max_size=12)
    | hnp.arrays(float, shapes, elements=st.floats(1.1, 1e6).filter(lambda x: len(repr(x)) > 8)),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(
            st.sampled_from(["weights", "bias", "loss"]), inner, min_size=1, max_size=3
        )
    ),
    max_leaves=6,
)
answers = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-1, 1) | st.text("abc", max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["weights", "a"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def leaves(value: Any) -> list[Any]:
    """Every scalar of a nested value."""
    if isinstance(value, np.ndarray):
        return value.ravel().tolist()
    inner = (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    )
    return [value] if inner is None else [leaf for item in inner for leaf in leaves(item)]


@given(secrets, answers | secrets, st.sampled_from([AUTO, probes.close(), probes.equal()]))
def test_no_message_contains_an_expected_value(
    secret: Any, answer: Any, comparator: dict[str, Any]
) -> None:
    """Whatever is expected and whatever is reported, no expected number or text stands in the
    message."""
    assume(not any(leaf in leaves(answer) for leaf in leaves(secret)))
    verdict = judge(secret, answer, comparator)
    assert not verdict.passed
    for leaf in leaves(secret):
        assert str(leaf) not in verdict.message
        if isinstance(leaf, float):
            assert f"{leaf:.4g}" not in verdict.message


@given(
    st.lists(st.integers(0, 9), min_size=4, max_size=20),
    st.lists(st.integers(0, 9), min_size=4, max_size=20),
)
def test_the_message_about_accuracy_tells_only_the_share(
    labels: list[int], predictions: list[int]
) -> None:
    """The message has a share and a limit in it and nothing of the labels."""
    n = min(len(labels), len(predictions))
    right = sum(a == b for a, b in zip(labels, predictions, strict=False))
    verdict = judge(0, predictions[:n], probes.accuracy(at_least=1.0, labels=labels[:n]))
    if right == n:
        assert verdict.passed
    else:
        assert re.findall(r"[\d.]+%", verdict.message) == [f"{right / n:.1%}", "100.0%"]


# --- values made to cost more than they hold, or to carry what they should not ---


@pytest.mark.parametrize(
    "value",
    [
        ["x" * 200_000] + [""] * 4_000,
        [["x" * 200_000]] + [[""]] * 4_000,
        [[["x" * 100_000, 1.0]]] + [[[1.0, 2.0]]] * 4_000,
        [None, "x" * 200_000] * 2_000,
        [{"a": "x" * 200_000}] + [1.0] * 4_000,
    ],
)
def test_lists_of_texts_take_no_memory(value):
    """NumPy would make room for the longest text at each place: gigabytes, out of kilobytes."""
    tracemalloc.start()
    verdict = compare("it", AUTO, np.ones(3), value)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert not verdict.passed
    assert most < 20 * 2**20


def test_too_many_numbers_are_not_made_into_an_array():
    small = np.zeros(1_000_000, "int8")
    verdict = compare("it", AUTO, np.ones(3), [small] * 5 + [np.zeros(1_000_000, complex)])
    assert "should hold numbers, but is a list" in verdict.message


@pytest.mark.parametrize(
    ("expected", "got", "words"),
    [
        ((3,), (4,), "has shape (4,), but (3,) is expected"),
        ((3, 2), (2, 3), "has shape (2, 3)"),
        ((3,), (0,), "has shape (0,)"),
        ((0, 3), (0, 4), "has shape (0, 4)"),
        ((3, 2), (0, 1_234_567), "has another shape"),
        ((3, 2), (77, 0), "has another shape"),
        ((3, 2), (0, 77, 88, 99), "has another shape"),
        ((0, 3), (77, 0), "has another shape"),
        ((3,), (12_345,), "has another shape"),
        ((3,), (1, 1, 1, 1, 1, 1, 2), "has 7 axes"),
    ],
)
def test_only_a_plausible_shape_is_told(expected, got, words):
    """A shape with a zero in it costs nothing and could hold any number."""
    verdict = compare("it", AUTO, np.zeros(expected), np.zeros(got))
    assert words in verdict.message
