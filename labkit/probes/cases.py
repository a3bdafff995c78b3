"""Cases, probes, and the records that leave the process, one for each case."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from labkit.probes.chance import begin_case
from labkit.probes.comparators import close
from labkit.probes.describing import describe_error
from labkit.probes.encoding import Encoded, encode

__all__ = ["MIME", "case", "collected", "probe", "record_comparators"]

MIME = "application/vnd.labkit.probe+json"
"""The MIME type under which reports leave the process."""

RTOL, ATOL = 1e-4, 1e-6


class _Reporter:
    """The cases that are open, and where records go; there is one reporter per process."""

    def __init__(self) -> None:
        self.open: list[Encoded] = []
        self.recording = False
        self.records: list[Encoded] | None = None

    def send(self, record: Encoded) -> None:
        """Send one record.

        Args:
            record: `{"case", "probes": [{"label", "value"}], "seconds"}`, with an `error` if the
                case raised one.
        """
        if self.records is not None:
            self.records.append(record)
        else:
            _publish(record)


def _publish(record: Encoded) -> None:
    """Send a record as a display message of the running kernel; outside a kernel do nothing."""
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
    """Collect reports in a list instead of sending them: for tests of tests.

    Yields:
        The list, which grows as cases end.
    """
    before, _reporter.records = _reporter.records, []
    try:
        yield _reporter.records
    finally:
        _reporter.records = before


class case:  # noqa: N801 - reads as a statement
    """One case, the unit of partial credit, for use in a `with` statement.

    An exception inside fails this case only. Chance starts anew with each case, everywhere that
    `seed_everything` reaches and in every `case_rng`.
    """

    def __init__(self, name: str, hint: str = "") -> None:
        """Name the case.

        Args:
            name: unique within its test cell.
            hint: what a student reads whose case fails.
        """
        self.name = str(name)
        self.hint = hint

    def __enter__(self) -> case:
        """Seed everything, and open a record for the probes of the body."""
        self.record: Encoded = {"case": self.name, "probes": []}
        if _reporter.recording:
            self.record["hint"] = self.hint
        _reporter.open.append(self.record)
        begin_case(self.name)
        self.started = time.perf_counter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Send the record, and keep an exception of the student's code inside the case."""
        self.record["seconds"] = round(time.perf_counter() - self.started, 4)
        if error is not None:
            self.record["error"] = describe_error(error)
        _reporter.send(_reporter.open.pop())
        # An interrupt goes on: it is the grader's own, sent to an overrunning cell.
        return isinstance(error, Exception | SystemExit)


def probe(
    label: str,
    value: object,
    rtol: float | None = None,
    atol: float | None = None,
    compare: Encoded | None = None,
    expect: object = None,
) -> None:
    """Report `value` under `label`.

    All arguments but the first two are cut out of the exam.

    Args:
        label: unique within its case.
        value: what the student's code gave; anything that `encode` takes.
        rtol: relative tolerance of the comparison; 1e-4 if only `atol` is given.
        atol: absolute tolerance of the comparison; 1e-6 if only `rtol` is given.
        compare: another comparator, such as `at_least(0.9)`; without any of these three the judge
            chooses one by the expected value.
        expect: replaces the solution's own value as the expected one.
    """
    record: Encoded = {"label": str(label), "value": encode(value)}
    if _reporter.recording:
        chosen = compare
        if chosen is None and (rtol is not None or atol is not None):
            chosen = close(RTOL if rtol is None else rtol, ATOL if atol is None else atol)
        record["comparator"] = chosen or {"compare": "auto", "rtol": RTOL, "atol": ATOL}
        if expect is not None:
            record["expect"] = encode(expect)
    # A probe outside a case is a record of its own, so that the judge can say so.
    if _reporter.open:
        _reporter.open[-1]["probes"].append(record)
    else:
        _reporter.send({"case": None, "probes": [record]})
