"""Data is listed, verified, and found in the cache or in the course's folder."""

from __future__ import annotations

import hashlib

import pytest

from labkit import datasets
from labkit.datasets import (
    DatasetError,
    data_folder,
    dataset_path,
    known_datasets,
    load_dataset,
    register_dataset,
)

TEXT = b"one, two, three"
DIGEST = hashlib.sha256(TEXT).hexdigest()


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(datasets, "_registered", {})


@pytest.fixture
def numbers(tmp_path):
    """A dataset that a lab keeps in the cache."""
    file = tmp_path / "cache" / "numbers" / "n.txt"
    file.parent.mkdir(parents=True)
    file.write_bytes(TEXT)
    register_dataset(
        "numbers",
        lambda path: path.read_text().split(", "),
        file="numbers/n.txt",
        sha256=DIGEST,
        licence="CC0",
        source="made here",
    )
    return file


def test_every_listed_file_is_what_the_list_says():
    """checksums.toml and the files in data/ agree, and each entry says licence and source."""
    listed = known_datasets()
    assert {"oneills_150", "oneills_full"} <= set(listed)
    for dataset in listed.values():
        assert dataset.licence
        assert dataset.source
        assert len(dataset.sha256) == 64
        if dataset.file:
            digest = hashlib.sha256((data_folder() / dataset.file).read_bytes()).hexdigest()
            assert digest == dataset.sha256, dataset.name


def test_a_registered_dataset_is_loaded(numbers):
    """A lab registers a loader once, and loads by name."""
    assert load_dataset("numbers") == ["one", "two", "three"]
    assert dataset_path("numbers") == numbers


def test_a_changed_file_is_never_read(numbers):
    """A checksum that differs is an error with both digests and what to do, also after a good
    read."""
    dataset_path("numbers")
    numbers.write_bytes(b"one, two, four!")
    with pytest.raises(DatasetError) as caught:
        load_dataset("numbers")
    assert DIGEST in str(caught.value)
    assert hashlib.sha256(b"one, two, four!").hexdigest() in str(caught.value)
    assert "delete it and get it again" in str(caught.value)


def test_a_missing_file_says_where_it_was_looked_for(numbers):
    """Both places and the source are in the message."""
    numbers.unlink()
    with pytest.raises(
        DatasetError,
        match=r"missing\n  looked in: .*cache.*\n  looked in: .*data.*\n  source: +made",
    ):
        dataset_path("numbers")


def test_an_unknown_name_gets_a_suggestion(numbers):
    """The nearest name is offered."""
    with pytest.raises(DatasetError, match="did you mean 'numbers'"):
        load_dataset("nmbers")


def test_a_registration_says_what_is_missing():
    """No dataset without licence and source."""
    with pytest.raises(DatasetError, match="needs licence, source"):
        register_dataset("more", len, file="more.txt")


def test_a_dataset_without_a_loader_says_so():
    """A listed file whose lab is not imported is not read by guessing."""
    with pytest.raises(DatasetError, match="no loader"):
        load_dataset("oneills_full")


def test_the_data_folder_of_an_installed_package(tmp_path, monkeypatch):
    """Beside the package `data/` counts, inside an installed one `_data`; without both the error
    says so."""
    monkeypatch.setattr(datasets, "PACKAGE", tmp_path / "labkit")
    with pytest.raises(DatasetError, match="install labkit again"):
        data_folder()
    for folder in (tmp_path / "labkit" / "_data", tmp_path / "data"):
        folder.mkdir(parents=True)
        (folder / "checksums.toml").touch()
        assert data_folder() == folder
