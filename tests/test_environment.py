"""The ways to install the course agree: pyproject.toml, environment.yml, the locks, course.toml,
and the imports."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]
COURSE: dict[str, Any] = tomllib.loads((ROOT / "course.toml").read_text(encoding="utf-8"))["course"]
CONDA: dict[str, Any] = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-students.lock", "constraints-oldest.txt")
PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "darwin": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
}
NOT_IMPORTED = {
    "jupyterlab": "what people start",
    "nbclient": "`jupyter execute` of `make notebooks`",
    "pytest-timeout": "a plugin of pytest",
    "ruff": "a command",
    "mypy": "a command",
    "pre-commit": "a command",
    "uv": "a command",
    "hatchling": "the build backend",
}


def requirements(*extras: str) -> dict[str, Requirement]:
    """The requirements of the package with some extras, extras of its own unfolded."""
    found: dict[str, Requirement] = {}
    texts = list(PROJECT["dependencies"])
    for extra in extras:
        texts += PROJECT["optional-dependencies"][extra]
    for text in texts:
        wanted = Requirement(text)
        if wanted.name == PROJECT["name"]:
            found |= requirements(*wanted.extras)
        else:
            found[canonicalize_name(wanted.name)] = wanted
    return found


def pins(name: str) -> dict[str, list[Requirement]]:
    """Package -> its lines in a lock file."""
    found: dict[str, list[Requirement]] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            pin = Requirement(line.rstrip(" \\"))
            found.setdefault(canonicalize_name(pin.name), []).append(pin)
    return found


def version_of(pin: Requirement) -> Version:
    (specifier,) = pin.specifier
    assert specifier.operator == "==", pin
    return Version(specifier.version)


def test_conda_environment_agrees() -> None:
    """environment.yml names the same packages and ranges as pyproject.toml, and the same
    Pythons."""
    plain = {item.split(">")[0]: item for item in CONDA["dependencies"] if isinstance(item, str)}
    assert SpecifierSet(plain["python"].removeprefix("python")) == SpecifierSet(
        PROJECT["requires-python"]
    )
    (by_pip,) = [item["pip"] for item in CONDA["dependencies"] if isinstance(item, dict)]
    assert by_pip[-1] == "-e ."
    listed = {
        canonicalize_name(Requirement(text).name): Requirement(text).specifier
        for text in by_pip[:-1]
    }
    assert listed == {name: wanted.specifier for name, wanted in requirements("local").items()}


def test_names_agree() -> None:
    """The course, the package and the environment carry one name; the address of the repository is
    written once."""
    assert COURSE["id"] == PROJECT["name"] == CONDA["name"]
    assert COURSE["repository"].endswith(f"/{COURSE['id']}")
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["repository-code"] == COURSE["repository"]
    assert citation["version"] == PROJECT["version"]
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for address in re.findall(r"github\.com/[\w.-]+/[\w-]+", page.read_text(encoding="utf-8")):
            if COURSE["id"] in address:
                assert address == COURSE["repository"].removeprefix("https://"), page.name


@pytest.mark.parametrize(
    ("lock", "extra"),
    [
        ("requirements.lock", "dev"),
        ("requirements-students.lock", "local"),
        ("constraints-oldest.txt", "dev"),
    ],
)
def test_locks_hold_what_pyproject_asks_for(lock: str, extra: str) -> None:
    """Every requirement has a pin, and the pin lies within its range."""
    pinned = pins(lock)
    for name, wanted in requirements(extra).items():
        assert name in pinned, f"{lock} lacks {name}: run `make lock`"
        for pin in pinned[name]:
            assert wanted.specifier.contains(version_of(pin)), (
                f"{lock}: {pin} is outside {wanted}: run `make lock`"
            )


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_are_unambiguous(lock: str) -> None:
    """On each Python and system, a package has at most one pin."""
    for name, lines in pins(lock).items():
        for python in PYTHONS:
            for platform in PLATFORMS.values():
                environment = {
                    **platform,
                    "python_version": python,
                    "python_full_version": f"{python}.0",
                }
                fit = [
                    pin for pin in lines if pin.marker is None or pin.marker.evaluate(environment)
                ]
                assert len(fit) <= 1, f"{lock}: {name} has {len(fit)} pins on Python {python}"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-students.lock"])
def test_locks_carry_hashes(lock: str) -> None:
    """Every pin is followed by at least one sha256, so that an install is reproducible."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    for entry in re.split(r"\n(?=[a-z0-9])", text)[1:]:
        assert "--hash=sha256:" in entry, f"{lock}: {entry.splitlines()[0]}"


