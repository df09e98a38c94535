"""An audit of DataFrames, for a team's own job: DataFrames in, DataFrames out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from auditor.config import rulesets_directory
from auditor.model import Rejection
from auditor.rules import Language
from auditor.runs.collected import SLEEPING_COUNTS, Sleepers
from auditor.runs.request import AuditRequest
from auditor.runs.spark.engine import Engine
from auditor.runs.spark.frames import frame_rows
from auditor.runs.spark.rows import Rows
from auditor.runs.spark.session import scratch_of
from auditor.runs.worker import compiled_of
from auditor.sources import KINDS, Kind

_ASLEEP = """
    SELECT account AS account_id, profile, coalesce(missing, {all_missing}) & {asked} AS missing,
      seen > 0 AS has_posts
    FROM listed WHERE NOT wakes AND NOT opted_out
"""


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
    given = {"accounts": accounts, "posts": posts, "changes": changes}
    rows: dict[Kind, Rows] = {}
    for kind in KINDS:
        frame = given[kind]
        if frame is not None:
            rows[kind] = frame_rows(kind, frame, timezone, kind)
    spark = accounts.sparkSession
    engine = Engine(spark, compiled_of(request), rows, now, scratch_of(spark, None))
    refused = _carried_out(engine, copies=copies)
    return Audited(
        findings=_findings(engine),
        accounts=_accounts(engine),
        clusters=_clusters(engine),
        rejected=_rejected(engine, refused),
        engine=engine,
    )


def _carried_out(engine: Engine, *, copies: bool) -> list[Rejection]:
    """Do all stages; return the rows that were refused."""
    refused: list[Rejection] = []
    engine.screen(refused.extend)
    engine.settle(refused.extend)
    engine.judge(across=copies)
    if copies:
        engine.link()
    return refused


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
    kinds = engine.tables.rows(SLEEPING_COUNTS.format(**sleepers.values)).to_pylist()
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
    asleep = engine.tables.sql(_ASLEEP.format(**sleepers.values))
    named = asleep.join(F.broadcast(told), ["profile", "missing", "has_posts"]).select(
        "account_id",
        "outcome",
        F.lit(0).alias("findings"),
        F.lit(None).cast("string").alias("value"),
    )
    return judged.unionByName(named)


def _clusters(engine: Engine) -> DataFrame:
    return engine.groups().select(
        "cluster_id",
        F.get_json_object("row", "$.account_id").alias("account_id"),
        "post_id",
        F.col("row").alias("value"),
    )


def _rejected(engine: Engine, rows: list[Rejection]) -> DataFrame:
    values = [(row.kind, row.reason) for row in rows]
    return engine.spark.createDataFrame(values, "kind string, reason string")
