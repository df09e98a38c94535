"""A run on one machine: read, partition, audit on N processes, rank, write."""

from __future__ import annotations

import heapq
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from auditor import sources
from auditor.config import time_zone
from auditor.errors import InputError, NothingScannedError
from auditor.model import AccountRow, Finding, Rejection
from auditor.rules import Compiled
from auditor.runs.history import earlier_findings, record_run, with_history
from auditor.runs.outputs import RunRows, write_outputs
from auditor.runs.pool import in_pool
from auditor.runs.ranking import account_row_order, ranks, row_order
from auditor.runs.request import AuditRequest, AuditSummary
from auditor.runs.work import (
    locked,
    open_work,
    read_state,
    read_values,
    remove_work,
    write_state,
    write_values,
)
from auditor.runs.worker import DONE, Collected, audit_partition, collect, set_up
from auditor.sources import Source, open_dataset, write_partitions

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
GRADES = ("E1", "E2", "E3", "E4")
PART_BYTES = 6 * 1024 * 1024
"""Bytes of text a partition holds at a budget of 1 GiB; a worker needs a small multiple of it."""

LARGE_BYTES = 1 << 30


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
        work, resumed = open_work(request.out, request.identity)
        if resumed:
            log.info("resuming the unfinished run in %s", request.out)
        clock = time.monotonic()
        parts, rejected = partitions(request, source, work, progress)
        stages.measure("read", clock)
        clock = time.monotonic()
        run_partitions(request, parts, progress)
        stages.measure("audit", clock)
        collected = collect(parts)
        collected.rejected[:0] = rejected
        if not collected.counts["accounts"] and not request.allow_empty:
            remove_work(request.out)
            raise NothingScannedError(
                "no account was found (use --allow-empty if that is right)",
                str(request.dataset or request.db),
            )
        clock = time.monotonic()
        summary = finish(request, compiled, source, collected, parts, started, stages)
        stages.measure("write", clock)
        remove_work(request.out)
    return summary


def open_source(request: AuditRequest) -> Source:
    """Open the dataset, or the store when no dataset is given."""
    if request.dataset is not None:
        return open_dataset(request.dataset, timezone=time_zone(request.timezone))
    if request.db is None:
        raise InputError("name a dataset directory, or a database with --db", "audit")
    # Looked up here, so that a run over a dataset does not load the database libraries.
    return sources.open_store_source(request.db)


def partitions(
    request: AuditRequest, source: Source, work: Path, progress: Progress
) -> tuple[list[Path], list[Rejection]]:
    """Partition the input once; a resumed run finds the partitions already there."""
    state = read_state(work) or {}
    directory = work / "parts"
    if state.get("partitioned"):
        parts = sorted(path for path in directory.iterdir() if path.is_dir())
        return parts, list(read_values(work / "rejected.jsonl", Rejection))
    progress("read", 0, 1)
    rejected: list[Rejection] = []
    count = part_count(input_bytes(request), request.memory_mib)
    parts = list(write_partitions(source, directory, count, rejected.append))
    write_values(work / "rejected.jsonl", rejected)
    write_state(work, {**state, "partitioned": True})
    progress("read", 1, 1)
    return parts, rejected


def input_bytes(request: AuditRequest) -> int:
    """Return the size of the input on disk; a database that is no file counts as large."""
    if request.dataset is not None:
        return sum(path.stat().st_size for path in request.dataset.rglob("*") if path.is_file())
    path = Path((request.db or "").removeprefix("sqlite:///"))
    return path.stat().st_size if path.is_file() else LARGE_BYTES


def part_count(size_bytes: int, memory_mib: int) -> int:
    """Return how many partitions an input is cut into, so that one fits the memory budget."""
    share = PART_BYTES * memory_mib // 1024
    # A gzip or Parquet file holds about four times its size; parts that are too small cost little.
    size_bytes *= 4
    return max(1, min(4096, -(-size_bytes // max(share, 1))))


def run_partitions(request: AuditRequest, parts: list[Path], progress: Progress) -> None:
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
    source: Source,
    collected: Collected,
    parts: list[Path],
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
    warnings = warnings_of(source, collected)
    code = exit_code(request, source, collected, findings)
    rows = RunRows(
        request=request,
        run_id=run_id,
        ruleset=compiled.ruleset,
        references_sha256=compiled.resources.references.sha256,
        findings=findings,
        accounts=lambda: account_rows(parts, run_id, places, new),
        collected=collected,
        inputs=source.inputs(),
        started_at=started,
        stages=stages.seconds,
        warnings=warnings,
        exit_code=code,
    )
    record_run(request.db, write_outputs(request.out, rows), findings)
    counts = {**collected.counts, **collected.outcomes, "findings": len(findings)}
    counts["rejected"] = len(collected.rejected)
    by_item = Counter(item for finding in findings for item in finding.item_ids)
    return AuditSummary(code, request.out, counts, dict(sorted(by_item.items())), warnings)


def account_rows(
    parts: list[Path], run_id: str, places: dict[str, int], new: Mapping[str, int]
) -> Iterator[AccountRow]:
    """Yield the rows of accounts.csv in order; only flagged accounts are held in memory."""

    def rows(path: Path) -> Iterator[AccountRow]:
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


def warnings_of(source: Source, collected: Collected) -> tuple[str, ...]:
    """Return what the operator must hear, one sentence each."""
    found = []
    unknown = source.unknown_fields()
    if unknown:
        found.append(f"unknown fields were kept aside: {', '.join(unknown)}")
    if collected.rejected:
        found.append(f"{len(collected.rejected)} rows were rejected; see rejected.csv")
    if source.incomplete:
        found.append("an input broke off part-way; see rejected.csv")
    found.extend(f"account failed: {failure}" for failure in collected.failures[:20])
    return tuple(found)


def exit_code(
    request: AuditRequest, source: Source, collected: Collected, findings: list[Finding]
) -> int:
    """Return 3 for an incomplete run, 1 for a new finding at the asked grade, else 0."""
    lost = collected.outcomes["failed"] + collected.outcomes["not_fetched"]
    share = lost / max(1, collected.counts["accounts"])
    if collected.rejected or source.incomplete or collected.failures or share > request.floor:
        return 3
    if request.fail_on is not None:
        asked = GRADES[: GRADES.index(request.fail_on) + 1]
        if any(f.delta == "new" and f.evidence_grade in asked for f in findings):
            return 1
    return 0
