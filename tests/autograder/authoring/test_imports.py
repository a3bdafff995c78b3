"""What code imports, and what follows from it: the fork server, and the topics of a lab."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from autograder.authoring.imports import (
    imported,
    imported_by,
    libraries,
    topics_in,
    warm_modules,
)
from autograder.model.exam import Exam, Step
from autograder.running.engine import Engine
from autograder.workspace.course import Course, Lab, load_course
from tests.classroom import LAB
from tests.tiny import SOURCE

ROOT = Path(__file__).parents[3]

IMPORTS = {
    "import x": ["x"],
    "import x.y as z, a": ["x.y", "a"],
    "from labkit.music import load_tunes, render_audio as r": [
        "labkit.music:load_tunes",
        "labkit.music:render_audio",
    ],
    "from x import *": ["x"],
    "from . import x\nfrom .y import z": [],
    "def f():\n    with a:\n        import x\n    import x": ["x"],
    "x = 1": [],
    "import (": [],
}


@pytest.mark.parametrize("code", IMPORTS)
def test_imports_are_read_wherever_they_stand(code: str) -> None:
    """Inside functions too, each once; code that is no Python imports nothing."""
    assert imported(code) == IMPORTS[code]


def test_files_and_folders_are_read(tmp_path: Path) -> None:
    """Every Python file below a folder; what does not exist imports nothing."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c.py").write_text("import x")
    (tmp_path / "a" / "b" / "c.txt").write_text("import y")
    (tmp_path / "d.py").write_text("import z")
    found = imported_by([tmp_path / "a", tmp_path / "d.py", tmp_path / "e.py"])
    assert found == ["x", "z"]


def test_topics_and_libraries_of_names() -> None:
    """The core is no topic, and a library is the first word of a name."""
    names = ["labkit.music:load_tunes", "labkit.rl.pong", "labkit:check", "labkit.probes:case", "x"]
    assert topics_in(names) == {"music", "rl"}
    assert libraries(["x.y:z", "a.b", "c"]) == {"x", "a", "c"}


def test_a_server_holds_what_the_exam_imports_and_what_is_preloaded() -> None:
    """Setup cells and hidden tests count, answers do not; `preload` comes last."""
    steps = (
        Step("setup", "a", "import numpy as np\nfrom labkit import check"),
        Step("answer", "b", "import pandas"),
        Step("test", "b", "def t():\n    import scipy.signal\n    import numpy"),
    )
    lab = Lab("lab", "Lab", preload=("IPython.display", "numpy"))
    found = warm_modules(Exam("lab", steps, steps, {}), lab)
    assert found == ("numpy", "labkit:check", "scipy.signal", "IPython.display")


@pytest.mark.parametrize("lab", [lab.id for lab in load_course(ROOT).labs])
def test_a_server_holds_no_other_labs_topics(lab: str) -> None:
    """What a lab keeps warm is its own: the core and its topics."""
    engine = Engine(load_course(ROOT), lab, level="none")
    assert topics_in(warm_modules(engine.exam, engine.lab)) <= set(engine.lab.topics)


async def printed(engine: Engine, code: str) -> str:
    """What code prints in a student's process."""
    async with engine.context.session() as session:
        run = await session.run(code, 20)
    assert run.status == "ok", run.error
    return run.text.strip()


def test_a_numpy_lab_pays_for_no_tensorflow(tiny_engine: Engine) -> None:
    """Its processes hold NumPy and labkit from their start, and no TensorFlow."""
    code = "import sys; print(*[n for n in ('numpy', 'labkit.checking.checks', 'labkit.probes',"
    code += " 'tensorflow', 'keras', 'matplotlib', 'music21') if n in sys.modules])"
    held = asyncio.run(printed(tiny_engine, code)).split()
    assert held == ["numpy", "labkit.checking.checks", "labkit.probes"]


def test_another_import_asks_for_another_server(tiny: Course) -> None:
    """Labs share a fork server only where they import the same."""
    before = Engine(tiny, LAB)
    first = warm_modules(before.exam, before.lab)
    tiny.source_text(LAB).write_text(SOURCE.replace("rng_for =", "import colorsys\nrng_for =", 1))
    after = Engine(tiny, LAB)
    assert set(warm_modules(after.exam, after.lab)) - set(first) == {"colorsys"}


def test_a_student_reads_the_data_of_the_labs_topics_only(tiny: Course) -> None:
    """What belongs to another topic is not there."""
    for topic in ("music", "faces"):
        path = tiny.data / topic / "file.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(topic)
    found = asyncio.run(
        printed(
            Engine(tiny, LAB),
            f"from pathlib import Path; data = Path({str(tiny.data)!r})\n"
            "print([p.relative_to(data).as_posix() for p in sorted(data.rglob('*'))])",
        )
    )
    assert found == "['music', 'music/file.txt']"
