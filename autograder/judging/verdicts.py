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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.judging.decoding import Other, WireError, decode
from autograder.judging.judge import compare
from autograder.model.cell_run import CellRun
from autograder.model.errors import ContentError
from autograder.model.key import CaseKey, ProbeKey
from autograder.sandbox import output_limits
from autograder.sandbox.patches import cell_number

__all__ = ["CaseVerdict", "answer_message", "judge_cases", "unreadable"]

TOO_LARGE = Other(output_limits.TOO_LARGE["other"])
MAX_ANSWER = 100_000
"""Characters of one answer cell that are read as Python: a million of brackets takes gigabytes."""

CELL_LINE = re.compile(r"^Cell In\[\d+\], line (\d{1,6})\b", re.MULTILINE)
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


@dataclass(frozen=True)
class CaseVerdict:
    """One case: passed or not, and the line the student reads."""

    case: str
    passed: bool
    message: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"case": self.case, "passed": self.passed, "message": self.message}


def judge_cases(
    cases: tuple[CaseKey, ...], run: CellRun, answer: str, trusted: Path
) -> tuple[list[CaseVerdict], list[str]]:
    """The verdict on each case of the key, and incidents for the instructor. A pass needs positive
    evidence."""
    heard: dict[str, list[dict[str, Any]]] = {case.name: [] for case in cases}
    incidents: list[str] = []
    for report in run.reports:
        name = report.get("case")
        if isinstance(name, str) and name in heard:
            heard[name].append(report)
        else:
            incidents.append("It reported a case that the test does not have.")
    running = next((case.name for case in cases if not heard[case.name]), "")
    verdicts = []
    for case in cases:
        if not heard[case.name]:
            why = _why_unfinished(run, case.name == running, answer)
            verdicts.append(CaseVerdict(case.name, False, _sentence(why)))
            continue
        verdict, incident = _judge_case(case, heard[case.name], answer, trusted)
        verdicts.append(verdict)
        incidents += [incident] if incident else []
    return verdicts, sorted(set(incidents))


def _judge_case(
    case: CaseKey, reports: list[dict[str, Any]], answer: str, trusted: Path
) -> tuple[CaseVerdict, str]:
    report = reports[0]
    probes = _probes(report)
    if len(reports) > 1 or len(probes) > len(case.probes):
        return _failed(
            case, "it reported more values than the test asks for"
        ), "It reported values of its own."
    if "error" in report:
        return _failed(case, _error_message(report["error"], answer)), ""
    if [probe.get("label") for probe in probes] != [probe.label for probe in case.probes]:
        return _failed(case, "not every value was reported"), "Reported values are missing."
    for wanted, got in zip(case.probes, probes, strict=True):
        message = _judge_probe(wanted, got, trusted)
        if message:
            return _failed(case, message), ""
    return CaseVerdict(case.name, True), ""


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


def _failed(case: CaseKey, message: str) -> CaseVerdict:
    return CaseVerdict(case.name, False, f"{_sentence(message)} {case.hint}".strip())


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _why_unfinished(run: CellRun, running: bool, answer: str) -> str:
    when = "while this case ran" if running else "before this case ran"
    if run.status == "timeout":
        return f"your code was {run.reason} {when}: is there an endless loop?"
    if run.status == "killed":
        # its last words may not have got out
        return f"the process ended before this case was over: {run.reason}"
    if run.status == "error":
        return _error_message({"type": run.error.get("type"), "lines": []}, answer)
    return "this case did not run to its end"


def _error_message(error: Any, answer: str) -> str:
    """'your code raised TypeError in line 3 (…)', from data that is checked first."""
    error = error if isinstance(error, dict) else {}
    kind = error.get("type")
    known = isinstance(kind, str) and isinstance(getattr(builtins, kind, None), type)
    name = (
        kind
        if known and issubclass(getattr(builtins, str(kind)), BaseException)
        else "an exception"
    )
    line = _line(error.get("lines"), answer)
    where = f" in line {line} of your answer" if line else ""
    advice = f" ({ADVICE[name]})" if name in ADVICE else ""
    return f"your code raised {name}{where}{advice}"


def _line(frames: Any, answer: str) -> int | None:
    """The line of the answer cell in which the innermost frame of it stood."""
    suffix = f"{cell_number(answer)}.py"
    found = None
    for frame in frames if isinstance(frames, list) else []:
        if (
            isinstance(frame, list)
            and len(frame) == 2
            and str(frame[0]).endswith(suffix)
            and type(frame[1]) is int
        ):
            found = frame[1]
    return found if found and 1 <= found <= answer.count("\n") + 1 else None


def answer_message(run: CellRun, code: str) -> str:
    """What went wrong when the answer cell itself was run; empty if nothing did."""
    if run.status != "error":
        return ""
    lines = [
        int(number) for line in run.error.get("trace", ()) for number in CELL_LINE.findall(line)
    ]
    frames = [[f"{cell_number(code)}.py", lines[0]]] if lines else []
    return _sentence(_error_message({"type": run.error.get("type"), "lines": frames}, code))


def unreadable(code: str) -> str:
    """Why an answer is not run at all, in a sentence; empty if it is."""
    if len(code) > MAX_ANSWER:
        return f"Your answer has {len(code)} characters; {MAX_ANSWER} is the limit. Remove pasted data from the cell."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(code)
    except SyntaxError as error:
        return f"Python cannot read your answer: line {error.lineno}: {error.msg}."
    except (ValueError, RecursionError, MemoryError) as error:
        return f"Python cannot read your answer ({type(error).__name__})."
    return ""
