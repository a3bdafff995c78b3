"""The command line. It only declares: every command is a plain function of the package.

Standard output is the result, standard error the progress. Exit status 0: fine; 1: something in the
content is wrong (it is listed); 2: wrong usage.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from autograder.cli.console import Commands, course_of, print_json, progress_bar, say, stderr
from autograder.cli.people import forget, rename, roster
from autograder.model.errors import ContentError
from autograder.model.result import Result
from autograder.workspace.course import load_course
from autograder.workspace.workspace import Workspace

__all__ = ["main"]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--course",
    "root",
    type=click.Path(path_type=Path),
    help="Folder of course.toml (default: here, or above).",
)
@click.option(
    "--workspace", type=click.Path(path_type=Path), help="Another workspace than the course's own."
)
@click.version_option(package_name="deep-learning-labs")
@click.pass_context
def main(context: click.Context, root: Path | None, workspace: Path | None) -> None:
    """Build, hand out, collect and grade notebook labs, so that the marks can be trusted.

    Example: autograder demo
    """
    context.obj = lambda: load_course(root, workspace=workspace)


lab_argument = click.argument("lab")
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
sandbox_option = click.option(
    "--sandbox",
    default="namespaces",
    show_default=True,
    help="Sandbox around student code: namespaces, container or none.",
)
workers_option = click.option(
    "--workers", type=click.IntRange(1), help="Kernels at a time (default: one per core)."
)


@main.command()
@click.argument("labs", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if labs/ is stale.")
@sandbox_option
@click.pass_context
def build(context: click.Context, labs: tuple[str, ...], check: bool, sandbox: str) -> None:
    """Make the student notebooks in labs/ from the hidden sources, after every gate has passed.

    Example: autograder build lab1_music
    """
    from autograder.commands.build import build as run

    for built in run(course_of(context), labs or None, check=check, level=sandbox, say=say):
        state = "is current" if check else ("written" if built.changed else "unchanged")
        click.echo(f"{built.lab}: {state} ({built.todos} TODOs, {built.points:g} points)")


@main.command()
@lab_argument
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--roster", type=click.Path(path_type=Path), help="The expected students: your LMS's export."
)
@click.option("--as", "student", metavar="ID", help="Whose one hand-in this is, whatever its name.")
@click.option(
    "--times",
    type=click.Path(path_type=Path),
    help="A table that tells when they handed in, if the download does not.",
)
@click.option("--force", is_flag=True, help="Replace what would be kept; let owners change.")
@json_option
@click.pass_context
def collect(
    context: click.Context,
    lab: str,
    inputs: tuple[Path, ...],
    roster: Path | None,
    student: str | None,
    times: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Read what students handed in: folders, files, LMS archives, whatever their names.

    Example: autograder collect lab1_music downloads/submissions.zip --roster roster.csv
    """
    from autograder.commands.collect import collect as run

    found = run(
        course_of(context),
        lab,
        list(inputs),
        roster=roster,
        student=student,
        times=times,
        force=force,
    )
    if as_json:
        print_json(found.to_json())
    else:
        click.echo(found.to_text())
    if found.unmatched:
        raise ContentError("Not every hand-in matches somebody in the roster; see above.")


@main.command()
@lab_argument
@click.argument("students", nargs=-1)
@click.option("--force", is_flag=True, help="Grade again what was graded before.")
@sandbox_option
@workers_option
@json_option
@click.pass_context
def grade(
    context: click.Context,
    lab: str,
    students: tuple[str, ...],
    force: bool,
    sandbox: str,
    workers: int | None,
    as_json: bool,
) -> None:
    """Grade what was collected, several submissions at a time, into nbgrader's gradebook.

    Example: autograder grade lab1_music
    """
    from autograder.cli.tables import change_lines, grade_table
    from autograder.commands.grade import grade as run

    with progress_bar(f"grading {lab}") as bar:
        done = run(
            course_of(context),
            lab,
            students=students or None,
            level=sandbox,
            workers=workers,
            force=force,
            progress=bar,
        )
    if as_json:
        print_json([result.to_json() for result in done.results])
        stderr.print(*change_lines(done), sep="\n", end="")
    else:
        Console().print(grade_table(done))
    if done.problems:
        raise ContentError("Not everybody could be graded; the others are.", done.problems)


@main.command()
@lab_argument
@click.argument("students", nargs=-1)
@click.pass_context
def feedback(context: click.Context, lab: str, students: tuple[str, ...]) -> None:
    """Write one HTML page per student: marks, reasons, hints, and their own code.

    Example: autograder feedback lab1_music
    """
    from autograder.commands.feedback import feedback as run

    for path in run(course_of(context), lab, students=list(students) or None):
        click.echo(path)


@main.command()
@click.argument("lab", required=False)
@click.option("--all", "every", is_flag=True, help="All labs at once.")
@click.option("--to", required=True, type=click.Path(path_type=Path), help="The file to write.")
@click.option(
    "--style", default="csv", show_default=True, type=click.Choice(["csv", "canvas", "moodle"])
)
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    help="Fill a table that Canvas or Moodle exported, and leave the rest of it as it is.",
)
@click.option("--column", help="With --into: the column, if it is not called like the lab.")
@click.option("--bom", is_flag=True, help="Begin with a mark by which Excel knows UTF-8.")
@click.pass_context
def export(
    context: click.Context,
    lab: str | None,
    every: bool,
    to: Path,
    style: str,
    into: Path | None,
    column: str | None,
    bom: bool,
) -> None:
    """Write the marks as CSV, for a spreadsheet or for an LMS, safe against formulas in names.

    Example: autograder export lab1_music --into downloads/grades.csv --to marks.csv
    """
    from autograder.commands.export import export as run
    from autograder.commands.export import give_back, graded_labs

    if (lab is None) != every:
        raise click.UsageError("Name a lab, or say --all.")
    course = course_of(context)
    labs = graded_labs(course) if lab is None else [lab]
    if into is None:
        click.echo(run(course, labs, to=to, style=style, bom=bom))
        return
    filled = give_back(course, labs, into=into, to=to, column=column, bom=bom)
    click.echo(f"{to}: {filled.count} marks")
    for note in filled.notes:
        say(note)


