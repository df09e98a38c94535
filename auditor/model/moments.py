"""Moments at the ends of the calendar, where arithmetic with them overflows."""

from __future__ import annotations

from datetime import datetime

from auditor.model.values import CHINA

_FIRST = datetime.min.replace(tzinfo=CHINA)
_LAST = datetime.max.replace(tzinfo=CHINA)


def in_china(moment: datetime) -> datetime:
    """Return a moment in +08:00; one that lies outside the years 1 to 9999 there, as their end.

    Readers refuse such times; a page that was crawled, or a caller of the library, may show one.
    """
    try:
        return moment.astimezone(CHINA)
    except OverflowError:
        return _FIRST if moment.year == _FIRST.year else _LAST


def minute_in_china(moment: datetime) -> str:
    """Return a moment as sentences show it, to the minute: 2023-07-01 08:00."""
    # strftime does not fill the years before 1000.
    return in_china(moment).replace(tzinfo=None).isoformat(" ", "minutes")
