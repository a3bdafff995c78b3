"""What a lab's key depends on, as one digest: what can change a mark of this lab, and nothing else.

Another lab, a topic of labkit that the lab does not use, its data, or a page of the documentation
change no key, so they regrade nobody.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from autograder.authoring.imports import imported, imported_by, libraries, topics_in
from autograder.model.exam import Exam
from autograder.workspace import topics
from autograder.workspace.course import Course
from autograder.workspace.files import tree_digest

__all__ = ["key_digest"]

ALWAYS = frozenset({"numpy"})
"""Libraries that every value goes through when it is reported."""

OWN = frozenset({"labkit", "autograder", "judges"})
"""Modules that belong to no library; their code is read instead of their version."""


def key_digest(course: Course, exam: Exam) -> str:
    """Names everything that the key of a lab depends on."""
    labkit = topics.labkit_folder()
    judges = course.private(exam.lab) / "judges.py"
    used = _topics_used(course.lab(exam.lab).topics, imported_by([judges]))
    names = imported_by([judges, *(labkit / topic for topic in used)])
    for step in exam.recording:
        names += imported(step.code)
    rows = [
        exam.digest,
        platform.python_version(),
        _versions(libraries(names) | ALWAYS),
        tree_digest(labkit, without={*topics.known_topics(), "_data"}),
        [[topic, tree_digest(labkit / topic), tree_digest(course.data / topic)] for topic in used],
        judges.read_text(encoding="utf-8") if judges.is_file() else "",
    ]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:20]


def _topics_used(listed: Iterable[str], names: Sequence[str]) -> list[str]:
    """The listed topics, those among imported ``names``, and all that these import."""
    waiting = {*listed, *topics_in(names)}
    found: set[str] = set()
    while waiting:
        topic = waiting.pop()
        found.add(topic)
        waiting |= topics_in(imported_by([topics.labkit_folder() / topic])) - found
    return sorted(found)


def _versions(modules: set[str]) -> dict[str, str]:
    """Distribution -> version, of all that bring these modules; the standard library left out."""
    found: dict[str, str] = {}
    for module in modules - OWN - sys.stdlib_module_names:
        for name in _distributions().get(module, [module]):
            found[name] = _version(name)
    return dict(sorted(found.items()))


@cache
def _distributions() -> Mapping[str, list[str]]:
    """Top-level module -> the distributions that bring it; reading them all takes a while."""
    return importlib.metadata.packages_distributions()


def _version(name: str) -> str:
    """The version of a distribution, or nothing if it is not installed."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
