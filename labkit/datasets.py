"""Where data comes from: a registry with licence and checksum, the folder `data/`, and a cache.

Files that ship with the course are listed in `data/TOPIC/checksums.toml`; their topic says how to
read them with `register_dataset`. A file is looked for in the cache folder first, then in `data/`
(in an installed package: `labkit/_data`), and is never read when its checksum differs.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

__all__ = [
    "Dataset",
    "DatasetError",
    "cache_folder",
    "data_folder",
    "dataset_path",
    "known_datasets",
    "load_dataset",
    "register_dataset",
]

VARIABLE = "LABKIT_CACHE"
PACKAGE = Path(__file__).parent


class DatasetError(Exception):
    """A dataset is unknown, missing, or not what the registry says."""


@dataclass(frozen=True)
class Dataset:
    """One entry of the registry.

    Attributes:
        name: unique among all datasets.
        file: relative to the data folder and to the cache folder.
        sha256: the hex digest of its bytes; "" for a file made on this machine.
        licence: of the data, an SPDX identifier or in words.
        source: where it comes from, in words or an address.
        loader: `loader(path)` reads it; None before its topic is imported.
    """

    name: str
    file: str
    sha256: str
    licence: str
    source: str
    loader: Callable[[Path], Any] | None = None


_registered: dict[str, Dataset] = {}


def register_dataset(
    name: str,
    loader: Callable[[Path], Any],
    *,
    file: str = "",
    sha256: str = "",
    licence: str = "",
    source: str = "",
) -> Dataset:
    """Say how to read a dataset. What is not given comes from `data/TOPIC/checksums.toml`.

    A file that is in no `data/` folder (one that a lab downloads or computes) needs `file`,
    `licence` and `source`; it lives in the cache folder.

    Args:
        name: unique among all datasets.
        loader: `loader(path)` reads the file.
        file: relative to the data folder and to the cache folder.
        sha256: the hex digest of its bytes; "" for a file made on this machine.
        licence: of the data.
        source: where it comes from, in words or an address.

    Returns:
        The entry of the registry.

    Raises:
        DatasetError: when neither the call nor a `checksums.toml` says what `file`, `licence` and
            `source` are.
    """
    arguments = {"file": file, "sha256": sha256, "licence": licence, "source": source}
    given = {key: value for key, value in arguments.items() if value}
    listed = _listed().get(name) or Dataset(name, "", "", "", "")
    dataset = replace(listed, loader=loader, **given)
    if missing := [key for key in ("file", "licence", "source") if not getattr(dataset, key)]:
        places = "give it here or in data/TOPIC/checksums.toml"
        raise DatasetError(f"the dataset {name!r} needs {', '.join(missing)}: {places}")
    _registered[name] = dataset
    return dataset


def known_datasets() -> dict[str, Dataset]:
    """List every known dataset by name: the listed files, and what topics have registered."""
    return {**_listed(), **_registered}


@cache
def _listed() -> dict[str, Dataset]:
    """The entries of every `data/TOPIC/checksums.toml`, without loaders."""
    listed: dict[str, Dataset] = {}
    for path in sorted(data_folder().glob("*/checksums.toml")):
        topic = path.parent.name
        for name, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            # An entry without a file of its own is computed, or comes inside a package.
            file = f"{topic}/{entry['file']}" if entry["file"] else ""
            listed[name] = Dataset(name=name, **{**entry, "file": file})
    return listed


def load_dataset(name: str) -> Any:
    """Read a dataset with its registered loader, after its checksum is verified.

    Args:
        name: of the dataset, one of `known_datasets()`.

    Returns:
        What the loader makes of the file.

    Raises:
        DatasetError: when it is unknown, has no loader, is missing, or differs from the registered
            checksum.
    """
    dataset = _find(name)
    if dataset.loader is None:
        advice = "import the module of its lab, or call register_dataset()"
        raise DatasetError(f"no loader is registered for {name!r}: {advice}")
    return dataset.loader(dataset_path(name))


def dataset_path(name: str) -> Path:
    """Find the file of a dataset, in the cache folder or in `data/`, and verify its checksum.

    Args:
        name: of the dataset, one of `known_datasets()`.

    Returns:
        The path of the verified file.

    Raises:
        DatasetError: when it is unknown, missing, or differs from the registered checksum.
    """
    dataset = _find(name)
    places = [cache_folder() / dataset.file, data_folder() / dataset.file]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        looked = "\n".join(f"  looked in: {place}" for place in places)
        raise DatasetError(
            f"the file of the dataset {name!r} is missing\n{looked}\n  source:    {dataset.source}"
        )
    _verify(dataset, path)
    return path


def _find(name: str) -> Dataset:
    """The entry of this name, or an error that suggests the nearest one."""
    known = known_datasets()
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    suggestion = f"; did you mean {near[0]!r}?" if near else ""
    raise DatasetError(
        f"unknown dataset {name!r}{suggestion} Known: {', '.join(sorted(known)) or 'none'}"
    )


def _verify(dataset: Dataset, path: Path) -> None:
    """Raise a `DatasetError` when the file is not the registered one."""
    if not dataset.sha256:
        return
    stat = path.stat()
    got = _digest(path, stat.st_mtime_ns, stat.st_size)
    if got != dataset.sha256:
        raise DatasetError(
            f"the file of the dataset {dataset.name!r} is not the registered one\n"
            f"  file:            {path}\n"
            f"  expected sha256: {dataset.sha256}\n"
            f"  got:             {got}\n"
            f"  try:             delete it and get it again; source: {dataset.source}"
        )


@cache
def _digest(path: Path, modified: int, size: int) -> str:
    """SHA-256 of a file, computed once for each time of change and size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cache_folder() -> Path:
    """Where downloads and derived files live: $LABKIT_CACHE, else `~/.cache/labkit`.

    The folder need not exist.
    """
    return Path(os.environ.get(VARIABLE) or Path.home() / ".cache" / "labkit")


def data_folder() -> Path:
    """The course's small datasets: `data/` of the repository, or `labkit/_data` in an installed
    package.

    Raises:
        DatasetError: when neither is there.
    """
    for folder in (PACKAGE.parent / "data", PACKAGE / "_data"):
        if folder.is_dir():
            return folder
    raise DatasetError(
        "the course's data folder is missing: install labkit again, or run inside the repository"
    )
