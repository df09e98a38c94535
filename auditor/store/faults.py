"""What a database says when it fails -> an error for the person who must act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from auditor.errors import AuditorError, LockedError, OutputError, UsageError

# SQLite's own words (sqlite.org/rescode.html); the first that occurs decides.
_FAULTS: tuple[tuple[str, type[AuditorError], str], ...] = (
    (
        "locked",
        LockedError,
        "is being written by another process; run this again when that has ended",
    ),
    ("not a database", UsageError, "is not a database; name another file with --db"),
    ("readonly", OutputError, "is read-only; make it writable, or name another with --db"),
    ("full", OutputError, "cannot grow, the disk is full; what was saved before is kept"),
    ("unable to open", OutputError, "cannot be opened; see that its directory is there and ours"),
    ("malformed", OutputError, "is damaged; restore it from a copy"),
    ("disk i/o", OutputError, "cannot be read or written, the disk fails"),
)


def fault_of(error: DBAPIError, where: str) -> AuditorError:
    """Translate an error; the statement and its values, which may be personal, are left out."""
    said = str(error.orig).strip().splitlines()
    text = said[0] if said else type(error.orig).__name__
    # SQLite gives several faults one class of exception; its words tell them apart.
    for word, kind, message in _FAULTS:
        if word in text.lower():
            return kind(message, where)
    return OutputError(f"the database failed ({text})", where)


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn database errors into errors of the program.

    Raises:
        LockedError: another process holds the database.
        UsageError: it is no database.
        OutputError: it cannot be opened, read or written.
    """
    try:
        yield
    except DBAPIError as error:
        raise fault_of(error, where) from error
