"""Rows in bulk: whatever a text holds comes back, and digests are those of sorted JSON."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import column
from sqlalchemy.exc import DBAPIError

from auditor.errors import OutputError
from auditor.model import Account, Change, Credential, Post, PostRef
from auditor.store import Store
from auditor.store.bulk import insert_rows, run_rows, stamp
from auditor.store.captures import digest_of, plain, render_capture
from auditor.store.keyed import rows_of, table_of
from auditor.store.tables import PostTable

# Everything but NUL and single surrogates, which no value holds.
texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
ids = texts.filter(bool)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=zones)  # noqa: DTZ001
counts = st.none() | st.integers(0, 1 << 62)
refs = st.builds(PostRef, platform=st.none() | ids, account_id=st.none() | ids)
accounts = st.builds(
    Account,
    platform=ids,
    account_id=ids,
    name=ids,
    bio=st.none() | texts,
    followers=counts,
    credentials=st.none() | st.lists(st.builds(Credential, kind=ids, holder=texts)).map(tuple),
    contacts=st.none() | st.lists(texts, max_size=2).map(tuple),
    created_at=st.none() | times,
    fetched_at=st.none() | times,
)
posts = st.builds(
    Post,
    platform=ids,
    account_id=ids,
    post_id=ids,
    text=texts,
    title=st.none() | texts,
    views=counts,
    reply_to=st.none() | refs,
    published_at=st.none() | times,
    fetched_at=st.none() | times,
)
shared = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(accounts | posts)
def test_a_digest_is_that_of_sorted_json(value: Account | Post) -> None:
    moving = {"followers", "following", "posts_count", "views", "likes", "reposts", "comments"}
    shown = value.model_dump(mode="json", exclude_none=True, exclude={"fetched_at", *moving})
    text = json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert digest_of(value) == hashlib.sha256(text.encode()).hexdigest()


@given(accounts | posts)
def test_a_rendered_capture_is_the_value(value: Account | Post) -> None:
    assert type(value).model_validate(plain(render_capture(value))) == value


@given(times)
def test_a_time_is_told_in_utc_to_the_microsecond(at: datetime) -> None:
    assert datetime.fromisoformat(f"{stamp(at)}+00:00") == at
    assert len(str(stamp(at))) == 26


@given(st.lists(posts, max_size=12))
@shared
def test_whatever_posts_hold_comes_back(store: Store, found: list[Post]) -> None:
    with store._writing() as connection:
        connection.exec_driver_sql("DELETE FROM post")
    store.save_posts(found)
    kept = {post.key: post for post in store.list_posts()}
    assert kept.keys() == {post.key for post in found}
    assert all(post in found for post in kept.values())


@given(st.lists(accounts, max_size=12))
@shared
def test_whatever_profiles_hold_comes_back(store: Store, found: list[Account]) -> None:
    with store._writing() as connection:
        for table in ("profile_change", "profile_snapshot", "account"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
    store.save_accounts(found)
    kept = {(row.platform, row.account_id): row for row in store.list_accounts()}
    assert kept.keys() == {(row.platform, row.account_id) for row in found}
    assert all(row in found for row in kept.values())


@given(texts, texts, times)
@shared
def test_whatever_changes_hold_comes_back(
    store: Store, before: str, after: str, at: datetime
) -> None:
    change = Change(
        platform="w", account_id="1", field="bio", before=before, after=after, changed_at=at
    )
    store.record_changes([change])
    assert change in list(store.list_changes())
    assert store.record_changes([change]) == 0


@pytest.mark.parametrize("number", [1, 8, 9, 700, 1_201])
def test_rows_are_found_by_few_keys_and_by_many(store: Store, number: int) -> None:
    keys = [("w", str(n), "p\t\\") for n in range(number)]
    store.save_posts(
        Post(platform=a, account_id=b, post_id=c, text="t") for a, b, c in [*keys, ("w", "x", "y")]
    )
    table = table_of(PostTable).c
    key = [table.platform, table.account_id, table.post_id]
    for _ in range(2):
        with store._writing() as connection:
            found = [tuple(row) for row in rows_of(connection, key, key, [*keys, ("", "", "")])]
            assert sorted(found) == sorted(keys)
            # Asked twice in a transaction too.
            assert len(list(rows_of(connection, key, key, keys))) == number


def test_nothing_to_write_is_nothing_written(store: Store) -> None:
    with store._writing() as connection:
        insert_rows(connection, table_of(PostTable), ("platform",), [])
        run_rows(connection, "no SQL at all {}", [])
        assert list(rows_of(connection, [column("x")], [], [])) == []


def test_a_row_that_is_refused_is_told_without_what_it_holds(store: Store) -> None:
    rows: list[Any] = [("w", "1", "p", "13800138000", b'"13800138000"')] * 2
    names = ("platform", "account_id", "post_id", "digest", "data")
    with pytest.raises(OutputError) as caught, store._writing() as connection:
        insert_rows(connection, table_of(PostTable), names, rows)
    cause = caught.value.__cause__
    assert isinstance(cause, DBAPIError)
    assert "13800138000" not in f"{caught.value}{cause}{cause.orig}{cause.__context__}"
    assert list(store.list_posts()) == []
