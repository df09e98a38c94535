"""Groups across accounts: who is counted, who is listed, and which groups are left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.copies import Limits, Member, cluster_of, limits, most_accounts
from auditor.model import ClusterRow
from tests.moments import EDGES, FIRST, LAST

START = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
LIMITS = Limits(60, 0.8, 5, 24, 0.5, 0.8, 40)


def member(number: int, hours: float | None = None, *marks: str, account: str = "") -> Member:
    at = START + timedelta(hours=number if hours is None else hours)
    account = account or f"p:{number}"
    return Member(account, f"{account}:{number}", at, 0.9 if number else 1.0, marks)


def listed(members: Sequence[Member]) -> list[ClusterRow]:
    """The rows of a group that is listed."""
    cluster = cluster_of(members, LIMITS)
    assert not cluster.left_out
    return list(cluster.rows())


FIVE = [member(number) for number in range(5)]


def test_five_accounts_within_a_day_are_listed_with_their_roles() -> None:
    rows = listed([*FIVE, member(7, account="p:3")])
    assert [row.role for row in rows] == ["earliest_collected", *["later"] * 4, "own_copy"]
    assert {(row.size, row.accounts, row.hours, row.accounts_at_once) for row in rows} == {
        (6, 5, 7.0, 5)
    }
    assert rows[0].published_at == "2026-11-20T08:30:00+08:00"
    assert rows[0].similarity == 1.0


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ([], "few_accounts"),
        (FIVE[:4], "few_accounts"),
        ([member(n, 13 * n) for n in range(5)], "few_accounts"),
        ([member(n, account="p:0") for n in range(9)], "few_accounts"),
        ([member(n, None, "petition") for n in range(9)], "petition"),
        ([*FIVE, *(member(n, None, "petition") for n in range(5, 10))], "petition"),
        ([member(n, None, "appeal") for n in range(9)], "appeal"),
        ([member(n, None, "public_text") for n in range(9)], "public_text"),
        ([member(0), *(member(n, None, "repost") for n in range(1, 9))], "repost"),
        ([member(0), *(member(n, None, "attributed") for n in range(1, 9))], "few_accounts"),
        ([member(0), *(member(n, None, "names_first") for n in range(1, 9))], "few_accounts"),
        ([member(9, -1, "government"), *FIVE], "government"),
        ([member(9, -1, "media"), *FIVE], "media"),
        ([member(n, None, "media") for n in range(1, 9)] + [member(0)], "few_accounts"),
    ],
)
def test_a_group_that_a_guard_covers_is_left_out(members: list[Member], reason: str) -> None:
    assert cluster_of(members, LIMITS) == ((), 0, reason)
    assert not list(cluster_of(members, LIMITS).rows())


def test_posts_that_are_no_copies_are_not_listed_among_others() -> None:
    """One petitioner in a group of six is in no row, and the rest is listed."""
    rows = listed([*FIVE, member(5, None, "petition"), member(6, None, "repost")])
    assert {row.account_id for row in rows} == {f"p:{number}" for number in range(5)}


def test_who_names_the_source_is_listed_with_that_and_not_counted() -> None:
    rows = listed([*FIVE, member(5, None, "attributed"), member(6, None, "media")])
    assert [row.against for row in rows[5:]] == [("attributed",), ("media",)]
    assert {row.accounts_at_once for row in rows} == {5}


def test_what_has_no_date_is_neither_earlier_nor_later() -> None:
    undated = Member("p:9", "p:9:9", None, 0.9)
    rows = listed([undated, *FIVE])
    assert rows[-1].role == "undated"
    assert rows[-1].published_at is None
    assert rows[0].role == "earliest_collected"
    assert cluster_of([undated] * 9, LIMITS).left_out == "few_accounts"


@given(st.permutations([*FIVE, member(5, 2.0), member(6, 2.0)]))
def test_the_order_of_the_members_changes_nothing(members: list[Member]) -> None:
    assert cluster_of(members, LIMITS) == cluster_of(sorted(members), LIMITS)


def counted(members: Sequence[Member], hours: int) -> int:
    """Count the slow way: every window that begins with a post."""
    dated = [(one.published_at, one.account) for one in members if one.published_at]
    reach = timedelta(hours=hours)
    windows = [{who for at, who in dated if start <= at <= start + reach} for start, _ in dated]
    return max(map(len, windows), default=0)


@given(
    st.lists(
        st.builds(
            lambda account, at: member(0, at, account=f"p:{account}"),
            st.integers(0, 6),
            st.integers(0, 60),
        ),
        max_size=30,
    ),
    st.integers(1, 30),
)
def test_the_busiest_hours_are_those_of_every_window(members: list[Member], hours: int) -> None:
    assert most_accounts(members, hours) == counted(members, hours)


@pytest.mark.parametrize("at", EDGES)
def test_a_group_of_any_year_is_listed(at: datetime) -> None:
    rows = listed([one._replace(published_at=at) for one in FIVE])
    assert {(row.hours, row.accounts_at_once) for row in rows} == {(0.0, 5)}


@pytest.mark.parametrize(("at", "place"), [(FIRST, 0), (LAST, 5)])
def test_a_post_at_an_end_of_the_calendar_is_listed_and_hides_no_group(
    at: datetime, place: int
) -> None:
    rows = listed([*FIVE, Member("p:9", "p:9:9", at, 0.9)])
    assert rows[place].account_id == "p:9"
    assert (rows[place].published_at or "")[:4] in ("0001", "9999")
    assert {row.accounts_at_once for row in rows} == {5}


def test_the_packaged_limits_can_be_read() -> None:
    assert limits() == LIMITS


class _Counted(str):
    """A name that counts how often any is looked up in a set."""

    __slots__ = ()
    looked_up = 0

    def __hash__(self) -> int:
        type(self).looked_up += 1
        return super().__hash__()


def test_a_ring_costs_its_members_and_not_their_square() -> None:
    ring = [member(number, 0, account=_Counted(f"p:{number}")) for number in range(500)]
    _Counted.looked_up = 0
    rows = listed(ring)
    assert len(rows) == len(ring)
    assert 0 < _Counted.looked_up < 20 * len(ring)
