"""The ways to install the course agree: pyproject.toml, its extras, environment.yml, the locks,
course.toml, and the imports.
"""

from __future__ import annotations

import ast
import json
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

from tools.environment import environment

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]
COURSE: dict[str, Any] = tomllib.loads((ROOT / "course.toml").read_text(encoding="utf-8"))["course"]
CONDA: dict[str, Any] = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
CORE = {"checking", "probes", "training", "display"}
TOPICS = sorted({path.parent.name for path in ROOT.glob("labkit/*/__init__.py")} - CORE)
BASE_OF_LABS = "keras_tools"
"""The extra with TensorFlow and Keras, which nearly every lab uses and Colab brings along."""
LABS = sorted(path.name for path in (ROOT / "labs").iterdir() if path.is_dir())
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
    "pytest-xdist": "a plugin of pytest",
    "ruff": "a command",
    "mypy": "a command",
    "pre-commit": "a command",
    "uv": "a command",
    "hatchling": "the build backend",
    "import-linter": "a command",
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


def test_conda_environment_is_current() -> None:
    """environment.yml is what `make lock` writes."""
    written = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert written == environment(PROJECT), "run `make lock`"


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


def modules_in(tree: ast.AST) -> set[str]:
    """The modules that a piece of code imports, however deep inside."""
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            modules.add(node.module)
    return modules


def third_party(modules: set[str]) -> set[str]:
    """The top-level names of modules that come neither with Python nor with this repository."""
    ours = {"labkit", "autograder", "tests", "tools"}
    return {name.split(".")[0] for name in modules} - set(sys.stdlib_module_names) - ours


LAB_TESTS = tuple(str(path.relative_to(ROOT)) for path in ROOT.glob("solutions/*/tests"))


def imported(*places: str) -> set[str]:
    """Third-party modules that these Python files, or all below these folders, import.

    The tests of a lab, inside its folder, import what other tests do.
    """
    modules: set[str] = set()
    for place in places:
        path = ROOT / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if not {"answers", "submissions", "tests"} & set(file.relative_to(path).parts):
                modules |= modules_in(ast.parse(file.read_text(encoding="utf-8")))
    return third_party(modules)


def imported_with_a_way_out(*places: str) -> set[str]:
    """The like, only what is imported inside a `try` that catches ImportError."""
    modules: set[str] = set()
    for file in (file for place in places for file in sorted((ROOT / place).rglob("*.py"))):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Try):
                continue
            caught = {ast.unparse(handler.type) for handler in node.handlers if handler.type}
            if caught & {"ImportError", "ModuleNotFoundError"}:
                modules |= modules_in(ast.Module(node.body, []))
    return third_party(modules)


def packages_behind(modules: set[str]) -> set[str]:
    """The packages that bring these modules; local helper modules (``tiny``) bring none."""
    known = packages_distributions()
    local = {path.stem for path in (ROOT / "tests").rglob("*.py")} | {"judges"}
    return {canonicalize_name(known.get(name, [name])[0]) for name in modules - local}


def test_students_need_only_the_labs() -> None:
    """What labkit and the labs import is what students install, no more and no less."""
    assert packages_behind(imported("labkit", "solutions")) == set(requirements("labs"))


def test_the_core_needs_only_the_base() -> None:
    """labkit without its topics works with what `pip install` gives without an extra.

    What it imports inside `try … except ImportError` it can do without.
    """
    parts = [f"labkit/{name}" for name in sorted(CORE)] + ["labkit/__init__.py"]
    parts += ["labkit/datasets.py"]
    optional = imported_with_a_way_out(*parts)
    needed = packages_behind(imported(*parts))
    assert needed - packages_behind(optional) == set(requirements())
    assert not needed & {"tensorflow", "keras"}


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_needs_only_its_extra(topic: str) -> None:
    """What a topic imports comes with the core and the extra of its name.

    A topic without an extra needs no more than the core and what nearly every lab has: TensorFlow
    and Keras.
    """
    extra = topic if topic in PROJECT["optional-dependencies"] else BASE_OF_LABS
    missing = packages_behind(imported(f"labkit/{topic}")) - set(requirements(extra))
    assert not missing, f"pyproject.toml: the extra {topic} lacks {', '.join(missing)}"


def test_every_extra_has_its_place() -> None:
    """An extra is a topic's or one of four others; `labs` has all topics, `instructor` all labs."""
    extras = set(PROJECT["optional-dependencies"])
    topics = extras & set(TOPICS)
    assert extras - topics == {"labs", "local", "instructor", "dev"}
    assert requirements("labs") == requirements(*topics)
    assert set(requirements("labs")) < set(requirements("local")) < set(requirements("instructor"))
    assert set(requirements("instructor")) < set(requirements("dev"))


def test_a_package_has_one_range() -> None:
    """A package that several extras ask for has the same range in all of them."""
    listed = list(PROJECT["dependencies"])
    for extra in PROJECT["optional-dependencies"].values():
        listed += extra
    names = {text: Requirement(text).name for text in listed}
    names = {text: name for text, name in names.items() if name != PROJECT["name"]}
    assert len(names) == len(set(names.values()))


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_needs_only_its_topics(lab: str) -> None:
    """What a lab's notebook imports comes with the core, its topics' extras, and the base of labs.

    This is what Colab's set-up cell installs; TensorFlow and Keras are there already.
    """
    notebook = json.loads((ROOT / "labs" / lab / f"{lab}.ipynb").read_text(encoding="utf-8"))
    modules: set[str] = set()
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            modules |= modules_in(ast.parse("".join(cell["source"])))
    source = (ROOT / "solutions" / lab / f"{lab}.py").read_text(encoding="utf-8")
    topics = set(re.findall(r"^from labkit\.(\w+)", source, re.MULTILINE)) & set(TOPICS)
    extras = topics & set(PROJECT["optional-dependencies"])
    missing = packages_behind(third_party(modules)) - set(requirements(*extras, BASE_OF_LABS))
    assert not missing, f"{lab}, topics {', '.join(topics)}: {', '.join(missing)}"


def test_imports_are_declared() -> None:
    """The autograder's imports come with `instructor`, those of tests and tools with `dev`."""
    assert packages_behind(imported("autograder")) <= set(requirements("instructor"))
    assert packages_behind(imported("tests", "tools", *LAB_TESTS)) <= set(requirements("dev"))


def test_preloaded_modules_are_installed() -> None:
    """What `preload` of a lab.toml imports comes with the package, or with labkit itself."""
    for path in sorted(ROOT.glob("solutions/*/lab.toml")):
        lab = tomllib.loads(path.read_text(encoding="utf-8"))
        names = {name.partition(":")[0] for name in lab.get("preload", ())}
        assert packages_behind(third_party(names)) <= set(requirements("instructor")), path


def test_declared_packages_are_used() -> None:
    """No package is asked for that nothing imports, except those with a reason."""
    used = packages_behind(imported("labkit", "solutions", "autograder", "tests", "tools"))
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
