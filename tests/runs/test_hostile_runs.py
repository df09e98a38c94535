"""Runs that are killed, resumed over other input, or pointed at the wrong place."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from auditor.errors import InputError, OutputError, UsageError
from auditor.runs import stages
from auditor.runs.local import audit
from auditor.runs.work import WORK, open_work
from auditor.text import switch_loops
from tests.runs.stopping import request_for, stopped

ORPHAN = """
import sys, time
from pathlib import Path
from auditor.runs.pool import Workers

def stays(path: Path) -> None:
    path.write_text(str(__import__("os").getpid()))
    time.sleep(300)

if __name__ == "__main__":
    list(Workers(print, (), 2).run([Path(name) for name in sys.argv[1:]], stays))
"""

NOT_UTF8 = [
    b"\xff\xfe",
    b"a\xc0\xaf",
    b"\xe5\xa4\xa9\xe5\x9c",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
]


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """One account with a field beyond the contract, one bad row, and posts that break off."""
    directory = tmp_path / "data"
    directory.mkdir()
    account = {"platform": "p", "account_id": "1", "name": "小满", "mobile 13800138000": 1}
    text = json.dumps(account, ensure_ascii=False) + "\nbad\n"
    (directory / "accounts.jsonl").write_text(text, encoding="utf-8")
    return directory


def record(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return {name: found[name] for name in ("inputs", "warnings", "counts", "exit_code")}


def test_a_resumed_run_says_the_same_of_its_input(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = audit(request_for(dataset, tmp_path / "whole"))
    request = request_for(dataset, tmp_path / "resumed")
    stopped(request, monkeypatch, "judge")
    (request.out / ".findings.csv.abc.part").write_text("half", encoding="utf-8")
    again = audit(request)
    assert again.exit_code == whole.exit_code == 3
    assert record(request.out) == record(tmp_path / "whole")
    assert record(request.out)["inputs"]
    assert not list(request.out.glob(".*"))


def test_what_a_killed_run_left_of_its_tables_is_not_read(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = audit(request_for(dataset, tmp_path / "whole"))
    request = request_for(dataset, tmp_path / "resumed")
    stopped(request, monkeypatch, "judge")
    left = request.out / WORK / "tables"
    left.mkdir(exist_ok=True)
    for name in ("tables.duckdb", "tables.duckdb.wal"):
        (left / name).write_bytes(b"half a page" * 400)
    assert audit(request).counts == whole.counts


def test_a_run_is_not_resumed_over_another_input(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = request_for(dataset, tmp_path / "run")
    stopped(request, monkeypatch, "judge")
    with (dataset / "accounts.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"platform":"p","account_id":"2","name":"大满"}\n')
    with pytest.raises(UsageError, match="with other rules, references or input"):
        audit(request)


def test_a_run_is_not_resumed_by_another_version(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = request_for(dataset, tmp_path / "run")
    stopped(request, monkeypatch, "judge")
    with monkeypatch.context() as patch:
        patch.setattr("auditor.runs.local.program_digest", lambda: "another")
        with pytest.raises(UsageError, match="of another command or version"):
            audit(request)
    assert audit(request).counts


def test_a_run_directory_inside_the_dataset_is_no_input_of_its_own(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = audit(request_for(dataset, tmp_path / "whole"))
    request = request_for(dataset, dataset / "run")
    stopped(request, monkeypatch, "judge")
    # As a kill leaves it that comes while the reports are written.
    (request.out / "findings.csv").write_text("half", encoding="utf-8")
    assert audit(request).counts == whole.counts


def test_a_run_killed_in_its_first_moment_does_not_block_its_directory(
    dataset: Path, tmp_path: Path
) -> None:
    request = request_for(dataset, tmp_path / "run")
    (request.out / WORK).mkdir(parents=True)
    (request.out / WORK / "state.json.part").write_text("{", encoding="utf-8")
    assert audit(request).exit_code == 3


def test_an_input_that_cannot_be_read_leaves_the_directory_free(tmp_path: Path) -> None:
    (tmp_path / "accounts.jsonl.gz").write_bytes(b"no gzip")
    with pytest.raises(UsageError, match="gzip"):
        audit(request_for(tmp_path, tmp_path / "run"))
    assert not list((tmp_path / "run").iterdir())


def refuses_beside_a_writer(path: Path) -> None:
    """Reading of which one refuses its file while another still writes."""
    begun = path.parent.parent.parent.parent / "begun"
    try:
        begun.touch(exist_ok=False)
    except FileExistsError:
        raise InputError("is not JSON", "posts.jsonl:1") from None
    end = time.monotonic() + 3
    while time.monotonic() < end:
        path.mkdir(parents=True, exist_ok=True)
        time.sleep(0.001)


def test_a_refused_input_leaves_the_directory_free_while_a_worker_still_writes(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = {"platform": "p", "account_id": "1", "post_id": "1", "text": "早安"}
    (dataset / "posts.jsonl").write_text(json.dumps(post), encoding="utf-8")
    request = request_for(dataset, tmp_path / "run", workers=2)
    with monkeypatch.context() as patch:
        patch.setattr(stages, "lay_down_task", refuses_beside_a_writer)
        with pytest.raises(InputError, match="not JSON"):
            audit(request)
    assert (tmp_path / "begun").exists()
    assert not list(request.out.iterdir())
    assert audit(request).counts["posts"] == 1


@pytest.mark.parametrize("place", ["out", "kept"])
@pytest.mark.parametrize(("name", "told"), [("x" * 300, "too long"), ("a\0b", "no name")])
def test_a_name_that_no_directory_can_have_is_the_callers_mistake(
    dataset: Path, tmp_path: Path, place: str, name: str, told: str
) -> None:
    places = {"out": tmp_path / "run", place: tmp_path / name}
    with pytest.raises(UsageError, match=told):
        audit(request_for(dataset, **places))


def test_unknown_field_names_are_masked_and_few(dataset: Path, tmp_path: Path) -> None:
    row = {f"k{number}": 1 for number in range(100)}
    account = {"platform": "p", "account_id": "2", "name": "大满", **row}
    with (dataset / "accounts.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(account) + "\n")
    warning = audit(request_for(dataset, tmp_path / "run")).warnings[0]
    assert warning.endswith(" and 81 more")
    assert "13800138000" not in " ".join(record(tmp_path / "run")["warnings"])


def test_paths_that_look_like_addresses_or_patterns_are_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    accounts = [{"platform": "p", "account_id": "1", "name": "小满"}]
    posts = [{"platform": "p", "account_id": "1", "post_id": str(at), "text": "甲"} for at in "12"]
    for place in ("in:put", "s3:in", "~"):
        Path(place).mkdir()
        for kind, rows in (("accounts", accounts), ("posts", posts)):
            path = tmp_path / place / f"{kind}.parquet"
            pa.parquet.write_table(pa.Table.from_pylist(rows), path)
        summary = audit(request_for(Path(place), Path("md:run") / place, kept=Path("gs:kept")))
        assert (summary.exit_code, summary.counts["posts"]) == (0, 2)
        assert str(summary.run_directory) == f"md:run/{place}"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["in:put", "s3:in", "~", "md:run", "gs:kept"]
    )


def test_a_file_in_place_of_the_run_directory_is_the_callers_mistake(
    dataset: Path, tmp_path: Path
) -> None:
    (tmp_path / "run").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is a file; name a directory"):
        audit(request_for(dataset, tmp_path / "run"))
    assert (tmp_path / "run").read_text(encoding="utf-8") == "mine"


def test_a_directory_that_cannot_be_written_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuses)
    with pytest.raises(OutputError, match="cannot write here: Permission denied"):
        open_work(tmp_path, "identity")


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not (state.exists() and ") Z " in state.read_text(encoding="utf-8"))


def test_workers_end_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "orphan.py"
    script.write_text(ORPHAN, encoding="utf-8")
    marks = [tmp_path / "a", tmp_path / "b"]
    root = str(Path(__file__).parents[2])
    words = [sys.executable, str(script), *map(str, marks)]
    with subprocess.Popen(
        words, env={**os.environ, "PYTHONPATH": root}, stderr=subprocess.DEVNULL
    ) as parent:
        until(lambda: all(mark.exists() and mark.read_text() for mark in marks))
        parent.send_signal(signal.SIGKILL)
    workers = [int(mark.read_text(encoding="utf-8")) for mark in marks]
    until(lambda: not any(is_alive(worker) for worker in workers))


def until(true: Any) -> None:
    """Wait for another process, half a minute at most."""
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize("loops", [False, True], ids=["columns", "loops"])
@pytest.mark.parametrize(
    ("form", "broken"), [*product(("plain", "dictionary"), NOT_UTF8), ("view", NOT_UTF8[0])]
)
def test_a_post_that_is_not_utf8_is_refused_whoever_looks_at_it(
    tmp_path: Path, broken: bytes, loops: bool, form: str
) -> None:
    # Where texts are folded by a loop, reading leaves their UTF-8 to it.
    good = "天地玄黄，宇宙洪荒。".encode()
    columns: dict[str, list[bytes | None]] = {
        "text": [good, broken, good, good],
        "title": [None, good, None, b"\xe5\xa4" + broken],
    }
    types = {"plain": pa.string(), "dictionary": pa.string(), "view": pa.string_view()}
    posts = {
        name: pa.array(texts, pa.binary()).cast(types[form], safe=False)
        for name, texts in columns.items()
    }
    if form == "dictionary":
        posts = {name: column.dictionary_encode() for name, column in posts.items()}
    assert refused_of(tmp_path, posts, loops=loops) == [
        "posts.parquet,2,posts,text: is not UTF-8",
        "posts.parquet,4,posts,title: is not UTF-8",
    ]


@pytest.mark.parametrize("loops", [False, True], ids=["columns", "loops"])
def test_a_post_with_a_nul_is_refused_whoever_looks_at_it(tmp_path: Path, loops: bool) -> None:
    good = "天地玄黄，宇宙洪荒。"
    posts = {"text": ["\0", good, good, good], "title": [None, good, "玄\0", None]}
    assert refused_of(tmp_path, posts, loops=loops) == [
        "posts.parquet,1,posts,text: holds a NUL character",
        "posts.parquet,3,posts,title: holds a NUL character",
    ]


def refused_of(tmp_path: Path, posts: Mapping[str, Any], *, loops: bool) -> list[str]:
    """Audit four posts, of which two are read, and return the lines of the others."""
    keys = {"platform": ["p"] * 4, "account_id": ["1"] * 4, "post_id": ["1", "2", "3", "4"]}
    pa.parquet.write_table(pa.table({**keys, **posts}), tmp_path / "posts.parquet")
    switch_loops(loops)
    try:
        summary = audit(request_for(tmp_path, tmp_path / "out", allow_empty=True))
    finally:
        switch_loops(False)
    told = (tmp_path / "out" / "rejected.csv").read_text(encoding="utf-8-sig")
    assert (summary.exit_code, summary.counts["posts"]) == (3, 2)
    return told.splitlines()[1:]
