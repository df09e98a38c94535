"""What a run on Spark does with a place that fails it: told in one line, and the place is free."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from auditor.errors import AuditorError
from auditor.runs.spark import audit_on_spark
from auditor.runs.spark.engine import Engine
from bench.generate import Choices, write_dataset
from bench.platform import Shape
from tests.runs.spark.conftest import request_for
from tests.runs.stopping import refused_where_posts_change

pytestmark = [pytest.mark.xdist_group("spark"), pytest.mark.timeout(900)]


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """A small platform, a file a kind."""
    write_dataset(tmp_path / "data", Shape(600, 60, copies=0.3), Choices(planted=0.3))
    return tmp_path / "data"


def shortened(posts: Path) -> None:
    """Leave the first rows of a file."""
    pq.write_table(pq.read_table(posts).slice(0, 100), posts)


@pytest.mark.usefixtures("spark")
@pytest.mark.parametrize("stage", ["screen", "settle"])
def test_a_file_that_changes_under_a_run_ends_it_and_leaves_the_place_free(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    request = request_for(tmp_path / "run", dataset=dataset)
    at = (Engine, stage)
    refused_where_posts_change(audit_on_spark, request, monkeypatch, at, shortened)


def test_a_database_that_cannot_be_opened_is_told_before_anything_starts(
    dataset: Path, tmp_path: Path
) -> None:
    (tmp_path / "findings.db").write_text("no database", encoding="utf-8")
    request = request_for(tmp_path / "run", dataset=dataset, db=f"sqlite:///{tmp_path}/findings.db")
    with pytest.raises(AuditorError) as failed:
        audit_on_spark(request)
    assert "findings.db" in str(failed.value.where)
    assert not request.out.exists()
