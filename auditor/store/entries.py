"""Writing posts: the newest capture of each, and what it said before it was edited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic_core import to_json
from sqlalchemy import Connection, Text, cast

from auditor.model import Post
from auditor.store.bulk import Cells, insert_rows, run_rows, stamp
from auditor.store.captures import (
    digest_of,
    fuller,
    place,
    plain,
    render_capture,
    reworded,
    wording,
)
from auditor.store.keyed import rows_of, table_of
from auditor.store.tables import PostEditTable, PostTable

Key = tuple[str, str, str]

_KEY = ("platform", "account_id", "post_id")
_ROW = ("digest", "published_at", "fetched_at", "data")
_EDIT = (*_KEY, "noticed_at", "before")
_UPDATE = (
    "UPDATE post SET digest = {}, published_at = {}, fetched_at = {}, data = {json} "
    "WHERE platform = {} AND account_id = {} AND post_id = {}"
)


@dataclass(slots=True)
class _Row:
    """A post as it is kept; ``data`` is its JSON, UTF-8 or text."""

    digest: str
    fetched_at: datetime | None
    data: bytes | str
    published_at: datetime | None = None

    def cells(self) -> Cells:
        """The cells of ``_ROW``."""
        return self.digest, stamp(self.published_at), stamp(self.fetched_at), self.data


def save_posts(connection: Connection, posts: Sequence[Post]) -> int:
    """Keep captures in their order; the number of posts new or changed."""
    kept = _kept(connection, {_key(post) for post in posts})
    stored = set(kept)
    touched: set[Key] = set()
    edits: list[Cells] = []
    changed: set[Key] = set()
    for post in posts:
        key, new = _key(post), _row(post)
        old = kept.get(key)
        if old is not None and not _replaces(old, new):
            continue
        # Moving counts replace what is kept without making the post a changed one.
        if old is None or old.digest != new.digest:
            changed.add(key)
            if old is not None and (before := _before(old, new)):
                edits.append((*key, stamp(new.fetched_at), before))
        kept[key] = new
        touched.add(key)
    # Sorted, so that two writers of PostgreSQL lock rows in one order.
    fresh = ((*key, *kept[key].cells()) for key in sorted(touched - stored))
    again = ((*kept[key].cells(), *key) for key in sorted(touched & stored))
    insert_rows(connection, table_of(PostTable), (*_KEY, *_ROW), list(fresh))
    run_rows(connection, _UPDATE, list(again))
    insert_rows(connection, table_of(PostEditTable), _EDIT, edits)
    return len(changed)


def _key(post: Post) -> Key:
    return post.platform, post.account_id, post.post_id


def _row(post: Post) -> _Row:
    return _Row(digest_of(post), post.fetched_at, render_capture(post), post.published_at)


def _kept(connection: Connection, keys: Iterable[Key]) -> dict[Key, _Row]:
    table = table_of(PostTable).c
    key = [table[name] for name in _KEY]
    columns = (table.digest, table.fetched_at, cast(table.data, Text))
    rows = rows_of(connection, (*key, *columns), key, sorted(keys))
    return {(row[0], row[1], row[2]): _Row(row[3], row[4], row[5]) for row in rows}


def _replaces(old: _Row, new: _Row) -> bool:
    match place(old.fetched_at, new.fetched_at):
        case "newer":
            return True
        case "same":
            return fuller((old.data, old.digest), (new.data, new.digest))
        case _:
            return False


def _before(old: _Row, new: _Row) -> bytes | None:
    """What an edit changed; without both times it is not known which wording came first."""
    if old.fetched_at is None or old.fetched_at == new.fetched_at:
        return None
    before, after = plain(old.data), plain(new.data)
    return to_json(wording(before)) if reworded(before, after) else None
