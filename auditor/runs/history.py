"""Findings beside those of earlier runs in the store: what is new, what is open since when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from auditor import store
from auditor.model import Finding, Run, SourceRow
from auditor.runs.request import AuditRequest


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


def earlier_findings(db: str | None) -> dict[str, str | None]:
    """Return when each finding of the last stored run was first seen, by id.

    Without a database there is no history.

    Raises:
        AuditorError: the database cannot be opened.
    """
    if db is None:
        return {}
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
    if request.dataset is not None or request.db is None:
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
        opened.save_run(run)
        opened.save_findings(run.run_id, findings)
