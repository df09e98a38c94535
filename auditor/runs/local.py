"""A run on one machine: read, partition, audit on N processes, rank, write."""

from __future__ import annotations

import heapq
import logging
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from auditor import sources
from auditor.config import time_zone
from auditor.errors import InputError, NothingScannedError, UsageError
from auditor.model import AccountRow, Finding
from auditor.rules import Compiled
from auditor.runs.history import crawled_sources, earlier_findings, record_run, with_history
from auditor.runs.intake import Intake, Progress, input_state, take_in
from auditor.runs.outputs import RunRows, write_outputs
from auditor.runs.pool import in_pool
from auditor.runs.ranking import account_row_order, ranks, row_order
from auditor.runs.request import AuditRequest, AuditSummary
from auditor.runs.work import locked, open_work, read_values, remove_work
from auditor.runs.worker import DONE, Collected, audit_partition, collect, set_up
from auditor.sources import Source, open_dataset
from auditor.text import mask

log = logging.getLogger(__name__)

GRADES = ("E1", "E2", "E3", "E4")
SHOWN = 20
"""Unknown fields, and accounts that failed, that a run names one by one."""


@dataclass
class Stages:
    """CPU-independent wall time of each stage, in seconds."""

    seconds: dict[str, float] = field(default_factory=dict)

    def measure(self, name: str, started: float) -> None:
        """Add the time since ``started`` (monotonic seconds) to a stage."""
        self.seconds[name] = round(self.seconds.get(name, 0.0) + time.monotonic() - started, 3)


def no_progress(stage: str, done: int, total: int) -> None:
    """Show nothing."""
    del stage, done, total


def audit(request: AuditRequest, progress: Progress = no_progress) -> AuditSummary:
    """Run the rules over a dataset or the store and write the run directory.

    Raises:
        UsageError: the rules, the input or the run directory cannot be used; nothing ran.
        NothingScannedError: the input holds no account.
        OutputError: the disk is full or the database was lost; what was finished is kept.
        LockedError: another run writes to the directory.
    """
    started = datetime.now(UTC)
    stages = Stages()
    clock = time.monotonic()
    source = open_source(request)
    compiled = set_up(request)
    stages.measure("compile", clock)
    with locked(request.out):
        work, resumed = open_work(request.out, identity(request, compiled))
        if resumed:
            log.info("resuming the unfinished run in %s", request.out)
        clock = time.monotonic()
        try:
            intake = take_in(request, source, work, progress)
        except UsageError:
            # Nothing ran: the place stays free for the command as it should have been.
            remove_work(request.out)
            raise
        stages.measure("read", clock)
        clock = time.monotonic()
        run_partitions(request, intake.parts, progress)
        stages.measure("audit", clock)
        collected = collect(intake.parts)
        collected.rejected[:0] = intake.rejected
        if not collected.counts["accounts"] and not request.allow_empty:
            remove_work(request.out)
            raise NothingScannedError(
                "no account was found (use --allow-empty if that is right)",
                str(request.dataset or request.db),
            )
        clock = time.monotonic()
        summary = finish(request, compiled, intake, collected, started, stages)
        stages.measure("write", clock)
        remove_work(request.out)
    return summary


def identity(request: AuditRequest, compiled: Compiled) -> str:
    """Return what must agree for an unfinished run to be resumed: words, rules, lists, input."""
    lists = compiled.resources.references.sha256
    return f"{request.identity} {compiled.ruleset.sha256} {lists} {input_state(request)}"


def open_source(request: AuditRequest) -> Source:
    """Open the dataset, or the store when no dataset is given."""
    if request.dataset is not None:
        return open_dataset(request.dataset, timezone=time_zone(request.timezone))
    if request.db is None:
        raise InputError("name a dataset directory, or a database with --db", "audit")
    # Looked up here, so that a run over a dataset does not load the database libraries.
    return sources.open_store_source(request.db)


def run_partitions(request: AuditRequest, parts: Sequence[Path], progress: Progress) -> None:
    """Audit the partitions that are not done yet."""
    left = [path for path in parts if not (path / DONE).exists()]
    done = len(parts) - len(left)
    progress("audit", done, len(parts))
    for _ in in_pool(left, audit_partition, set_up, (request,), request.workers):
        done += 1
        progress("audit", done, len(parts))


