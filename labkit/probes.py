"""Cases and probes: how a hidden test reports values instead of judging them.

A hidden test runs in the process of the student's code, so it must not know what is right. It calls
:func:`probe` with the values that the student's code gave; they leave the process as plain data and are compared
elsewhere, by a process that runs no student code. The comparators named in a ``probe`` call are cut
out of the exam and evaluated only while the answer key is recorded from the solution.

    with case("random batch 0", hint="Is the mean over batch and time?"):
        probe("loss", compute_loss(labels, logits), rtol=1e-4)
"""

from __future__ import annotations

import base64
import builtins
import math
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any
from weakref import WeakSet

import numpy as np

from labkit.training.seeds import seed_everything

__all__ = [
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

MIME = "application/vnd.labkit.probe+json"
"""The MIME type under which reports leave the process."""

MAX_DEPTH = 12
MAX_ITEMS = 10_000
MAX_TEXT = 200_000

Encoded = dict[str, Any]


def encode(value: object, depth: int = 0) -> Encoded:
    """``value`` as plain JSON data of a closed schema, one ``{kind: payload}`` per value.

    Kinds: ``none``, ``bool``, ``int``, ``float`` (text, so that NaN and infinities survive),
    ``text``, ``array`` (dtype, shape, base64 of the bytes in C order), ``list``, ``dict``, and
    ``other`` (the name of a type that cannot be reported). Never raises for a value of a strange
    type.
    """
    if depth > MAX_DEPTH:
        return {"other": "a structure nested too deeply"}
    if value is None:
        return {"none": True}
    if type(value) is bool:
        return {"bool": value}
    if type(value) is int:
        return {"int": str(value)} if value.bit_length() < 2048 else {"other": "a giant integer"}
    if type(value) is float:
        return {"float": repr(value)}
    if isinstance(value, str):
        return {"text": str(value)[:MAX_TEXT]}
    if isinstance(value, Mapping):
        rows = [
            (str(name), item)
            for _, (name, item) in zip(range(MAX_ITEMS), value.items(), strict=False)
        ]
        return {"dict": [[name, encode(item, depth + 1)] for name, item in rows]}
    if isinstance(value, list | tuple):
        return {"list": [encode(item, depth + 1) for item in value[:MAX_ITEMS]]}
    return _encode_array(value)


def _encode_array(value: object) -> Encoded:
    try:
        if hasattr(value, "numpy"):
            value = value.numpy()
        if isinstance(value, str | bytes):
            return {"text": value if isinstance(value, str) else value.decode("utf-8", "replace")}
        array = np.asarray(value)
    except Exception as error:  # a student's object may raise anything here
        return {"other": f"{type(value).__name__} ({type(error).__name__})"}
    if array.dtype.name == "bfloat16":
        array = array.astype(np.float32)
    if array.dtype.kind in "US" and array.size <= MAX_ITEMS:
        return (
            {"list": [{"text": str(item)} for item in array.ravel().tolist()]}
            if array.ndim
            else {"text": str(array)}
        )
    if array.dtype.kind not in "biufc":
        return {"other": type(value).__name__}
    array = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<"), copy=False)).reshape(
        array.shape
    )
    data = base64.b64encode(array.tobytes()).decode("ascii")
    return {"array": {"dtype": array.dtype.str, "shape": list(array.shape), "data": data}}


def close(rtol: float = 1e-4, atol: float = 1e-6) -> Encoded:
    """Equal within ``atol + rtol·|expected|``, element by element; shapes must agree."""
    return {"compare": "close", "rtol": float(rtol), "atol": float(atol)}


def equal() -> Encoded:
    """Exactly equal, element by element; an integer and a float of one value are equal."""
    return {"compare": "equal"}


def at_least(limit: float) -> Encoded:
    """Every element is finite and ``>= limit``."""
    return {"compare": "at_least", "limit": float(limit)}


def at_most(limit: float) -> Encoded:
    """Every element is finite and ``<= limit``."""
    return {"compare": "at_most", "limit": float(limit)}


def accuracy(at_least: float, labels: object) -> Encoded:
    """The share of predictions equal to ``labels`` (N,), which stay with the judge, is ``>=
    at_least``."""
    return {
        "compare": "accuracy",
        "at_least": float(at_least),
        "labels": encode(np.asarray(labels)),
    }


