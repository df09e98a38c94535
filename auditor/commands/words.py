"""Words of the command line turned into values."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from auditor.errors import UsageError
from auditor.model import CHINA

Lang = Literal["zh", "en"] | None

_PASSWORD = re.compile(r":[^:/]*@")


def moment(text: str | None) -> datetime:
    """Return the time of a run: as given, or the clock's.

    Raises:
        UsageError: the time is not ISO 8601 or carries no offset.
    """
    if text is None:
        return datetime.now(UTC)
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"“{text}” is no ISO 8601 time, e.g. 2026-11-21T08:00:00+08:00", "--now"
        ) from error
    if given.tzinfo is None:
        raise UsageError(f"“{text}” carries no offset, e.g. 2026-11-21T08:00:00+08:00", "--now")
    try:
        return given.astimezone(CHINA).astimezone(UTC)  # the output is in +08:00
    except OverflowError as error:
        raise UsageError(f"“{text}” is outside the years 1 to 9999 in +08:00", "--now") from error


def check_words(*words: Path | str | None) -> None:
    """Refuse paths and names whose bytes are no text here: no report could name them.

    Raises:
        UsageError: a word is not in the encoding of the locale.
    """
    for word in words:
        try:
            str(word or "").encode()
        except UnicodeEncodeError as error:
            shown = _PASSWORD.sub(":***@", str(word).encode("ascii", "backslashreplace").decode())
            message = "is not in the encoding of the locale; rename it, or set LANG=C.UTF-8"
            raise UsageError(message, shown) from error


def run_directory(out: Path | None, now: datetime) -> Path:
    """Return the run directory: as named, or a new one under ``output/``."""
    return out if out is not None else Path("output") / now.strftime("%Y%m%dT%H%M%SZ")


def check_database_place(directory: Path) -> None:
    """Refuse a run directory in which DuckDB cannot keep its database.

    Raises:
        UsageError: the path holds a question mark.
    """
    # What follows it is taken for options: the log of the database is looked for elsewhere.
    if "?" in str(directory.absolute()):
        message = "no database can lie below a name with “?”; choose another with --out"
        raise UsageError(message, str(directory))
