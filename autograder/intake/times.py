"""Times as LMSs write them -> as nbgrader reads them.

What is not understood, or may be two times, is no time at all: nobody is late because of a date in
another language.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

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
    "%A, %B %d, %Y, %I:%M %p",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y, %H:%M",
)
_ZONE = re.compile(r"\s*(?:(?P<utc>UTC|GMT|Z)|(?P<sign>[+-])(?P<h>\d\d):?(?P<m>\d\d))$")
_FRACTION = re.compile(r"(\.\d{6})\d+")
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d)?(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?"
_IN_WORDS = re.compile(
    # The day of the week may stand in front: "Sonntag, 1. März 2026, 10:00".
    r"(?:[^\W\d]+,? )?(?P<day>\d{1,2})\.? (?:de )?(?P<month>[^\W\d]+)\.? (?:de )?(?P<year>\d{4})"
    rf"(?:,| à| às| om| klo)? {_CLOCK}"
)
_MONTH_FIRST = re.compile(
    r"(?:[^\W\d]+,? )?(?P<month>[^\W\d]+)\.? (?P<day>\d{1,2}),? (?P<year>\d{4})"
    rf"(?:,| at)? {_CLOCK}"
)
_EAST_ASIAN = re.compile(
    r"(?P<year>\d{4}) ?[年년] ?(?P<month>\d{1,2}) ?[月월] ?(?P<day>\d{1,2}) ?[日일]"
    rf"(?:[ ,(（]*[^\W\d]+[)）]?)?[ ,]*{_CLOCK}"
)
_SLASHES = re.compile(rf"(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})/(?P<year>\d{{4}}),? {_CLOCK}")
_MONTHS = (
    "january jan januar janvier enero gennaio janeiro januari stycznia января",
    "february feb februar février fevrier febrero febbraio fevereiro februari lutego февраля",
    "march mar märz mrz mars marzo março maart marca марта",
    "april apr avril abril aprile kwietnia апреля",
    "may mai mayo maggio maio mei maj maja мая",
    "june jun juni juin junio giugno junho czerwca июня",
    "july jul juli juillet julio luglio julho lipca июля",
    "august aug août aout agosto augustus augusti sierpnia августа",
    "september sep sept septembre septiembre settembre setembro września сентября",
    "october oct oktober okt octobre octubre ottobre outubro października октября",
    "november nov novembre noviembre novembro listopada ноября",
    "december dec dezember dez décembre decembre diciembre dicembre dezembro grudnia декабря",
)
"""What Moodle calls the months, in ten languages; no word stands for two of them."""


def parse_time(text: str, zone: tzinfo) -> datetime | None:
    """A time in UTC; None if it is not understood.

    Args:
        text: The time, with or without a zone.
        zone: The zone of a time without one.
    """
    plain = " ".join(re.sub(r"(?<=\d)T(?=\d)", " ", text).split())
    plain = _FRACTION.sub(r"\1", plain)
    if found := _ZONE.search(plain) if re.match(r"\d{4}-\d\d-\d\d[ \d:.]+", plain) else None:
        ending = "+0000" if found["utc"] else f"{found['sign']}{found['h']}{found['m']}"
        return _first(f"{plain[: found.start()]} {ending}", " %z", UTC)
    return _first(plain, "", zone) or _in_words(plain, zone)


def utc_text(when: datetime | None) -> str:
    """As nbgrader reads it; empty for no time."""
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC") if when else ""


def _first(text: str, ending: str, zone: tzinfo) -> datetime | None:
    for form in _FORMATS:
        try:
            found = datetime.strptime(text, form + ending)
        except ValueError:
            continue
        return _in_utc(found if found.tzinfo else found.replace(tzinfo=zone))
    return None


def _in_words(text: str, zone: tzinfo) -> datetime | None:
    """A time with the month as a word, with East Asian signs, or with slashes."""
    day = month = ""
    if found := _IN_WORDS.fullmatch(text) or _MONTH_FIRST.fullmatch(text):
        day, month = found["day"], _month(found["month"])
    elif found := _EAST_ASIAN.fullmatch(text):
        day, month = found["day"], found["month"]
    elif found := _SLASHES.fullmatch(text):
        first, second = int(found["first"]), int(found["second"])
        # 3/4 is in March or in April; only a number above 12 tells which one is the day.
        if first != second and max(first, second) <= 12:
            return None
        day, month = str(max(first, second)), str(min(first, second))
    if not found or not month:
        return None
    try:
        midnight = datetime(int(found["year"]), int(month), int(day))
        hour = int(found["hour"])
        if found["half"]:
            hour = hour % 12 + (12 if found["half"] in "pP" else 0)
        clock = timedelta(hours=hour, minutes=int(found["minute"]))
    except ValueError:
        return None
    if clock >= timedelta(days=1):
        return None
    return _in_utc((midnight + clock).replace(tzinfo=zone))


def _month(word: str) -> str:
    """The number of a month's name; empty for another word."""
    for number, names in enumerate(_MONTHS, start=1):
        if word.casefold() in names.split():
            return str(number)
    return ""


def _in_utc(when: datetime) -> datetime | None:
    try:
        return when.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
