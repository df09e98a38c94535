"""Bringing a database to the program's schema."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text

from auditor.errors import OutputError, UsageError
from auditor.store.engines import Engines
from auditor.store.faults import translated

HEAD = "0002"
"""The newest revision under ``migrations/versions``; a test holds it against them."""

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(engines: Engines, head: str = HEAD, scripts: Path = SCRIPTS) -> None:
    """Create or upgrade the tables; another process that does the same is waited for.

    A SQLite file that holds data is copied beside itself first (``NAME.REVISION.bak``). An older
    PostgreSQL database is left alone: its operator decides when.

    Raises:
        UsageError: the database is another program's, is newer than this program, or is an older
            PostgreSQL database.
        LockedError: another process holds the database.
        OutputError: it cannot be written.
    """
    with translated(engines.where):
        # Without the writers' lock: nearly every opening finds nothing to do.
        with engines.reader.connect() as connection:
            revision = _revision(connection, engines.where)
        if revision == head:
            return
        _check_known(revision, engines, scripts)
        if revision is not None and engines.path is not None:
            _copy(engines.path, revision)
        if revision is not None and engines.path is None:
            raise UsageError(
                f"has the older schema {revision}; back it up, then run "
                "python -m auditor.store upgrade URL",
                engines.where,
            )
    upgrade(engines, head, scripts)


def upgrade(engines: Engines, head: str = HEAD, scripts: Path = SCRIPTS) -> None:
    """Bring the tables to ``head`` without a copy, all or nothing.

    Raises:
        LockedError: another process holds the database.
        OutputError: it cannot be written.
    """
    with translated(engines.where), engines.writer.begin() as connection:
        # Another process may have been faster.
        if _revision(connection, engines.where) != head:
            _run_scripts(connection, scripts)


def _revision(connection: Connection, where: str) -> str | None:
    """The revision of the database, or ``None`` for an empty one."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return None if found is None else str(found)
    # Someone's browser history is not to be filled with our tables.
    if tables:
        raise UsageError("is the database of another program; name another with --db", where)
    return None


def _check_known(revision: str | None, engines: Engines, scripts: Path) -> None:
    if revision is None:
        return
    known = {path.name.split("_", 1)[0] for path in (scripts / "versions").glob("*.py")}
    if revision not in known:
        raise UsageError(
            f"was written by a newer version of this program (schema {revision}); update it",
            engines.where,
        )


def _copy(path: Path, revision: str) -> None:
    copy = path.with_name(f"{path.name}.{revision}.bak")
    try:
        copy.touch(mode=0o600)
        # SQLite's own copying includes what is still in the write-ahead log.
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except (OSError, sqlite3.Error) as error:
        raise OutputError(f"cannot be copied before the upgrade ({error})", str(copy)) from error


def _run_scripts(connection: Connection, scripts: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
