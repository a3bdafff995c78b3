"""What a student's process reported about one TODO + the key -> cases passed and failed, with
authored messages.

Nothing that a student's process printed goes into a message: only names from the key, numbers that
were checked, and the names of built-in exceptions.
"""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from pathlib import Path
from typing import Any

from autograder.judging.decoding import Other, WireError, decode
from autograder.judging.judge import compare
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

CELL_LINE = re.compile(r"^Cell In\[\d++\], line (\d{1,6})\b", re.MULTILINE)
ADVICE = {
    "NotImplementedError": "a part of it is still the placeholder",
    "NameError": "a name is used before it is defined",
    "RecursionError": "it calls itself without an end",
    "MemoryError": "it asks for more memory than there is",
    "EOFError": "it asks for input(), but nobody types while a notebook is graded",
    "FileNotFoundError": "it opens a file that is not there: only the course's own data is",
    "ModuleNotFoundError": "it imports a library that the course does not use",
    "BlockingIOError": "it starts more processes than it may",
    "SystemExit": "it ends the program: leave out exit() and quit()",
}


def judge_cases(
    cases: tuple[CaseKey, ...], run: CellRun, answer: str, trusted: Path
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
            why = _why_unfinished(run, case.name == running, answer)
            verdicts.append(CaseResult(case.name, False, _sentence(why)))
            continue
        verdict, incident = _judge_case(case, heard[case.name], answer, trusted)
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
    case: CaseKey, reports: list[dict[str, Any]], answer: str, trusted: Path
) -> tuple[CaseResult, str]:
    """The verdict on one case, and an incident or nothing."""
    report = reports[0]
    probes = _probes(report)
    # Before anything else: a process that reports twice may have reported what it likes.
    if len(reports) > 1 or len(probes) > len(case.probes):
        verdict = _failed(case, "it reported more values than the test asks for")
        return verdict, "It reported values of its own."
    if "error" in report:
        return _failed(case, _error_message(report["error"], answer)), ""
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


def _why_unfinished(run: CellRun, running: bool, answer: str) -> str:
    when = "while this case ran" if running else "before this case ran"
    if run.status is CellStatus.TIMEOUT:
        return f"your code was {run.reason} {when}: is there an endless loop?"
    if run.status is CellStatus.KILLED:
        # Not "while this case ran": what it reported last may not have got out.
        return f"the process ended before this case was over: {run.reason}"
    if run.status is CellStatus.ERROR:
        return _error_message({"type": _error_of(run).type, "lines": []}, answer)
    return "this case did not run to its end"


def _error_message(error: Any, answer: str) -> str:
    """'your code raised TypeError in line 3 (…)', from data that is checked first."""
    error = error if isinstance(error, dict) else {}
    name = _exception_name(error.get("type"))
    line = _line(error.get("lines"), answer)
    where = f" in line {line} of your answer" if line else ""
    advice = f" ({ADVICE[name]})" if name in ADVICE else ""
    return f"your code raised {name}{where}{advice}"


def _exception_name(kind: Any) -> str:
    """The name of a built-in exception; any other name was made by the student's process."""
    known = getattr(builtins, kind, None) if isinstance(kind, str) else None
    return kind if isinstance(known, type) and issubclass(known, BaseException) else "an exception"


def _line(frames: Any, answer: str) -> int | None:
    """The line of the answer cell in which the innermost frame of it stood."""
    suffix = f"{cell_number(answer)}.py"
    found = None
    for frame in frames if isinstance(frames, list) else []:
        if not isinstance(frame, list) or len(frame) != 2 or type(frame[1]) is not int:
            continue
        if str(frame[0]).endswith(suffix):
            found = frame[1]
    return found if found and 1 <= found <= answer.count("\n") + 1 else None


def answer_message(run: CellRun, code: str) -> str:
    """What went wrong when the answer cell itself was run; empty if nothing did."""
    if run.status is not CellStatus.ERROR:
        return ""
    error = _error_of(run)
    lines = CELL_LINE.findall("\n".join(error.trace))
    frames = [[f"{cell_number(code)}.py", int(lines[0])]] if lines else []
    return _sentence(_error_message({"type": error.type, "lines": frames}, code))


def _error_of(run: CellRun) -> CellError:
    return run.error or CellError()


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
        return f"Python cannot read your answer: line {error.lineno}: {error.msg}."
    except (ValueError, RecursionError, MemoryError) as error:
        return f"Python cannot read your answer ({type(error).__name__})."
    return ""
