"""verify: the grader tested. Solutions earn every point, blanks none, the bank behaves, mutants are
caught."""

from __future__ import annotations

from collections.abc import Callable

from autograder.authoring.evidence import MOST, constant_cases, constant_points, with_other_draws
from autograder.authoring.leak_check import check_leaks
from autograder.commands.build import build, check_public, check_solution, check_untouched
from autograder.model.errors import AutograderError, ContentError
from autograder.model.outcome import finished
from autograder.model.submission import Answers, Job
from autograder.model.verification import Check, Verified
from autograder.quality import bank, mutants
from autograder.running.engine import Engine, run_now
from autograder.running.runner import record
from autograder.workspace.course import Course

__all__ = ["verify"]


def verify(
    course: Course,
    lab_id: str,
    *,
    level: str = "namespaces",
    with_bank: bool = True,
    with_mutants: bool = True,
    say: Callable[[str], None] = lambda text: None,
) -> Verified:
    """Try everything that must hold for one lab; what does not is a failed check, not an
    exception."""
    engine = Engine(course, lab_id, level=level)
    verified = Verified(engine.lab.id)
    steps: list[tuple[str, Callable[[], str]]] = [
        (
            "labs/ is current, and building twice gives the same bytes",
            lambda: _current(course, lab_id),
        ),
        ("the solution earns every point and passes every check", lambda: _solution(engine)),
        ("the blank notebook earns 0", lambda: _blank(engine)),
        ("answers of constants earn little", lambda: _constants(engine)),
        ("every untouched cell runs", lambda: _untouched(engine)),
        ("the release gives nothing away", lambda: _release(engine)),
    ]
    if with_bank:
        steps.append(("the answer bank behaves", lambda: _bank(engine, say)))
    if with_mutants:
        steps.append(("mutants are caught", lambda: _mutants(engine, say)))
    for name, step in steps:
        say(f"{lab_id}: {name}")
        verified.checks.append(_try(name, step))
    return verified


def _try(name: str, step: Callable[[], str]) -> Check:
    try:
        return Check(name, True, step())
    except ContentError as error:
        return Check(name, False, str(error), error.problems)
    except AutograderError as error:
        return Check(name, False, str(error))


def _current(course: Course, lab_id: str) -> str:
    build(course, [lab_id], check=True)
    build(course, [lab_id], check=True)
    return "labs/ equals two fresh builds, byte for byte"


def _solution(engine: Engine) -> str:
    outcome = check_solution(engine)
    check_public(engine)
    return f"{outcome.points:g} of {engine.exam.max_points:g} points in {outcome.seconds:.1f} s"


def _release(engine: Engine) -> str:
    release = engine.workspace.read_committed(engine.lab.id)
    check_leaks(engine.exam, engine.source, release)
    return f"{len(release.cells)} cells"


def _blank(engine: Engine) -> str:
    """The placeholders, examined as if they were answers."""
    release = engine.workspace.read_committed(engine.lab.id)
    stubs = {cell.id: cell.source for cell in release.cells if cell.id in engine.exam.todos}
    (ended,) = engine.examine([Job("blank", Answers(stubs))])
    outcome = finished(ended)
    if outcome.points != 0:
        earned = [name for name, todo in outcome.todos.items() if todo.points]
        raise ContentError("The blank notebook earns points.", earned)
    return "0 points"


def _constants(engine: Engine) -> str:
    """What answers could earn that compute nothing, by what the solution reports for two draws."""
    again = run_now(record(with_other_draws(engine.exam), engine.context))
    points = constant_points(engine.exam, engine.key, again)
    cases = constant_cases(engine.key, again)
    fraction = points / engine.exam.max_points if engine.exam.max_points else 0.0
    bound = f"at most {points:.2f} of {engine.exam.max_points:g} points ({fraction:.1%})"
    if fraction > MOST:
        raise ContentError(
            f"Answers of constants may earn {bound}, but {MOST:.0%} is the limit. Let these cases "
            "report values that depend on inputs drawn with case_rng, or make what they test a "
            "probe more in a case that does.",
            cases,
        )
    return bound + (f", in: {'; '.join(cases)}" if cases else "")


def _untouched(engine: Engine) -> str:
    release = engine.workspace.read_committed(engine.lab.id)
    check_untouched(engine, release)
    return f"{sum(cell.cell_type == 'code' for cell in release.cells)} code cells"


def _bank(engine: Engine, say: Callable[[str], None]) -> str:
    entries = bank.read_bank(engine).entries
    problems = bank.missing_entries(engine, entries)
    trials = bank.check_bank(
        engine, entries, lambda done, total: say(f"  answer bank: exam {done} of {total}")
    )
    problems += [f"{trial.entry.name}: {trial.problem}" for trial in trials if trial.problem]
    if problems:
        raise ContentError(
            f"{len(problems)} problems in a bank of {len(entries)} answers.", problems
        )
    right = sum(entry.kind == "right" for entry in entries)
    return (
        f"{right} right answers earn full marks, {len(entries) - right} wrong ones lose points on "
        "their TODO only"
    )


def _mutants(engine: Engine, say: Callable[[str], None]) -> str:
    def progress(done: int, total: int) -> None:
        say(f"  mutants: exam {done} of {total}")

    found = mutants.check_mutants(engine, progress)
    rows = [f"{mutant.todo}: {mutant.description}" for mutant in found.survivors]
    if found.survivors:
        message = f"{len(rows)} of {len(found.tried)} mutants are not caught."
    else:
        message = f"{len(found.stale)} mutants are listed as equivalent that do not exist."
    # A list that has fallen behind its reference answer is told of, too.
    unknown = "is listed as equivalent, but there is no such mutant"
    rows += [f"{name}: {unknown}" for name in found.stale]
    if rows:
        raise ContentError(message, rows)
    return f"{len(found.tried)} mutants, all caught but {len(found.excused)} listed as equivalent"
