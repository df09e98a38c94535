"""A run on Spark: the stages of the engine, and the run directory written as on one machine."""

from __future__ import annotations

import logging
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from auditor.errors import NothingScannedError, OutputError, UsageError
from auditor.reports import cluster_lines
from auditor.runs.collected import COUNTED, collect
from auditor.runs.groups import GROUP_ROWS
from auditor.runs.history import check_store
from auditor.runs.intake import Intake, Progress, held_to
from auditor.runs.judging import ACCOUNTS, FINDINGS
from auditor.runs.local import ORDERED, Gathered, finish, history_of, identity, no_progress
from auditor.runs.ordered import Ordered
from auditor.runs.refused import REFUSED, Refused
from auditor.runs.request import AuditRequest, AuditSummary
from auditor.runs.screening import Screened, input_files
from auditor.runs.spark.engine import Engine, Noted
from auditor.runs.spark.faults import told
from auditor.runs.spark.frames import table_rows
from auditor.runs.spark.judging import told_counts
from auditor.runs.spark.rows import Rows
from auditor.runs.spark.session import open_session, scratch_of
from auditor.runs.spark.slices import check_forms, dataset_rows
from auditor.runs.spark.tables import batches_of
from auditor.runs.stages import Stages
from auditor.runs.tasks import finish_task, plan_tasks
from auditor.runs.work import locked, open_work, remove_work
from auditor.runs.worker import compiled_of
from auditor.sources import Kind, check_kind

log = logging.getLogger(__name__)

_VALUES = {"finding": FINDINGS, "account": ACCOUNTS}


def audit_on_spark(request: AuditRequest, progress: Progress = no_progress) -> AuditSummary:
    """Run the rules over a dataset of Parquet files or over tables; write the run directory.

    Raises:
        UsageError: the rules, the input or the run directory cannot be used; nothing ran.
        NothingScannedError: the input holds no account.
        OutputError: the disk is full.
        LockedError: another run writes to the directory.
    """
    started = datetime.now(UTC)
    stages = Stages(progress)
    check_store(request.db)
    _check_input(request)
    with stages.measured("compile"):
        compiled = compiled_of(request)
    with stages.measured("start"):
        spark = open_session(request.workers, request.memory_mib)
        rows, intake = _opened(spark, request)
    with locked(request.out):
        work, resumed = open_work(request.out, f"spark {identity(request, compiled)}")
        if resumed:
            log.info("what the unfinished run in %s did is done again", request.out)
            _clear(work)
        engine = Engine(spark, compiled, rows, request.now, scratch_of(spark, work / "tables"))
        try:
            with told():
                with held_to(intake, partial(remove_work, request.out)):
                    gathered = _gathered(request, engine, intake, work, stages)
                with _stage(stages, "write"):
                    summary = finish(gathered, started, stages)
        finally:
            engine.release()
        remove_work(request.out)
    return summary


def _opened(
    spark: SparkSession, request: AuditRequest
) -> tuple[Mapping[Kind, Rows], Intake | None]:
    """Return the rows of the input by kind, and the files they come from; tables have none."""
    if request.tables:
        return table_rows(spark, dict(request.tables), request.timezone), None
    intake, rows = dataset_rows(spark, request)
    return rows, intake


def _check_input(request: AuditRequest) -> None:
    """Look at the words and the names of files alone: before anything is started or hashed."""
    if request.tables:
        return
    if request.dataset is None:
        raise UsageError("name a dataset directory, or tables", "--engine spark")
    check_forms(request.dataset)


def _clear(work: Path) -> None:
    """Remove what an unfinished run left: its tables went with its session."""
    for path in work.iterdir():
        if path.is_dir():
            shutil.rmtree(path)


def _gathered(
    request: AuditRequest,
    engine: Engine,
    intake: Intake | None,
    work: Path,
    stages: Stages,
) -> Gathered:
    """Do all stages that read the input; nothing stands in the run directory yet."""
    refused = Refused(work / REFUSED)
    with _stage(stages, "screen"):
        seen = _screened(request, intake, engine.screen(refused.add), refused)
    with _stage(stages, "settle"):
        engine.settle(refused.add)
    with _stage(stages, "judge"):
        engine.judge(across=request.copies)
        engine.tables.make((("counted", COUNTED),))
        part = _write_part(engine, work)
    history = history_of(request, work)
    findings = Ordered(work / ORDERED)
    collected = collect((part,), engine.tables, engine.compiled, history, findings)
    if request.copies:
        with _stage(stages, "link"):
            engine.link()
    if not collected.counts["accounts"] and not request.allow_empty:
        remove_work(request.out)
        raise NothingScannedError(
            "no account was found (use --allow-empty if that is right)", _named(request)
        )
    ordered = engine.groups().orderBy(*GROUP_ROWS.names)
    groups = cluster_lines(batch.column("row") for batch in batches_of(ordered.select("row")))
    return Gathered(
        request, engine.compiled, seen, collected, findings, (part,), engine.tables, groups
    )


@contextmanager
def _stage(stages: Stages, name: str) -> Iterator[None]:
    """Measure a stage and show that it goes on: Spark alone knows how far it is."""
    stages.progress(name, 0, 1)
    with stages.measured(name):
        yield
    stages.progress(name, 1, 1)


def _named(request: AuditRequest) -> str:
    if request.dataset is not None:
        return str(request.dataset)
    return ", ".join(name for _, name in request.tables)


def _screened(
    request: AuditRequest, intake: Intake | None, noted: Noted, refused: Refused
) -> Screened:
    """Gather what the workers told of the input, of which ``refused`` are the rows not read.

    Raises:
        InputError: there were rows of a kind, and not one could be read.
    """
    rows: Counter[str] = Counter()
    for kind, kept in noted.kept.items():
        rows.update(kept)
        check_kind(request.dataset or Path(), kind, kept.total(), refused.firsts.get(kind))
    files = () if intake is None else input_files(intake, rows)
    return Screened({}, refused, files, tuple(sorted(noted.unknown)), noted.incomplete)


def _write_part(engine: Engine, work: Path) -> Path:
    """Write what judging gave as one part of a run, by account.

    Raises:
        OutputError: the disk is full.
    """
    (path,) = plan_tasks(work / "judge", {"part-000000": {"rows": []}})
    counts = {kind: _write(path / name, engine.judged(kind)) for kind, name in _VALUES.items()}
    finish_task(path, told_counts(engine.tally()) | {"accounts": counts["account"]})
    return path


def _write(path: Path, frame: DataFrame) -> int:
    count = 0
    try:
        with path.open("w", encoding="utf-8") as file:
            for row in frame.select("value").toLocalIterator():
                file.write(f"{row['value']}\n")
                count += 1
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", str(path)) from error
    return count
