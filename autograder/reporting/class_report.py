"""What the class report shows: numbers over all results of one lab."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import Any
from urllib.parse import quote

from autograder.reporting.feedback_page import Cells
from autograder.reporting.render import STATES, State, number

__all__ = ["make_report"]

Result = Mapping[str, Any]

STRONGEST_SANDBOX = "namespaces"
_BINS = 10
_WIDTH, _HEIGHT, _BASE = 720, 210, 178
_CASES = 5


@dataclass(frozen=True)
class _Bar:
    x: float
    y: float
    width: float
    height: float
    middle: float
    count: int
    label: str


def make_report(
    *,
    course: str,
    lab_title: str,
    lab: str,
    results: Sequence[Result],
    names: Mapping[str, str],
    expected: Mapping[str, str],
    cells: Cells,
) -> dict[str, Any]:
    """The values of the template; a pure function of the results.

    ``names`` and ``expected`` map student ids to names: of those who handed in, and of everybody in
    the gradebook.
    """
    graded = [result for result in results if result.get("status") == "graded"]
    others = [result for result in results if result.get("status") != "graded"]
    present = {str(result["student"]) for result in results}
    missing = sorted(name for student, name in expected.items() if student not in present)
    called = dict(expected) | dict(names)

    def name(result: Result) -> str:
        return called.get(str(result["student"]), str(result["student"]))

    levels = Counter(str(result.get("sandbox") or "none") for result in graded)
    weak = {level: count for level, count in levels.items() if level != STRONGEST_SANDBOX}
    titles = {todo: cells.title(todo) for result in graded for todo in result["todos"]}
    todos = [_todo(todo, title, graded) for todo, title in titles.items()]
    seen = {part["state"].word: part["state"] for todo in todos for part in todo["parts"]}
    return {
        "course": course,
        "lab": lab,
        "lab_title": lab_title,
        "graded": len(graded),
        "max_points": max((float(result["max_points"]) for result in graded), default=0.0),
        "tiles": _tiles(graded, others, missing),
        "chart": _chart([_share(result) for result in graded]),
        "todos": todos,
        "legend": [state for state in STATES.values() if state.word in seen],
        "failures": _failures(titles, graded),
        "incidents": _notes(results, "incidents", name),
        "repairs": _notes(results, "repairs", name),
        "not_gradable": [{"name": name(r), "reason": str(r.get("reason", ""))} for r in others],
        "missing": missing,
        "weak_sandboxes": ", ".join(f"{count} × {level}" for level, count in sorted(weak.items())),
        "sandboxes": ", ".join(
            f"{count} graded in sandbox level {level}" for level, count in sorted(levels.items())
        ),
        "students": [_student(result, name(result), titles) for result in results],
    }


def _tiles(
    graded: Sequence[Result], others: Sequence[Result], missing: Sequence[str]
) -> list[dict[str, str]]:
    points = [float(result["points"]) for result in graded]
    most = max((float(result["max_points"]) for result in graded), default=0.0)
    tiles = [("graded", str(len(graded)))]
    tiles += [("not gradable", str(len(others)))] if others else []
    tiles += [("missing", str(len(missing)))] if missing else []
    if points:
        tiles += [
            (f"mean of {number(most)}", f"{mean(points):.1f}"),
            ("median", f"{median(points):.1f}"),
            ("full marks", str(sum(p >= most for p in points))),
            ("median time each", f"{median(float(r.get('seconds', 0)) for r in graded):.1f} s"),
        ]
    return [{"label": label, "value": value} for label, value in tiles]


def _share(result: Result) -> float:
    most = float(result["max_points"])
    return min(1.0, max(0.0, float(result["points"]) / most)) if most else 0.0


def _chart(shares: Sequence[float]) -> dict[str, Any]:
    """Ten bars, 0 to 100 %; the last includes 100 %."""
    counts = Counter(min(_BINS - 1, int(share * _BINS + 1e-9)) for share in shares)
    highest = max(counts.values(), default=1)
    step = _WIDTH / _BINS
    bars = []
    for k in range(_BINS):
        height = round((_BASE - 24) * counts[k] / highest, 1)
        label = f"{k * 100 // _BINS}–{(k + 1) * 100 // _BINS} %"
        x, width = round(k * step + 6, 1), round(step - 12, 1)
        bars.append(
            _Bar(
                x,
                round(_BASE - height, 1),
                width,
                height,
                round(x + width / 2, 1),
                counts[k],
                label,
            )
        )
    told = ", ".join(f"{bar.count} at {bar.label}" for bar in bars if bar.count)
    alt = f"Histogram of the share of points: students {told}."
    return {"width": _WIDTH, "height": _HEIGHT, "base": _BASE, "bars": bars, "alt": alt}


def _todo(name: str, title: str, graded: Sequence[Result]) -> dict[str, Any]:
    rows = [result["todos"][name] for result in graded if name in result["todos"]]
    counts = Counter(row["state"] for row in rows)
    parts: list[dict[str, Any]] = [
        {"state": state, "count": counts[key]} for key, state in STATES.items() if counts[key]
    ]
    points, most = (
        mean(float(row["points"]) for row in rows),
        max(float(row["max_points"]) for row in rows),
    )
    return {
        "title": title,
        "parts": parts,
        "alt": ", ".join(f"{part['count']} {part['state'].word.lower()}" for part in parts),
        "mean": points,
        "max_points": most,
        "percent": round(100 * points / most) if most else 0,
        "seconds": median(float(row.get("seconds", 0)) for row in rows),
    }


def _failures(titles: Mapping[str, str], graded: Sequence[Result]) -> list[dict[str, Any]]:
    """Per TODO the most frequent failing cases with their most frequent message; most students
    first."""
    found = []
    for name, title in titles.items():
        rows = [todo for result in graded if (todo := result["todos"].get(name))]
        told: dict[str, Counter[str]] = {}
        for row in rows:
            for case in row.get("cases", []):
                if case.get("passed") is not True and row["state"] not in (
                    "not attempted",
                    "timeout",
                    "killed",
                ):
                    told.setdefault(str(case["case"]), Counter())[
                        str(case.get("message") or "")
                    ] += 1
            if row.get("message") and row["state"] in ("error", "timeout", "killed"):
                told.setdefault(STATES[row["state"]].word, Counter())[str(row["message"])] += 1
        students = sum(row["state"] not in ("correct", "not attempted") for row in rows)
        if told:
            cases = sorted(told.items(), key=lambda item: (-item[1].total(), item[0]))[:_CASES]
            found.append(
                {"title": title, "students": students, "cases": [_case(*case) for case in cases]}
            )
    return sorted(found, key=lambda row: -row["students"])


def _case(case: str, messages: Counter[str]) -> dict[str, Any]:
    (message, _), *rest = messages.most_common()
    return {"case": case, "count": messages.total(), "message": message, "other": len(rest)}


def _notes(results: Sequence[Result], key: str, name: Any) -> list[dict[str, Any]]:
    return [
        {"name": name(result), "notes": [str(n) for n in result[key]]}
        for result in results
        if result.get(key)
    ]


def _student(result: Result, name: str, titles: Mapping[str, str]) -> dict[str, Any]:
    student, lab = str(result["student"]), quote(str(result.get("lab", "")))
    gradable = result.get("status") == "graded"
    counted = [
        (len(result.get(key, [])), word)
        for key, word in (("incidents", "incident"), ("repairs", "repair"))
    ]
    return {
        "student": student,
        "name": name,
        "href": f"../feedback/{quote(student)}/{lab}/{lab}.html",
        "gradable": gradable,
        "points": float(result.get("points", 0)),
        "percent": round(100 * _share(result)) if gradable else 0,
        "seconds": float(result.get("seconds", 0)),
        "todos": [
            {
                "title": title.replace("`", ""),
                "state": _state(result["todos"].get(todo, {}).get("state", "")),
            }
            for todo, title in titles.items()
        ]
        if gradable
        else [],
        "notes": [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counted if count],
    }


def _state(key: str) -> State:
    return STATES.get(key, STATES["error"])
