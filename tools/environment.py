"""environment.yml, for students who use conda and for Binder, from pyproject.toml.

`make lock` runs it; `python -m tools.environment` does, too.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

__all__ = ["environment", "requirements"]

ROOT = Path(__file__).parents[1]
HEAD = """\
# Written by `make lock` from pyproject.toml; not edited by hand.
# For students who use conda, and for Binder:
#   conda env create -f environment.yml && conda activate {name} && jupyter lab
name: {name}
channels:
  - conda-forge
dependencies:
  - python{python}
  - pip
  - pip:
"""


def requirements(project: dict[str, Any], *extras: str) -> list[str]:
    """List what the package asks for, each requirement once.

    Args:
        project: the table `project` of pyproject.toml.
        *extras: names of extras; what they say of other extras of the package is unfolded.
    """
    found = list(project["dependencies"])
    for extra in extras:
        for requirement in project["optional-dependencies"][extra]:
            # `deep-learning-labs[music,rl]` stands for the requirements of these two extras.
            own = re.fullmatch(rf"{re.escape(project['name'])}\[(.+)\]", requirement)
            found += requirements(project, *own[1].split(",")) if own else [requirement]
    return list(dict.fromkeys(found))


def environment(project: dict[str, Any]) -> str:
    """The text of environment.yml: Python, and the packages of the extra `local`.

    Args:
        project: the table `project` of pyproject.toml.
    """
    head = HEAD.format(name=project["name"], python=project["requires-python"])
    packages = [*requirements(project, "local"), "-e ."]
    return head + "".join(f"      - {package}\n" for package in packages)


def main() -> None:
    """Write environment.yml."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    text = environment(settings["project"])
    (ROOT / "environment.yml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
