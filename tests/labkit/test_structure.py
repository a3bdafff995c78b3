"""Who may import whom in labkit, read from the syntax trees.

Everything directly below `labkit/` is a topic, except for the parts of the core. There is no list
of topics anywhere: a new folder is a new topic, and these rules hold for it.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import labkit

ROOT = Path(labkit.__file__).parent
CORE = {"checking", "probes", "training", "display", "datasets"}
BACKENDS = {"tensorflow", "keras", "torch", "jax"}


def part_of(path: Path) -> str:
    """The part of labkit that a file belongs to: "" for `labkit/__init__.py` itself."""
    first = path.relative_to(ROOT).parts[0]
    return "" if first.startswith("__init__") else first.removesuffix(".py")


FILES = sorted([*ROOT.rglob("*.py"), *ROOT.rglob("*.pyi")])
TOPICS = {part_of(path) for path in FILES} - CORE - {""}


def imports(path: Path) -> set[str]:
    """The full names that a file imports, also inside functions and under `if TYPE_CHECKING`."""
    package = ".".join(["labkit", *path.relative_to(ROOT).parts[:-1]])
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                # A leading dot is the file's own package, each further one the package above.
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base]).strip(".")
            found.update(f"{base}.{alias.name}" for alias in node.names)
    return found


def parts_imported(path: Path) -> set[str]:
    """The parts of labkit that a file imports: the second word of `labkit.PART…`."""
    names = (name.split(".") for name in imports(path))
    return {words[1] for words in names if words[0] == "labkit" and len(words) > 1}


def test_there_are_topics():
    """The rules below are about something."""
    assert {"music", "digits", "faces", "rl", "keras_tools"} <= TOPICS
    assert {part_of(path) for path in FILES} >= CORE


def test_imports_are_found(tmp_path, monkeypatch):
    """Absolute and relative imports, inside functions too, are read as what they import."""
    folder = tmp_path / "labkit" / "music"
    folder.mkdir(parents=True)
    file = folder / "new.py"
    file.write_text(
        "import keras.layers\nfrom .tunes import load\nfrom . import meter\nfrom .. import rl\n"
        "def f():\n    from labkit.faces.people import draw\n    from ..digits.loading import x\n"
    )
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path / "labkit")
    assert imports(file) == {
        "keras.layers",
        "labkit.music.tunes.load",
        "labkit.music.meter",
        "labkit.rl",
        "labkit.faces.people.draw",
        "labkit.digits.loading.x",
    }
    assert parts_imported(file) == {"music", "rl", "faces", "digits"}


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_a_topic_imports_no_other_topic(topic):
    """A topic stands on the core alone, so that a change in it concerns its own labs only."""
    for path in FILES:
        if part_of(path) == topic:
            assert parts_imported(path) & TOPICS <= {topic}, path


def test_the_core_imports_no_topic_and_no_backend():
    """Not even inside a function: what needs TensorFlow looks it up among the loaded modules."""
    for path in FILES:
        if part_of(path) not in TOPICS:
            assert not parts_imported(path) & TOPICS, path
            assert not {name.split(".")[0] for name in imports(path)} & BACKENDS, path


def test_the_whole_core_loads_nothing_heavy():
    """With every module of the core imported, no topic and no backend has been loaded."""
    modules = [
        ".".join(("labkit", *path.relative_to(ROOT).with_suffix("").parts))
        for path in FILES
        if path.suffix == ".py" and part_of(path) in CORE
    ]
    code = f"import importlib, sys\nfor name in {modules!r}: importlib.import_module(name)\n"
    code += "print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "labkit.training.live" in loaded
    assert not {f"labkit.{topic}" for topic in TOPICS} & loaded
    assert not BACKENDS & {name.split(".")[0] for name in loaded}
