"""Tables for the terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from autograder.model.grade_report import Change, GradeReport
from autograder.model.result import Result, TodoResult, TodoState
from autograder.model.verification import Verified

__all__ = ["change_lines", "grade_table", "result_table", "verify_table"]

SIGNS = {
    TodoState.CORRECT: "[green]✓[/]",
    TodoState.PARTIAL: "[yellow]◐[/]",
    TodoState.INCORRECT: "[red]✗[/]",
    TodoState.NOT_ATTEMPTED: "[dim]○[/]",
    TodoState.ERROR: "[red]![/]",
    TodoState.TIMEOUT: "[magenta]⏱[/]",
    TodoState.KILLED: "[magenta]†[/]",
}


def grade_table(report: GradeReport) -> Group:
    """One row per student: points, state of each TODO as a sign, notes; below it what else is to
    tell."""
    title = f"{report.lab}: {len(report.results)} submissions in {report.seconds:.1f} s"
    legend = "  ".join(f"{sign} {state}" for state, sign in SIGNS.items())
    table = Table(title=title, caption=legend)
    signs = max((len(result.todos) for result in report.results), default=0)
    table.add_column("student", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("TODOs", no_wrap=True, min_width=signs)  # a sign that is cut off is lost
    table.add_column("time", justify="right", no_wrap=True)
    table.add_column("notes")
    lines = []
    for result in report.results:
        if result.graded:
            table.add_row(*_student_row(result))
        else:
            why = f"{escape(result.student)}: {escape(result.reason)}"
            lines.append(f"[red]not gradable:[/] {why}")
    return Group(table, *lines, *change_lines(report))


def _student_row(result: Result) -> list[str]:
    counted = {"repair": len(result.repairs), "incident": len(result.incidents)}
    notes = [f"{count} {word}{'s' * (count > 1)}" for word, count in counted.items() if count]
    return [
        escape(result.student),
        f"{result.points:g} / {result.max_points:g}",
        "".join(map(_sign, result.todos.values())),
        f"{result.seconds:.1f} s",
        ", ".join(notes),
    ]


def _sign(todo: TodoResult) -> str:
    return SIGNS.get(todo.state, "?")


def change_lines(report: GradeReport) -> list[str]:
    """A line for each mark that is not what it was."""
    return [_change_line(change) for change in report.changes]


def _change_line(change: Change) -> str:
    before, after = _mark(change.before), _mark(change.after)
    parts = [f"{name} {old:g} → {new:g}" for name, (old, new) in change.todos.items()]
    todos = f" ({', '.join(parts)})" if parts else ""
    return f"[yellow]mark changed:[/] {escape(change.student)}: {before} → {after}{todos}"


def _mark(points: float | None) -> str:
    return "not gradable" if points is None else f"{points:g}"


def result_table(result: Result) -> list[RenderableType]:
    """One notebook: a row per TODO and failed case."""
    if not result.graded:
        return [f"[bold red]Not gradable:[/] {escape(result.reason)}"]
    table = Table(title=f"{result.lab}: {result.points:g} of {result.max_points:g} points")
    for name in ("", "TODO", "points", "state", "why"):
        table.add_column(name)
    for name, todo in result.todos.items():
        failed = [f"{case.case}: {case.message}" for case in todo.failed]
        why = "\n".join(line for line in (todo.message, *failed) if line)
        points = f"{todo.points:g} / {todo.max_points:g}"
        table.add_row(_sign(todo), name, points, str(todo.state), escape(why))
    notes = [f"[yellow]repaired:[/] {escape(text)}" for text in result.repairs]
    notes += [f"[red]incident:[/] {escape(text)}" for text in result.incidents]
    return [table, "\n".join(notes)] if notes else [table]


def verify_table(verified: Verified) -> Table:
    """One row per check."""
    table = Table(
        title=f"{verified.lab}: {'everything holds' if verified.ok else 'not everything holds'}"
    )
    for name in ("", "check", "result"):
        table.add_column(name)
    for check in verified.checks:
        text = "\n".join([check.detail, *(f"· {problem}" for problem in check.problems)])
        table.add_row("[green]✓[/]" if check.ok else "[red]✗[/]", check.check, escape(text))
    return table
