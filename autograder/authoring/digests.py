"""What a key depends on, as one digest."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from pathlib import Path

from autograder.model.exam import Exam
from autograder.workspace.course import Course
from autograder.workspace.files import tree_digest

__all__ = ["LIBRARIES", "key_digest"]


LIBRARIES = (
    "tensorflow",
    "keras",
    "numpy",
    "gymnasium",
    "ale-py",
    "opencv-python-headless",
    "scikit-learn",
    "music21",
)


def key_digest(course: Course, exam: Exam) -> str:
    """Names everything the key depends on."""
    versions = {name: _version(name) for name in LIBRARIES}
    judges = course.source_text(exam.lab).parent / "judges.py"
    rows = [
        exam.digest,
        platform.python_version(),
        versions,
        tree_digest(_labkit()),
        tree_digest(course.data),
        judges.read_text(encoding="utf-8") if judges.is_file() else "",
    ]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:20]


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _labkit() -> Path:
    import labkit

    return Path(labkit.__file__).parent
