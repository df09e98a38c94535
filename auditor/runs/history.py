"""Findings beside those of earlier runs in the store: what is new, what is open since when."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from auditor import store
from auditor.model import Finding, Run, SourceRow
from auditor.runs.request import AuditRequest
from auditor.runs.work import write_whole

EARLIER = "earlier.json"
"""When the findings of the run before were first seen, in the working directory."""


def with_history(findings: Iterable[Finding], earlier: Mapping[str, str | None]) -> list[Finding]:
    """Return the findings with ``delta`` and ``first_seen`` taken from earlier runs, by id."""
    dated = []
    for finding in findings:
        if finding.finding_id in earlier:
            update = {"delta": "open", "first_seen": earlier[finding.finding_id]}
            dated.append(finding.model_copy(update=update))
        else:
            dated.append(finding)
    return dated


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


def record_run(db: str | None, run: Run, findings: Sequence[Finding]) -> None:
    """Keep a run and its findings in the store, for the next run to compare with.

    Raises:
        AuditorError: the database cannot be written.
    """
    if db is None:
        return
    with store.open_store(db) as opened:
        opened.record_run(run, findings)
