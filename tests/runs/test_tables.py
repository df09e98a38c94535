"""The database of a run: what memory it gets of its process, and how it says that it failed."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from auditor.errors import OutputError
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


@pytest.fixture(params=[100, 400, 1_000])
def small_files(request: pytest.FixtureRequest) -> Iterator[None]:
    """No file may grow beyond so many KiB, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (request.param * 1024, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("small_files")
def test_a_full_disk_is_told_in_one_line_whatever_the_database_calls_it(tmp_path: Path) -> None:
    # A write of its log that fails is a failed transaction, all that is asked after it fatal.
    query = "SELECT range, md5(range::VARCHAR) AS text FROM range(200_000)"
    with open_tables(tmp_path, NO_FACTS, 1024, 1) as tables:
        for name in ("one", "two", "three"):
            with pytest.raises(OutputError, match="the global stage failed") as failed:
                tables.make([(name, query)])
            assert "\n" not in str(failed.value)


def test_an_interruption_is_one_while_the_database_works(tmp_path: Path) -> None:
    def interrupts(*_: object) -> None:
        raise KeyboardInterrupt

    long = "SELECT sum(a.range * b.range) FROM range(1_000_000) a, range(1_000_000) b"
    before = signal.signal(signal.SIGALRM, interrupts)
    try:
        with open_tables(tmp_path, NO_FACTS, 1024, 1) as tables:
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with pytest.raises(KeyboardInterrupt):
                tables.rows(long)
            # What comes after it is asked of a database that is whole.
            assert tables.rows("SELECT 1 AS one").to_pylist() == [{"one": 1}]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


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
