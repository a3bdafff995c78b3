"""Penalties for late submissions, by the course's policy, from the marks as they are now.

nbgrader assigns them once, when it grades automatically: before anybody has marked a written
answer, and by the date and policy of that day. Here they are assigned anew whenever marks are read
or changed.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from nbgrader.api import MissingEntry
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config

from autograder.gradebook import patches
from autograder.gradebook.database import open_gradebook
from autograder.model.errors import ContentError
from autograder.workspace.course import Course
from autograder.workspace.workspace import Workspace

__all__ = ["assign_penalties", "assign_when_marked"]


def assign_when_marked(course: Course, config: Config) -> None:
    """Assign penalties anew whenever a person saves points in formgrader.

    ``config`` is nbgrader's configuration, which names the course's policy.
    """
    patches.after_each_mark(partial(assign_penalties, course, config))


def assign_penalties(course: Course, config: Config, lab_id: str) -> int:
    """Assign the penalties of one lab anew; without a gradebook there are none.

    Returns:
        How many have changed.

    Raises:
        ContentError: if the course's policy cannot be used.
    """
    if not Workspace(course).gradebook.is_file():
        return 0
    policy = AssignLatePenalties(config=config)
    policy.init_plugin()
    changed = 0
    with open_gradebook(course) as gradebook:
        try:
            submissions = list(gradebook.find_assignment(lab_id).submissions)
        except MissingEntry:
            return 0
        for submission in submissions:
            for notebook in submission.notebooks:
                penalty = _penalty(policy, submission, notebook)
                if penalty != notebook.late_submission_penalty:
                    notebook.late_submission_penalty = penalty
                    changed += 1
        # Nothing is written if nothing has changed.
        if changed:
            gradebook.db.commit()
    return changed


def _penalty(policy: AssignLatePenalties, submission: Any, notebook: Any) -> float | None:
    """What one notebook loses, at most its score; None for nothing, as nbgrader writes it."""
    late = submission.total_seconds_late
    if late <= 0:
        return None
    student = submission.student.id
    try:
        penalty = policy.plugin_inst.late_submission_penalty(student, notebook.score, late)
        return None if penalty is None else min(max(0.0, float(penalty)), float(notebook.score))
    except Exception as error:  # the policy is people's own code
        name = type(policy.plugin_inst).__name__
        raise ContentError(
            f'The policy "{name}" for late submissions fails for {student}, '
            f"{late:.0f} seconds late: {type(error).__name__}: {error}"
        ) from error
