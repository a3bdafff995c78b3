"""What a student's process reported about one TODO + the key -> cases passed and failed, with
authored messages.

Nothing that a student's process printed goes into a message: only names from the key, numbers that
were checked, and the names of built-in exceptions.
"""

from __future__ import annotations

import ast
import warnings
from pathlib import Path
from typing import Any

from autograder.judging.decoding import Other, WireError, decode
from autograder.judging.error_messages import About, error_message, line_of_cell
from autograder.judging.judge import compare
from autograder.judging.remarks import newer_syntax
from autograder.model.cell_run import CellError, CellRun, CellStatus
from autograder.model.errors import ContentError
from autograder.model.key import CaseKey, ProbeKey
from autograder.model.result import CaseResult
from autograder.sandbox import output_limits
from autograder.sandbox.patches import cell_number

__all__ = ["answer_message", "judge_cases", "unreadable"]

TOO_LARGE = Other(output_limits.TOO_LARGE["other"])
MAX_ANSWER = 100_000
"""Characters of one answer cell that are read as Python: a million of brackets takes gigabytes."""


def judge_cases(
    cases: tuple[CaseKey, ...], run: CellRun, about: About, trusted: Path
) -> tuple[list[CaseResult], list[str]]:
    """The verdict on each case of the key, and incidents for the instructor.

    A pass needs positive evidence: a case of which nothing was heard has failed.
    """
    heard, strange = _by_case(cases, run.reports)
    incidents = ["It reported a case that the test does not have."] * strange
    running = next((case.name for case in cases if not heard[case.name]), "")
    verdicts = []
    for case in cases:
        if not heard[case.name]:
            why = _why_unfinished(run, case.name == running, about)
            verdicts.append(CaseResult(case.name, False, _sentence(why)))
            continue
        verdict, incident = _judge_case(case, heard[case.name], about, trusted)
        verdicts.append(verdict)
        incidents += [incident] if incident else []
    return verdicts, sorted(set(incidents))


def _by_case(
    cases: tuple[CaseKey, ...], reports: list[dict[str, Any]]
) -> tuple[dict[str, list[dict[str, Any]]], int]:
    """The reports of each case of the key, and how many belong to none."""
    heard: dict[str, list[dict[str, Any]]] = {case.name: [] for case in cases}
    strange = 0
    for report in reports:
        name = report.get("case")
        if isinstance(name, str) and name in heard:
            heard[name].append(report)
        else:
            strange += 1
    return heard, strange


def _judge_case(
    case: CaseKey, reports: list[dict[str, Any]], about: About, trusted: Path
) -> tuple[CaseResult, str]:
    """The verdict on one case, and an incident or nothing."""
    report = reports[0]
    probes = _probes(report)
    # Before anything else: a process that reports twice may have reported what it likes.
    if len(reports) > 1 or len(probes) > len(case.probes):
        verdict = _failed(case, "it reported more values than the test asks for")
        return verdict, "It reported values of its own."
    if "error" in report:
        message = error_message(report["error"], about)
        # A hint speaks of wrong values; what says how to go on needs no second advice.
        hint = "" if message.endswith(")") or message == about.signature else case.hint
        return CaseResult(case.name, False, f"{_sentence(message)} {hint}".strip()), ""
    labels = [probe.get("label") for probe in probes]
    if labels != [probe.label for probe in case.probes]:
        return _failed(case, "not every value was reported"), "Reported values are missing."
    for wanted, got in zip(case.probes, probes, strict=True):
        message = _judge_probe(wanted, got, trusted)
        if message:
            return _failed(case, message), ""
    return CaseResult(case.name, True), ""


def _probes(report: dict[str, Any]) -> list[dict[str, Any]]:
    """What of a report can be a probe at all."""
    probes = report.get("probes")
    return (
        [probe for probe in probes if isinstance(probe, dict)] if isinstance(probes, list) else []
    )


def _judge_probe(wanted: ProbeKey, got: dict[str, Any], trusted: Path) -> str:
    try:
        value = decode(got.get("value"))
    except WireError:
        return f'"{wanted.label}" is not a value that can be read'
    if isinstance(value, Other) and value == TOO_LARGE:
        return f'"{wanted.label}" is too large to be looked at: is its shape right?'
    try:
        verdict = compare(wanted.label, wanted.comparator, decode(wanted.expected), value, trusted)
    except ContentError:
        raise
    except Exception as error:  # a value nobody thought of must cost its case only
        return f'"{wanted.label}" cannot be compared ({type(error).__name__})'
    return "" if verdict.passed else verdict.message


def _failed(case: CaseKey, message: str) -> CaseResult:
    return CaseResult(case.name, False, f"{_sentence(message)} {case.hint}".strip())


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _why_unfinished(run: CellRun, running: bool, about: About) -> str:
    when = "while this case ran" if running else "before this case ran"
    if run.status is CellStatus.TIMEOUT:
        return f"your code was {run.reason} {when}: is there an endless loop?"
    if run.status is CellStatus.KILLED:
        # Not "while this case ran": what it reported last may not have got out.
        return f"the process ended before this case was over: {run.reason}"
    if run.status is CellStatus.ERROR:
        return error_message(_told(run, ""), about)
    return "this case did not run to its end"


def answer_message(run: CellRun, about: About) -> str:
    """What went wrong when the answer cell itself was run; empty if nothing did."""
    if run.status is not CellStatus.ERROR:
        return ""
    return _sentence(error_message(_told(run, about.answer), about))


def _told(run: CellRun, code: str) -> dict[str, Any]:
    """The exception that ended a cell, in the form in which a case tells of one."""
    error = run.error or CellError()
    line = line_of_cell("\n".join(error.trace)) if code else None
    frames = [[f"{cell_number(code)}.py", line]] if line else []
    return {"type": error.type, "name": error.type, "text": error.text, "lines": frames}


def unreadable(code: str) -> str:
    """Why an answer is not run at all, in a sentence; empty if it is."""
    if len(code) > MAX_ANSWER:
        return (
            f"Your answer has {len(code)} characters; {MAX_ANSWER} is the limit. "
            "Remove pasted data from the cell."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(code)
    except SyntaxError as error:
        newer = newer_syntax(code, error)
        return f"Python cannot read your answer: line {error.lineno}: {error.msg}.{newer}"
    except (ValueError, RecursionError, MemoryError) as error:
        return f"Python cannot read your answer ({type(error).__name__})."
    return ""
