"""A run on one machine: read, screen, judge on N processes, rank, write."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from heapq import merge
from itertools import chain
from operator import attrgetter
from pathlib import Path

from auditor.errors import NothingScannedError, UsageError
from auditor.model import AccountRow, ClusterRow, Finding
from auditor.reports import unflagged_lines
from auditor.rules import Compiled
from auditor.runs.across import Across
from auditor.runs.ahead import load_ahead
from auditor.runs.collected import Collected, Sleepers, collect
from auditor.runs.groups import ordered_groups
from auditor.runs.history import crawled_sources, earlier_findings, record_run, with_history
from auditor.runs.identity import program_digest
from auditor.runs.intake import Progress, input_state, open_source
from auditor.runs.judging import ACCOUNTS
from auditor.runs.nights import Nights, held_nights, open_nights
from auditor.runs.outputs import RunRows, write_outputs
from auditor.runs.pool import Workers, may_fork
from auditor.runs.ranking import account_row_order, ranks, row_order
from auditor.runs.request import AuditRequest, AuditSummary
from auditor.runs.samenight import compared
from auditor.runs.screening import Screened
from auditor.runs.stages import AGAIN, Running, Stages, facts_of, judge, read_input, settle
from auditor.runs.tables import Queries
from auditor.runs.work import locked, open_work, read_values, remove_work
from auditor.runs.worker import set_up
from auditor.text import mask

log = logging.getLogger(__name__)

GRADES = ("E1", "E2", "E3", "E4")
GROUPS = "groups"
"""Where the rows of clusters.csv wait, in the working directory."""

SHOWN = 20
"""Unknown fields, and accounts that failed, that a run names one by one."""


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
    stages = Stages(progress)
    # Looked at before the rules are compiled: a wrong path is told at once.
    open_source(request).close()
    with stages.measured("compile"):
        compiled = set_up(request)
        if request.workers == 1 or may_fork():
            load_ahead(request, compiled)
    # Before there are threads, a lock or a table: forked workers have the rules, nothing else.
    with (
        Workers(set_up, (request,), request.workers) as workers,
        locked(request.out),
        held_nights(request),
    ):
        work, resumed = open_work(request.out, identity(request, compiled))
        if resumed:
            log.info("resuming the unfinished run in %s", request.out)
        nights = open_nights(request, compiled, work)
        run = Running(request, compiled, work, workers, stages, nights.kept if nights else None)
        summary = carry_out(run, nights, started)
        remove_work(request.out)
    return summary


def carry_out(run: Running, nights: Nights | None, started: datetime) -> AuditSummary:
    """Do all stages and write the run directory; then let the next night find what was made."""
    request, compiled, work, stages = run.request, run.compiled, run.work, run.stages
    following = None
    try:
        intake, seen = read_input(run)
    except UsageError:
        # Nothing ran: the place stays free for the command as it should have been. A worker that
        # still wrote would make the directory again.
        run.workers.end()
        remove_work(request.out)
        raise
    with facts_of(run, seen) as tables:
        kept = compared(run.kept, intake) if run.kept else None
        run = replace(run, kept=kept)
        lost = settle(run, tables, intake)
        seen.rejected += lost
        parts = judge(run, tables, intake)
        collected = collect(parts, tables, compiled, request.now)
        collected.rejected = seen.rejected
        if request.copies:
            Across(run, tables, intake).write(work / GROUPS)
        if not collected.counts["accounts"] and not request.allow_empty:
            remove_work(request.out)
            raise NothingScannedError(
                "no account was found (use --allow-empty if that is right)",
                str(request.dataset or request.db),
            )
        if nights and kept:
            collected.counts.update(nights.counts(kept, seen, tables))
            with stages.measured("keep"):
                following = nights.gather(kept, work, intake, tables, parts, lost)
        with stages.measured("write"):
            groups = ordered_groups(work / GROUPS, tables, parts)
            rows = Gathered(request, compiled, seen, collected, parts, tables, groups, work)
            summary = finish(rows, started, stages)
    if following is not None:
        following.replace()
    return summary


@dataclass(frozen=True)
class Gathered:
    """Everything that a run gave before it is ranked and written."""

    request: AuditRequest
    compiled: Compiled
    screened: Screened
    collected: Collected
    parts: tuple[Path, ...]
    tables: Queries
    groups: Iterator[ClusterRow]
    work: Path


def identity(request: AuditRequest, compiled: Compiled) -> str:
    """Return what must agree for an unfinished run to be resumed: program, words, rules, input."""
    rules, lists = compiled.ruleset.sha256, compiled.resources.references.sha256
    return f"{program_digest()} {request.identity} {rules} {lists} {input_state(request)}"


def finish(run: Gathered, started: datetime, stages: Stages) -> AuditSummary:
    """Rank, write every file and say how the run ended."""
    request, collected = run.request, run.collected
    run_id = request.run_id or request.out.name
    findings = with_history(collected.findings, earlier_findings(request.db, run.work))
    cues = {row.account_id: len(row.cues) for row in collected.flagged}
    places = ranks(findings, cues)
    findings = [finding.model_copy(update={"run_id": run_id}) for finding in findings]
    findings.sort(key=lambda finding: row_order(finding, places[finding.account_id]))
    new = Counter(finding.account_id for finding in findings if finding.delta == "new")
    warnings = warnings_of(run.screened, collected)
    code = exit_code(request, run.screened, collected, findings)
    sleepers = Sleepers(run.compiled, run.tables)
    rows = RunRows(
        request=request,
        run_id=run_id,
        ruleset=run.compiled.ruleset,
        references_sha256=run.compiled.resources.references.sha256,
        findings=findings,
        flagged=flagged_rows(collected, run_id, places, new),
        unflagged=unflagged_lines(run_id, judged_rows(run.parts, run_id), sleepers.batches()),
        groups=run.groups,
        collected=collected,
        inputs=run.screened.inputs,
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
    notices = run.compiled.ruleset.notices
    return AuditSummary(code, request.out, counts, dict(sorted(by_item.items())), warnings, notices)


def flagged_rows(
    collected: Collected, run_id: str, places: Mapping[str, int], new: Mapping[str, int]
) -> list[AccountRow]:
    """Return the rows of accounts with findings, in the order of a review."""
    rows = [
        row.model_copy(
            update={
                "run_id": run_id,
                "rank": places[row.account_id],
                "new_findings": new.get(row.account_id, 0),
            }
        )
        for row in collected.flagged
    ]
    return sorted(rows, key=account_row_order)


def judged_rows(parts: Sequence[Path], run_id: str) -> Iterator[AccountRow]:
    """Yield the accounts that were judged and gave no finding, by id.

    Parts are runs of ids; only what is said again of an earlier night stands beside them all.
    """
    tonight = [path for path in parts if path.name != AGAIN]
    again = [path for path in parts if path.name == AGAIN]
    for row in merge(_rows(tonight), _rows(again), key=attrgetter("account_id")):
        if not row.findings:
            yield row.model_copy(update={"run_id": run_id})


def _rows(parts: Sequence[Path]) -> Iterator[AccountRow]:
    return chain.from_iterable(read_values(path / ACCOUNTS, AccountRow) for path in parts)


def warnings_of(screened: Screened, collected: Collected) -> tuple[str, ...]:
    """Return what the operator must hear, one sentence each."""
    found = []
    if unknown := screened.unknown_fields:
        # Where the rows are of another shape, a name may be anything, a telephone number too.
        names = ", ".join(mask(name) for name in unknown[:SHOWN])
        more = f" and {len(unknown) - SHOWN} more" if len(unknown) > SHOWN else ""
        found.append(f"unknown fields were kept aside: {names}{more}")
    if collected.rejected:
        found.append(f"{len(collected.rejected)} rows were rejected; see rejected.csv")
    if screened.incomplete:
        found.append("an input broke off part-way; see rejected.csv")
    found.extend(f"account failed: {failure}" for failure in collected.failures[:SHOWN])
    return tuple(found)


def exit_code(
    request: AuditRequest, screened: Screened, collected: Collected, findings: list[Finding]
) -> int:
    """Return 3 for an incomplete run, 1 for a new finding at the asked grade, else 0."""
    lost = collected.outcomes["failed"] + collected.outcomes["not_fetched"]
    share = lost / max(1, collected.counts["accounts"])
    if collected.rejected or screened.incomplete or collected.failures or share > request.floor:
        return 3
    if request.fail_on is not None:
        asked = GRADES[: GRADES.index(request.fail_on) + 1]
        if any(f.delta == "new" and f.evidence_grade in asked for f in findings):
            return 1
    return 0
