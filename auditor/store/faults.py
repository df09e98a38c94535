"""What a database says when it fails -> an error for the person who must act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from auditor.errors import AuditorError, LockedError, OutputError, UsageError

Fault = tuple[str, type[AuditorError], str]

_BUSY = "is being written by another process; run this again when that has ended"
_FULL = "cannot grow, the disk is full; what was saved before is kept"
_READ_ONLY = "is read-only; make it writable, or name another with --db"
_LOST = "the server ended the connection; what was saved before is kept"
_ABSENT = "is not there; create the database first, or name another with --db"
_REFUSED = "does not let this user in; see its name and its password"

# SQLite's own words (sqlite.org/rescode.html); the first that occurs decides.
_SQLITE: tuple[Fault, ...] = (
    ("locked", LockedError, _BUSY),
    ("not a database", UsageError, "is not a database; name another file with --db"),
    ("readonly", OutputError, _READ_ONLY),
    ("full", OutputError, _FULL),
    ("unable to open", OutputError, "cannot be opened; see that its directory is there and ours"),
    ("malformed", OutputError, "is damaged; restore it from a copy"),
    ("disk i/o", OutputError, "cannot be read or written, the disk fails"),
)
# PostgreSQL's codes (postgresql.org/docs/current/errcodes-appendix.html), or how they begin.
_STATES: tuple[Fault, ...] = (
    ("55P03", LockedError, _BUSY),
    ("40", LockedError, _BUSY),  # a deadlock was broken, which with one lock for all is not ours
    ("53100", OutputError, _FULL),
    ("53", OutputError, "the server has no memory or no connection left"),
    ("25006", OutputError, _READ_ONLY),
    ("42501", OutputError, "is not to be written by this user; ask for the right to"),
    ("57P", OutputError, _LOST),
    ("08", OutputError, _LOST),
    ("XX00", OutputError, "is damaged; restore it from a copy"),
)
# What its client says where there is no code, for no server answered or the door stayed shut.
_CLIENT: tuple[Fault, ...] = (
    ('" does not exist', UsageError, _ABSENT),
    ("authentication failed", UsageError, _REFUSED),
    ("no password supplied", UsageError, _REFUSED),
    ("no pg_hba.conf entry", UsageError, _REFUSED),
    ("connection refused", OutputError, "cannot be reached; see that the server runs there"),
    ("no such file", OutputError, "cannot be reached; see that the server runs there"),
    ("resolve host", OutputError, "cannot be reached; see the name of the host"),
    ("timeout", OutputError, "cannot be reached; the server does not answer"),
    ("connection", OutputError, _LOST),
)


def fault_of(error: DBAPIError, where: str) -> AuditorError:
    """Translate an error; the statement and its values, which may be personal, are left out."""
    said = str(error.orig).strip().splitlines()
    text = said[0] if said else type(error.orig).__name__
    # SQLite gives several faults one class of exception; its words tell them apart.
    if type(error.orig).__module__ == "sqlite3":
        found = [fault for fault in _SQLITE if fault[0] in text.lower()]
    elif state := getattr(error.orig, "sqlstate", None):
        found = [fault for fault in _STATES if str(state).startswith(fault[0])]
    else:
        found = [fault for fault in _CLIENT if fault[0] in text.lower()]
    for _, kind, message in found:
        return kind(message, where)
    return OutputError(f"the database failed ({text})", where)


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn database errors into errors of the program.

    Raises:
        LockedError: another process holds the database.
        UsageError: it is no database, not there, or not ours to use.
        OutputError: it cannot be reached, opened, read or written.
    """
    try:
        yield
    except DBAPIError as error:
        raise fault_of(error, where) from error
