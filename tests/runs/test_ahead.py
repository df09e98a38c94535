"""What workers share is loaded for large runs only, and changes nothing of what they find."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from auditor.rules import Compiled
from auditor.runs import ahead
from auditor.runs.ahead import load_ahead
from auditor.runs.local import audit
from auditor.runs.pool import may_fork
from auditor.text import compiles, switch_loops
from tests.runs.stopping import request_for

TEXT = "今天在城东的小区门口等车，天气不错，路上的人比昨天多，回家以后把照片整理了一遍。"
TABLES = ("findings.csv", "accounts.csv", "clusters.csv", "coverage.csv")


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Accounts of which one repeats itself."""
    directory = tmp_path / "data"
    directory.mkdir()
    owners = [str(n % 20) for n in range(200)]
    posts = {
        "platform": ["p"] * 200,
        "account_id": owners,
        "post_id": [str(n) for n in range(200)],
        "text": [TEXT if owner == "3" else f"{TEXT}{n}" for n, owner in enumerate(owners)],
    }
    accounts = {"platform": ["p"] * 20, "account_id": [*map(str, range(20))], "name": ["小满"] * 20}
    pa.parquet.write_table(pa.table(posts), directory / "posts.parquet")
    pa.parquet.write_table(pa.table(accounts), directory / "accounts.parquet")
    return directory


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    switch_loops(False)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_that_loads_ahead_writes_the_same(
    dataset: Path, tmp_path: Path, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    for least in (ahead.LARGE, 0):
        monkeypatch.setattr(ahead, "LARGE", least)
        out = tmp_path / f"run-{least}"
        audit(request_for(dataset, out, workers=workers))
        # What is loaded here is of no use to workers that are spawned.
        assert compiles() is (least == 0 and (workers == 1 or may_fork()))
        told.append([(out / name).read_bytes() for name in TABLES])
    assert told[0] == told[1]


def test_a_small_dataset_a_store_and_a_run_that_keeps_load_nothing(
    dataset: Path, tmp_path: Path, compiled: Compiled, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_ahead(request_for(dataset, tmp_path / "out"), compiled)
    monkeypatch.setattr(ahead, "LARGE", 0)
    load_ahead(request_for(dataset, tmp_path / "out", kept=tmp_path / "kept"), compiled)
    assert not compiles()
    load_ahead(request_for(dataset, tmp_path / "out"), compiled)
    assert compiles()
