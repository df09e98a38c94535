"""``auditor.runs.spark.audit``: DataFrames in, DataFrames out, in a team's own session."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from auditor.demo import REFERENCES
from auditor.errors import InputError
from auditor.runs import local
from auditor.runs.spark import audit
from tests.runs.spark.conftest import NOW, request_for
from tests.runs.spark.test_same_bytes import conformed

pytestmark = [pytest.mark.xdist_group("spark"), pytest.mark.timeout(900)]


def values(path: Path, name: str) -> list[str]:
    """One field of a JSONL file of a run."""
    return [json.loads(line)[name] for line in path.read_text(encoding="utf-8").splitlines()]


def test_findings_and_accounts_are_those_of_a_run_and_nothing_is_left_behind(
    spark: SparkSession, dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    clean = conformed(dataset, tmp_path / "clean")
    here = local.audit(request_for(tmp_path / "here", dataset=clean, copies=False))
    accounts, posts, changes = (
        spark.read.parquet(f"file:{clean}/{kind}.parquet")
        for kind in ("accounts", "posts", "changes")
    )
    before = {table.name for table in spark.catalog.listTables()}
    found = audit(accounts, posts, changes, now=NOW, references=[REFERENCES], copies=False)
    ids = sorted(row["finding_id"] for row in found.findings.collect())
    assert ids == sorted(values(here.run_directory / "findings.jsonl", "finding_id"))
    outcomes = {row["account_id"]: row["outcome"] for row in found.accounts.collect()}
    assert len(outcomes) == here.counts["accounts"]
    assert sum(outcome == "partial" for outcome in outcomes.values()) == here.counts["partial"]
    assert found.clusters.columns == ["cluster_id", "account_id", "post_id", "value"]
    assert [row["kind"] for row in found.rejected.collect()] == ["posts"]
    assert list(scratch.glob("auditor_*"))
    found.release()
    assert list(scratch.glob("auditor_*")) == []
    assert {table.name for table in spark.catalog.listTables()} == before


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        (["platform", "name"], "has no column account_id"),
        (["platform", "account_id", "name", "name"], "gives a column twice: name"),
    ],
)
def test_columns_that_do_not_fit_are_told_before_anything_runs(
    spark: SparkSession, columns: list[str], says: str
) -> None:
    frame = spark.createDataFrame([("x",) * len(columns)], columns)
    with pytest.raises(InputError, match=says):
        audit(frame, frame, now=NOW)


def test_a_row_is_told_from_others_by_all_that_it_says(spark: SparkSession) -> None:
    from auditor.runs.spark.frames import CONTENT, frame_rows

    schema = "platform string, account_id string, post_id string, text string, title string, "
    schema += "labels array<string>"
    rows = [
        ("p", "1", "a", "同", None, None),
        ("p", "1", "a", None, "同", None),
        ("p", "1", "a", "同", None, []),
        ("p", "1", "a", "同", None, [None]),
        ("p", "1", "a", "同", None, ["x"]),
        ("p", "1", "a", "同", "", None),
    ]
    frame = spark.createDataFrame(rows, schema)
    placed = frame_rows("posts", frame, None, "t").frame
    assert len({row[CONTENT] for row in placed.collect()}) == len(rows)
