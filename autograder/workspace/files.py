"""Files: written whole or not at all, read as JSON, and named by their contents."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.model.errors import ContentError

__all__ = ["file_digest", "read_json", "tree_digest", "write_atomic", "write_json"]


def tree_digest(folder: Path, *, without: Collection[str] = ()) -> str:
    """Of every file below a folder, but for prose, compiled code and the entries ``without``."""
    found = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix not in (".pyc", ".md")
        and path.relative_to(folder).parts[0] not in without
    )
    digest = hashlib.sha256()
    for path in found:
        digest.update(f"{path.relative_to(folder)}\0{file_digest(path)}\0".encode())
    return digest.hexdigest()


def file_digest(path: Path) -> str:
    """Of a file's contents; a file that has not changed is not read twice."""
    status = path.stat()
    return _digest_once(path, (status.st_size, status.st_mtime_ns, status.st_ino))


@lru_cache(maxsize=2000)
def _digest_once(path: Path, version: tuple[int, ...]) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_atomic(path: Path, data: bytes) -> None:
    """Write ``data`` so that ``path`` holds either its old content or all of the new, never a part.

    Raises :class:`ContentError` in one sentence when the system refuses (a full disk, no
    permission).
    """
    part = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        why = error.strerror or str(error)
        raise ContentError(
            f'Cannot write "{path}" ({why}). The old content is untouched; make room or fix the '
            "permission and run the same command again."
        ) from error


def read_json(path: Path) -> dict[str, Any] | None:
    """The JSON object in a file; None if there is no such file, or no object in it."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write a JSON object as people can read it, whole or not at all.

    Raises:
        ContentError: if the system refuses to write.
    """
    text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    write_atomic(path, text.encode())
