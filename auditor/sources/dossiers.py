"""Rows of columns -> plain values, for the few accounts and posts that a rule has to judge."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pyarrow as pa

from auditor.model import Account, Change, Dossier, Post
from auditor.model.values import share_names
from auditor.sources.columns import FETCHED, Columns
from auditor.sources.schemas import TIME

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_ROWS = 1_024
"""Rows turned into Python values at a time: column by column that costs a quarter of cell by cell,
and a long post is held no longer than its account."""


def dossiers_of(columns: Columns) -> Iterator[Dossier]:
    """Yield all that the rules may see of each account, in the order of ``columns.accounts``."""
    alike = columns.posts_alike
    posts, changes = _rows(_collected(columns.posts)), _rows(columns.changes)
    for index, row in enumerate(_rows(columns.accounts)):
        profile_fetched = row.pop(FETCHED) is True
        yield Dossier(
            account=Account.model_validate(row),
            posts=tuple(_posts(islice(posts, len(columns.posts_of(index))))),
            changes=tuple(
                map(Change.model_validate, islice(changes, len(columns.changes_of(index))))
            ),
            profile_fetched=profile_fetched,
            posts_seen=int(columns.posts_seen[index]),
            posts_alike=None if alike is None else int(alike[index]),
        )


def _posts(rows: Iterator[dict[str, Any]]) -> Iterator[Post]:
    """Yield posts of one account; one that repeats a text 10^6 times holds that text once.

    Fields that were not collected are left to their defaults: a post that names them is larger by
    1.5 KiB (measured), and takes a quarter longer to make.
    """
    texts: dict[str, str] = {}
    named: dict[frozenset[str], set[str]] = {}
    for row in rows:
        collected = {name: value for name, value in row.items() if value is not None}
        collected["text"] = texts.setdefault(row["text"], row["text"])
        post = Post.model_validate(collected)
        share_names(post, named)
        yield post


def _collected(posts: pa.Table) -> pa.Table:
    """Return posts without the fields that none of them has."""
    there = [
        name
        for name in posts.column_names
        if any(chunk.null_count < len(chunk) for chunk in posts.column(name).chunks)
    ]
    return posts.select(there) if there else posts


def account_at(columns: Columns, index: int) -> Account:
    """The account at a row of ``columns.accounts``."""
    (row,) = _rows(columns.accounts.slice(index, 1))
    del row[FETCHED]
    return Account.model_validate(row)


def profile_fetched(columns: Columns, index: int) -> bool:
    """Whether the account has a row of its own, and is not known from other rows alone."""
    return columns.accounts.column(FETCHED)[index].as_py() is True


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    times = [field.name for field in table.schema if field.type == TIME]
    # Arrow looks up the time zone of each value: reckoning from a number takes a sixth (measured).
    micros = [
        field.with_type(pa.int64()) if field.name in times else field for field in table.schema
    ]
    table = table.cast(pa.schema(micros))
    for start in range(0, table.num_rows, _ROWS):
        for row in table.slice(start, _ROWS).to_pylist():
            for name in times:
                if row[name] is not None:
                    row[name] = _EPOCH + timedelta(microseconds=row[name])
            yield row
