"""Times as LMSs write them -> as nbgrader reads them.

What is not understood is no time at all: nobody is late because of a date in another language.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

__all__ = ["parse_time", "utc_text"]

_FORMATS = (
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d-%H-%M-%S",
    "%Y%m%d%H%M%S%f",
    "%Y%m%d%H%M%S",
    "%b %d, %Y %I%M %p",
    "%B %d, %Y %I%M %p",
    "%b %d, %Y %I:%M %p",
    "%B %d, %Y %I:%M %p",
    "%d %b, %Y %H%M",
    "%d %B, %Y %H%M",
    "%d %b %Y %H%M",
    "%d %B %Y %H%M",
    "%A, %d %B %Y, %I:%M %p",
    "%A, %B %d, %Y, %I:%M %p",
    "%A, %d %B %Y, %H:%M",
    "%d %B %Y, %I:%M %p",
    "%d %B %Y, %H:%M",
    "%d/%m/%Y %H:%M",
    "%d.%m.%Y %H:%M",
)
_ZONE = re.compile(r"\s*(?:(?P<utc>UTC|GMT|Z)|(?P<sign>[+-])(?P<h>\d\d):?(?P<m>\d\d))$")
_FRACTION = re.compile(r"(\.\d{6})\d+")


def parse_time(text: str, zone: tzinfo) -> datetime | None:
    """A time in UTC; None if it is not understood.

    Args:
        text: The time, with or without a zone.
        zone: The zone of a time without one.
    """
    plain = _FRACTION.sub(r"\1", " ".join(text.replace("T", " ", 1).split()))
    plain = plain if re.match(r"\d{4}-", plain) else " ".join(text.split())
    if found := _ZONE.search(plain) if re.match(r"\d{4}-\d\d-\d\d[ \d:.]+", plain) else None:
        ending = "+0000" if found["utc"] else f"{found['sign']}{found['h']}{found['m']}"
        return _first(f"{plain[: found.start()]} {ending}", " %z", UTC)
    return _first(plain, "", zone)


def utc_text(when: datetime | None) -> str:
    """As nbgrader reads it; empty for no time."""
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC") if when else ""


def _first(text: str, ending: str, zone: tzinfo) -> datetime | None:
    for form in _FORMATS:
        try:
            found = datetime.strptime(text, form + ending)
        except ValueError:
            continue
        try:
            return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
        except (OverflowError, ValueError):
            return None
    return None
