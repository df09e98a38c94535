"""The stages of a run up to its findings: read, screen, settle, wake, fetch, judge."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from auditor.model import Rejection
from auditor.rules import Compiled
from auditor.runs.candidates import with_candidates
from auditor.runs.collected import COUNTED
from auditor.runs.crowds import counting_tasks, crowd_asked, write_crowds
from auditor.runs.fetching import FETCHED, WANTED_ROWS, contents, fetching_tasks
from auditor.runs.intake import (
    KINDS,
    Intake,
    Progress,
    held_to,
    reading_tasks,
    take_in,
)
from auditor.runs.judging import heaviest_first, judging_tasks
from auditor.runs.kept import Kept
from auditor.runs.pool import Workers
from auditor.runs.refused import REFUSED, Refused
from auditor.runs.request import AuditRequest
from auditor.runs.reuse import reuse_readings, reuse_screens, with_keys
from auditor.runs.samenight import lost_again, read_night
from auditor.runs.screening import Screened, screened, screening_tasks
from auditor.runs.sharing import VIEWS, find_shared
from auditor.runs.statements import HEAVIEST, parting, settling, sharing, statements, waking
from auditor.runs.tables import Tables, open_tables
from auditor.runs.tasks import left
from auditor.runs.told import say_again
from auditor.runs.unchanged import CHANGED, DOUBTFUL, find_doubtful, find_unchanged
from auditor.runs.work import remove_work
from auditor.runs.worker import (
    count_task,
    fetch_task,
    judge_task,
    lay_down_task,
    screen_task,
    spell_task,
)
from auditor.sources import Kind

AGAIN = "again"
"""The part of the accounts that are as they were on an earlier night."""

KEYS: dict[Kind, str] = {"posts": "account, post_id", "accounts": "account"}
LOST = "another row with this key is newer, or as new and different"


@dataclass
class Stages:
    """Wall time of each stage, in seconds, and how far each is."""

    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def measured(self, name: str) -> Iterator[None]:
        """Add the time spent inside to a stage, but for that of a stage within it."""
        started, before = time.monotonic(), sum(self.seconds.values())
        try:
            yield
        finally:
            within = sum(self.seconds.values()) - before
            spent = self.seconds.get(name, 0.0) + time.monotonic() - started - within
            self.seconds[name] = round(max(spent, 0.0), 3)

    def run(
        self, name: str, workers: Workers, tasks: Sequence[Path], work: Callable[[Path], object]
    ) -> None:
        """Do the tasks of a stage that are not done yet."""
        if not tasks:
            return
        with self.measured(name):
            todo = left(tasks)
            done = len(tasks) - len(todo)
            self.progress(name, done, len(tasks))
            for _ in workers.run(todo, work):
                done += 1
                self.progress(name, done, len(tasks))
        # What the columns of the stage took is kept by Arrow for more of them: the next stage may
        # be the database's.
        pa.default_memory_pool().release_unused()


@dataclass(frozen=True)
class Running:
    """What every stage of one run needs; ``kept`` is what an earlier night left, if asked for."""

    request: AuditRequest
    compiled: Compiled
    work: Path
    workers: Workers
    stages: Stages
    kept: Kept | None = None

    def give_up(self) -> None:
        """Remove what was made: the place stays free for the same command, or a better one."""
        # A worker that still wrote would make the directory again.
        self.workers.end()
        remove_work(self.request.out)

    def do(self, name: str, tasks: Sequence[Path], work: Callable[[Path], object]) -> None:
        """Do the tasks of a stage that are not done yet."""
        self.stages.run(name, self.workers, tasks, work)


def read_input(run: Running) -> tuple[Intake, Screened]:
    """Cut the input into slices and reduce each to its facts, where that was not done before.

    Raises:
        InputError: the input cannot be read.
        OutputError: the disk is full.
    """
    request, stages, kept = run.request, run.stages, run.kept
    tasks = reading_tasks(request, run.work)
    if kept is not None:
        with stages.measured("read"):
            reuse_readings(request, kept, tasks)
    run.do("read", tasks, lay_down_task)
    with stages.measured("read"):
        intake = take_in(request, tasks)
        intake = intake if kept is None else with_keys(intake, kept)
    with held_to(intake, run.give_up):
        return intake, _screened(run, intake)


def _screened(run: Running, intake: Intake) -> Screened:
    """Reduce each slice to its facts, where that was not done before."""
    request, stages, kept = run.request, run.stages, run.kept
    tasks = screening_tasks(run.work, intake.slices)
    reused = 0
    if kept is None and not request.copies:
        _count(run, intake)
    if kept is not None:
        with stages.measured("screen"):
            reused = reuse_screens(kept, tasks)
    run.do("screen", tasks, screen_task)
    seen = screened(request, intake, tasks, Refused(run.work / REFUSED))
    seen.reused = reused
    return seen


def _count(run: Running, intake: Intake) -> None:
    """Find out which posts may be repeats within their account: the others are not compared.

    What is kept for other nights, which bring other posts, is made of them all.
    """
    asked = crowd_asked(run.compiled)
    tasks = counting_tasks(run.work, intake.slices, asked)
    run.do("count", tasks, count_task)
    with run.stages.measured("count"):
        write_crowds(run.work, tasks, asked)


@contextmanager
def facts_of(run: Running, screened: Screened) -> Iterator[Tables]:
    """Open the tables over the facts, with the accounts that asked to be left out."""
    request = run.request
    with open_tables(run.work, screened.facts, request.memory_mib, request.workers) as tables:
        opted_out = sorted(run.compiled.resources.references.opted_out)
        tables.take("opted_out", pa.table({"account": pa.array(opted_out, pa.string())}))
        yield tables


def settle(run: Running, tables: Tables, intake: Intake) -> list[Rejection]:
    """Leave one row for each account and post; return those that went with a word.

    Raises:
        OutputError: the disk is full.
    """
    if run.kept is not None and run.kept.same:
        return lost_again(run.kept)
    with run.stages.measured("settle"):
        find_shared(tables, own=not run.request.copies)
        tables.make((*sharing(), *statements("contested")), views=VIEWS)
    lost: list[Rejection] = []
    for kind, key in KEYS.items():
        doubtful = tables.rows("FROM contested_" + kind)
        slices = [each for each in intake.slices if each.kind == kind]
        tasks = fetching_tasks(run.work / "settle", slices, doubtful.cast(WANTED_ROWS))
        run.do("settle", tasks, spell_task)
        with run.stages.measured("settle"):
            tables.take(f"{kind}_contents", contents(tasks))
            tables.make(settling(kind, key), views=(kind,))
        rows = tables.rows(f"FROM lost_{kind} WHERE differs ORDER BY slice, line").to_pylist()
        lost += [
            Rejection(file=slices[row["slice"]].file, line=row["line"], kind=kind, reason=LOST)
            for row in rows
        ]
    return lost


def judge(run: Running, tables: Tables, intake: Intake) -> tuple[Path, ...]:
    """Find out who wakes, fetch their rows and judge them; return the finished parts.

    With ``kept`` only accounts that may have changed are fetched, and only those that have are
    judged; the last part is that of the others.

    Raises:
        OutputError: the disk is full.
    """
    work, kept = run.work, run.kept
    with run.stages.measured("wake"):
        _wake(run, tables)
        if kept is not None:
            find_doubtful(tables, kept, intake, run.request.now)
        tables.make(parting("awake" if kept is None else DOUBTFUL))
    tasks: list[Path] = []
    for kind in KINDS:
        slices = [each for each in intake.slices if each.kind == kind]
        tasks += fetching_tasks(work / FETCHED, slices, _wanted(run, tables, kind))
    run.do("fetch", tasks, fetch_task)
    owners = "part_owners"
    again: tuple[Path, ...] = ()
    if kept is not None:
        with run.stages.measured("wake"):
            find_unchanged(tables, kept, tasks, run.request.now)
            say_again(work / AGAIN, tables)
        owners, again = f"part_owners SEMI JOIN {CHANGED} USING (account)", (work / AGAIN,)
    found = tables.rows(f"FROM {owners} ORDER BY part, account")
    parts = judging_tasks(work / "judge", found, tasks)
    order = tables.rows(HEAVIEST).column("part").to_pylist()
    run.do("judge", heaviest_first(parts, order), judge_task)
    return parts + again


def _wanted(run: Running, tables: Tables, kind: Kind) -> pa.Table:
    is_same = run.kept is not None and run.kept.same
    if kind == "posts" and run.request.copies and not is_same:
        with run.stages.measured("link"):
            return with_candidates(tables, run.kept)
    return tables.rows("FROM part_" + kind).cast(WANTED_ROWS)


def _wake(run: Running, tables: Tables) -> None:
    if run.kept is not None and run.kept.same:
        read_night(run.kept, tables)
        return
    tables.make((*waking(run.compiled), ("counted", COUNTED)), views=VIEWS)
