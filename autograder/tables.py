"""Tables for the terminal."""

from __future__ import annotations

from typing import Any

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from autograder.grade import GradeReport
from autograder.verify import Verified

__all__ = ["grade_table", "result_table", "verify_table"]

SIGNS = {
    "correct": "[green]✓[/]",
    "partial": "[yellow]◐[/]",
    "incorrect": "[red]✗[/]",
    "not attempted": "[dim]○[/]",
    "error": "[red]![/]",
    "timeout": "[magenta]⏱[/]",
    "killed": "[magenta]†[/]",
}


def grade_table(report: GradeReport) -> Table:
    """One row per student: points, state of each TODO as a sign, repairs and incidents."""
    table = Table(title=f"{report.lab}: {len(report.results)} submissions in {report.seconds:.1f} s")
    for name in ("student", "points", "TODOs", "time", "repairs", "incidents"):
        table.add_column(name, justify="right" if name in ("points", "time") else "left")
    for result in report.results:
        table.add_row(*_student_row(result))
    table.caption = "  ".join(f"{sign} {state}" for state, sign in SIGNS.items())
    return table


def _student_row(result: dict[str, Any]) -> list[str]:
    if result["status"] != "graded":
        return [escape(result["student"]), "–", f"[red]not gradable:[/] {escape(result['reason'])}", "", "", ""]
    signs = "".join(SIGNS.get(todo["state"], "?") for todo in result["todos"].values())
    return [
        escape(result["student"]),
        f"{result['points']:g} / {result['max_points']:g}",
        signs,
        f"{result['seconds']:.1f} s",
        str(len(result["repairs"]) or ""),
        str(len(result["incidents"]) or ""),
    ]


def result_table(result: dict[str, Any]) -> list[RenderableType]:
    """One notebook: a row per TODO and failed case."""
    if result["status"] != "graded":
        return [f"[bold red]Not gradable:[/] {escape(result['reason'])}"]
    table = Table(title=f"{result['lab']}: {result['points']:g} of {result['max_points']:g} points")
    for name in ("", "TODO", "points", "state", "why"):
        table.add_column(name)
    for name, todo in result["todos"].items():
        failed = [f"{case['case']}: {case['message']}" for case in todo["cases"] if not case["passed"]]
        why = "\n".join(line for line in (todo["message"], *failed) if line)
        points = f"{todo['points']:g} / {todo['max_points']:g}"
        table.add_row(SIGNS.get(todo["state"], "?"), name, points, todo["state"], escape(why))
    notes = [f"[yellow]repaired:[/] {escape(text)}" for text in result["repairs"]]
    notes += [f"[red]incident:[/] {escape(text)}" for text in result["incidents"]]
    return [table, "\n".join(notes)] if notes else [table]


def verify_table(verified: Verified) -> Table:
    """One row per check."""
    table = Table(title=f"{verified.lab}: {'everything holds' if verified.ok else 'not everything holds'}")
    for name in ("", "check", "result"):
        table.add_column(name)
    for check in verified.checks:
        text = "\n".join([check.detail, *(f"· {problem}" for problem in check.problems)])
        table.add_row("[green]✓[/]" if check.ok else "[red]✗[/]", check.check, escape(text))
    return table