def test_students_lock_is_part_of_the_lock() -> None:
    """Students and instructors have the same versions."""
    everything = pins("requirements.lock")
    for name, lines in pins("requirements-students.lock").items():
        assert {version_of(pin) for pin in lines} <= {
            version_of(pin) for pin in everything[name]
        }, name


@pytest.mark.parametrize("lock", LOCKS)
def test_no_gpu_packages(lock: str) -> None:
    """The course runs on a CPU: no CUDA wheels, no second framework."""
    assert not [
        name for name in pins(lock) if name.startswith(("nvidia", "torch", "jax", "triton"))
    ]


def test_oldest_set_is_the_lower_bounds() -> None:
    """constraints-oldest.txt holds the lower bound of each requirement (or the first release above
    it)."""
    pinned = pins("constraints-oldest.txt")
    assert str(version_of(pinned["tensorflow"][0])).startswith("2.19.")
    for name in ("keras", "numpy", "nbgrader", "click", "matplotlib"):
        (bound,) = [
            item.version for item in requirements("dev")[name].specifier if item.operator == ">="
        ]
        assert version_of(pinned[name][0]).release[:2] == Version(bound).release[:2], name


def imported(*folders: str) -> set[str]:
    """Names of the top-level modules that Python files below these folders import, however deep
    inside."""
    names: set[str] = set()
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    for path in files:
        if {"answers", "submissions"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - {"labkit", "autograder", "tests"}


def packages_behind(modules: set[str]) -> set[str]:
    """The packages that bring these modules; local helper modules (``tiny``) bring none."""
    known = packages_distributions()
    local = {path.stem for path in (ROOT / "tests").rglob("*.py")} | {"judges"}
    return {canonicalize_name(known.get(name, [name])[0]) for name in modules - local}


def test_students_need_only_the_base() -> None:
    """What labkit and the labs import is what students install, no more and no less."""
    assert packages_behind(imported("labkit", "solutions")) == set(requirements())


def test_imports_are_declared() -> None:
    """What the autograder imports comes with `instructor`, what the tests import with `dev`."""
    assert packages_behind(imported("autograder")) <= set(requirements("instructor"))
    assert packages_behind(imported("tests")) <= set(requirements("dev"))


def test_preloaded_modules_are_installed() -> None:
    """What `preload` of a lab.toml imports comes with the package, or with labkit itself."""
    for path in sorted(ROOT.glob("solutions/*/lab.toml")):
        lab = tomllib.loads(path.read_text(encoding="utf-8"))
        modules = {name.partition(":")[0].split(".")[0] for name in lab.get("preload", ())}
        assert packages_behind(modules - {"labkit"}) <= set(requirements("instructor")), path


def test_declared_packages_are_used() -> None:
    """No package is asked for that nothing imports, except those with a reason."""
    used = packages_behind(imported("labkit", "solutions", "autograder", "tests"))
    assert set(requirements("dev")) - used - set(NOT_IMPORTED) == set()


def test_ci_runs_what_is_supported() -> None:
    """CI covers every Python of `requires-python`, and the oldest and newest packages."""
    workflow = yaml.safe_load(
        (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    )
    rows = workflow["jobs"]["test"]["strategy"]["matrix"]["include"]
    allowed = SpecifierSet(PROJECT["requires-python"])
    assert {row["python"] for row in rows} == set(PYTHONS)
    assert [minor for minor in range(9, 20) if allowed.contains(f"3.{minor}.0")] == [11, 12, 13]
    assert {row["pins"] for row in rows} == {"lock", "oldest", "newest"}