def distribution(probabilities: object, alpha: float = 1e-6) -> Encoded:
    """Counts (K,) of independent draws fit ``probabilities`` (K,): Pearson's chi-square, rejected
    below ``alpha``."""
    return {
        "compare": "distribution",
        "probabilities": encode(np.asarray(probabilities, float)),
        "alpha": float(alpha),
    }


def evaluate(function: str, **parameters: object) -> Encoded:
    """Trusted code decides: ``module:function`` beside the solution, called as ``function(value,
    **parameters)``."""
    return {"compare": "evaluate", "function": function, "parameters": encode(parameters)}


class _Reporter:
    """Sends records out of the process, one for each case; there is one reporter per process."""

    def __init__(self) -> None:
        self.test = ""
        self.open: list[Encoded] = []
        self.recording = False
        self.records: list[Encoded] | None = None
        self.generators: WeakSet[_CaseGenerator] = WeakSet()
        self.seeds: set[int] = set()

    def send(self, record: Encoded) -> None:
        """Send ``{"case", "probes": [{"label", "value"}], "seconds"}``, with an ``error`` if the
        case raised one."""
        if self.records is not None:
            self.records.append(record)
        else:
            _publish(record)


def _publish(record: Encoded) -> None:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is not None and hasattr(shell, "kernel"):
        shell.display_pub.publish({MIME: record})


_reporter = _Reporter()


def record_comparators(on: bool = True) -> None:
    """Let reports carry comparators and hints: only where the key is recorded from the solution."""
    _reporter.recording = on


@contextmanager
def collected() -> Iterator[list[Encoded]]:
    """Collect reports in a list instead of sending them: for tests of tests."""
    before, _reporter.records = _reporter.records, []
    try:
        yield _reporter.records
    finally:
        _reporter.records = before


class case:  # noqa: N801 - reads as a statement
    """One case, the unit of partial credit. An exception inside fails this case only.

    ``name`` is unique within its test cell; ``hint`` is what a student reads whose case fails.
    Chance begins anew with each case, everywhere that :func:`seed_everything` reaches and in every
    :func:`case_rng`.
    """

    def __init__(self, name: str, hint: str = "") -> None:
        self.name = str(name)
        self.hint = hint

    def __enter__(self) -> case:
        self.record: Encoded = {"case": self.name, "probes": []}
        if _reporter.recording:
            self.record["hint"] = self.hint
        _reporter.open.append(self.record)
        _begin_anew(self.name)
        self.started = time.perf_counter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        self.record["seconds"] = round(time.perf_counter() - self.started, 4)
        if error is not None:
            self.record["error"] = _describe(error)
        _reporter.send(_reporter.open.pop())
        return isinstance(error, Exception | SystemExit)


def begin_test(name: str) -> None:
    """Chance begins anew before a test, whatever was drawn before it. ``name`` is unique within the
    notebook."""
    _reporter.test = name
    _seed("")


def stir_chance(number: int) -> None:
    """Seed all that draws but the generators of the test: who draws from these alone, draws the
    same as before."""
    _seed(f"stirred {number}")


def _begin_anew(name: str) -> None:
    start = _seed(name)
    for generator in _reporter.generators:
        generator.bit_generator.state = np.random.PCG64([generator.seed, start]).state


def _seed(name: str) -> int:
    """Seed with a number made of ``name``, and return it; TensorFlow's operations with one of the
    test's name, too."""
    start = zlib.crc32(name.encode())
    operations = zlib.crc32(f"{_reporter.test}: {name}".encode())
    with _kernels_kept(operations not in _reporter.seeds):
        seed_everything(start)
        if tensorflow := sys.modules.get("tensorflow"):
            tensorflow.random.set_seed(operations)
    _reporter.seeds.add(operations)
    return start


