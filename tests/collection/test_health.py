from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from auditor.collection.health import Health, failed_sources, source_rows
from auditor.model import FetchOutcome
from auditor.model.crawl import CrawlOutcome

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def line(target: str, outcome: CrawlOutcome, oldest: datetime | None = None) -> FetchOutcome:
    return FetchOutcome(
        run_id="r",
        spider="s",
        subject="target",
        outcome=outcome,
        at=NOW,
        target=target,
        oldest_post_at=oldest,
    )


@pytest.mark.parametrize(
    ("health", "code"),
    [
        (Health(planned=10, fetched=10, opted_out=0, failed_sources=0), 0),
        (Health(planned=10, fetched=8, opted_out=2, failed_sources=0), 0),
        (Health(planned=100, fetched=95, opted_out=0, failed_sources=0), 0),
        (Health(planned=100, fetched=94, opted_out=0, failed_sources=0), 3),
        (Health(planned=100, fetched=99, opted_out=0, failed_sources=1), 3),
        (Health(planned=100, fetched=100, opted_out=0, failed_sources=0, unreadable=1), 3),
        (Health(planned=10, fetched=0, opted_out=10, failed_sources=0), 4),
        (Health(planned=10, fetched=0, opted_out=0, failed_sources=1), 4),
        (Health(planned=10, fetched=5, opted_out=0, failed_sources=1, store_failed=True), 74),
        (Health(planned=10, fetched=0, opted_out=0, failed_sources=1, interrupted=True), 130),
        (
            Health(10, 0, 0, 1, interrupted=True, store_failed=True),
            130,
        ),
    ],
)
def test_the_exit_status_is_the_first_that_holds(health: Health, code: int) -> None:
    assert health.exit_code(0.05) == code


def test_outcomes_are_counted_by_source() -> None:
    planned = {"a1": "a", "a2": "a", "a3": "a", "b1": "b", "c1": "c", "c2": "c"}
    early, late = NOW.replace(day=1), NOW.replace(day=2)
    lines = [
        line("a1", "fetched", late),
        line("a2", "fetched", early),
        line("a3", "address_refused"),
        line("b1", "blocked"),
        line("c1", "robots_refused"),
    ]
    rows = source_rows(planned, lines)
    counted = [
        (row.source, row.planned, row.fetched, row.blocked, row.robots_refused, row.failed)
        for row in rows
    ]
    assert counted == [("a", 3, 2, 0, 0, 1), ("b", 1, 0, 1, 0, 0), ("c", 2, 0, 0, 1, 0)]
    assert rows[0].oldest_post_at == early.isoformat()
    assert failed_sources(rows) == 2


@pytest.mark.parametrize(
    ("outcomes", "failed"),
    [
        (["fetched", "failed"], 0),
        (["fetched", "robots_refused"], 0),
        (["fetched", "blocked"], 1),
        (["failed", "failed"], 1),
        (["opted_out"], 0),
        ([], 0),
    ],
)
def test_a_source_failed_when_it_turned_the_crawl_away_or_gave_nothing(
    outcomes: Sequence[CrawlOutcome], failed: int
) -> None:
    planned = {f"t{index}": "a" for index in range(2)}
    lines = [line(f"t{index}", outcome) for index, outcome in enumerate(outcomes)]
    assert failed_sources(source_rows(planned, lines)) == failed
