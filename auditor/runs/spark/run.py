"""A run on Spark, and the same for a team's own job."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from auditor.config import rulesets_directory
from auditor.errors import NothingScannedError, OutputError, UsageError
from auditor.model import ClusterRow, Rejection
from auditor.rules import Language
from auditor.runs.across import groups_of, rows_of
from auditor.runs.collected import ALL_MISSING, COUNTED, SLEEPING_COUNTS, Sleepers, collect
from auditor.runs.groups import ACROSS, write_groups
from auditor.runs.intake import Progress
from auditor.runs.judging import ACCOUNTS, CLUSTERS, FINDINGS
from auditor.runs.local import GROUPS, Gathered, finish, no_progress
from auditor.runs.request import AuditRequest, AuditSummary
from auditor.runs.screening import Screened
from auditor.runs.spark.engine import Engine
from auditor.runs.spark.inputs import dataset_rows, frame_rows, input_files, table_rows
from auditor.runs.spark.session import open_session, scratch_of
from auditor.runs.stages import Stages
from auditor.runs.tasks import finish_task, plan_tasks
from auditor.runs.work import locked, open_work, remove_work
from auditor.runs.worker import compiled_of
from auditor.sources import KINDS, check_kind

log = logging.getLogger(__name__)

_VALUES = {"finding": FINDINGS, "account": ACCOUNTS, "cluster": CLUSTERS}


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
    with stages.measured("compile"):
        compiled = compiled_of(request)
    with stages.measured("start"):
        spark = open_session(request.workers, request.memory_mib)
    if request.dataset is not None:
        rows = dataset_rows(spark, request, request.dataset)
    elif request.tables:
        rows = table_rows(spark, request, dict(request.tables))
    else:
        raise UsageError("name a dataset directory, or tables", "--engine spark")
    with locked(request.out):
        # A run on Spark begins anew: what was done lies with the workers.
        remove_work(request.out)
        work, _ = open_work(request.out, f"spark {request.identity}")
        scratch = scratch_of(spark, work / "tables")
        engine = Engine(spark, compiled, rows, request.now, scratch)
        try:
            summary = _carry_out(request, engine, work, stages, started)
        finally:
            engine.release()
        remove_work(request.out)
    return summary


def _carry_out(
    request: AuditRequest, engine: Engine, work: Path, stages: Stages, started: datetime
) -> AuditSummary:
    with stages.measured("screen"):
        engine.screen()
        seen = _screened(request, engine)
    with stages.measured("settle"):
        seen.rejected += engine.settle()
    with stages.measured("judge"):
        engine.judge()
        engine.tables.make((("counted", COUNTED),))
        part = _write_part(engine, work)
    collected = collect((part,), engine.tables, engine.compiled, request.now)
    collected.rejected = seen.rejected
    if request.copies:
        with stages.measured("link"):
            engine.link()
            write_groups(work / GROUPS / ACROSS, rows_of(groups_of(engine.tables)))
    if not collected.counts["accounts"] and not request.allow_empty:
        remove_work(request.out)
        raise NothingScannedError(
            "no account was found (use --allow-empty if that is right)", _named(request)
        )
    with stages.measured("write"):
        run = Gathered(request, engine.compiled, seen, collected, (part,), engine.tables, work)
        return finish(run, started, stages)


def _named(request: AuditRequest) -> str:
    return (
        str(request.dataset) if request.dataset else ", ".join(name for _, name in request.tables)
    )


def _screened(request: AuditRequest, engine: Engine) -> Screened:
    """Gather what the workers told of the input.

    Raises:
        InputError: there were rows of a kind, and not one could be read.
    """
    rejected = engine.rejected()
    kept: Counter[str] = Counter()
    for kind in KINDS:
        counts = engine.kept(kind)
        kept += counts
        if request.dataset is not None:
            faults = [row for row in rejected if row.kind == kind]
            faults.sort(key=lambda row: (row.file, row.line or 0))
            check_kind(request.dataset, kind, counts.total(), faults)
    unknown = {name for rows in engine.rows.values() for name in rows.unknown}
    return Screened({}, rejected, input_files(request, kept), tuple(sorted(unknown)), False)


def _write_part(engine: Engine, work: Path) -> Path:
    """Write what judging gave as one part of a run, by account.

    Raises:
        OutputError: the disk is full.
    """
    (path,) = plan_tasks(work / "judge", {"part-000000": {"rows": []}})
    counts = {kind: _write(path / name, engine.judged(kind)) for kind, name in _VALUES.items()}
    tally = engine.tally()
    told = {name: dict(getattr(tally, name)) for name in ("fired", "silenced", "open")}
    gaps = [[list(key), count] for key, count in sorted(tally.gaps.items())]
    more = {"gaps": gaps, "accounts": counts["account"], "failures": tally.failures}
    finish_task(path, {**told, **more})
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


@dataclass(frozen=True)
class Audited:
    """What an audit of DataFrames gives; ``value`` holds each finding, account or row as JSON.

    ``findings``: finding_id, account_id, rule_id, value. ``accounts``: account_id, outcome,
    findings, value (null where no rule had to judge). ``clusters``: cluster_id, account_id,
    post_id, value. ``rejected``: kind, reason. What they are made from is kept until
    ``release``.
    """

    findings: DataFrame
    accounts: DataFrame
    clusters: DataFrame
    rejected: DataFrame
    engine: Engine

    def release(self) -> None:
        """Let the workers forget it; the DataFrames cannot be read any more."""
        self.engine.release()


def audit(
    accounts: DataFrame,
    posts: DataFrame,
    changes: DataFrame | None = None,
    *,
    now: datetime,
    rules: Iterable[Path] = (),
    references: Iterable[Path] = (),
    language: Language = "zh",
    timezone: str | None = None,
    copies: bool = True,
) -> Audited:
    """Audit DataFrames with the columns of docs/dataset.md, in the session that they belong to.

    ``rules`` and ``references`` are directories beside the shipped ones. Findings are not ranked
    and have no run: that is done where they are written.

    Raises:
        InputError: a column is missing.
        RulesetError: any fault in rules, word lists, notices or references.
    """
    shipped = rulesets_directory()
    request = AuditRequest(
        out=Path(),
        now=now,
        rules=(shipped, *rules),
        references=(shipped / "references", *references),
        language=language,
        timezone=timezone,
    )
    frames = {"accounts": accounts, "posts": posts, "changes": changes}
    given = {kind: frames[kind] for kind in KINDS}
    rows = {
        kind: frame_rows(kind, frame, timezone, kind)
        for kind, frame in given.items()
        if frame is not None
    }
    spark = accounts.sparkSession
    engine = Engine(spark, compiled_of(request), rows, now, scratch_of(spark, None))
    engine.screen()
    lost = engine.settle()
    engine.judge()
    rows_across: list[ClusterRow] = []
    if copies:
        engine.link()
        rows_across = list(rows_of(groups_of(engine.tables)))
    return Audited(
        findings=_findings(engine),
        accounts=_accounts(engine),
        clusters=_clusters(engine, rows_across),
        rejected=_rejected(engine, [*engine.rejected(), *lost]),
        engine=engine,
    )


def _findings(engine: Engine) -> DataFrame:
    rows = engine.tables["judged"].where("kind = 'finding'")
    return rows.select(
        F.get_json_object("value", "$.finding_id").alias("finding_id"),
        F.col("account").alias("account_id"),
        F.get_json_object("value", "$.rule_id").alias("rule_id"),
        "value",
    )


def _accounts(engine: Engine) -> DataFrame:
    """Return the accounts that were judged and those that no rule had to judge."""
    judged = engine.tables["judged"].where("kind = 'account'").select(
        F.col("account").alias("account_id"),
        F.get_json_object("value", "$.outcome").alias("outcome"),
        F.get_json_object("value", "$.findings").cast("int").alias("findings"),
        "value",
    )  # fmt: skip
    sleepers = Sleepers(engine.compiled, engine.tables)
    kinds = engine.tables.rows(SLEEPING_COUNTS.format(missing=ALL_MISSING)).to_pylist()
    outcomes = [
        (
            row["profile"],
            row["missing"],
            row["has_posts"],
            sleepers.outcome(row["profile"], row["missing"], row["has_posts"]),
        )
        for row in kinds
    ]
    schema = "profile boolean, missing bigint, has_posts boolean, outcome string"
    told = engine.spark.createDataFrame(outcomes, schema)
    asleep = engine.tables.sql(
        f"SELECT account AS account_id, profile, coalesce(missing, {ALL_MISSING}) AS missing, "
        "seen > 0 AS has_posts FROM listed WHERE NOT wakes AND NOT opted_out"
    )
    named = asleep.join(F.broadcast(told), ["profile", "missing", "has_posts"]).select(
        "account_id",
        "outcome",
        F.lit(0).alias("findings"),
        F.lit(None).cast("string").alias("value"),
    )
    return judged.unionByName(named)


def _clusters(engine: Engine, across: list[ClusterRow]) -> DataFrame:
    own = engine.tables["judged"].where("kind = 'cluster'").select("value")
    values = [(row.model_dump_json(),) for row in across]
    rows = own.union(engine.spark.createDataFrame(values, "value string"))
    named = [
        F.get_json_object("value", f"$.{name}").alias(name)
        for name in ("cluster_id", "account_id", "post_id")
    ]
    return rows.select(*named, "value")


def _rejected(engine: Engine, rows: list[Rejection]) -> DataFrame:
    values = [(row.kind, row.reason) for row in rows]
    return engine.spark.createDataFrame(values, "kind string, reason string")
