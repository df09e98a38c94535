"""Writing posts: the newest capture of each, and what it said before it was edited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, update
from sqlmodel import col

from auditor.model import Post
from auditor.store.captures import digest_of, fuller, place, plain, reworded, wording
from auditor.store.keyed import rows_of
from auditor.store.tables import PostEditTable, PostTable

Key = tuple[str, str, str]
Row = dict[str, object]


def save_posts(connection: Connection, posts: Sequence[Post]) -> int:
    """Keep captures in their order; the number of posts new or changed."""
    kept = _kept(connection, {_key(post) for post in posts})
    stored = set(kept)
    touched: set[Key] = set()
    edits: list[Row] = []
    changed: set[Key] = set()
    for post in posts:
        key, new = _key(post), _row(post)
        old = kept.get(key)
        if old is not None and not _replaces(old, new):
            continue
        # Moving counts replace what is kept without making the post a changed one.
        if old is None or old["digest"] != new["digest"]:
            changed.add(key)
        if old is not None and (edit := _edit(old, new)):
            edits.append(edit)
        kept[key] = new
        touched.add(key)
    # Sorted, so that two writers of PostgreSQL lock rows in one order.
    _write(connection, [kept[key] for key in sorted(touched)], stored)
    if edits:
        connection.execute(insert(PostEditTable), edits)
    return len(changed)


def _key(post: Post) -> Key:
    return post.platform, post.account_id, post.post_id


def _row(post: Post) -> Row:
    data = plain(post)
    return {
        "platform": post.platform,
        "account_id": post.account_id,
        "post_id": post.post_id,
        "digest": digest_of(data),
        "published_at": post.published_at,
        "fetched_at": post.fetched_at,
        "data": data,
    }


def _kept(connection: Connection, keys: set[Key]) -> dict[Key, Row]:
    rows = rows_of(connection, PostTable, ("platform", "account_id", "post_id"), sorted(keys))
    return {_row_key(row): dict(row) for row in rows}


def _replaces(old: Row, new: Row) -> bool:
    match place(_at(old), _at(new)):
        case "newer":
            return True
        case "same":
            return fuller(_data(old), _data(new))
        case _:
            return False


def _edit(old: Row, new: Row) -> Row | None:
    """The record of an edit; without both times it is not known which wording came first."""
    if old["fetched_at"] is None or old["fetched_at"] == new["fetched_at"]:
        return None
    if not reworded(_data(old), _data(new)):
        return None
    key = {name: new[name] for name in ("platform", "account_id", "post_id")}
    return {**key, "noticed_at": new["fetched_at"], "before": wording(_data(old))}


def _write(connection: Connection, rows: Sequence[Row], stored: set[Key]) -> None:
    fresh = [row for row in rows if _row_key(row) not in stored]
    again = [row for row in rows if _row_key(row) in stored]
    if fresh:
        connection.execute(insert(PostTable), fresh)
    if again:
        names = ("digest", "published_at", "fetched_at", "data")
        # Other names than the columns': SQLAlchemy keeps those for the values to set.
        statement = (
            update(PostTable)
            .where(
                col(PostTable.platform) == bindparam("of_platform"),
                col(PostTable.account_id) == bindparam("of_account"),
                col(PostTable.post_id) == bindparam("of_post"),
            )
            .values({name: bindparam(name) for name in names})
        )
        connection.execute(statement, [_bound(row, names) for row in again])


def _row_key(row: Row | RowMapping) -> Key:
    return str(row["platform"]), str(row["account_id"]), str(row["post_id"])


def _bound(row: Row, names: tuple[str, ...]) -> Row:
    platform, account_id, post_id = _row_key(row)
    key = {"of_platform": platform, "of_account": account_id, "of_post": post_id}
    return {**key, **{name: row[name] for name in names}}


def _data(row: Row) -> dict[str, Any]:
    data = row["data"]
    return data if isinstance(data, dict) else {}


def _at(row: Row) -> datetime | None:
    at = row["fetched_at"]
    return at if isinstance(at, datetime) else None
