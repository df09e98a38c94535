"""Rows by their keys, few or many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    RowMapping,
    String,
    Table,
    and_,
    delete,
    insert,
    select,
)
from sqlalchemy.schema import CreateTable
from sqlmodel import SQLModel

_FEW = 8
# In SQLite ``IN`` with row values scans the table, and a list of thousands of parameters takes
# longer to compile than to run; a temporary table is joined by the index.
_WANTED = Table(
    "wanted", MetaData(), *(Column(f"part{n}", String) for n in range(3)), prefixes=["TEMPORARY"]
)


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a table class."""
    return model.metadata.tables[str(model.__tablename__)]


def rows_of(
    connection: Connection,
    model: type[SQLModel],
    names: Sequence[str],
    keys: Sequence[tuple[str, ...]],
) -> Iterator[RowMapping]:
    """Yield the rows whose columns ``names``, three at most, are one of ``keys``.

    The connection must be one that writes.
    """
    table = table_of(model)
    if len(keys) <= _FEW:
        for key in keys:
            same = and_(*(table.c[name] == part for name, part in zip(names, key, strict=True)))
            yield from connection.execute(select(table).where(same)).mappings()
        return
    connection.execute(CreateTable(_WANTED, if_not_exists=True))
    connection.execute(delete(_WANTED))
    connection.execute(insert(_WANTED), [_listed(key) for key in keys])
    match = and_(*(table.c[name] == _WANTED.c[f"part{n}"] for n, name in enumerate(names)))
    yield from connection.execute(select(table).join_from(_WANTED, table, match)).mappings()


def _listed(key: tuple[str, ...]) -> dict[str, Any]:
    return {f"part{n}": part for n, part in enumerate(key)}
