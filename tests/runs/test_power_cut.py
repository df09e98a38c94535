"""What a machine that lost its power left of a run, or a disk that lost a file: done again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from auditor.errors import OutputError
from auditor.runs.fetching import FETCHED
from auditor.runs.intake import take_in
from auditor.runs.judging import read_columns
from auditor.runs.local import audit
from auditor.runs.pool import Workers
from auditor.runs.tasks import finish_task, is_done, plan_tasks, read_result
from auditor.runs.work import WORK
from bench.generate import Choices, write_dataset
from bench.platform import Shape
from tests.runs.nights import tables_of
from tests.runs.stopping import request_for, stopped


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("data")
    write_dataset(directory, Shape(600, 60, copies=0.3), Choices(planted=0.3))
    return directory


@pytest.fixture(scope="module")
def whole(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tables of a run that nothing happened to."""
    out = tmp_path_factory.mktemp("whole") / "run"
    audit(request_for(dataset, out))
    return tables_of(out)


@pytest.mark.parametrize(
    ("lost", "left"),
    [
        ("screen/posts-000000/post_facts.parquet", "nothing"),
        ("screen/accounts-000000/account_facts.parquet", "a part"),
        ("screen/posts-000000/rejected.jsonl", "no file"),
        ("fetch/posts-000000/rows.arrow", "a part"),
        ("fetch/posts-000000/candidates.arrow", "no file"),
        ("judge/part-000000/findings.jsonl", "a part"),
        ("judge/part-000000/accounts.jsonl", "nothing"),
        ("judge/part-000000/owners.arrow", "nothing"),
        ("copied/posts-000000/rows.parquet", "a part"),
        ("screen/posts-000000/done", "a part"),
        ("judge/part-000000/done", "nothing"),
    ],
)
def test_a_task_whose_file_was_lost_is_done_again(
    lost: str,
    left: str,
    dataset: Path,
    whole: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    request = request_for(dataset, tmp_path / "resumed")
    stopped(request, monkeypatch, "finish")
    path = request.out / WORK / lost
    kept = path.read_bytes()
    if left == "no file":
        path.unlink()
    else:
        path.write_bytes(kept[: len(kept) // 2] if left == "a part" else b"")
    audit(request)
    assert tables_of(request.out) == whole


def test_a_task_is_done_while_its_files_are_as_long_as_they_were(tmp_path: Path) -> None:
    (path,) = plan_tasks(tmp_path, {"one": {}})
    (path / "rows").write_text("rows", encoding="utf-8")
    finish_task(path, {"count": 1})
    assert is_done(path)
    assert read_result(path) == {"count": 1}
    (path / "rows").write_text("row", encoding="utf-8")
    assert not is_done(path)


def test_a_half_written_end_of_a_task_is_no_file_of_it(tmp_path: Path) -> None:
    (path,) = plan_tasks(tmp_path, {"one": {}})
    # As a kill leaves it that comes between the writing and the renaming.
    (path / "done.part").write_text("{", encoding="utf-8")
    finish_task(path, {})
    assert is_done(path)


def test_an_input_whose_task_is_not_done_is_never_left_out(tmp_path: Path) -> None:
    tasks = plan_tasks(tmp_path, {"posts-000000": {"kind": "posts", "path": "posts.jsonl"}})
    with pytest.raises(OutputError, match="cannot be read back"):
        take_in(request_for(tmp_path, tmp_path / "run"), tasks)


def half_done(path: Path) -> None:
    """Die for good, once, as one who is killed while the end of a task is written."""
    mark = path.parent.parent.parent / "died"
    if not mark.exists():
        mark.touch()
        (path / "rows").write_text("half", encoding="utf-8")
        (path / "done").write_text('{"sizes": {"rows": 9}}', encoding="utf-8")
        os._exit(9)
    (path / "rows").write_text("all of it", encoding="utf-8")
    finish_task(path, {})


def test_a_worker_that_died_over_a_task_with_an_old_end_leaves_it_to_be_done(
    tmp_path: Path,
) -> None:
    paths = plan_tasks(tmp_path / "run" / "work", {"one": {}, "two": {}})
    with Workers(print, (), 2) as workers:
        # The other may have been finished unseen when the first one died: it is not named then.
        assert set(workers.run(list(paths), half_done)) <= set(paths)
    assert all(is_done(path) for path in paths)


@pytest.mark.parametrize("table", ["findings.jsonl", "accounts.jsonl"])
@pytest.mark.parametrize("change", [1, 0], ids=["one more", "one less"])
def test_a_part_whose_findings_and_accounts_differ_is_told(
    table: str, change: int, dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = request_for(dataset, tmp_path / "run")
    stopped(request, monkeypatch, "collect")
    part = request.out / WORK / "judge" / "part-000000"
    lines = (part / table).read_text(encoding="utf-8").splitlines(keepends=True)
    flagged = [line for line in lines if '"findings":0' not in line]
    lines = [*lines, flagged[-1]] if change else [line for line in lines if line != flagged[-1]]
    (part / table).write_text("".join(lines), encoding="utf-8")
    # As if it had ended so: its files are as long as it says.
    finish_task(part, read_result(part))
    with pytest.raises(OutputError, match="holds other findings than its accounts tell of"):
        audit(request)


@pytest.mark.parametrize("table", ["findings.jsonl", "accounts.jsonl"])
def test_a_damaged_part_of_the_same_length_is_told_in_one_line(
    table: str, dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = request_for(dataset, tmp_path / "run")
    stopped(request, monkeypatch, "collect")
    rows = request.out / WORK / "judge" / "part-000000" / table
    rows.write_bytes(b"\0" * rows.stat().st_size)
    with pytest.raises(OutputError, match="cannot be read back") as failed:
        audit(request)
    assert "\n" not in str(failed.value)


def test_rows_that_cannot_be_read_back_for_judging_are_told_in_one_line(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = request_for(dataset, tmp_path / "run")
    stopped(request, monkeypatch, "finish")
    work = request.out / WORK
    rows = work / FETCHED / "posts-000000" / "rows.arrow"
    rows.write_bytes(b"\0" * rows.stat().st_size)
    with pytest.raises(OutputError, match="cannot be read back") as failed:
        read_columns(work / "judge" / "part-000000")
    assert "\n" not in str(failed.value)
