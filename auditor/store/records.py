"""Writing what is no capture: ledger lines, crawls, runs and findings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlmodel import SQLModel, col

from auditor.model import CrawlSummary, FetchOutcome, Finding, Run
from auditor.store.tables import CrawlTable, FindingTable, OutcomeTable, RunTable


def record_outcome(connection: Connection, outcome: FetchOutcome) -> None:
    """Add a line to the ledger."""
    names = ("run_id", "spider", "subject", "outcome", "at", "url", "status")
    row: dict[str, Any] = {name: getattr(outcome, name) for name in names}
    row["data"] = outcome.model_dump(mode="json", exclude_none=True)
    connection.execute(insert(OutcomeTable), [row])


def save_crawl(connection: Connection, summary: CrawlSummary) -> None:
    """Keep how a crawl ended."""
    row = {name: getattr(summary, name) for name in ("run_id", "spider", "exit_code")}
    _replace(connection, CrawlTable, row | {"data": summary.model_dump(mode="json")})


def save_run(connection: Connection, run: Run) -> None:
    """Keep the record of a run."""
    row = {name: getattr(run, name) for name in ("run_id", "started_at", "exit_code")}
    _replace(connection, RunTable, row | {"data": run.model_dump(mode="json")})


def _replace(connection: Connection, model: type[SQLModel], row: dict[str, Any]) -> None:
    table = model.metadata.tables[str(model.__tablename__)]
    same = table.c.run_id == row["run_id"]
    # Not delete and insert: findings refer to their run.
    if connection.execute(select(table.c.run_id).where(same)).first() is None:
        connection.execute(insert(table), [row])
    else:
        connection.execute(table.update().where(same).values(row))


def save_findings(connection: Connection, run_id: str, findings: Sequence[Finding]) -> None:
    """Keep findings; one that is there already keeps its place."""
    places = select(col(FindingTable.finding_id), col(FindingTable.position)).where(
        col(FindingTable.run_id) == run_id
    )
    kept: dict[str, int] = {row[0]: row[1] for row in connection.execute(places)}
    following = max(kept.values(), default=-1) + 1
    rows: dict[str, dict[str, Any]] = {}
    for finding in findings:
        position = kept.setdefault(finding.finding_id, following)
        following = max(following, position + 1)
        rows[finding.finding_id] = _finding(run_id, finding, position)
    # Those that were there are written anew at the place they had.
    again = [name for name in rows if name in kept]
    for start in range(0, len(again), 500):
        some = again[start : start + 500]
        connection.execute(
            delete(FindingTable).where(
                col(FindingTable.run_id) == run_id, col(FindingTable.finding_id).in_(some)
            )
        )
    if rows:
        connection.execute(insert(FindingTable), list(rows.values()))


def _finding(run_id: str, finding: Finding, position: int) -> dict[str, Any]:
    names = ("finding_id", "account_id", "rule_id", "priority", "delta", "status")
    row: dict[str, Any] = {name: getattr(finding, name) for name in names}
    data = finding.model_dump(mode="json")
    return {**row, "run_id": run_id, "position": position, "data": data}
