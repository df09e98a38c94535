"""Rows of columns -> plain values, for the few accounts and posts that a rule has to judge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pyarrow as pa

from auditor.model import Account, Change, Dossier, Post
from auditor.sources.columns import FETCHED, Columns


def account_at(columns: Columns, index: int) -> Account:
    """The account at a row of ``columns.accounts``."""
    row = _row(columns.accounts, index)
    del row[FETCHED]
    return Account.model_validate(row)


def post_at(columns: Columns, index: int) -> Post:
    """The post at a row of ``columns.posts``."""
    return Post.model_validate(_row(columns.posts, index))


def change_at(columns: Columns, index: int) -> Change:
    """The change at a row of ``columns.changes``."""
    return Change.model_validate(_row(columns.changes, index))


def changes_of(columns: Columns, index: int) -> tuple[Change, ...]:
    """The changes of the account at a row of ``columns.accounts``, oldest first."""
    return tuple(change_at(columns, row) for row in columns.changes_of(index))


def profile_fetched(columns: Columns, index: int) -> bool:
    """Whether the account has a row of its own, and is not known from other rows alone."""
    return columns.accounts.column(FETCHED)[index].as_py() is True


def dossier(columns: Columns, index: int, posts: Iterable[int] | None = None) -> Dossier:
    """All that the rules may see of an account.

    ``posts`` are the rows of ``columns.posts`` that woke, ascending; without it, all the account's.
    """
    own = columns.posts_of(index)
    return Dossier(
        account=account_at(columns, index),
        posts=tuple(post_at(columns, row) for row in (own if posts is None else posts)),
        changes=changes_of(columns, index),
        profile_fetched=profile_fetched(columns, index),
        posts_seen=int(columns.posts_seen[index]),
    )


def _row(table: pa.Table, index: int) -> dict[str, object]:
    return {
        name: _plain(column[index].as_py())
        for name, column in zip(table.column_names, table.columns, strict=True)
    }


def _plain(value: object) -> object:
    # Arrow gives a zone of the time zone database for UTC, another machine perhaps another one.
    return value.astimezone(UTC) if isinstance(value, datetime) else value
