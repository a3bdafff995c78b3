"""The packages of labkit: their public names, and what importing them costs."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import labkit

ROOT = Path(labkit.__file__).parent
HEAVY = (
    *("tensorflow", "keras", "matplotlib", "music21", "verovio", "IPython", "cv2"),
    *("gymnasium", "ale_py", "sklearn", "skimage", "scipy"),
)
STUBS = sorted(ROOT.rglob("__init__.pyi"))
PACKAGES = [".".join(("labkit", *stub.parent.relative_to(ROOT).parts)) for stub in STUBS]


def homes(package: str) -> dict[str, str]:
    """Public name → the module that a package's stub takes it from."""
    stub = ROOT.joinpath(*package.split(".")[1:], "__init__.pyi")
    found: dict[str, str] = {}
    for node in ast.parse(stub.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            assert node.level == 1, "a package's names come from its own modules"
            names = [alias.name for alias in node.names]
            found.update(dict.fromkeys(names, f"{package}.{node.module}"))
    return found


def python(code: str) -> str:
    """What a fresh process prints."""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return run.stdout.strip()


def test_every_package_with_names_has_a_stub():
    """labkit and each of its topics load their names lazily."""
    assert {"labkit", "labkit.music", "labkit.digits", "labkit.faces", "labkit.rl"} <= set(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_is_there_and_documented(package):
    """`__all__` has no name twice; every function and class in it is ours and has a docstring."""
    module = importlib.import_module(package)
    assert module.__all__
    assert len(set(module.__all__)) == len(module.__all__)
    for name in module.__all__:
        value = getattr(module, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert value.__module__.startswith(f"{package}."), name
            assert inspect.getdoc(value), name


@pytest.mark.parametrize("package", PACKAGES)
def test_the_stub_and_the_modules_agree(package):
    """What a stub promises is what its modules export, and no public name hides a module."""
    module = importlib.import_module(package)
    assert sorted(module.__all__) == sorted(homes(package))
    for name, home in homes(package).items():
        assert name in importlib.import_module(home).__all__, name
        assert importlib.util.find_spec(f"{package}.{name}") is None, name


def test_unknown_names_are_attribute_errors():
    """A name that does not exist fails as it does in any module; submodules are found."""
    with pytest.raises(AttributeError, match="nonsense"):
        _ = labkit.nonsense
    importlib.import_module("labkit.music.meter")
    assert labkit.music.meter.__name__ == "labkit.music.meter"
    assert "check" in dir(labkit)
    assert "load_tunes" in dir(labkit.music)


@pytest.mark.parametrize("package", PACKAGES)
def test_import_is_light(package):
    """`import labkit` and `import labkit.TOPIC` load no heavy library."""
    loaded = python(f"import sys, {package}\nprint([n for n in {HEAVY} if n in sys.modules])")
    assert loaded == "[]"


def test_using_the_checks_is_light():
    """Neither the names of labkit nor a check, a seed, a budget or the fixture load one."""
    code = (
        "import sys, labkit\n"
        "from labkit import *\n"
        "from labkit.music import load_tunes\n"
        "with check('one') as c: c.close(1, 1.0)\n"
        "seed_everything(1); choose_budget(quiet=True); load_tunes('fixture', quiet=True)\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    assert python(code).endswith("[]")


def test_works_without_tensorflow():
    """With the heavy libraries made unimportable, checks and the fixture still work."""
    code = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys({HEAVY}))\n"
        "import labkit, labkit.music\n"
        "with labkit.check('shapes') as c: c.shape([[1, 2]], (1, 2))\n"
        "tunes = labkit.music.load_tunes('fixture', quiet=True)\n"
        "print(len(tunes.train), labkit.music.fraction_of_full_bars(tunes.train) > 0.9)"
    )
    assert python(code).splitlines()[-1] == "135 True"
