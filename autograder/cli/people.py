"""The commands about students: how a roster is read, another id, out of everything."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.console import course_of

__all__ = ["forget", "rename", "roster"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def roster(file: Path) -> None:
    """Show how a roster is read, before anything is collected with it.

    Example: autograder roster downloads/grades.csv
    """
    from autograder.intake.rosters import inspect_roster

    click.echo(inspect_roster(file).to_text())


@click.command()
@click.argument("old")
@click.argument("new")
@click.pass_context
def rename(context: click.Context, old: str, new: str) -> None:
    """Give a student another id, in submissions, results, pages and gradebook.

    Example: autograder rename Jane-Doe s0123
    """
    from autograder.commands.rename import rename as run

    for path in run(course_of(context), old, new):
        click.echo(path)


@click.command()
@click.argument("student")
@click.pass_context
def forget(context: click.Context, student: str) -> None:
    """Take a student out of results, pages and gradebook; what came is kept in trash/.

    Example: autograder forget s0123
    """
    from autograder.commands.rename import forget as run

    for path in run(course_of(context), student):
        click.echo(path)
