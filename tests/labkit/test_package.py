"""The package as a whole: its public names, and what importing it costs."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import labkit

HEAVY = (
    "tensorflow",
    "keras",
    "matplotlib",
    "music21",
    "verovio",
    "IPython",
    "cv2",
    "gymnasium",
    "ale_py",
    "sklearn",
)


def test_every_public_name_is_there_and_documented():
    """`__all__` is sorted by name, complete, and every function and class in it has a docstring."""
    assert len(set(labkit.__all__)) == len(labkit.__all__)
    for name in labkit.__all__:
        value = getattr(labkit, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert value.__module__.startswith("labkit."), name
            assert inspect.getdoc(value), name


def test_the_lists_of_names_agree():
    """What is promised, what is loaded lazily, and what the modules export are the same names."""
    assert sorted(labkit.__all__) == sorted(labkit._HOME)
    for name, module in labkit._HOME.items():
        assert name in getattr(labkit, module).__all__
        assert name not in sys.modules  # a public name must not hide a module
        assert f"labkit.{name}" not in sys.modules


def test_unknown_names_are_attribute_errors():
    """A name that does not exist fails as it does in any module; submodules are found."""
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = labkit.nonsense
    assert labkit.music.meter.__name__ == "labkit.music.meter"
    assert "check" in dir(labkit)


def test_import_is_light():
    """Neither `import labkit` nor using its checks loads a heavy library."""
    code = (
        "import sys, labkit\n"
        "from labkit import *\n"
        "with check('one') as c: c.close(1, 1.0)\n"
        "seed_everything(1); choose_budget(quiet=True); load_tunes('fixture', quiet=True)\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip().endswith("[]")


def test_works_without_tensorflow():
    """With TensorFlow, Keras, Matplotlib and music21 made unimportable, checks and the fixture
    still work."""
    code = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys({HEAVY}))\n"
        "import labkit\n"
        "with labkit.check('shapes') as c: c.shape([[1, 2]], (1, 2))\n"
        "tunes = labkit.load_tunes('fixture', quiet=True)\n"
        "print(len(tunes.train), labkit.fraction_of_full_bars(tunes.train) > 0.9)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "135 True"
