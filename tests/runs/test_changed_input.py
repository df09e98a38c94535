"""Files that are read in place and change under a run: nothing is written of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.runs import local, stages
from auditor.runs.local import audit
from auditor.runs.work import WORK
from bench.generate import Choices, write_dataset
from bench.platform import Shape
from tests.runs.nights import tables_of
from tests.runs.stopping import refused_where_posts_change, request_for


def with_texts(table: pa.Table, change: Callable[[str], str]) -> pa.Table:
    texts = pa.array([change(text) for text in table.column("text").to_pylist()], pa.string())
    return table.set_column(table.column_names.index("text"), "text", texts)


def cut_off(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def damage(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[400 : len(whole) // 2] = os.urandom(len(whole) // 2 - 400)
    path.write_bytes(whole)


def written(change: Callable[[pa.Table], pa.Table]) -> Callable[[Path], None]:
    def anew(path: Path) -> None:
        pq.write_table(change(pq.read_table(path)), path)

    return anew


CHANGES: dict[str, Callable[[Path], None]] = {
    "removed": Path.unlink,
    "cut off": cut_off,
    "damaged": damage,
    "fewer rows": written(lambda table: table.slice(0, 100)),
    "another order": written(lambda table: table.take(pa.array(range(table.num_rows)[::-1]))),
    "texts too short to compare": written(lambda table: with_texts(table, lambda _: "x")),
    "a character more": written(lambda table: with_texts(table, lambda text: f"{text}新")),
}


@pytest.mark.parametrize("stage", ["screen", "settle"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changes_under_a_run_ends_it_and_leaves_the_place_free(
    change: str, stage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_dataset(tmp_path / "data", Shape(600, 60, copies=0.3), Choices(planted=0.3))
    request = request_for(tmp_path / "data", tmp_path / "run")
    at = {"screen": (stages, "screening_tasks"), "settle": (local, "settle")}[stage]
    refused_where_posts_change(audit, request, monkeypatch, at, CHANGES[change])


def test_a_text_file_may_grow_once_it_was_laid_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choices = Choices(planted=0.3, form="jsonl")
    write_dataset(tmp_path / "data", Shape(200, 20), choices)
    audit(request_for(tmp_path / "data", tmp_path / "before"))
    settle = stages.settle

    def late(*words: Any) -> Any:
        with (tmp_path / "data" / "posts.jsonl").open("a", encoding="utf-8") as file:
            file.write('{"platform":"p","account_id":"1","post_id":"late","text":"晚"}\n')
        return settle(*words)

    monkeypatch.setattr(local, "settle", late)
    audit(request_for(tmp_path / "data", tmp_path / "run"))
    assert tables_of(tmp_path / "run") == tables_of(tmp_path / "before")
    assert not (tmp_path / "run" / WORK).exists()
