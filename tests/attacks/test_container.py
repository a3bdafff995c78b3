"""The container's command line, tested without a container engine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from autograder import container
from autograder.container import CAPABILITIES, IMAGE, command, find_engine, main
from autograder.model.errors import UsageError

ROOT = Path(__file__).parents[2]


def test_the_container_is_closed(tmp_path: Path) -> None:
    """No network, nothing writable but course and /tmp, no capability beyond the list, and never a
    privileged one."""
    words = command("docker", tmp_path, ["grade", "lab1_music"])
    options = words[2 : words.index(IMAGE)]
    assert {
        "--rm",
        "--network=none",
        "--read-only",
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges",
    } <= set(options)
    assert [word for word in options if word.startswith("--volume")] == [
        f"--volume={tmp_path}:/course"
    ]
    assert sorted(
        word.removeprefix("--cap-add=") for word in options if "cap-add" in word
    ) == sorted(CAPABILITIES)
    assert not any("privileged" in word and "no-new" not in word for word in options)
    assert words[words.index(IMAGE) + 1 :] == ["grade", "lab1_music", "--sandbox", "container"]


def test_a_level_that_is_named_stays(tmp_path: Path) -> None:
    """Verbs without student code get no level, and one that was given is not given twice."""
    assert command("docker", tmp_path, ["grade", "x", "--sandbox", "none"])[-4:] == [
        "grade",
        "x",
        "--sandbox",
        "none",
    ]
    assert command("docker", tmp_path, ["export", "x"])[-2:] == ["export", "x"]
    assert "--security-opt=unmask=ALL" in command("/usr/bin/podman", tmp_path, ["grade"])


def test_the_command_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The engine is called with the course around the current folder, and its exit status is
    ours."""
    engine = tmp_path / "engine"
    engine.write_text(f"#!{sys.executable}\nimport sys\nprint(sys.argv[1:])\nsys.exit(7)\n")
    engine.chmod(0o755)
    (tmp_path / "course.toml").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONTAINER_ENGINE", str(engine))
    assert main(["report", "lab1_music"]) == 7
    assert f"--volume={tmp_path}:/course" in capfd.readouterr().out


def test_without_an_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A clear error that names the engines, exit status 2."""
    monkeypatch.setattr(container.shutil, "which", lambda name: None)
    with pytest.raises(UsageError, match="podman or docker"):
        find_engine()
    (tmp_path / "course.toml").touch()
    monkeypatch.chdir(tmp_path)
    assert main(["grade"]) == 2
    assert "No container engine" in capsys.readouterr().err


def test_the_image_holds_no_secret() -> None:
    """Built from the lock with its hashes checked; neither solutions nor workspace can get into the
    image."""
    recipe = (ROOT / "Containerfile").read_text()
    copied = {
        word
        for line in recipe.splitlines()
        if line.startswith("COPY")
        for word in line.split()[1:-1]
    }
    assert copied == {
        "requirements.lock",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "labkit",
        "autograder",
        "data",
    }
    assert "--require-hashes" in recipe
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignored
    assert {line[1:] for line in ignored if line.startswith("!")} == copied
