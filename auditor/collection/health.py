"""How a crawl went: counts by source, and the exit status that follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from auditor.model import FetchOutcome, SourceRow

DONE, INCOMPLETE, NOTHING, IO_FAILED, INTERRUPTED = 0, 3, 4, 74, 130


@dataclass(frozen=True, slots=True)
class Health:
    """What decides the exit status: targets planned, how they ended, posts that were not kept."""

    planned: int
    fetched: int
    opted_out: int
    failed_sources: int
    unreadable: int = 0
    interrupted: bool = False
    store_failed: bool = False

    @property
    def missing_ratio(self) -> float:
        """Share of the targets that were neither fetched nor opted out, 0..1."""
        missing = self.planned - self.fetched - self.opted_out
        return missing / self.planned if self.planned else 0.0

    def exit_code(self, floor_ratio: float) -> int:
        """Return the exit status: 130, 74, 4, 3 or 0, the first that holds."""
        if self.interrupted:
            return INTERRUPTED
        if self.store_failed:
            return IO_FAILED
        # A crawl of accounts that all opted out collected nothing, as it should: still 4.
        if not self.fetched:
            return NOTHING
        lacking = self.failed_sources or self.unreadable
        incomplete = lacking or self.missing_ratio > floor_ratio
        return INCOMPLETE if incomplete else DONE


def source_rows(
    planned: Mapping[str, str], outcomes: Iterable[FetchOutcome]
) -> tuple[SourceRow, ...]:
    """Count outcomes by source; ``planned`` maps each target to its source (its host).

    A target without an outcome was not reached: it is planned and nothing else.
    """
    counts: dict[str, dict[str, int]] = {
        source: {"planned": 0} for source in sorted(set(planned.values()))
    }
    oldest: dict[str, datetime] = {}
    for source in planned.values():
        counts[source]["planned"] += 1
    for outcome in outcomes:
        source = planned[outcome.target]
        column = "failed" if outcome.outcome == "address_refused" else outcome.outcome
        counts[source][column] = counts[source].get(column, 0) + 1
        if outcome.oldest_post_at is not None:
            oldest[source] = min(outcome.oldest_post_at, oldest.get(source, outcome.oldest_post_at))
    return tuple(_row(source, found, oldest.get(source)) for source, found in counts.items())


def failed_sources(rows: Iterable[SourceRow]) -> int:
    """Count sources that turned the crawl away or of which nothing could be fetched."""
    return sum(
        1 for row in rows if row.blocked or (not row.fetched and (row.failed or row.robots_refused))
    )


def _row(source: str, found: Mapping[str, int], oldest: datetime | None) -> SourceRow:
    return SourceRow(
        source=source,
        planned=found["planned"],
        fetched=found.get("fetched", 0),
        blocked=found.get("blocked", 0),
        robots_refused=found.get("robots_refused", 0),
        failed=found.get("failed", 0),
        oldest_post_at=oldest.isoformat() if oldest else None,
    )