def finish(
    request: AuditRequest,
    compiled: Compiled,
    intake: Intake,
    collected: Collected,
    started: datetime,
    stages: Stages,
) -> AuditSummary:
    """Rank, write every file and say how the run ended."""
    run_id = request.run_id or request.out.name
    findings = with_history(collected.findings, earlier_findings(request.db))
    cues = {row.account_id: len(row.cues) for row in collected.flagged}
    places = ranks(findings, cues)
    findings = [finding.model_copy(update={"run_id": run_id}) for finding in findings]
    findings.sort(key=lambda finding: row_order(finding, places[finding.account_id]))
    new = Counter(finding.account_id for finding in findings if finding.delta == "new")
    warnings = warnings_of(intake, collected)
    code = exit_code(request, intake, collected, findings)
    rows = RunRows(
        request=request,
        run_id=run_id,
        ruleset=compiled.ruleset,
        references_sha256=compiled.resources.references.sha256,
        findings=findings,
        accounts=lambda: account_rows(intake.parts, run_id, places, new),
        collected=collected,
        inputs=intake.inputs,
        started_at=started,
        stages=stages.seconds,
        warnings=warnings,
        exit_code=code,
        sources=crawled_sources(request),
    )
    record_run(request.db, write_outputs(request.out, rows), findings)
    counts = {**collected.counts, **collected.outcomes, "findings": len(findings)}
    counts["rejected"] = len(collected.rejected)
    by_item = Counter(item for finding in findings for item in finding.item_ids)
    return AuditSummary(code, request.out, counts, dict(sorted(by_item.items())), warnings)


def account_rows(
    parts: Sequence[Path], run_id: str, places: dict[str, int], new: Mapping[str, int]
) -> Iterator[AccountRow]:
    """Yield the rows of accounts.csv in order; only flagged accounts are held in memory."""

    def rows(path: Path) -> Iterator[AccountRow]:
        """Yield the account rows of one partition."""
        for row in read_values(path / "accounts.jsonl", AccountRow):
            placed = {
                "run_id": run_id,
                "rank": places.get(row.account_id),
                "new_findings": new.get(row.account_id, 0),
            }
            yield row.model_copy(update=placed)

    flagged = [row for path in parts for row in rows(path) if row.rank is not None]
    yield from sorted(flagged, key=account_row_order)
    plain = ((row for row in rows(path) if row.rank is None) for path in parts)
    yield from heapq.merge(*plain, key=lambda row: row.account_id)


def warnings_of(intake: Intake, collected: Collected) -> tuple[str, ...]:
    """Return what the operator must hear, one sentence each."""
    found = []
    if unknown := intake.unknown_fields:
        # Where the rows are of another shape, a name may be anything, a telephone number too.
        names = ", ".join(mask(name) for name in unknown[:SHOWN])
        more = f" and {len(unknown) - SHOWN} more" if len(unknown) > SHOWN else ""
        found.append(f"unknown fields were kept aside: {names}{more}")
    if collected.rejected:
        found.append(f"{len(collected.rejected)} rows were rejected; see rejected.csv")
    if intake.incomplete:
        found.append("an input broke off part-way; see rejected.csv")
    found.extend(f"account failed: {failure}" for failure in collected.failures[:SHOWN])
    return tuple(found)


def exit_code(
    request: AuditRequest, intake: Intake, collected: Collected, findings: list[Finding]
) -> int:
    """Return 3 for an incomplete run, 1 for a new finding at the asked grade, else 0."""
    lost = collected.outcomes["failed"] + collected.outcomes["not_fetched"]
    share = lost / max(1, collected.counts["accounts"])
    if collected.rejected or intake.incomplete or collected.failures or share > request.floor:
        return 3
    if request.fail_on is not None:
        asked = GRADES[: GRADES.index(request.fail_on) + 1]
        if any(f.delta == "new" and f.evidence_grade in asked for f in findings):
            return 1
    return 0
