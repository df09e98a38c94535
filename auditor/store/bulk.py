"""Many rows at once, by each driver's own bulk way.

An ORM session keeps an object, its history and a place in a graph for every row, and the statement
compiler looks at every cell; here a row is a tuple of cells that goes to the driver as it is. The
tables stay the schema. JSON comes rendered, as UTF-8 bytes, and a time as ``stamp`` writes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Connection, Table
from sqlalchemy.exc import DBAPIError

Cell = str | int | bytes | None
Cells = tuple[Cell, ...]

_BLOCK = 500  # rows of COPY rendered at a time


def stamp(at: datetime | None) -> str | None:
    """A time in UTC, as SQLAlchemy writes it to SQLite; the writer of PostgreSQL speaks UTC too."""
    if at is None:
        return None
    utc = at.astimezone(UTC)
    day, time = (utc.year, utc.month, utc.day), (utc.hour, utc.minute, utc.second)
    return "%04d-%02d-%02d %02d:%02d:%02d.%06d" % (*day, *time, utc.microsecond)  # noqa: UP031


def insert_rows(
    connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Cells]
) -> None:
    """Insert rows, their cells in the order of ``names``; cells of JSON columns are bytes.

    Raises:
        DBAPIError: the database refuses.
    """
    if not rows:
        return
    if connection.dialect.driver == "psycopg":
        _copy(connection, f"COPY {table.name} ({', '.join(names)}) FROM STDIN", rows)
        return
    marks = ("{json}" if isinstance(table.c[name].type, JSON) else "{}" for name in names)
    # The names are the program's own.
    words = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(marks)})"  # noqa: S608
    run_rows(connection, words, rows)


def run_rows(connection: Connection, words: str, rows: Sequence[Cells]) -> None:
    """Run a statement once a row; ``{}`` stands where a cell goes, ``{json}`` where JSON does.

    Raises:
        DBAPIError: the database refuses.
    """
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        # The bytes are UTF-8 as SQLite's own text is: the cast only changes what they are called.
        said = words.replace("{json}", "CAST(? AS TEXT)").replace("{}", "?")
        connection.exec_driver_sql(said, list(rows))
    else:
        said = words.replace("{json}", "CAST(%s AS JSONB)").replace("{}", "%s")
        connection.exec_driver_sql(said, [tuple(map(_read, row)) for row in rows])


def _read(cell: Cell) -> Cell:
    return cell.decode() if isinstance(cell, bytes) else cell


def _copy(connection: Connection, words: str, rows: Sequence[Cells]) -> None:
    driver: Any = connection.connection.driver_connection
    dbapi: Any = connection.dialect.loaded_dbapi
    try:
        with driver.cursor() as cursor, cursor.copy(words) as copy:
            for start in range(0, len(rows), _BLOCK):
                copy.write(b"".join(map(_line, rows[start : start + _BLOCK])))
    except dbapi.Error as error:
        raise _scrubbed(error) from None


def _scrubbed(error: Exception) -> DBAPIError:
    """The error without PostgreSQL's further lines: they repeat the row, which may be personal."""
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    fault = type(error)(first)
    fault.sqlstate = getattr(error, "sqlstate", None)  # type: ignore[attr-defined]
    return DBAPIError("COPY", None, fault)


def _line(row: Cells) -> bytes:
    """A row in the text form of COPY (postgresql.org/docs/current/sql-copy.html)."""
    return b"\t".join(map(_field, row)) + b"\n"


def _field(cell: Cell) -> bytes:
    if cell is None:
        return rb"\N"
    if isinstance(cell, bytes):  # rendered JSON: a backslash is the only thing to be masked
        return cell.replace(b"\\", rb"\\")
    if isinstance(cell, str):
        if "\\" in cell or "\t" in cell or "\n" in cell or "\r" in cell:
            cell = cell.replace("\\", r"\\").replace("\t", r"\t")
            cell = cell.replace("\n", r"\n").replace("\r", r"\r")
        return cell.encode()
    return str(cell).encode()
