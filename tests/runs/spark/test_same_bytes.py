"""A run on Spark writes what a run on one machine writes, byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

from auditor.runs.local import audit
from auditor.runs.spark import audit_on_spark
from auditor.sources import KINDS, LOCATED, SCHEMAS, Kind, open_dataset
from tests.runs.spark.conftest import request_for

pytestmark = [pytest.mark.xdist_group("spark"), pytest.mark.timeout(900)]

FILES = (
    "findings.csv",
    "findings.jsonl",
    "accounts.csv",
    "clusters.csv",
    "coverage.csv",
    "rules.csv",
    "rejected.csv",
)


def told(run: Path) -> dict[str, bytes]:
    """The files of a run that other runs over the same input must equal."""
    return {name: (run / name).read_bytes() for name in FILES}


@pytest.mark.usefixtures("spark", "small_slices")
def test_a_dataset_with_every_kind_of_trouble_gives_the_same_bytes(
    dataset: Path, tmp_path: Path
) -> None:
    here = audit(request_for(tmp_path / "here", dataset=dataset))
    there = audit_on_spark(request_for(tmp_path / "there", dataset=dataset))
    assert told(there.run_directory) == told(here.run_directory)
    assert there.counts == here.counts
    assert there.warnings == here.warnings
    assert there.exit_code == here.exit_code == 3
    assert here.counts["findings"] > 40
    assert here.counts["rejected"] >= 4
    assert (tmp_path / "here" / "clusters.csv").read_bytes().count(b"\n") > 50
    assert not (tmp_path / "there" / ".work").exists()


@pytest.mark.usefixtures("spark")
def test_a_file_that_breaks_off_is_told_in_the_same_words(dataset: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(dataset, broken)
    path = next(path for path in sorted((broken / "posts").iterdir()) if "demo" not in path.name)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 2_000] = b"\xff" * 2_000
    path.write_bytes(data)
    given = {"dataset": broken, "copies": False}
    here = audit(request_for(tmp_path / "here", **given))
    there = audit_on_spark(request_for(tmp_path / "there", **given))
    assert told(there.run_directory) == told(here.run_directory)
    assert there.warnings == here.warnings
    assert any("broke off" in warning for warning in there.warnings)


def conformed(dataset: Path, target: Path) -> Path:
    """The good rows of a dataset in the canonical form, a file a kind: what a warehouse holds."""
    target.mkdir()
    source = open_dataset(dataset)
    for kind in KINDS:
        batches = source.batches(kind, lambda rejection: None)
        table = pa.Table.from_batches(list(batches), schema=LOCATED[kind])
        pq.write_table(table.select(SCHEMAS[kind].names), target / f"{kind}.parquet")
    return target


def test_tables_of_the_catalogue_give_the_same_findings(
    spark: SparkSession, dataset: Path, tmp_path: Path
) -> None:
    clean = conformed(dataset, tmp_path / "clean")
    tables: list[tuple[Kind, str]] = []
    for kind in KINDS:
        frame = spark.read.parquet(f"file:{clean}/{kind}.parquet")
        frame.write.saveAsTable(f"platform_{kind}", mode="overwrite")
        tables.append((kind, f"platform_{kind}"))
    here = audit(request_for(tmp_path / "here", dataset=clean))
    there = audit_on_spark(request_for(tmp_path / "there", tables=tuple(tables)))
    for name in FILES[:-1]:
        left, right = (run.run_directory / name for run in (here, there))
        assert left.read_bytes() == right.read_bytes(), name
    assert here.counts["findings"] > 40
    # A table has no lines to name.
    lost = (tmp_path / "there" / "rejected.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[:2] for line in lost[1:]] == [["platform_posts", ""]]
