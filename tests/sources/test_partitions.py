"""Parts hold whole accounts, whatever the order, form and number of the rows that came in."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import OutputError
from auditor.model import Dossier, Rejection
from auditor.sources import (
    Columns,
    Tally,
    account_at,
    columns_of,
    dossiers_of,
    open_dataset,
    read_partition,
    write_partitions,
)

Rows = Sequence[dict[str, Any]]
START = datetime(2026, 1, 1, tzinfo=UTC)


def account(number: int, **more: object) -> dict[str, Any]:
    return {"platform": "weibo", "account_id": str(number), "name": f"用户{number}", **more}


def post(number: int, name: str, **more: object) -> dict[str, Any]:
    row = {"platform": "weibo", "account_id": str(number), "post_id": name, "text": f"文{name}"}
    return {**row, **more}


def change(number: int, days: int, **more: object) -> dict[str, Any]:
    at = (START + timedelta(days=days)).isoformat()
    row = {"platform": "weibo", "account_id": str(number), "field": "name", "changed_at": at}
    return {**row, "before": "甲", "after": "乙", **more}


def hour(hours: int) -> str:
    return (START + timedelta(hours=hours)).isoformat()


def read(
    directory: Path, parts: int, *, part_bytes: int = 1 << 28
) -> tuple[list[Columns], list[Rejection]]:
    rejected: list[Rejection] = []
    paths = write_partitions(open_dataset(directory), directory / "work", parts, rejected.append)
    columns = [
        found
        for path in paths
        for found in read_partition(path, rejected.append, part_bytes=part_bytes)
    ]
    return columns, rejected


def dossiers(columns: Sequence[Columns]) -> dict[str, Dossier]:
    return {row.account.key: row for part in columns for row in dossiers_of(part)}


def write(directory: Path, accounts: Rows, posts: Rows, changes: Rows = ()) -> Path:
    for name, rows in (("accounts", accounts), ("posts", posts), ("changes", changes)):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (directory / f"{name}.jsonl").write_text(lines)
    return directory


def test_accounts_posts_and_changes_come_in_their_order(tmp_path: Path) -> None:
    accounts = [account(n) for n in (30, 4, 100)]
    posts = [
        post(4, "b", published_at=hour(2)),
        post(100, "x"),
        post(4, "c"),
        post(4, "a", published_at=hour(2)),
        post(4, "z", published_at=hour(1)),
    ]
    changes = [change(4, 2), change(4, 1, field="bio"), change(4, 1)]
    (columns,), rejected = read(write(tmp_path, accounts, posts, changes), 1)
    assert not rejected
    first, second, third = dossiers_of(columns)
    assert [each.account.account_id for each in (first, second, third)] == ["100", "30", "4"]
    assert [post.post_id for post in third.posts] == ["c", "z", "a", "b"]
    assert [len(each.posts) for each in (first, second, third)] == [1, 0, 4]
    assert [(row.field, row.changed_at.day) for row in third.changes] == [
        ("bio", 2),
        ("name", 2),
        ("name", 3),
    ]
    assert columns.posts.column("text").num_chunks == 1


def test_an_account_without_a_row_is_known_from_its_posts_and_changes(tmp_path: Path) -> None:
    data = write(tmp_path, [account(1)], [post(2, "a"), post(1, "b")], [change(3, 1)])
    found = dossiers(read(data, 2)[0])
    assert {key: row.profile_fetched for key, row in found.items()} == {
        "weibo:1": True,
        "weibo:2": False,
        "weibo:3": False,
    }
    assert found["weibo:2"].account.name is None
    assert [row.post_id for row in found["weibo:2"].posts] == ["a"]
    assert len(found["weibo:3"].changes) == 1


def test_a_dossier_counts_posts_that_are_not_in_it(tmp_path: Path) -> None:
    (columns,), _ = read(write(tmp_path, [account(1)], [post(1, name) for name in "abc"]), 1)
    (found,) = dossiers_of(replace(columns, posts_seen=np.array([7])))
    assert (len(found.posts), found.posts_seen) == (3, 7)


def test_a_row_of_an_account_that_nobody_named_is_told_without_its_key(tmp_path: Path) -> None:
    (columns,), _ = read(write(tmp_path, [account(1), account(2)], []), 1)
    tables = (columns.accounts, columns.posts, columns.changes)
    with pytest.raises(OutputError) as caught:
        columns_of(*tables, _refuse, {"weibo:1": Tally(0, 0)})
    assert str(caught.value) == (
        "the input changed while it was read (another account stands where one was)"
    )


OLD, NEW = {"fetched_at": hour(1)}, {"fetched_at": hour(2)}
DUPLICATES: list[tuple[str, list[dict[str, Any]], str, list[int]]] = [
    ("identical rows are one", [{}, {}, {}], "用户1", []),
    ("the newest stays", [OLD, {**NEW, "name": "new"}], "new", [1]),
    ("whatever the order", [{**NEW, "name": "new"}, OLD], "new", [2]),
    ("unknown time is oldest", [{"name": "a"}, {"fetched_at": hour(1), "name": "b"}], "b", [1]),
    ("same rows but for the time", [OLD, NEW], "用户1", [1]),
    ("equal times: greater content", [{"name": "b"}, {"name": "c"}, {"name": "a"}], "c", [1, 3]),
    ("equal and identical too", [{"name": "b"}, {"name": "c"}, {"name": "c"}], "c", [1]),
    ("lists differ", [{"contacts": ["a"]}, {"contacts": ["a", "b"]}], "用户1", [2]),
    ("null is less than empty", [{"contacts": []}, {"contacts": None}], "用户1", [2]),
    ("lists are equal", [{"contacts": ["a", "b"]}, {"contacts": ["a", "b"]}], "用户1", []),
    (
        "objects are equal",
        [{"credentials": [{"kind": "a"}]}, {"credentials": [{"kind": "a", "number": None}]}],
        "用户1",
        [],
    ),
    (
        "objects differ",
        [{"credentials": [{"kind": "b"}]}, {"credentials": [{"kind": "a", "number": "1"}]}],
        "用户1",
        [2],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "rows", "name", "lost"), DUPLICATES, ids=[row[0] for row in DUPLICATES]
)
def test_of_rows_with_one_key_one_stays(
    said: str, rows: list[dict[str, Any]], name: str, lost: list[int], tmp_path: Path
) -> None:
    accounts = [account(1, **row) for row in rows]
    (columns,), rejected = read(write(tmp_path, [*accounts, account(2)], []), 1)
    assert columns.accounts.num_rows == 2
    assert account_at(columns, 0).name == name
    assert [row.line for row in rejected] == lost
    reason = "another row with this key is newer, or as new and different"
    assert {row.reason for row in rejected} <= {reason}


def test_posts_with_one_key_and_identical_changes_are_settled_too(tmp_path: Path) -> None:
    posts = [
        post(1, "a", fetched_at=hour(1), reply_to={"post_id": "1"}),
        post(1, "a", fetched_at=hour(1), reply_to={"post_id": "2"}),
        post(1, "a", fetched_at=hour(2), text="newest"),
        post(2, "a"),
    ]
    changes = [change(1, 1), change(1, 1), change(1, 1, after=None)]
    (columns,), rejected = read(write(tmp_path, [account(1)], posts, changes), 1)
    assert [post.text for post in next(dossiers_of(columns)).posts] == ["newest"]
    assert [row.line for row in rejected] == [1, 2]
    assert columns.changes.num_rows == 2


@given(
    seed=st.integers(0, 2**32),
    parts=st.integers(1, 9),
    part_bytes=st.sampled_from([4_000, 1 << 28]),
)
@settings(max_examples=6, deadline=None)
def test_the_result_hangs_on_nothing_but_the_rows(seed: int, parts: int, part_bytes: int) -> None:
    chance = random.Random(7)
    accounts = [account(n % 40, name=f"n{n % 3}") for n in range(60)]
    posts = [
        post(chance.randrange(50), str(chance.randrange(90)), published_at=hour(n % 5), likes=n % 2)
        for n in range(300)
    ]
    changes = [change(n % 45, n % 7) for n in range(50)]
    outcomes = []
    for shuffled in (False, True):
        if shuffled:
            for rows in (accounts, posts, changes):
                random.Random(seed).shuffle(rows)
        with tempfile.TemporaryDirectory() as name:
            data = write(Path(name), accounts, posts, changes)
            columns, rejected = read(data, parts if shuffled else 1, part_bytes=part_bytes)
            outcomes.append((dossiers(columns), len(rejected)))
            for part in columns:
                keys = [account_at(part, index).key for index in range(part.accounts.num_rows)]
                assert keys == sorted(keys)
    assert outcomes[0] == outcomes[1]


def test_a_part_that_is_too_large_is_read_in_pieces(tmp_path: Path) -> None:
    posts = [post(n % 50, str(n), text="x" * 500) for n in range(2_000)]
    data = write(tmp_path, [account(n) for n in range(50)], posts)
    whole, _ = read(data, 1)
    pieces, _ = read(data, 1, part_bytes=200_000)
    assert len(whole) == 1
    assert len(pieces) > 4
    assert dossiers(pieces) == dossiers(whole)
    assert not list((tmp_path / "work").rglob("pieces"))


def test_accounts_fall_into_the_same_parts_in_every_process(tmp_path: Path) -> None:
    code = (
        "import pyarrow as pa; from auditor.sources.keys import parts_of;"
        "print(parts_of(pa.array([f'weibo:{n}' for n in range(2000)]), 16).tolist())"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    found = json.loads(outputs[0])
    assert min(found.count(part) for part in range(16)) > 80


def test_what_an_interrupted_run_left_is_not_read(tmp_path: Path) -> None:
    data = write(tmp_path, [account(n) for n in range(20)], [])
    read(data, 8)
    (data / "accounts.jsonl").write_text(json.dumps(account(99)))
    found = dossiers(read(data, 8)[0])
    assert list(found) == ["weibo:99"]


def test_more_parts_than_files_may_be_open_is_no_matter(tmp_path: Path) -> None:
    code = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_NOFILE, (64, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
from auditor.sources import open_dataset, write_partitions
data = Path(sys.argv[1])
print(len(write_partitions(open_dataset(data), data / "work", 300, print)))
"""
    write(tmp_path, [account(n) for n in range(3_000)], [])
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stderr, done.stdout) == ("", "300\n")


