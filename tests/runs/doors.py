"""The batch door as tests walk through it: a whole run, with rules that are compiled already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from auditor.model import AccountRow, Dossier, Finding
from auditor.reports import read_accounts_csv, read_findings_jsonl, write_findings_jsonl
from auditor.rules import Compiled, evaluate
from auditor.rules.examples import NOW
from auditor.runs import worker
from auditor.runs.local import audit, no_progress
from auditor.runs.lookup import find_dossier
from auditor.runs.pool import Workers
from auditor.runs.request import AuditRequest
from auditor.runs.stages import Running, Stages, facts_of, read_input, settle
from auditor.runs.statements import waking
from auditor.runs.tables import Tables
from auditor.runs.work import open_work


class Door(NamedTuple):
    """What came through a door: findings by id, and the rows of accounts by id."""

    findings: dict[str, Finding]
    accounts: dict[str, AccountRow]


def request_for(compiled: Compiled, dataset: Path, out: Path, **more: Any) -> AuditRequest:
    """A request whose rules stand ready in this process."""
    given: dict[str, Any] = {"now": NOW, "rules": (), "references": (), "run_id": "test"}
    request = AuditRequest(out=out, dataset=dataset, **(given | more))
    worker._ready.compiled, worker._ready.request = compiled, request
    return request


def batch_door(compiled: Compiled, dataset: Path, out: Path, **more: Any) -> Door:
    """Audit a dataset as ``auditor audit`` does."""
    run = audit(request_for(compiled, dataset, out, **more)).run_directory
    findings = read_findings_jsonl(run / "findings.jsonl")
    accounts = read_accounts_csv(run / "accounts.csv")
    return Door(
        {finding.finding_id: finding for finding in findings},
        {row.account_id: row for row in accounts},
    )


def single_door(compiled: Compiled, dossiers: list[Dossier], path: Path) -> dict[str, Finding]:
    """Judge whole dossiers one by one; the findings by id, written as the batch door does."""
    found = [f for each in dossiers for f in evaluate(compiled, each, NOW).findings]
    write_findings_jsonl(path, (f.model_copy(update={"run_id": "test"}) for f in found))
    return {finding.finding_id: finding for finding in read_findings_jsonl(path)}


def dossiers_of(compiled: Compiled, dataset: Path, accounts: list[str]) -> list[Dossier]:
    """Return the whole dossiers of accounts, as ``auditor explain`` finds them."""
    request = request_for(compiled, dataset, dataset / "unused")
    return [find_dossier(request, account) for account in accounts]


@contextmanager
def woken(compiled: Compiled, dataset: Path, out: Path) -> Iterator[Tables]:
    """The tables of a run up to the one that says who is judged."""
    request = request_for(compiled, dataset, out)
    stages = Stages(no_progress)
    out.mkdir()
    work, _ = open_work(out, "test")
    with Workers(worker.set_up, (request,), 1) as workers:
        run = Running(request, compiled, work, workers, stages)
        intake, seen = read_input(run)
        with facts_of(run, seen) as tables:
            settle(run, tables, intake)
            tables.make(waking(compiled))
            yield tables
