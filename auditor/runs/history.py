"""Findings beside those of earlier runs in the store: what is new, what is open since when."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from auditor import store
from auditor.model import Finding, Run, SourceRow
from auditor.runs.request import AuditRequest
from auditor.runs.work import write_whole

EARLIER = "earlier.json"
"""When the findings of the run before were first seen, in the working directory."""


@dataclass(frozen=True)
class History:
    """What dates the findings of a run: its id, its time, and those of the run before, by id.

    ``earlier`` holds when each was first seen.
    """

    run_id: str
    seen: str
    earlier: Mapping[str, str | None]

    def dated(self, finding: Finding) -> Finding:
        """Return a finding of tonight or of an earlier night as one of this run."""
        known = finding.finding_id in self.earlier
        update = {
            "run_id": self.run_id,
            "delta": "open" if known else finding.delta,
            "first_seen": self.earlier[finding.finding_id] if known else self.seen,
            "last_seen": self.seen,
        }
        return finding.model_copy(update=update)


def check_store(db: str | None) -> None:
    """Open the database of findings, where there is one: a wrong one is told before the work.

    Raises:
        AuditorError: it cannot be opened.
    """
    if db is not None:
        store.open_store(db).close()


def earlier_findings(db: str | None, work: Path) -> dict[str, str | None]:
    """Return when each finding of the last stored run was first seen, by id.

    Without a database there is no history. It is noted in the working directory, because a run that
    is resumed may have been recorded before it was killed: it would be compared with itself.

    Raises:
        AuditorError: the database cannot be opened.
        OutputError: the disk is full.
    """
    if db is None:
        return {}
    noted = work / EARLIER
    if not noted.exists():
        write_whole(noted, json.dumps(_last_findings(db), ensure_ascii=False))
    return dict(json.loads(noted.read_text(encoding="utf-8")))


def _last_findings(db: str) -> dict[str, str | None]:
    with store.open_store(db) as opened:
        runs = list(opened.list_runs())
        if not runs:
            return {}
        return dict(opened.list_first_seen(runs[-1].run_id))


def crawled_sources(request: AuditRequest) -> tuple[SourceRow, ...]:
    """Return how the last crawl of each source into the audited store went.

    Raises:
        AuditorError: the database cannot be opened.
    """
    if request.dataset is not None or request.tables or request.db is None:
        return ()
    with store.open_store(request.db) as opened:
        last = {row.source: row for crawl in opened.list_crawls() for row in crawl.sources}
    return tuple(last[source] for source in sorted(last))


def record_run(db: str | None, run: Run, findings: Iterable[Finding]) -> None:
    """Keep a run and its findings in the store, for the next run to compare with.

    Raises:
        AuditorError: the database cannot be written.
    """
    if db is None:
        return
    with store.open_store(db) as opened:
        opened.record_run(run, findings)
