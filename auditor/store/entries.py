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
class _Capture:
    """A capture of a post; ``data`` is its JSON, ``published`` a stamp."""

    digest: str
    at: datetime | None
    data: bytes | str
    published: str | None = None

    @classmethod
    def of(cls, post: Post) -> _Capture:
        """Render one."""
        published = stamp(post.published_at)
        return cls(digest_of(post), post.fetched_at, render_capture(post), published)

    def cells(self) -> Cells:
        """The cells of ``_ROW``."""
        return self.digest, self.published, stamp(self.at), self.data


def save_posts(connection: Connection, posts: Iterable[Post]) -> int:
    """Keep captures in their order; the number of posts new or changed."""
    first: dict[Key, Post] = {}
    more: dict[Key, list[Post]] = {}
    for post in posts:
        key = (post.platform, post.account_id, post.post_id)
        if first.setdefault(key, post) is not post:
            more.setdefault(key, []).append(post)
    # Sorted, so that two writers of PostgreSQL lock rows in one order.
    keys = sorted(first)
    kept = _kept(connection, keys)
    # Most posts are new, and captured once.
    new = [key for key in keys if key not in kept]
    fresh = [(*key, *_Capture.of(first[key]).cells()) for key in new]
    insert_rows(connection, table_of(PostTable), (*_KEY, *_ROW), fresh)
    again: list[Cells] = []
    edits: list[Cells] = []
    changed = len(new)
    for key in [key for key in keys if key in kept or key in more]:
        there = kept.get(key)
        before = there or _Capture.of(first[key])
        captures = [first[key]] if there else []
        after, reworded_at = _settle(before, [*captures, *more.get(key, ())])
        if after is not before:
            again.append((*after.cells(), *key))
        edits.extend((*key, *edit) for edit in reworded_at)
        changed += there is not None and after.digest != before.digest
    run_rows(connection, _UPDATE, again)
    insert_rows(connection, table_of(PostEditTable), _EDIT, edits)
    return changed


def _kept(connection: Connection, keys: Sequence[Key]) -> dict[Key, _Capture]:
    table = table_of(PostTable).c
    key = [table[name] for name in _KEY]
    columns = (table.digest, table.fetched_at, cast(table.data, Text))
    rows = rows_of(connection, (*key, *columns), key, keys)
    return {(row[0], row[1], row[2]): _Capture(row[3], row[4], row[5]) for row in rows}


def _settle(
    kept: _Capture, posts: Sequence[Post]
) -> tuple[_Capture, list[tuple[str | None, bytes]]]:
    """The capture that is kept in the end, and when which wordings were found replaced."""
    edits: list[tuple[str | None, bytes]] = []
    for post in posts:
        new = _Capture.of(post)
        if not _replaces(kept, new):
            continue
        # Moving counts replace what is kept without making the post a changed one.
        if kept.digest != new.digest and (before := _before(kept, new)):
            edits.append((stamp(new.at), before))
        kept = new
    return kept, edits


def _replaces(old: _Capture, new: _Capture) -> bool:
    match place(old.at, new.at):
        case "newer":
            return True
        case "same":
            return fuller((old.data, old.digest), (new.data, new.digest))
        case _:
            return False


def _before(old: _Capture, new: _Capture) -> bytes | None:
    """What an edit changed; without both times it is not known which wording came first."""
    if old.at is None or old.at == new.at:
        return None
    before, after = plain(old.data), plain(new.data)
    return to_json(wording(before)) if reworded(before, after) else None
