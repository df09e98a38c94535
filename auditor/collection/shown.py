"""Counts and times as pages show them, turned into numbers and instants; nothing is guessed."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

CHINA = timezone(timedelta(hours=8))
"""The zone in which Chinese platforms show times without saying so."""

_COUNT = re.compile(r"(\d+(?:\.\d+)?)(万|亿|千|[kKmMwW])?\+?")
_SCALES = {"千": 10**3, "k": 10**3, "万": 10**4, "w": 10**4, "m": 10**6, "亿": 10**8}
_AGO = re.compile(r"(\d{1,4})(秒|分钟|小时|天|周)前")
_UNITS = {"秒": "seconds", "分钟": "minutes", "小时": "hours", "天": "days", "周": "weeks"}
_NEAR = re.compile(r"(今天|昨天|前天)\s*(\d{1,2}):(\d{2})(?::(\d{2}))?")
_DAYS = {"今天": 0, "昨天": 1, "前天": 2}
_DATE = re.compile(
    r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?(?:\s*(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
)


def count(shown: object) -> int | None:
    """Read a shown count: ``12``, ``1,024``, ``1.2万``, ``100万+``, ``3亿``; else ``None``.

    A rounded count stays rounded: ``1.2万`` is 12,000.
    """
    if isinstance(shown, bool):
        return None
    if isinstance(shown, int):
        return shown if shown >= 0 else None
    if isinstance(shown, float):
        return int(shown) if shown >= 0 and shown.is_integer() else None
    if not isinstance(shown, str):
        return None
    text = unicodedata.normalize("NFKC", shown).replace(",", "").replace(" ", "")
    found = _COUNT.fullmatch(text)
    if not found or len(found[1]) > 18:
        return None
    scale = _SCALES.get((found[2] or "").lower(), 1)
    return round(float(found[1]) * scale) if "." in found[1] else int(found[1]) * scale


def instant(shown: object, fetched_at: datetime, zone: tzinfo = CHINA) -> datetime | None:
    """Read a shown time; one without a zone is in ``zone``, a relative one counts from the fetch.

    ISO 8601, RFC 5322, ``Wed Oct 19 23:44:36 +0800 2022``, ``刚刚``, ``5分钟前``, ``昨天 10:00``,
    ``3月5日``, ``2026-03-05 10:00`` and epoch seconds or milliseconds are understood.

    Returns:
        An aware time, or ``None`` when nothing was shown or it cannot be read.
    """
    try:
        if isinstance(shown, (int, float)) and not isinstance(shown, bool):
            return _in_calendar(_epoch(float(shown)))
        if not isinstance(shown, str) or not shown.strip():
            return None
        text = unicodedata.normalize("NFKC", shown).strip()
        found = _absolute(text) or _relative(text, fetched_at.astimezone(zone))
        return _in_calendar(_zoned(found, zone)) if found else None
    except (ValueError, OverflowError):
        return None


def _in_calendar(moment: datetime | None) -> datetime | None:
    """Return a moment that has a form in UTC and in China, where it is kept and told."""
    if moment is not None:
        for zone in (UTC, CHINA):
            moment.astimezone(zone)
    return moment


def _zoned(moment: datetime, zone: tzinfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


YEAR_10000 = 253_402_300_800
"""Seconds from 1970 to the end of the last year that a time can hold."""


def _epoch(number: float) -> datetime | None:
    # Milliseconds are told from seconds by size: 1e11 seconds is the year 5138.
    seconds = number / 1000 if number >= 1e11 else number
    # The C library answers with an OSError from about 6.7e16 seconds on; nothing lies past 9999.
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < YEAR_10000 else None


def _absolute(text: str) -> datetime | None:
    with contextlib.suppress(ValueError):
        return datetime.fromisoformat(text)
    with contextlib.suppress(ValueError, TypeError, IndexError):
        # RFC 5322, section 3.3: the zone -0000 is universal time of an unknown place.
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if text.endswith("-0000") else moment
    return None


def _relative(text: str, now: datetime) -> datetime | None:
    if text in ("刚刚", "刚才"):
        return now
    if ago := _AGO.fullmatch(text.replace(" ", "")):
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    if near := _NEAR.fullmatch(text):
        day = now - timedelta(days=_DAYS[near[1]])
        return day.replace(
            hour=int(near[2]), minute=int(near[3]), second=int(near[4] or 0), microsecond=0
        )
    return _date(text, now)


def _date(text: str, now: datetime) -> datetime | None:
    found = _DATE.fullmatch(text)
    if not found:
        return None
    year = int(found[1] or now.year)
    hour, minute, second = (int(part or 0) for part in found.groups()[3:])
    moment = datetime(year, int(found[2]), int(found[3]), hour, minute, second, tzinfo=now.tzinfo)
    # A day without a year that would lie ahead is last year's.
    return moment.replace(year=year - 1) if not found[1] and moment > now else moment
