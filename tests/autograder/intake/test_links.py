"""A folder that turns into a link between listing and reading leads nowhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.intake.entries import list_folder
from autograder.model.errors import NotGradable

INBOUND = ("ada+lab+2026-01-01 10:00:00 UTC+x", "sub", "more")


@pytest.mark.parametrize("swapped", range(len(INBOUND)))
def test_a_folder_swapped_for_a_link(tmp_path: Path, swapped: int) -> None:
    """In nbgrader's inbound folder every folder of a hand-in is its student's own."""
    other = tmp_path / "other"
    below = Path(*INBOUND[swapped + 1 :])
    (other / below).mkdir(parents=True)
    (other / below / "lab.ipynb").write_text("another student's work")
    inbound = tmp_path / "inbound"
    inbound.joinpath(*INBOUND).mkdir(parents=True)
    inbound.joinpath(*INBOUND, "lab.ipynb").write_text("my own work")
    (entry,) = list_folder(inbound)
    assert entry.read() == b"my own work"
    mine = inbound.joinpath(*INBOUND[: swapped + 1])
    mine.rename(tmp_path / "kept")
    mine.symlink_to(other)
    with pytest.raises(NotGradable, match="cannot be read"):
        entry.read()


def test_a_file_swapped_for_a_link_or_a_pipe(tmp_path: Path) -> None:
    """Neither is read, and a pipe is not waited for."""
    folder = tmp_path / "inbound"
    folder.mkdir()
    (tmp_path / "secret").write_text("another's")
    for make in (
        lambda path: path.symlink_to(tmp_path / "secret"),
        os.mkdir,
        os.mkfifo,
    ):
        file = folder / "lab.ipynb"
        file.write_text("mine")
        (entry,) = list_folder(folder)
        file.unlink()
        make(file)
        with pytest.raises(NotGradable):
            entry.read()
        if file.is_dir() and not file.is_symlink():
            file.rmdir()
        else:
            file.unlink()


def test_the_folder_that_was_asked_for_may_be_a_link(tmp_path: Path) -> None:
    """An instructor's own links, above everything, are followed."""
    folder = tmp_path / "class"
    (folder / "ada").mkdir(parents=True)
    (folder / "ada" / "lab.ipynb").write_text("mine")
    (tmp_path / "link").symlink_to(folder)
    (entry,) = list_folder(tmp_path / "link")
    assert entry.read() == b"mine"
