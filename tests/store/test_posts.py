"""Posts: the newest capture of each, and what was reworded."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auditor.model import Post
from auditor.store import Store
from tests.store.conftest import Look

START = datetime(2026, 1, 1, tzinfo=UTC)


def post(day: int | None, text: str = "正文", post_id: str = "p", **fields: Any) -> Post:
    fetched_at = None if day is None else START + timedelta(days=day)
    return Post(
        platform="w", account_id="1", post_id=post_id, text=text, fetched_at=fetched_at, **fields
    )


def edits(look: Look) -> list[object]:
    rows = look("SELECT CAST(before AS TEXT) FROM post_edit ORDER BY edit_id")
    return [json.loads(str(before)) for (before,) in rows]


CASES: list[tuple[str, list[Post], int, Post, list[dict[str, str]]]] = [
    ("a new post", [post(0)], 1, post(0), []),
    ("again", [post(0), post(0)], 1, post(0), []),
    ("counts move", [post(0, views=1), post(1, views=9)], 1, post(1, views=9), []),
    ("reworded", [post(0, "a"), post(1, "b")], 1, post(1, "b"), [{"text": "a"}]),
    (
        "a new title",
        [post(0, title="x"), post(1, title="y")],
        1,
        post(1, title="y"),
        [{"title": "x", "text": "正文"}],
    ),
    ("a title not collected", [post(0, title="x"), post(1)], 1, post(1), []),
    ("an older one", [post(1, "b"), post(0, "a")], 1, post(1, "b"), []),
    ("without a time", [post(1, "b"), post(None, "a")], 1, post(1, "b"), []),
    ("a time at last", [post(None, "a"), post(1, "b")], 1, post(1, "b"), []),
    ("one instant", [post(0, "b"), post(0, "a", title="x")], 1, post(0, "a", title="x"), []),
    ("deleted", [post(0), post(1, state="deleted")], 1, post(1, state="deleted"), []),
]


@pytest.mark.parametrize(
    ("said", "posts", "changed", "kept", "before"), CASES, ids=[case[0] for case in CASES]
)
def test_the_newest_capture_stays_and_edits_are_noticed(
    said: str,
    posts: list[Post],
    changed: int,
    kept: Post,
    before: list[dict[str, str]],
    store: Store,
    look: Look,
) -> None:
    assert store.save_posts(posts) == changed
    assert list(store.list_posts()) == [kept]
    assert edits(look) == before


@pytest.mark.parametrize(
    ("said", "posts", "kept", "before"),
    [(said, posts, kept, before) for said, posts, _, kept, before in CASES],
    ids=[case[0] for case in CASES],
)
def test_one_by_one_is_the_same(
    said: str, posts: list[Post], kept: Post, before: list[dict[str, str]], store: Store, look: Look
) -> None:
    for each in posts:
        store.save_posts([each])
    assert list(store.list_posts()) == [kept]
    assert edits(look) == before


def test_the_number_new_or_changed_counts_posts(store: Store) -> None:
    first = [post(0, post_id=str(n)) for n in range(20)]
    assert store.save_posts(first) == 20
    again = [post(1, "new" if n < 3 else "正文", post_id=str(n)) for n in range(22)]
    assert store.save_posts(iter(again)) == 5
    assert store.save_posts([]) == 0


def test_posts_come_by_key_of_all_accounts_or_one(store: Store) -> None:
    keys = [("x", "1", "a"), ("w", "2", "b"), ("w", "10", "c"), ("w", "2", "a")]
    store.save_posts(
        Post(platform=platform, account_id=account, post_id=name, text="t")
        for platform, account, name in keys
    )
    found = [(row.platform, row.account_id, row.post_id) for row in store.list_posts()]
    assert found == sorted(keys)
    assert [row.post_id for row in store.list_posts("w", "2")] == ["a", "b"]
