"""How long a large class takes to collect: a Canvas download and its gradebook, made of the sample
class."""

from __future__ import annotations

import csv
import json
import os
import time
import zipfile
from pathlib import Path

from autograder.commands.collect import collect
from autograder.intake.archives import is_archive
from autograder.workspace.course import Course

__all__ = ["collect_many"]

_FIRST_NUMBER = 70_000


def collect_many(course: Course, lab_id: str, count: int, folder: Path) -> None:
    """Collect ``count`` different hand-ins twice, new and unchanged, and print the times."""
    download, roster = folder / "submissions.zip", folder / "grades.csv"
    size = _write_download(download, course.root / "samples" / lab_id, count)
    _write_roster(roster, count)
    cores = len(os.sched_getaffinity(0))
    print(f"{count} hand-ins of {size / 1000:.0f} kB each, {cores} cores")
    for what in ("new", "unchanged"):
        started, spent = time.monotonic(), sum(os.times()[:4])
        report = collect(course, lab_id, [download], roster=roster)
        seconds, spent = time.monotonic() - started, sum(os.times()[:4]) - spent
        counts: dict[str, int] = {}
        for row in report.rows:
            counts[str(row.status)] = counts.get(str(row.status), 0) + 1
        told = ", ".join(f"{number} {status}" for status, number in sorted(counts.items()))
        # On a busy machine only the processor's time tells anything.
        print(f"{what}: {seconds:.1f} s, {spent:.1f} s of the processor ({told})")


def _write_download(path: Path, samples: Path, count: int) -> float:
    """A download of so many students, each with a sample that differs in one comment.

    Returns:
        The mean size of a hand-in.
    """
    files = [file for file in sorted(samples.rglob("*")) if file.is_file()]
    texts = [file for file in files if not is_archive(file.name)]
    total = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for index in range(count):
            sample = texts[index % len(texts)]
            data = _changed(sample.read_bytes(), index)
            total += len(data)
            name = f"family{index}given_{_FIRST_NUMBER + index}_{index}_{sample.name}"
            archive.writestr(name, data)
    return total / count


def _changed(data: bytes, index: int) -> bytes:
    """The notebook with a comment of its own; what is no notebook stays."""
    try:
        notebook = json.loads(data)
        first = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    except (ValueError, KeyError, TypeError, StopIteration):
        return data
    source = first["source"]
    text = source if isinstance(source, str) else "".join(source)
    first["source"] = f"{text}\n# {index}"
    return json.dumps(notebook).encode()


def _write_roster(path: Path, count: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Student", "ID", "SIS User ID", "SIS Login ID", "Section"])
        for index in range(count):
            name = f"Family{index}, Given"
            row = [name, _FIRST_NUMBER + index, f"s{index:05d}", f"u{index:05d}", "A"]
            writer.writerow(row)