@main.command()
@lab_argument
@click.pass_context
def report(context: click.Context, lab: str) -> None:
    """Write the class report, one HTML page.

    Example: autograder report lab1_music
    """
    from autograder.commands.report import report as run

    click.echo(run(course_of(context), lab))


@main.command()
@click.argument("labs", nargs=-1)
@click.option("--bank/--no-bank", default=True, help="Try the answer bank.")
@click.option("--mutants/--no-mutants", default=True, help="Try mutants of the reference answers.")
@sandbox_option
@json_option
@click.pass_context
def verify(
    context: click.Context,
    labs: tuple[str, ...],
    bank: bool,
    mutants: bool,
    sandbox: str,
    as_json: bool,
) -> None:
    """Test the grader itself: solution, blank, release, answer bank, mutants.

    Example: autograder verify lab1_music --json
    """
    from autograder.cli.tables import verify_table
    from autograder.commands.verify import verify as run

    course = course_of(context)
    chosen = [lab.id for lab in course.chosen(labs)]
    found = [
        run(course, lab, level=sandbox, with_bank=bank, with_mutants=mutants, say=say)
        for lab in chosen
    ]
    if as_json:
        rows = [item.to_json() for item in found]
        print_json(rows[0] if len(labs) == 1 else rows)
    else:
        Console().print(*map(verify_table, found))
    if not all(item.ok for item in found):
        raise ContentError("Not everything holds; see above.")


@main.command()
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option("--lab", help="The lab, if it should not be recognised by content.")
@click.option(
    "--gradescope",
    type=click.Path(path_type=Path),
    help="Also write the result there, as Gradescope's results.json.",
)
@sandbox_option
@json_option
@click.pass_context
def mark(
    context: click.Context,
    notebook: Path,
    lab: str | None,
    gradescope: Path | None,
    sandbox: str,
    as_json: bool,
) -> None:
    """Grade one notebook file, without a gradebook.

    Example: autograder mark downloads/lab1_music.ipynb --json
    """
    from autograder.commands.mark import mark as run
    from autograder.commands.mark import write_gradescope

    course = course_of(context)
    result = run(course, notebook, lab_id=lab, level=sandbox)
    if gradescope is not None:
        write_gradescope(course, result, gradescope)
    _show_result(result, as_json)


@main.command("try")
@lab_argument
@click.option(
    "--answer",
    "answers",
    multiple=True,
    required=True,
    metavar="GRADE_ID=FILE",
    help="Can be repeated.",
)
@sandbox_option
@json_option
@click.pass_context
def try_(
    context: click.Context, lab: str, answers: tuple[str, ...], sandbox: str, as_json: bool
) -> None:
    """Put answers into the solution notebook and mark it.

    Example: autograder try lab1_music --answer get_batch=my_answer.py
    """
    from autograder.commands.mark import try_answers as run

    files = {}
    for answer in answers:
        name, sign, file = answer.partition("=")
        if not sign:
            raise click.UsageError(f'--answer wants GRADE_ID=FILE, not "{answer}".')
        files[name] = Path(file)
    _show_result(run(course_of(context), lab, files, level=sandbox), as_json)


@main.command("new-lab")
@click.argument("lab")
@click.option("--title", help="As people read it (default: made of the id).")
@click.option("--order", type=click.IntRange(0), help="Its place in the course (default: last).")
@click.pass_context
def new_lab(context: click.Context, lab: str, title: str | None, order: int | None) -> None:
    """Write a skeleton lab into solutions/LAB, which builds, verifies and demos at once.

    Example: autograder new-lab lab4_words
    """
    from autograder.commands.new_lab import new_lab as run

    course = course_of(context)
    for path in run(course, lab, title=title, order=order):
        click.echo(path.relative_to(course.root))
    say(f"Next: autograder build {lab}, autograder verify {lab}, autograder demo {lab}.")


@main.command()
@click.argument("lab", required=False)
@sandbox_option
@workers_option
@click.pass_context
def demo(context: click.Context, lab: str | None, sandbox: str, workers: int | None) -> None:
    """The whole story on the bundled sample class, from build to an HTML class report.

    Example: autograder demo
    """
    from autograder.cli.tables import grade_table
    from autograder.commands.demo import demo as run

    course = course_of(context)
    with progress_bar("demo") as bar:
        done = run(course, lab, level=sandbox, workers=workers, say=say, progress=bar)
    Console().print(grade_table(done.graded))
    pages = Workspace(replace(course, workspace=done.workspace)).feedback
    click.echo(f"Feedback: {len(done.feedback)} pages below {pages}")
    click.echo(f"Class report: {done.report}")


def _show_result(result: Result, as_json: bool) -> None:
    from autograder.cli.tables import result_table

    if as_json:
        print_json(result.to_json())
    else:
        Console().print(*result_table(result))
    if not result.graded:
        sys.exit(1)


for command in (roster, rename, forget):
    main.add_command(command)


if __name__ == "__main__":
    main()
