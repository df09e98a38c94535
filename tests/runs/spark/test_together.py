"""Kinds are screened at the same time, and where one fails nobody waits for the others."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest
from pyspark.sql import DataFrame, SparkSession

from auditor.errors import InputError
from auditor.runs.spark.engine import Engine
from auditor.runs.worker import compiled_of
from auditor.sources import Kind
from tests.runs.spark.conftest import NOW, request_for, screen_and_settle

pytestmark = [pytest.mark.xdist_group("spark"), pytest.mark.timeout(900)]

LONG = 60
"""Seconds that the posts would take."""


def asleep(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """A task that goes on for long."""
    for batch in batches:
        time.sleep(LONG)
        yield batch


@dataclass
class FailingEngine(Engine):
    """An engine that cannot read one kind while it reads another."""

    failing: Kind = "accounts"

    def _screened(self, kind: Kind) -> DataFrame:
        if kind == self.failing:
            tracker = self.spark.sparkContext.statusTracker()
            while not tracker.getActiveJobsIds():
                time.sleep(0.1)
            raise InputError("cannot be read", kind)
        if kind != "changes":
            self.spark.range(0, 1, 1, 1).mapInArrow(asleep, "id long").collect()
        return self.spark.range(0)


@pytest.mark.parametrize("failing", ["accounts", "posts"])
def test_where_one_kind_fails_the_jobs_of_the_others_end(
    spark: SparkSession, tmp_path: Path, failing: Kind
) -> None:
    compiled, place = compiled_of(request_for(tmp_path)), str(tmp_path)
    engine = FailingEngine(spark, compiled, {}, NOW, place, failing=failing)
    started = time.monotonic()
    with pytest.raises(InputError, match=failing):
        screen_and_settle(engine)
    assert time.monotonic() - started < LONG
    engine.release()
