"""Connections: one engine that reads, one that writes and waits for its turn."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from auditor.errors import OutputError, UsageError

BUSY_SECONDS = 30.0
"""How long a writer waits for another before it gives up."""

_PASSWORD = re.compile(r":[^:/]*@")
_PRIVATE = 0o600
_WRITE_LOCK = 7_215_903_664  # any number: PostgreSQL's advisory locks have no names


@dataclass(frozen=True, slots=True)
class Engines:
    """The two engines of one database; ``path`` is that of a SQLite file, ``where`` its name."""

    reader: Engine
    writer: Engine
    path: Path | None
    where: str

    def dispose(self) -> None:
        """Close all connections."""
        self.reader.dispose()
        self.writer.dispose()


def engines(url: str, busy_seconds: float = BUSY_SECONDS) -> Engines:
    """Make the engines of a database; a SQLite file that is not there is created, mode 0600.

    Raises:
        UsageError: the URL is none, or its driver is not installed.
        OutputError: the file cannot be created.
    """
    try:
        parsed = make_url(url)
        where = parsed.render_as_string(hide_password=True)
    except (ArgumentError, ValueError):  # the latter where a port is no number, a byte no text
        shown = _PASSWORD.sub(":***@", url)
        raise UsageError("is no database URL such as sqlite:///auditor.db", shown) from None
    if parsed.get_backend_name() != "sqlite":
        if parsed.drivername == "postgresql":  # another default in each SQLAlchemy
            parsed = parsed.set(drivername="postgresql+psycopg")
        reader, writer = (_engine(parsed, where) for _ in range(2))
        event.listen(writer, "begin", _take_turn(busy_seconds))
        return Engines(reader, writer, None, where)
    # SQLite would create the file itself, readable by all; -wal and -shm take its mode.
    path = _file(parsed, where)
    reader, writer = (_engine(parsed, where) for _ in range(2))
    for engine, begin in ((reader, "BEGIN"), (writer, "BEGIN IMMEDIATE")):
        event.listen(engine, "connect", _prepare(busy_seconds))
        event.listen(engine, "begin", _begin(begin))
    return Engines(reader, writer, path, where if path is None else str(path))


def _engine(url: URL, where: str) -> Engine:
    try:
        # Parameters hold personal data: they stay out of errors and logs.
        # A server may have been started again since the last write of a long crawl.
        return create_engine(
            url, hide_parameters=True, json_serializer=_compact, pool_pre_ping=True
        )
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        hint = "; pip install 'auditor[postgres]'" if url.get_backend_name() == "postgresql" else ""
        raise UsageError(f"needs a driver that is not installed ({error}){hint}", where) from error


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _file(url: URL, where: str) -> Path | None:
    if not url.database or url.database == ":memory:":
        raise UsageError("keeps nothing; name a file such as sqlite:///auditor.db", where)
    if url.query:
        return None  # a URI in SQLite's own form: its meaning is SQLite's
    path = Path(url.database)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, _PRIVATE))
    except ValueError as error:  # a zero byte, as auditor.toml can hold one
        raise UsageError("names no file that can be opened here", where) from error
    except OSError as error:
        raise OutputError(f"cannot be opened for writing ({error.strerror})", str(path)) from error
    return path


def _prepare(busy_seconds: float) -> Callable[[Any, object], None]:
    def prepare(connection: Any, record: object) -> None:
        """Set up one connection of SQLite."""
        del record
        # Python's sqlite3 begins transactions by itself, and late: that is what makes two writers
        # fail (5,193 "locked" errors against none, measured with four). We begin them.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {int(busy_seconds * 1000)}")
        # Of a new file only. With pages of 4 KiB a bulk write spends half its time in system calls.
        cursor.execute("PRAGMA page_size = 16384")
        cursor.execute("PRAGMA cache_size = -32000")  # 32 MB: the indexes of a long write fit
        cursor.execute("PRAGMA temp_store = MEMORY")  # keys that are looked for
        # With WAL and NORMAL a kill loses nothing that was committed, a power cut perhaps the last
        # commits, and neither damages the file (sqlite.org/wal.html).
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        # Off by default in SQLite, and to be set for each connection.
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    return prepare


def _begin(statement: str) -> Callable[[Connection], None]:
    def begin(connection: Connection) -> None:
        """Begin a transaction in the asked mode."""
        connection.exec_driver_sql(statement)

    return begin


def _take_turn(busy_seconds: float) -> Callable[[Connection], None]:
    def take_turn(connection: Connection) -> None:
        """Wait for the other writers of PostgreSQL, as BEGIN IMMEDIATE does in SQLite."""
        # At least a millisecond: zero would be for ever.
        limit = max(1, int(busy_seconds * 1000))
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {limit}")
        connection.exec_driver_sql("SET LOCAL timezone = 'UTC'")  # as bulk rows tell the time
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")

    return take_turn
