"""What the commands share: errors as sentences, output for people and programs, a progress bar."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.model.errors import AutograderError, did_you_mean
from autograder.workspace.course import Course
from autograder.workspace.migration import migrate

__all__ = ["Commands", "course_of", "print_json", "progress_bar", "say", "stderr"]

stderr = Console(stderr=True, highlight=False, soft_wrap=True)


class Commands(click.Group):
    """Turns the package's exceptions into one clear sentence and an exit status; offers the nearest
    command."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except AutograderError as error:
            stderr.print(f"[bold red]Error:[/] {_plain(str(error))}")
            for problem in getattr(error, "problems", []):
                stderr.print(f"  · {_plain(problem)}")
            context.exit(error.exit_code)
        except KeyboardInterrupt:
            stderr.print("Stopped. What was finished is kept; run the same command again to go on.")
            context.exit(130)
        except OSError as error:
            name = f" ({error.filename})" if error.filename else ""
            stderr.print(
                f"[bold red]Error:[/] {_plain(error.strerror or str(error))}{_plain(name)}."
            )
            context.exit(1)
        except Exception as error:
            if not type(error).__module__.startswith("sqlalchemy"):
                raise
            cause = getattr(error, "orig", None) or error
            stderr.print(f"[bold red]Error:[/] The gradebook cannot be used: {_plain(str(cause))}.")
            context.exit(1)

    def resolve_command(self, context: click.Context, args: list[str]) -> Any:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            raise click.UsageError(
                f'There is no command "{args[0]}".{did_you_mean(args[0], self.commands)}', context
            )
        return super().resolve_command(context, args)


def course_of(context: click.Context) -> Course:
    """The course; a workspace of an older version is brought up to date by whatever command."""
    factory: Callable[[], Course] = context.obj
    course = factory()
    migrate(course)
    return course


def _plain(text: str) -> str:
    """Text of others, without markup and without half characters."""
    return escape(text.encode("utf-8", "replace").decode())


def say(text: str) -> None:
    """Tell people how it goes, on standard error."""
    stderr.print(_plain(text), style="dim")


def print_json(value: object) -> None:
    """The result for programs, on standard output; half a character is no reason to fail."""
    text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    click.echo(text.encode("utf-8", "replace"), nl=False)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar with the time left, on standard error."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=stderr) as bar:
        task = bar.add_task(what, total=None)

        def step(name: str, done: int, total: int) -> None:
            bar.update(
                task,
                description=f"{what} [dim]{_plain(name)[:24]:24}[/]",
                completed=done,
                total=total,
            )

        yield step
