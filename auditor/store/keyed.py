"""Rows by their keys, few or many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    String,
    Table,
    and_,
    delete,
    select,
)
from sqlalchemy.schema import CreateTable
from sqlmodel import SQLModel

from auditor.store.bulk import insert_rows

_FEW = 8
_PARTS = ("part0", "part1", "part2")
# In SQLite ``IN`` with row values scans the table, and a list of thousands of parameters takes
# longer to compile than to run; a temporary table is joined by the index.
_WANTED = Table(
    "wanted",
    MetaData(),
    *(Column(part, String) for part in _PARTS),
    prefixes=["TEMPORARY"],
    # PostgreSQL never cleans a temporary table of deleted rows by itself.
    postgresql_on_commit="DELETE ROWS",
)


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a table class."""
    return model.metadata.tables[str(model.__tablename__)]


def rows_of(
    connection: Connection,
    columns: Sequence[ColumnElement[Any]],
    key: Sequence[Column[Any]],
    keys: Sequence[tuple[str, ...]],
) -> Iterator[Sequence[Any]]:
    """Yield ``columns`` of the rows whose ``key``, three columns at most, is one of ``keys``.

    The connection must be one that writes.
    """
    if len(keys) <= _FEW:
        for parts in keys:
            same = and_(*(column == part for column, part in zip(key, parts, strict=True)))
            yield from connection.execute(select(*columns).where(same))
        return
    connection.execute(CreateTable(_WANTED, if_not_exists=True))
    connection.execute(delete(_WANTED))
    insert_rows(connection, _WANTED, _PARTS[: len(key)], keys)
    match = and_(*(column == _WANTED.c[part] for part, column in zip(_PARTS, key, strict=False)))
    yield from connection.execute(select(*columns).join_from(_WANTED, key[0].table, match))
