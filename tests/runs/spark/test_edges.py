"""What an operator is told when Spark cannot do what was asked; no session is needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from auditor.errors import OutputError, UsageError
from auditor.runs.spark.faults import cause, told
from auditor.runs.spark.judging import JUDGED, _whole_accounts, added, told_counts
from auditor.runs.spark.session import check_java
from auditor.runs.spark.slices import _by_slice
from tests.conftest import Auditor


def script(directory: Path, text: str) -> str:
    """A directory to stand on the PATH, with a ``java`` that prints a text."""
    directory.mkdir()
    path = directory / "java"
    path.write_text(f"#!/bin/sh\necho '{text}' >&2\n", encoding="utf-8")
    path.chmod(0o755)
    return str(directory)


@pytest.mark.parametrize(
    ("version", "says"),
    [
        ('openjdk version "11.0.2" 2019-01-15', "found 11"),
        ('java version "1.8.0_321"', "found 8"),
        ("what is this", "found an unknown version"),
        (None, "none is installed"),
    ],
)
def test_a_missing_or_old_java_is_told_in_one_line(
    auditor: Auditor, tmp_path: Path, version: str | None, says: str
) -> None:
    place = str(tmp_path / "none") if version is None else script(tmp_path / "bin", version)
    # /bin/sh must still be found by the script itself, not by its name.
    words = ("--engine", "spark", "--table", "posts=p")
    done = auditor("audit", *words, PATH=place, JAVA_HOME="")
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert "the Spark engine needs Java 17 or newer" in line
    assert says in line


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("posts.jsonl", "{}", "the Spark engine reads Parquet files and tables"),
        ("posts.csv", "post_id", "the Spark engine reads Parquet files and tables"),
        ("likes.parquet", "x", "holds no accounts.* and no posts.*"),
    ],
)
def test_what_cannot_be_read_is_told_before_java_is_looked_for(
    auditor: Auditor, tmp_path: Path, name: str, text: str, says: str
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / name).write_text(text, encoding="utf-8")
    done = auditor("audit", "data", "--engine", "spark", PATH=str(tmp_path / "none"), JAVA_HOME="")
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert says in line
    assert "Java" not in line
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_java_home_is_looked_at_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    (home).mkdir()
    script(home / "bin", 'openjdk version "21.0.1"')
    monkeypatch.setenv("JAVA_HOME", str(home))
    check_java()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "gone"))
    with pytest.raises(UsageError, match="none is installed"):
        check_java()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--table", "posts=p"), "tables are read with --engine spark"),
        (("--engine", "spark"), "name a dataset directory, or tables"),
        (("data", "--engine", "spark", "--table", "posts=p"), "not both"),
        (("--engine", "spark", "--table", "likes=p"), "is not accounts=NAME"),
        (("--engine", "spark", "--table", "posts="), "is not accounts=NAME"),
        (("--engine", "spark", "--table", "posts=a", "--table", "posts=b"), "names posts twice"),
        (("data", "--engine", "spark", "--kept", "k"), "keeps nothing between nights"),
    ],
)
def test_words_that_do_not_fit_the_engine_are_refused(
    auditor: Auditor, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    (tmp_path / "data").mkdir()
    done = auditor("audit", *words)
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert says in line
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


WORKER = """An error occurred while calling o57.parquet.
: org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in stage 1.0 failed
Traceback (most recent call last):
  File "worker.py", line 1, in main
ValueError: no such zone

	at org.apache.spark.api.python.BasePythonRunner.handlePythonException(PythonRunner.scala:1)
Caused by: org.apache.spark.api.python.PythonException: Traceback (most recent call last):
auditor.errors.InputError: posts.parquet: is no whole Parquet file
"""
FULL = """An error occurred while calling o57.parquet.
: org.apache.spark.SparkException: Job aborted due to stage failure
Caused by: java.lang.RuntimeException: outer
Caused by: java.io.IOException: No space left on device
"""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (WORKER, "auditor.errors.InputError: posts.parquet: is no whole Parquet file"),
        (FULL, "java.io.IOException: No space left on device"),
        (
            "[TABLE_OR_VIEW_NOT_FOUND] no such table\nmore",
            "[TABLE_OR_VIEW_NOT_FOUND] no such table",
        ),
        ("", "Exception"),
        ("x" * 1_000, "x" * 300),
    ],
)
def test_of_pages_of_traces_the_line_that_tells_why_is_shown(text: str, line: str) -> None:
    assert cause(Exception(text)) == line


def test_a_failed_job_is_a_failure_of_output() -> None:
    from py4j.protocol import Py4JError

    with pytest.raises(OutputError, match="No space left on device"), told():
        raise Py4JError(FULL)


def test_places_of_one_slice_come_together_over_the_edges_of_batches() -> None:
    def batches() -> Iterator[pa.RecordBatch]:
        for rows in ([(1, 5)], [], [(1, 7), (2, 1), (2, 3)], [(2, 4)], [(9, 1)]):
            columns = list(zip(*rows, strict=True)) or [(), ()]
            arrays = [pa.array(column, pa.int64()) for column in columns]
            schema = pa.schema([("slice", pa.int64()), ("line", pa.int64())])
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    found = [(number, told.column("line").to_pylist()) for number, told in _by_slice(batches())]
    assert found == [(1, [5, 7]), (2, [1, 3, 4]), (9, [1])]


@pytest.mark.parametrize("cut", [1, 3, 100, 1_000])
def test_an_account_is_never_divided_between_two_tables(cut: int) -> None:
    keys = sorted(f"p:{number % 700:04d}" for number in range(2_000))
    columns = {name: [None] * len(keys) for name in JUDGED.names} | {"account": keys}
    whole = pa.table(columns, schema=JUDGED)
    tables = list(_whole_accounts(whole.to_batches(max_chunksize=cut)))
    seen = [set(table.column("account").to_pylist()) for table in tables]
    assert sum(map(len, seen)) == len(set(keys))
    assert [key for table in tables for key in table.column("account").to_pylist()] == keys
    assert max(map(len, seen)) <= 256 + cut


def test_counts_of_tasks_add_up() -> None:
    import json

    from auditor.runs.judging import Judged

    one, two = Judged(), Judged()
    one.fired.update(a=2)
    one.gaps.update({("a:bio",): 3})
    two.fired.update(a=1, b=1)
    two.gaps.update({("a:bio",): 1, (): 4})
    two.failures.append("p:1: ValueError: x")
    whole = added(json.dumps(told_counts(each)) for each in (one, two))
    assert whole.fired == {"a": 3, "b": 1}
    assert whole.gaps == {("a:bio",): 4, (): 4}
    assert whole.failures == ["p:1: ValueError: x"]
