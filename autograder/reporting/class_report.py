"""What the class report shows: numbers over all results of one lab."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from statistics import mean, median
from typing import Any
from urllib.parse import quote

from autograder.model.lateness import Lateness
from autograder.model.result import Result, TodoResult, TodoState
from autograder.reporting.cells import Cells
from autograder.reporting.histogram import histogram
from autograder.reporting.render import STATES, number, shown_state

__all__ = ["make_report"]

STRONGEST_SANDBOX = "namespaces"
_CASES = 5

_UNJUDGED = (TodoState.NOT_ATTEMPTED, TodoState.TIMEOUT, TodoState.KILLED)
"""States in which a failed case tells nothing about the answer."""

_TOLD = (TodoState.ERROR, TodoState.TIMEOUT, TodoState.KILLED)
"""States whose message says more than the cases."""

_FINE = (TodoState.CORRECT, TodoState.NOT_ATTEMPTED)
"""States in which nobody stumbled."""


def make_report(
    *,
    course: str,
    lab_title: str,
    lab: str,
    results: Sequence[Result],
    names: Mapping[str, str],
    expected: Mapping[str, str],
    cells: Cells,
    lateness: Mapping[str, Lateness] | None = None,
) -> dict[str, Any]:
    """The values of the template; a pure function of the results.

    ``names`` and ``expected`` map student ids to names: of those who handed in, and of everybody in
    the gradebook. ``lateness`` maps those whom the gradebook knows.
    """
    times = lateness or {}
    graded = [result for result in results if result.graded]
    others = [result for result in results if not result.graded]
    missing = _missing(results, expected)
    called = dict(expected) | dict(names)
    titles = _titles(graded, cells)
    todos = [_todo(todo, title, graded) for todo, title in titles.items()]
    fractions = [result.fraction for result in graded]
    return {
        "course": course,
        "lab": lab,
        "lab_title": lab_title,
        "graded": len(graded),
        "max_points": _most(graded),
        "tiles": _tiles(graded, others, missing) + _time_tiles(times),
        "chart": histogram(fractions),
        "todos": todos,
        "legend": _legend(todos),
        "failures": _failures(titles, graded),
        "incidents": _notes(results, lambda result: result.incidents, called),
        "repairs": _notes(results, lambda result: result.repairs, called),
        "not_gradable": _reasons(others, called),
        "missing": missing,
        **_sandboxes(graded),
        "students": _students(results, called, titles, times),
    }


def _reasons(others: Sequence[Result], called: Mapping[str, str]) -> list[dict[str, str]]:
    """Why some submissions could not be graded."""
    return [
        {"name": called.get(result.student, result.student), "reason": result.reason}
        for result in others
    ]


def _missing(results: Sequence[Result], expected: Mapping[str, str]) -> list[str]:
    """The names of those who handed in nothing, sorted."""
    present = {result.student for result in results}
    return sorted(name for student, name in expected.items() if student not in present)


def _titles(graded: Sequence[Result], cells: Cells) -> dict[str, str]:
    """grade_id -> heading, for every TODO that is in a result."""
    titles: dict[str, str] = {}
    for result in graded:
        for todo in result.todos:
            titles.setdefault(todo, cells.title(todo))
    return titles


def _legend(todos: Sequence[dict[str, Any]]) -> list[Any]:
    """The states that occur, in the order of the legend."""
    seen = set()
    for todo in todos:
        seen |= {part["state"].word for part in todo["parts"]}
    return [state for state in STATES.values() if state.word in seen]


def _sandboxes(graded: Sequence[Result]) -> dict[str, str]:
    """How many were graded in which sandbox, and which of them are weaker than they could be."""
    levels = sorted(Counter(result.sandbox or "none" for result in graded).items())
    weak = [f"{count} × {level}" for level, count in levels if level != STRONGEST_SANDBOX]
    told = [f"{count} graded in sandbox level {level}" for level, count in levels]
    return {"weak_sandboxes": ", ".join(weak), "sandboxes": ", ".join(told)}


def _most(graded: Sequence[Result]) -> float:
    """The points that could be had."""
    return max((result.max_points for result in graded), default=0.0)


def _tiles(
    graded: Sequence[Result], others: Sequence[Result], missing: Sequence[str]
) -> list[dict[str, str]]:
    """The numbers at the top of the page."""
    points = [result.points for result in graded]
    most = _most(graded)
    tiles = [("graded", str(len(graded)))]
    if others:
        tiles.append(("not gradable", str(len(others))))
    if missing:
        tiles.append(("missing", str(len(missing))))
    if points:
        seconds = median(result.seconds for result in graded)
        tiles += [
            (f"mean of {number(most)}", f"{mean(points):.1f}"),
            ("median", f"{median(points):.1f}"),
            ("full marks", str(sum(earned >= most for earned in points))),
            ("median time each", f"{seconds:.1f} s"),
        ]
    return [{"label": label, "value": value} for label, value in tiles]


def _time_tiles(lateness: Mapping[str, Lateness]) -> list[dict[str, str]]:
    """How many were late, and of how many nobody knows."""
    late = sum(bool(time.late) for time in lateness.values())
    unknown = sum(time.unknown for time in lateness.values())
    tiles = [("handed in late", late), ("time unknown", unknown)]
    return [{"label": label, "value": str(count)} for label, count in tiles if count]


def _todo(name: str, title: str, graded: Sequence[Result]) -> dict[str, Any]:
    """One TODO: how many students are in which state, and its mean."""
    rows = _rows(name, graded)
    counts = Counter(row.state for row in rows)
    parts: list[dict[str, Any]] = [
        {"state": look, "count": counts[state]} for state, look in STATES.items() if counts[state]
    ]
    alt = ", ".join(f"{part['count']} {part['state'].word.lower()}" for part in parts)
    points = mean(row.points for row in rows)
    most = max(row.max_points for row in rows)
    seconds = median(row.seconds for row in rows)
    return {
        "title": title,
        "parts": parts,
        "alt": alt,
        "mean": points,
        "max_points": most,
        "percent": round(100 * points / most) if most else 0,
        "seconds": seconds,
    }


def _rows(name: str, graded: Sequence[Result]) -> list[TodoResult]:
    """One TODO in every result that has it."""
    return [result.todos[name] for result in graded if name in result.todos]


def _failures(titles: Mapping[str, str], graded: Sequence[Result]) -> list[dict[str, Any]]:
    """Per TODO the most frequent failing cases with their most frequent message; most students
    first."""
    found = []
    for name, title in titles.items():
        rows = _rows(name, graded)
        told = _told(rows)
        if not told:
            continue
        frequent = sorted(told.items(), key=lambda item: (-item[1].total(), item[0]))
        cases = [_case(*case) for case in frequent[:_CASES]]
        students = sum(row.state not in _FINE for row in rows)
        found.append({"title": title, "students": students, "cases": cases})
    return sorted(found, key=lambda row: -row["students"])


def _told(rows: Sequence[TodoResult]) -> dict[str, Counter[str]]:
    """Case -> the messages that its failures came with, counted; a state counts as a case."""
    told: dict[str, Counter[str]] = {}
    for row in rows:
        if row.state not in _UNJUDGED:
            for case in row.failed:
                told.setdefault(case.case, Counter())[case.message] += 1
        if row.message and row.state in _TOLD:
            told.setdefault(shown_state(row.state).word, Counter())[row.message] += 1
    return told


def _case(case: str, messages: Counter[str]) -> dict[str, Any]:
    (message, _), *rest = messages.most_common()
    return {"case": case, "count": messages.total(), "message": message, "other": len(rest)}


def _notes(
    results: Sequence[Result],
    notes: Callable[[Result], Sequence[str]],
    called: Mapping[str, str],
) -> list[dict[str, Any]]:
    """What there is to tell of some students, with their names."""
    return [
        {"name": called.get(result.student, result.student), "notes": list(notes(result))}
        for result in results
        if notes(result)
    ]


def _students(
    results: Sequence[Result],
    called: Mapping[str, str],
    titles: Mapping[str, str],
    times: Mapping[str, Lateness],
) -> list[dict[str, Any]]:
    """A row per student."""
    rows = []
    for result in results:
        name = called.get(result.student, result.student)
        rows.append(_student(result, name, titles, times.get(result.student, Lateness())))
    return rows


def _student(
    result: Result, name: str, titles: Mapping[str, str], time: Lateness
) -> dict[str, Any]:
    """The row of one student."""
    lab = quote(result.lab)
    shown = titles if result.graded else {}
    return {
        "student": result.student,
        "name": name,
        "href": f"../feedback/{quote(result.student)}/{lab}/{lab}.html",
        "gradable": result.graded,
        "points": result.points,
        "percent": round(100 * result.fraction) if result.graded else 0,
        "seconds": result.seconds,
        "todos": [_dot(result.todos.get(todo), title) for todo, title in shown.items()],
        "notes": [
            *([time.note] if time.note else []),
            *_counted(len(result.incidents), "incident"),
            *_counted(len(result.repairs), "repair"),
        ],
    }


def _dot(todo: TodoResult | None, title: str) -> dict[str, Any]:
    """The sign of one TODO in a student's row."""
    state = todo.state if todo else TodoState.NOT_JUDGED
    return {"title": title.replace("`", ""), "state": shown_state(state)}


def _counted(count: int, word: str) -> list[str]:
    """ "2 repairs", or nothing."""
    return [f"{count} {word}{'' if count == 1 else 's'}"] if count else []
