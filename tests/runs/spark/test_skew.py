"""One account with nearly all posts: the same bytes, and its posts are never one task's."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from auditor.runs.local import audit
from auditor.runs.spark import audit_on_spark
from auditor.runs.spark.engine import Engine
from auditor.runs.spark.slices import dataset_rows
from auditor.runs.worker import compiled_of
from bench.generate import Choices, write_dataset
from bench.platform import Shape
from tests.runs.spark.conftest import NOW, request_for, screen_and_settle
from tests.runs.spark.test_same_bytes import told

pytestmark = [pytest.mark.xdist_group("spark"), pytest.mark.timeout(900)]

POSTS = 4_000
GROUP = 500
BY_AUTHOR = "SELECT account, count(*) AS posts FROM {table} GROUP BY account ORDER BY posts DESC"


@pytest.fixture(scope="module")
def skewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine tenths of the posts are of one account; they lie in eight row groups."""
    base = tmp_path_factory.mktemp("skewed")
    shape = Shape(POSTS, 100, largest=0.9, copies=0.3)
    write_dataset(base, shape, Choices(order="account", planted=0.2))
    path = base / "posts.parquet"
    pq.write_table(pq.read_table(path), path, row_group_size=GROUP)
    return base


@pytest.mark.usefixtures("spark", "small_slices")
def test_an_account_with_nearly_all_posts_gives_the_same_bytes(
    skewed: Path, tmp_path: Path
) -> None:
    here = audit(request_for(tmp_path / "here", dataset=skewed))
    there = audit_on_spark(request_for(tmp_path / "there", dataset=skewed))
    assert told(there.run_directory) == told(here.run_directory)


@pytest.mark.usefixtures("small_slices")
def test_no_task_is_given_all_posts_of_an_account(
    spark: SparkSession, skewed: Path, tmp_path: Path
) -> None:
    request = request_for(tmp_path / "run", dataset=skewed)
    _, rows = dataset_rows(spark, request)
    engine = Engine(spark, compiled_of(request), rows, NOW, f"file:{tmp_path}")
    screen_and_settle(engine)
    engine.judge(across=False)
    (account, posts), *_ = engine.tables.sql(BY_AUTHOR.format(table="posts")).collect()
    assert posts > 0.8 * POSTS
    # A task writes a file: who screened what.
    screened = engine.tables["screened_posts"].where(F.col("account") == account)
    by_task = [row["count"] for row in screened.groupBy(F.input_file_name()).count().collect()]
    assert sum(by_task) >= posts
    assert max(by_task) <= GROUP
    # With their texts only those travel that a rule looks at.
    (busiest, sent), *_ = engine.tables.sql(BY_AUTHOR.format(table="wanted_posts")).collect()
    assert busiest == account
    assert sent < posts / 4
    engine.release()
