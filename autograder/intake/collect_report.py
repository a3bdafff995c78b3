"""What a run of ``collect`` did, for people and as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from autograder.intake.store import CollectRow, CollectStatus

__all__ = ["CollectReport"]

_MARKS = {
    CollectStatus.COLLECTED: "+",
    CollectStatus.UPDATED: "+",
    CollectStatus.UNCHANGED: "=",
    CollectStatus.KEPT: "!",
    CollectStatus.NOT_GRADABLE: "✗",
    CollectStatus.UNMATCHED: "?",
    CollectStatus.MISSING: "○",
}


@dataclass
class CollectReport:
    """What was collected.

    Attributes:
        lab: The lab's id.
        rows: One per student, and one per hand-in that matches nobody, sorted by id.
        ignored: Files that belong to nobody.
        renamed: Sentences about students who have the roster's id now.
        unread_times: Times of a table that nobody can understand.
    """

    lab: str
    rows: list[CollectRow] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    unread_times: list[str] = field(default_factory=list)

    def count(self, status: CollectStatus) -> int:
        """How many students have that status."""
        return sum(row.status == status for row in self.rows)

    @property
    def unmatched(self) -> bool:
        """Whether some hand-in matches nobody in the roster."""
        return self.count(CollectStatus.UNMATCHED) > 0

    def to_json(self) -> dict[str, Any]:
        """Plain JSON for ``--json``."""
        return asdict(self)

    def to_text(self) -> str:
        """A line per student, what was repaired or refused below it, and the counts."""
        width = max((len(row.student) for row in self.rows), default=0)
        lines = list(self.renamed)
        for row in self.rows:
            line = f"{_MARKS[row.status]} {row.student:<{width}}  {row.status:<12}  {row.file}"
            lines.append(line.rstrip())
            lines += [f"    {note}" for note in _notes(row)]
        lines += [f"ignored: {name}" for name in self.ignored]
        counts = [f"{self.count(status)} {status}" for status in _MARKS if self.count(status)]
        lines.append(f"{self.lab}: {', '.join(counts) or 'nothing to collect'}")
        came = [row for row in self.rows if row.status not in _WITHOUT_TIME]
        unknown = sum(not row.handed_in for row in came)
        if self.unread_times:
            first, *others = self.unread_times
            more = f" (and {len(others)} more)" if others else ""
            lines.append(f'Not understood as a time: "{first}"{more}.')
        if unknown:
            lines.append(
                f"Time unknown for {unknown} of {len(came)}: they are not late. "
                "`--times FILE` takes times from a table of the LMS."
            )
        return "\n".join(lines)


_WITHOUT_TIME = (CollectStatus.MISSING, CollectStatus.UNMATCHED, CollectStatus.NOT_GRADABLE)


def _notes(row: CollectRow) -> list[str]:
    late = ["The LMS marks it as late."] if row.late else []
    return [*([row.reason] if row.reason else []), *late, *row.repairs]
