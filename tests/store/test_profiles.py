"""The current view of a profile, its snapshots, and the changes between captures."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.model import Account, Change
from auditor.store import Store, open_store
from tests.store.conftest import Look, NewDatabase

START = datetime(2026, 1, 1, tzinfo=UTC)


def at(day: int | None) -> datetime | None:
    return None if day is None else START + timedelta(days=day)


def capture(day: int | None, name: str = "甲", **fields: Any) -> Account:
    return Account(platform="w", account_id="1", name=name, fetched_at=at(day), **fields)


def changes(store: Store) -> list[tuple[str, str | None, str | None, int]]:
    return [
        (row.field, row.before, row.after, (row.changed_at - START).days)
        for row in store.list_changes()
    ]


def snapshots(look: Look) -> list[tuple[object, ...]]:
    """First and last day, and how often, of each snapshot."""
    rows = look(
        "SELECT CAST(first_seen AS TEXT), CAST(last_seen AS TEXT), seen_count "
        "FROM profile_snapshot ORDER BY first_seen, snapshot_id"
    )
    return [(str(first)[8:10], str(last)[8:10], count) for first, last, count in rows]


CHANGES: list[tuple[str, list[Account], list[tuple[str, str | None, str | None, int]]]] = [
    ("the first capture changes nothing", [capture(0)], []),
    ("a new name", [capture(0), capture(1, "乙")], [("name", "甲", "乙", 1)]),
    ("a new bio", [capture(0, bio="x"), capture(1, bio="y")], [("bio", "x", "y", 1)]),
    ("a new avatar", [capture(0, avatar="1"), capture(1, avatar="2")], [("avatar", "1", "2", 1)]),
    (
        "a mark withdrawn",
        [capture(0, verified="media", verified_label="某报"), capture(1, verified="none")],
        [("verification", "media: 某报", "none: 某报", 1)],
    ),
    (
        "a mark with another text",
        [capture(0, verified="media", verified_label="某报"), capture(1, verified_label="某台")],
        [("verification", "media: 某报", "media: 某台", 1)],
    ),
    (
        "another operator",
        [capture(0, organisation="a"), capture(1, organisation="b")],
        [("entity", "a", "b", 1)],
    ),
    ("first collected is no change", [capture(0), capture(1, bio="x")], []),
    ("not collected is no change", [capture(0, bio="x"), capture(1)], []),
    (
        "but is not forgotten",
        [capture(0, bio="x"), capture(1), capture(2, bio="y")],
        [("bio", "x", "y", 2)],
    ),
    (
        "nothing shown is a change",
        [capture(0, bio="x"), capture(1, bio="none")],
        [("bio", "x", "none", 1)],
    ),
    ("counts are no change", [capture(0, followers=1), capture(1, followers=2)], []),
    ("other fields are not followed", [capture(0, region="a"), capture(1, region="b")], []),
    ("an older capture shows none", [capture(1), capture(0, "乙")], []),
    ("nor one between", [capture(0), capture(2), capture(1, "乙")], []),
    ("nor one without a time", [capture(0), capture(None, "乙")], []),
    ("nor one after that", [capture(None, "乙"), capture(0)], []),
    ("nor two of one instant", [capture(0), capture(0, "乙")], []),
]


@pytest.mark.parametrize(("said", "captures", "expected"), CHANGES, ids=[row[0] for row in CHANGES])
@pytest.mark.parametrize("together", [True, False])
def test_changes_are_what_two_captures_show(
    said: str,
    captures: list[Account],
    expected: list[tuple[str, str | None, str | None, int]],
    together: bool,
    store: Store,
) -> None:
    if together:
        store.save_accounts(captures)
    else:
        for each in captures:
            store.save_account(each)
    assert changes(store) == expected


def test_saving_tells_whether_the_current_view_changed(store: Store) -> None:
    steps = [
        (capture(1), True),
        (capture(1), False),
        (capture(2, followers=5), False),
        (capture(3, "乙"), True),
        (capture(0, "丙"), False),
    ]
    assert [store.save_account(each) for each, _ in steps] == [changed for _, changed in steps]
    assert store.save_accounts([]) == 0


def test_the_current_view_is_the_newest_capture_as_it_was(store: Store) -> None:
    newest = capture(3, "乙", followers=7)
    for each in (capture(1, bio="x"), newest, capture(2, "丙"), capture(None, "丁")):
        store.save_account(each)
    assert list(store.list_accounts()) == [newest]
    assert store.load_account("w", "1") == newest
    assert store.load_account("w", "2") is None


def test_a_snapshot_is_written_only_where_the_profile_changed(store: Store, look: Look) -> None:
    for day, name in enumerate(["甲", "甲", "甲", "乙", "乙", "甲"]):
        store.save_account(capture(day, name, followers=day))
    assert snapshots(look) == [("01", "03", 3), ("04", "05", 2), ("06", "06", 1)]
    assert [row.name for row in store.list_snapshots("w", "1")] == ["甲", "乙", "甲"]


def test_a_late_capture_goes_into_the_history(store: Store, look: Look) -> None:
    for day, name in [(5, "甲"), (3, "甲"), (9, "乙"), (7, "甲"), (1, "丙"), (1, "丙"), (4, "甲")]:
        store.save_account(capture(day, name))
    assert snapshots(look) == [("02", "02", 1), ("04", "08", 3), ("10", "10", 1)]
    assert changes(store) == [("name", "甲", "乙", 9)]


def views(store: Store, orders: list[list[Account]]) -> list[Account]:
    """The current view after each order of captures, starting with nothing."""
    found: list[Account] = []
    for captures in orders:
        with store._writing() as connection:
            for table in ("profile_change", "profile_snapshot", "account"):
                connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
        store.save_accounts(captures)
        found.extend(store.list_accounts())
    return found


def test_captures_of_one_instant_leave_the_fuller_whichever_came_first(store: Store) -> None:
    some = [capture(1), capture(1, "乙"), capture(1, "丙", bio="x")]
    orders = [list(order) for order in itertools.permutations(some)]
    assert views(store, orders) == [some[2]] * 6
    assert changes(store) == []


days = st.none() | st.integers(0, 4)


@given(st.lists(st.tuples(days, st.sampled_from("甲乙丙")), min_size=1, max_size=5, unique=True))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_current_view_hangs_on_no_order(
    store: Store, found: list[tuple[int | None, str]]
) -> None:
    orders = [
        [capture(day, name) for day, name in order] * 2
        for order in (found, found[::-1], sorted(found, key=str))
    ]
    assert len(set(views(store, orders))) == 1


def test_many_new_profiles_in_one_call_are_as_many_single_ones(
    new_database: NewDatabase,
) -> None:
    captures = [
        Account(platform="w", account_id=str(n % 30), name=f"n{n}", fetched_at=at(n))
        for n in range(70)
    ]
    found = []
    for name in ("one", "many"):
        with open_store(new_database()) as store:
            if name == "many":
                store.save_accounts(captures)
            else:
                for each in captures:
                    store.save_account(each)
            found.append((list(store.list_accounts()), list(store.list_changes())))
    assert found[0] == found[1]
    assert len(found[0][1]) == 40


def test_imported_changes_are_added_once(store: Store) -> None:
    change = Change(
        platform="w", account_id="9", field="name", before=None, after="b", changed_at=START
    )
    other = change.model_copy(update={"after": None})
    assert store.record_changes([change, change, other]) == 2
    assert store.record_changes([change]) == 0
    assert sorted(row.after or "" for row in store.list_changes()) == ["", "b"]
