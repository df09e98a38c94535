"""A run on one machine: read, screen, judge on N processes, rank, write."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from heapq import merge
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Final

from auditor.config import LEAST_MEMORY_MIB
from auditor.errors import NothingScannedError, UsageError
from auditor.model import AccountRow
from auditor.model.values import EvidenceGrade
from auditor.reports import unflagged_lines
from auditor.rules import Compiled
from auditor.rules.sentences import local_time
from auditor.runs.across import Across
from auditor.runs.ahead import load_ahead
from auditor.runs.collected import Collected, Sleepers, collect
from auditor.runs.groups import ordered_groups
from auditor.runs.history import (
    History,
    check_store,
    crawled_sources,
    earlier_findings,
    record_run,
)
from auditor.runs.identity import program_digest
from auditor.runs.intake import Progress, held_to, input_state, open_source
from auditor.runs.judging import ACCOUNTS
from auditor.runs.nights import Nights, held_nights, open_nights
from auditor.runs.ordered import Ordered
from auditor.runs.outputs import RunRows, write_outputs
from auditor.runs.pool import Workers, may_fork
from auditor.runs.request import AuditRequest, AuditSummary
from auditor.runs.samenight import compared
from auditor.runs.screening import Screened
from auditor.runs.stages import AGAIN, Running, Stages, facts_of, judge, read_input, settle
from auditor.runs.tables import Queries
from auditor.runs.work import locked, open_work, read_values, remove_work
from auditor.runs.worker import set_up
from auditor.text import mask

log = logging.getLogger(__name__)

GRADES: Final[tuple[EvidenceGrade, ...]] = ("E1", "E2", "E3", "E4")
ORDERED = "ordered"
"""Where findings wait, in the working directory."""

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
    check_store(request.db)
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
    history = history_of(request, work)
    try:
        intake, seen = read_input(run)
    except UsageError:
        # Nothing ran.
        run.give_up()
        raise
    with facts_of(run, seen) as tables:
        with held_to(intake, run.give_up):
            kept = compared(run.kept, intake) if run.kept else None
            run = replace(run, kept=kept)
            lost = settle(run, tables, intake)
            seen.rejected.add(lost)
            parts = judge(run, tables, intake)
            ordered = Ordered(work / ORDERED)
            collected = collect(parts, tables, compiled, history, ordered)
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
            rows = Gathered(request, compiled, seen, collected, ordered, parts, tables, groups)
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
    ordered: Ordered
    parts: tuple[Path, ...]
    tables: Queries
    groups: Iterator[memoryview]


def identity(request: AuditRequest, compiled: Compiled) -> str:
    """Return what must agree for an unfinished run to be resumed: program, words, rules, input."""
    rules, lists = compiled.ruleset.sha256, compiled.resources.references.sha256
    return f"{program_digest()} {request.identity} {rules} {lists} {input_state(request)}"


def finish(run: Gathered, started: datetime, stages: Stages) -> AuditSummary:
    """Write every file and say how the run ended."""
    request, collected = run.request, run.collected
    run_id = run_id_of(request)
    warnings = warnings_of(request, run.screened, collected)
    code = exit_code(request, run.screened, collected)
    sleepers = Sleepers(run.compiled, run.tables)
    rows = RunRows(
        request=request,
        run_id=run_id,
        ruleset=run.compiled.ruleset,
        references_sha256=run.compiled.resources.references.sha256,
        ordered=run.ordered,
        unflagged=unflagged_lines(run_id, judged_rows(run.parts, run_id), sleepers.batches()),
        groups=run.groups,
        collected=collected,
        rejected=run.screened.rejected,
        inputs=run.screened.inputs,
        started_at=started,
        stages=stages.seconds,
        warnings=warnings,
        exit_code=code,
        sources=crawled_sources(request),
    )
    record_run(request.db, write_outputs(request.out, rows), run.ordered.findings())
    counts = {**collected.counts, **collected.outcomes, "findings": collected.findings}
    counts["rejected"] = run.screened.rejected.total
    by_item = dict(sorted(collected.by_item.items()))
    notices = run.compiled.ruleset.notices
    return AuditSummary(code, request.out, counts, by_item, warnings, notices)


def history_of(request: AuditRequest, work: Path) -> History:
    """Return what dates the findings of a run.

    Raises:
        AuditorError: the database cannot be opened.
        OutputError: the disk is full.
    """
    return History(run_id_of(request), local_time(request.now), earlier_findings(request.db, work))


def run_id_of(request: AuditRequest) -> str:
    """Return the id that was asked for, or the name of the run directory."""
    return request.run_id or request.out.name


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


def warnings_of(request: AuditRequest, screened: Screened, collected: Collected) -> tuple[str, ...]:
    """Return what the operator must hear, one sentence each."""
    found = []
    if request.memory_mib < LEAST_MEMORY_MIB:
        found.append(
            f"memory: a process may take {LEAST_MEMORY_MIB} MiB, more than the "
            f"{request.memory_mib} asked for; rules and lists are part of it"
        )
    if unknown := screened.unknown_fields:
        # Where the rows are of another shape, a name may be anything, a telephone number too.
        names = ", ".join(mask(name) for name in unknown[:SHOWN])
        more = f" and {len(unknown) - SHOWN} more" if len(unknown) > SHOWN else ""
        found.append(f"unknown fields were kept aside: {names}{more}")
    if screened.rejected.total:
        found.append(f"{screened.rejected.total} rows were rejected; see rejected.csv")
    if screened.incomplete:
        found.append("an input broke off part-way; see rejected.csv")
    # What an exception says may quote the row that it failed over.
    found.extend(mask(f"account failed: {failure}") for failure in collected.failures[:SHOWN])
    if len(collected.failures) > SHOWN:
        found.append(f"{len(collected.failures) - SHOWN} more accounts failed; see accounts.csv")
    return tuple(found)


def exit_code(request: AuditRequest, screened: Screened, collected: Collected) -> int:
    """Return 3 for an incomplete run, 1 for a new finding at the asked grade, else 0."""
    lost = collected.outcomes["failed"] + collected.outcomes["not_fetched"]
    share = lost / max(1, collected.counts["accounts"])
    if (
        screened.rejected.total
        or screened.incomplete
        or collected.failures
        or share > request.floor
    ):
        return 3
    if request.fail_on is not None:
        asked = GRADES[: GRADES.index(request.fail_on) + 1]
        if any(collected.new_by_grade[grade] for grade in asked):
            return 1
    return 0
