"""When something was handed in and when it was due, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

__all__ = ["Lateness"]


@dataclass(frozen=True)
class Lateness:
    """One submission's times.

    Attributes:
        handed_in: When it came, in UTC; None if nobody knows.
        due: When it was due for this student, minutes of grace included; None without a deadline.
        extended: Whether the student has an extension.
        zone: The zone in which times are shown.
        said_late: Whether the LMS itself says that it came late.
    """

    handed_in: datetime | None = None
    due: datetime | None = None
    extended: bool = False
    zone: tzinfo = UTC
    said_late: bool = False

    @property
    def unknown(self) -> bool:
        """Whether there is a deadline, and nobody knows if it was kept."""
        return self.due is not None and self.handed_in is None

    @property
    def late(self) -> timedelta:
        """How much too late it came; nothing if it is not known to be late."""
        if self.handed_in is None or self.due is None:
            return timedelta()
        return max(timedelta(), self.handed_in - self.due)

    @property
    def how_late(self) -> str:
        """Such as "2 days 3 h"; empty for what is not late."""
        if not self.late:
            return ""
        minutes = int(self.late.total_seconds()) // 60
        days, minutes = divmod(minutes, 24 * 60)
        hours, minutes = divmod(minutes, 60)
        parts = [f"{days} day{'' if days == 1 else 's'}"] if days else []
        parts += [f"{hours} h"] if hours else []
        # Beside days, minutes say nothing.
        parts += [f"{minutes} min"] if minutes and not days else []
        return " ".join(parts) or "less than a minute"

    @property
    def sentence(self) -> str:
        """What a student reads; empty without a deadline."""
        if self.due is None:
            return ""
        due = f"due {self._shown(self.due)}{', with your extension' if self.extended else ''}"
        if self.handed_in is None:
            return f"The time of your hand-in is not known, so it counts as on time ({due})."
        came = self._shown(self.handed_in)
        if self.late:
            return f"Handed in {came}, {self.how_late} late ({due})."
        return f"Handed in {came}, on time ({due})."

    @property
    def note(self) -> str:
        """What an instructor reads beside the name; empty for what is on time."""
        if self.handed_in is None and self.said_late:
            return "late, says the LMS; time unknown"
        if self.unknown:
            return "time unknown"
        extended = " in spite of an extension" if self.extended else ""
        return f"{self.how_late} late{extended}" if self.late else ""

    def _shown(self, when: datetime) -> str:
        return f"{when.astimezone(self.zone):%Y-%m-%d %H:%M %Z}"