@contextmanager
def _kernels_kept(kept: bool) -> Iterator[None]:
    """Keep ``tf.random.set_seed`` from throwing away all kernels that TensorFlow has made.

    It does so for those that draw, as they go on from where they are. With a seed that was never
    used before there are none, and to make all others again takes a fifth of the time of a
    notebook's tests.
    """
    module = sys.modules.get("tensorflow.python.pywrap_tfe")
    clear = getattr(module, "TFE_ContextClearCaches", None)
    if not kept or module is None or clear is None:
        yield
        return
    module.TFE_ContextClearCaches = lambda context: None  # type: ignore[attr-defined]
    try:
        yield
    finally:
        module.TFE_ContextClearCaches = clear  # type: ignore[attr-defined]


def case_rng(seed: int) -> np.random.Generator:
    """A generator for the inputs of a test, which begins anew with each case.

    What a case draws then does not depend on how far the cases before it came, or a wrong answer
    would spoil them all.
    """
    generator = _CaseGenerator(seed)
    _reporter.generators.add(generator)
    return generator


class _CaseGenerator(np.random.Generator):
    """Begins anew with each case, as long as somebody has it."""

    def __init__(self, seed: int) -> None:
        super().__init__(np.random.PCG64(seed))
        self.seed = seed


def probe(
    label: str,
    value: object,
    rtol: float | None = None,
    atol: float | None = None,
    compare: Encoded | None = None,
    expect: object = None,
) -> None:
    """Report ``value`` under ``label``, unique within its case.

    ``rtol`` and ``atol`` (defaults 1e-4 and 1e-6) or ``compare`` say how the judge will compare;
    ``expect`` replaces the solution's own value as the expected one. All of these are cut out of
    the exam.
    """
    record: Encoded = {"label": str(label), "value": encode(value)}
    if _reporter.recording:
        chosen = compare
        if chosen is None and (rtol is not None or atol is not None):
            chosen = close(1e-4 if rtol is None else rtol, 1e-6 if atol is None else atol)
        record["comparator"] = chosen or {"compare": "auto", "rtol": 1e-4, "atol": 1e-6}
        if expect is not None:
            record["expect"] = encode(expect)
    if _reporter.open:
        _reporter.open[-1]["probes"].append(record)
    else:
        _reporter.send({"case": None, "probes": [record]})


def outcome(function: Callable[[], object], looking_for: Sequence[str] = ()) -> dict[str, object]:
    """What calling ``function`` does: the built-in exception it raises (or the value it returns),
    plainly.

    ``raised`` is the nearest built-in exception class, so a subclass counts as its parent;
    ``message_has`` lists which of ``looking_for`` occur in the message.
    """
    try:
        value = function()
    except Exception as error:
        text = str(error)
        return {
            "raised": _builtin_name(error),
            "message_has": [word for word in looking_for if word in text],
        }
    return {"raised": None, "value": value}


def facts(value: object) -> dict[str, object]:
    """What a value is, as data: module and name of its type, dtype, shape and the value itself."""
    kind = type(value)
    return {
        "type": f"{kind.__module__.split('.')[0]}.{kind.__name__}",
        "dtype": str(getattr(getattr(value, "dtype", None), "name", getattr(value, "dtype", None))),
        "shape": [int(size) for size in getattr(value, "shape", ())],
        "value": value,
    }


def _builtin_name(error: BaseException) -> str:
    for kind in type(error).__mro__:
        if kind.__module__ == "builtins" and getattr(builtins, kind.__name__, None) is kind:
            return kind.__name__
    return "Exception"


def _describe(error: BaseException) -> Encoded:
    return {
        "type": _builtin_name(error),
        "name": type(error).__name__[:80],
        "text": str(error)[:2000],
        "lines": _lines(error.__traceback__),
    }


def _lines(trace: TracebackType | None) -> list[list[object]]:
    """(file, line) of each frame, outermost first, at most 40."""
    rows: list[list[object]] = []
    while trace is not None and len(rows) < 40:
        rows.append([trace.tb_frame.f_code.co_filename[-200:], trace.tb_lineno])
        trace = trace.tb_next
    return rows


def counts(draws: Iterable[int], size: int) -> np.ndarray:
    """How often each of ``0..size-1`` occurs in ``draws``; anything else goes to a last, extra
    place. (size + 1,)."""
    result = np.zeros(size + 1, int)
    for draw in draws:
        number = float(draw)
        fits = math.isfinite(number) and number == int(number) and 0 <= int(number) < size
        result[int(number) if fits else size] += 1
    return result
