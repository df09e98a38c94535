"""The database of a run: how much memory it gets of the budget of its process."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from auditor.runs.facts import TABLES
from auditor.runs.tables import database_mib, open_tables
from auditor.sources import write_parquet

NO_FACTS = {name: () for schemas in TABLES.values() for name in schemas}


@pytest.mark.parametrize(("budget", "limit"), [(128, 192), (1024, 192), (1280, 448), (4096, 3264)])
def test_rules_and_lists_come_first(budget: int, limit: int) -> None:
    assert database_mib(budget) == limit


def test_the_limit_is_the_database_s(tmp_path: Path) -> None:
    with open_tables(tmp_path, NO_FACTS, 1024, 1) as tables:
        told = tables.rows("SELECT current_setting('memory_limit') AS given").to_pylist()
    assert told == [{"given": "192.0 MiB"}]


ODD_NAMES = ["md:run", "s3:x", "file:x", "~", "run[1]", "run*"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_tables_lie_where_the_path_says_and_are_read_from_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    schema = pa.schema([("slice", pa.int32())])
    for number, directory in enumerate((name, "run1", "run2")):
        Path(directory).mkdir()
        rows = pa.RecordBatch.from_pylist([{"slice": number}], schema)
        write_parquet(Path(directory, "facts.parquet"), schema, [rows])
    work = Path(name)
    with open_tables(work, NO_FACTS, 1024, 1) as tables:
        tables.read("told", schema, [work / "facts.parquet"])
        assert tables.rows("SELECT * FROM told").to_pylist() == [{"slice": 0}]
        (batch,) = tables.columns("told", ["slice"])
        assert batch.to_pylist() == [{"slice": 0}]
        tables.write("SELECT slice + 1 AS more FROM told", work / "made.parquet")
    found = sorted(path.name for path in work.iterdir())
    assert found == ["facts.parquet", "made.parquet", "tables"]
    assert len(list(tmp_path.iterdir())) == 3
