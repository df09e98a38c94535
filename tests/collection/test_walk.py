from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from auditor.collection.resume import past, plan_digest
from auditor.collection.walk import Walk, known_until
from auditor.model import FetchOutcome, Post, Target
from auditor.model.crawl import CrawlOutcome, Subject

T0 = datetime(2026, 11, 1, tzinfo=UTC)


def at(day: float) -> datetime:
    return T0 + timedelta(days=day)


def post(day: float | None, name: str = "") -> Post:
    moment = None if day is None else at(day)
    return Post(
        platform="p",
        account_id="a",
        post_id=name or f"p{day}",
        text="",
        published_at=moment,
    )


@pytest.mark.parametrize(
    ("pages", "stops"),
    [
        ([[9, 8], [7, 6]], False),
        ([[9, 4], [3, 2]], False),
        ([[4, 3]], False),
        ([[4, 3], [2, 1]], True),
        ([[4, 3], [9, 2], [1, 0]], False),
        ([[9], [4, 3], [2, 1]], True),
        ([[None], [None]], False),
        ([[], []], False),
    ],
)
def test_a_walk_stops_after_two_whole_pages_of_known_posts(
    pages: Sequence[Sequence[float | None]], *, stops: bool
) -> None:
    walk = Walk(known_until=at(5))
    for page in pages:
        walk = walk.after([post(day) for day in page])
    assert walk.all_known is stops


def test_a_pinned_old_post_decides_nothing() -> None:
    walk = Walk(known_until=at(5))
    for day in (9, 8):
        walk = walk.after([post(0, "pinned"), post(day)], pinned={"pinned"})
    assert not walk.all_known
    assert walk.oldest_post_at == at(8)


def test_without_an_earlier_complete_walk_nothing_is_known() -> None:
    walk = Walk()
    for day in (3, 2, 1):
        walk = walk.after([post(day)])
    assert not walk.all_known
    assert (walk.newest_post_at, walk.oldest_post_at, walk.pages) == (at(3), at(1), 3)


@pytest.mark.parametrize(
    ("newest", "until"), [(None, None), (at(1), at(1)), (at(9), at(7)), (at(7), at(7))]
)
def test_posts_of_the_last_days_are_read_again(
    newest: datetime | None, until: datetime | None
) -> None:
    assert known_until(newest, at(10), timedelta(days=3)) == until


TARGETS = (Target(target="https://e.example/1"), Target(target="https://e.example/2"))
PLAN = plan_digest("s", TARGETS)


def line(
    run: str,
    subject: Subject,
    outcome: CrawlOutcome,
    day: float,
    target: str = "",
    reason: str = "",
) -> FetchOutcome:
    return FetchOutcome(
        run_id=run,
        spider="s",
        subject=subject,
        outcome=outcome,
        at=at(day),
        target=target,
        reason=reason or (PLAN if subject == "run" else ""),
        newest_post_at=at(day - 1) if subject == "target" else None,
    )


A, B = (target.target for target in TARGETS)
STARTED = line("r1", "run", "started", 9)
DONE_A = line("r1", "target", "fetched", 9.1, A)


@pytest.mark.parametrize(
    ("ledger", "run_id", "ended"),
    [
        ([], "", []),
        ([STARTED], "r1", []),
        ([STARTED, DONE_A], "r1", [A]),
        ([STARTED, line("r1", "target", "opted_out", 9.1, A)], "r1", [A]),
        ([STARTED, line("r1", "target", "blocked", 9.1, A)], "r1", []),
        ([STARTED, line("r1", "target", "failed", 9.1, A)], "r1", []),
        ([STARTED, DONE_A, line("r1", "run", "finished", 9.2)], "", []),
        ([STARTED, DONE_A, line("r2", "run", "started", 9.3)], "r2", []),
        ([STARTED, DONE_A, line("r2", "run", "started", 9.3, reason="other")], "r1", [A]),
        ([line("r0", "run", "started", 8), line("r0", "target", "fetched", 8, A)], "", []),
    ],
)
def test_an_interrupted_crawl_of_the_same_plan_goes_on(
    ledger: Sequence[FetchOutcome], run_id: str, ended: Sequence[str]
) -> None:
    before = past(ledger, PLAN, at(9.5), timedelta(days=3))
    assert (before.run_id, sorted(before.ended)) == (run_id, sorted(ended))


def test_only_walks_that_came_to_their_end_say_what_is_known() -> None:
    ledger = [STARTED, DONE_A, line("r1", "target", "failed", 9.2, B)]
    assert past(ledger, PLAN, at(20), timedelta(days=3)).known_until == {A: at(6.1)}


def test_a_plan_is_the_spider_and_the_set_of_its_targets() -> None:
    assert plan_digest("s", TARGETS) == plan_digest("s", TARGETS[::-1])
    assert plan_digest("s", TARGETS) != plan_digest("t", TARGETS)
    assert plan_digest("s", TARGETS) != plan_digest("s", TARGETS[:1])
