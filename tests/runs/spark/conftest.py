"""One session of Spark on this machine for all tests, and a dataset with every kind of trouble."""

from __future__ import annotations

import json
import os
import shutil
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

from auditor.config import rulesets_directory
from auditor.demo import REFERENCES, write_demo_dataset
from auditor.errors import UsageError
from auditor.model import Rejection
from auditor.runs.request import AuditRequest
from auditor.runs.spark.engine import Engine
from auditor.runs.spark.session import check_java, open_session
from auditor.sources import slices
from bench.generate import Choices, write_dataset
from bench.platform import Shape

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def request_for(out: Path, **more: Any) -> AuditRequest:
    """A request with the shipped rules and the invented bodies of the demo."""
    shipped = rulesets_directory()
    given: dict[str, Any] = {
        "out": out,
        "now": NOW,
        "rules": (shipped,),
        "references": (shipped / "references", REFERENCES),
        "run_id": "test",
    }
    return AuditRequest(**given | more)


def screen_and_settle(engine: Engine) -> list[Rejection]:
    """Do the first two stages; return the rows that were refused."""
    refused: list[Rejection] = []
    engine.screen(refused.extend)
    engine.settle(refused.extend)
    return refused


@pytest.fixture(scope="session")
def java() -> None:
    """Java is there, or the test is left out where that is allowed."""
    try:
        check_java()
    except UsageError as error:
        if os.environ.get("AUDITOR_REQUIRE_ALL"):
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def spark(java: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """``local[2]``, as a run on this machine starts it; a warehouse for its tables."""
    place = tmp_path_factory.mktemp("warehouse")
    os.environ["PYSPARK_SUBMIT_ARGS"] = f"--conf spark.sql.warehouse.dir={place} pyspark-shell"
    with warnings.catch_warnings():
        # Its own sockets and processes are closed when Python ends.
        warnings.simplefilter("ignore", ResourceWarning)
        session = open_session(2, 1024)
        yield session
        session.stop()
    del os.environ["PYSPARK_SUBMIT_ARGS"]


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, an invented platform, and rows that are bad, say the same or contradict each other.

    Its name has a blank and is Chinese; files of one kind have other columns, times in nanoseconds.
    One account has four tenths of the posts of the platform.
    """
    base = tmp_path_factory.mktemp("spark")
    whole = base / "数据 集"
    write_dataset(
        base / "town", Shape(2_000, 200, largest=0.4, copies=0.3), Choices(files=2, planted=0.2)
    )
    write_demo_dataset(base / "demo")
    for kind in ("accounts", "posts", "changes"):
        (whole / kind).mkdir(parents=True)
    shutil.copy(base / "town" / "accounts.parquet", whole / "accounts" / "town.parquet")
    for path in sorted((base / "town").glob("posts*/*")):
        pq.write_table(pq.read_table(path), whole / "posts" / path.name, row_group_size=300)
    for path in (base / "demo").glob("*.jsonl"):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        pq.write_table(pa.Table.from_pylist(rows), whole / path.stem / "demo.parquet")
    pq.write_table(troubled_posts(), whole / "posts" / "z 补.parquet")
    pq.write_table(troubled_accounts(), whole / "accounts" / "z.parquet")
    return whole


def troubled_posts() -> pa.Table:
    """Posts that are bad, twice there, or contradict each other."""
    at = datetime(2026, 11, 1, tzinfo=UTC)
    rows: list[dict[str, Any]] = [
        {"platform": "p", "account_id": "1", "post_id": "a", "text": "早上好", "published_at": at},
        {"platform": "p", "account_id": "1", "post_id": "a", "text": "早上好", "published_at": at},
        {"platform": "p", "account_id": "1", "post_id": "b", "text": "下雨了", "published_at": at},
        {"platform": "p", "account_id": "1", "post_id": "b", "text": "没下雨", "published_at": at},
        {"platform": "p", "account_id": "1", "post_id": None, "text": "无号", "published_at": at},
        {
            "platform": "p",
            "account_id": "1",
            "post_id": "c",
            "text": "空\x00字",
            "published_at": at,
        },
        {"platform": "p", "account_id": "1", "post_id": "d", "text": None, "published_at": at},
    ]
    schema = pa.schema(
        [
            ("platform", pa.string()),
            ("account_id", pa.string()),
            ("post_id", pa.string()),
            ("text", pa.large_string()),
            ("published_at", pa.timestamp("ns", "Asia/Shanghai")),
            ("心情", pa.string()),
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema)


def troubled_accounts() -> pa.Table:
    """Accounts that contradict each other, or have no name for themselves."""
    return pa.table(
        {
            "platform": ["p", "p", "p", "p", ""],
            "account_id": ["1", "1", "2", "2", "3"],
            "name": ["雨天", "雨天", "晴天", "多云", "无台"],
            "followers": ["12", "12", "-4", "九", "1"],
        }
    )


@pytest.fixture
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of some hundred rows, so that there are many."""
    monkeypatch.setattr(slices, "ROWS", 500)
