"""Posts are read once after they were screened, whatever is asked of them then."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyspark.sql import DataFrame, SparkSession

from auditor.runs.copying import COPYABLE, copyable
from auditor.runs.spark.engine import Engine
from auditor.runs.spark.functions import LAID, WIRED, lay_down, sent
from auditor.runs.spark.rows import Settled
from auditor.runs.spark.slices import SliceRows, dataset_rows
from auditor.runs.worker import compiled_of
from auditor.sources import LOCATED
from bench.generate import Choices, write_dataset
from bench.platform import Shape
from tests.runs.spark.conftest import NOW, request_for, screen_and_settle

pytestmark = [pytest.mark.xdist_group("spark"), pytest.mark.timeout(900)]


TOLD = pa.schema([("line", pa.int64()), ("judged", pa.bool_()), ("copyable", pa.bool_())])


def settled(asked: list[tuple[bool, bool]]) -> Settled:
    """Rows of slice 3, and of each whether it is judged, and whether it may be a copy."""
    rows = [
        {"platform": "p", "account_id": f"a{n % 2}", "post_id": f"{n}", "text": "天" * n,
         "title": "早" if n % 3 else None, "row_file": "posts", "row_line": n + 1}
        for n in range(len(asked))
    ]  # fmt: skip
    told = pa.RecordBatch.from_arrays(
        [
            pa.array(range(1, len(asked) + 1), pa.int64()),
            pa.array([judged for judged, _ in asked], pa.bool_()),
            pa.array([may for _, may in asked], pa.bool_()),
        ],
        schema=TOLD,
    )
    return Settled(3, pa.RecordBatch.from_pylist(rows, LOCATED["posts"]), told)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=6))
def test_each_row_is_laid_down_for_what_is_asked_of_it(asked: list[tuple[bool, bool]]) -> None:
    each = settled(asked)
    laid = pa.Table.from_batches(list(lay_down([each])), schema=LAID)
    judged = laid.filter(laid.column("row").is_valid()).select(WIRED["posts"].names)
    compared = laid.filter(laid.column("post").is_valid()).select(COPYABLE.names)
    assert judged.num_rows + compared.num_rows == laid.num_rows
    whole = pa.array([judged for judged, _ in asked], pa.bool_())
    assert judged.to_pylist() == sent("posts", each.rows.filter(whole)).to_pylist()
    may = pa.array([may for _, may in asked], pa.bool_())
    numbers = pa.array([(3 << 40) + n + 1 for n in range(len(asked))], pa.int64())
    alone = copyable(each.rows.filter(may), numbers.filter(may))
    assert compared.to_pylist() == alone.to_pylist()


@pytest.mark.parametrize("across", [True, False])
def test_posts_are_asked_for_once_after_they_were_screened(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, across: bool
) -> None:
    asked: list[str] = []
    plain = SliceRows.wanted

    def told(rows: SliceRows, *words: Any) -> DataFrame:
        asked.append(rows.kind)
        return plain(rows, *words)

    monkeypatch.setattr(SliceRows, "wanted", told)
    write_dataset(tmp_path / "data", Shape(2_000, 100, copies=0.3), Choices(planted=0.2))
    request = replace(request_for(tmp_path / "run", dataset=tmp_path / "data"), copies=across)
    _, rows = dataset_rows(spark, request)
    engine = Engine(spark, compiled_of(request), rows, NOW, f"file:{tmp_path}")
    screen_and_settle(engine)
    engine.judge(across=across)
    if across:
        engine.link()
        assert engine.tables["groups_across"].count() > 0
    assert asked.count("posts") == 1
    engine.release()