def test_parts_that_cannot_be_written_or_read_back_are_one_clear_line(tmp_path: Path) -> None:
    data = write(tmp_path, [account(1)], [])
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file: cannot be written"):
        write_partitions(open_dataset(data), tmp_path / "file", 2, _refuse)
    (path,) = write_partitions(open_dataset(data), tmp_path / "work", 2, _refuse)
    (path / "accounts.arrow").write_bytes(b"x" * 100)
    with pytest.raises(OutputError, match=f"{path.name}: cannot be read back"):
        list(read_partition(path, _refuse))


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    # A file size limit fails a write just as a full disk does; SIGXFSZ must not kill us first.
    code = """
import resource, signal, sys
from pathlib import Path
from auditor.errors import OutputError
from auditor.sources import open_dataset, write_partitions
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
data = Path(sys.argv[1])
try:
    write_partitions(open_dataset(data), data / "work", 1, print)
except OutputError as error:
    print(error)
"""
    numbers = random.Random(1)
    bios = [f"{numbers.getrandbits(4_000):x}" for _ in range(500)]
    data = write(tmp_path, [account(n, bio=bio) for n, bio in enumerate(bios)], [])
    done = subprocess.run(
        [sys.executable, "-c", code, str(data)],
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.startswith(f"{data}/work: cannot be written (")


def _refuse(rejection: Rejection) -> None:
    raise AssertionError(rejection)
