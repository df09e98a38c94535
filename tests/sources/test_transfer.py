"""Exports of platforms into the store, and the store out again."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from auditor.errors import InputError, OutputError
from auditor.model import Account, Change, Credential, Post, PostRef, Rejection
from auditor.sources import (
    SCHEMAS,
    Kind,
    Source,
    dossiers_of,
    export_store,
    import_dataset,
    open_dataset,
    open_store_source,
    read_partition,
    write_partitions,
)
from auditor.store import Store, open_store

AT = datetime(2026, 11, 21, 8, 30, 0, 125, tzinfo=timezone(timedelta(hours=8)))
DAY = timedelta(days=1)
ACCOUNTS = [
    Account(
        platform="weibo",
        account_id="1",
        name="人民曰报",
        bio="简介\n第二行",
        verified="none",
        contacts=(),
        credentials=(Credential(kind="lawyer", number="1"),),
        followers=0,
        fetched_at=AT,
    ),
    Account(platform="bilibili", account_id="1", name="b"),
]
POSTS = [
    Post(
        platform="weibo",
        account_id="1",
        post_id=post_id,
        text="正文\u2028𠮷",
        reply_to=PostRef(platform="weibo", account_id="2", post_id="3"),
        labels=("fiction",),
        published_at=AT,
    )
    for post_id in ("2", "10")
]
CHANGE = Change(platform="weibo", account_id="1", field="bio", after="x", changed_at=AT)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database that is not there yet."""
    return f"sqlite:///{tmp_path}/a.db"


@pytest.fixture
def filled(url: str) -> str:
    """A database with something of each kind."""
    with open_store(url) as store:
        store.save_accounts(ACCOUNTS)
        store.save_posts(POSTS)
        store.record_changes([CHANGE])
    return url


def content(store: Store) -> tuple[list[Account], list[Post], list[Change]]:
    return list(store.list_accounts()), list(store.list_posts()), list(store.list_changes())


def table(source: Source, kind: Kind) -> pa.Table:
    batches = [batch.select(SCHEMAS[kind].names) for batch in source.batches(kind, refuse)]
    return pa.Table.from_batches(batches, schema=SCHEMAS[kind]).combine_chunks()


def refuse(rejection: Rejection) -> None:
    raise AssertionError(rejection)


def test_an_export_is_a_dataset_with_the_same_rows(filled: str, tmp_path: Path) -> None:
    written = export_store(filled, tmp_path / "out")
    assert [path.name for path in written] == ["accounts.jsonl", "posts.jsonl", "changes.jsonl"]
    store, dataset = open_store_source(filled), open_dataset(tmp_path / "out")
    kinds: tuple[Kind, ...] = ("accounts", "posts", "changes")
    for kind in kinds:
        assert table(store, kind).equals(table(dataset, kind))
    store.close()


def test_an_export_imports_into_the_same_store_and_exports_the_same_bytes(
    filled: str, tmp_path: Path
) -> None:
    first = export_store(filled, tmp_path / "one")
    other = f"sqlite:///{tmp_path}/b.db"
    for _ in range(2):
        summary = import_dataset(other, [tmp_path / "one"])
        assert (summary.accounts, summary.posts, summary.changes) == (2, 2, 1)
        assert not summary.rejected
    second = export_store(other, tmp_path / "two")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    with open_store(filled) as one, open_store(other) as two:
        assert content(one) == content(two)


def test_an_export_is_private_in_shanghai_time_and_in_the_order_of_keys(
    filled: str, tmp_path: Path
) -> None:
    accounts, posts, _ = export_store(filled, tmp_path / "out")
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    rows = [json.loads(line) for line in accounts.read_text("utf-8").splitlines()]
    assert [row["platform"] for row in rows] == ["bilibili", "weibo"]
    assert rows[1]["fetched_at"] == "2026-11-21T08:30:00.000125+08:00"
    assert "bio" not in rows[0]
    lines = posts.read_bytes().decode().split("\n")
    assert [json.loads(line)["post_id"] for line in lines if line] == ["10", "2"]


def test_an_export_that_fails_leaves_what_was_there(filled: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "accounts.jsonl").write_text("before")
    (out / "posts.csv").write_text("x")
    with pytest.raises(InputError, match=r"accounts\.jsonl: already holds accounts; name an empty"):
        export_store(filled, out)
    assert sorted(path.name for path in out.iterdir()) == ["accounts.jsonl", "posts.csv"]
    assert (out / "accounts.jsonl").read_text() == "before"
    with pytest.raises(OutputError, match="cannot be written"):
        export_store(filled, out / "posts.csv")


def test_an_empty_store_exports_an_empty_dataset(url: str, tmp_path: Path) -> None:
    open_store(url).close()
    export_store(url, tmp_path / "out")
    assert table(open_dataset(tmp_path / "out"), "accounts").num_rows == 0


def test_the_store_is_partitioned_as_a_dataset_is(filled: str, tmp_path: Path) -> None:
    export_store(filled, tmp_path / "out")
    sources: dict[str, Source] = {
        "store": open_store_source(filled),
        "dataset": open_dataset(tmp_path / "out"),
    }
    found = {
        name: [
            each
            for path in write_partitions(source, tmp_path / name, 3, refuse)
            for columns in read_partition(path, refuse)
            for each in dossiers_of(columns)
        ]
        for name, source in sources.items()
    }
    assert found["store"] == found["dataset"]
    assert {row.account.key for row in found["store"]} == {"weibo:1", "bilibili:1"}
    assert [(file.path, file.rows) for file in sources["store"].inputs()] == [
        ("store/accounts", 2),
        ("store/changes", 1),
        ("store/posts", 2),
    ]


def test_captures_in_one_file_become_history(url: str, tmp_path: Path) -> None:
    names = ["丙", "甲", "乙"]
    rows = [
        {
            "platform": "w",
            "account_id": "1",
            "name": name,
            "fetched_at": (AT + day * DAY).isoformat(),
        }
        for name, day in zip(names, (3, 1, 2), strict=True)
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "accounts.jsonl").write_text(lines)
    import_dataset(url, [tmp_path / "accounts.jsonl"])
    with open_store(url) as store:
        assert [change.after for change in store.list_changes()] == ["乙", "丙"]
        assert [account.name for account in store.list_accounts()] == ["丙"]


PATHS: list[tuple[str, dict[str, Any], str]] = [
    ("gone.jsonl", {}, "gone.jsonl: does not say what it holds; name it accounts.*"),
    ("posts.jsonl", {}, "posts.jsonl: does not exist"),
    ("empty", {}, "empty: holds no accounts.* and no posts.*"),
    ("accounts.txt", {}, "accounts.txt: is of no form that is read"),
    ("gone", {"kind": "posts"}, "gone: does not exist"),
]


@pytest.mark.parametrize(("name", "options", "message"), PATHS)
def test_a_path_that_cannot_be_imported_is_one_clear_line_and_makes_no_store(
    name: str, options: dict[str, Any], message: str, url: str, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "accounts.txt").touch()
    with pytest.raises(InputError) as caught:
        import_dataset(url, [tmp_path / name], **options)
    assert str(caught.value).startswith(f"{tmp_path}/{message}")
    assert not (tmp_path / "a.db").exists()


def test_files_folders_and_named_kinds_are_imported(url: str, tmp_path: Path) -> None:
    row = {"platform": "w", "account_id": "1", "post_id": "p", "text": "t"}
    (tmp_path / "posts").mkdir()
    for name, post_id in (("posts/1.jsonl", "a"), ("dump.jsonl", "b"), ("posts.jsonl", "c")):
        (tmp_path / name).write_text(json.dumps({**row, "post_id": post_id, "mood": "x"}))
    first = import_dataset(url, [tmp_path / "posts", tmp_path / "posts.jsonl"])
    second = import_dataset(url, [tmp_path / "dump.jsonl"], kind="posts")
    assert (first.posts, second.posts) == (2, 1)
    assert first.unknown_fields == ("posts.mood",)
    assert [file.path for file in first.inputs] == ["posts/1.jsonl", "posts.jsonl"]


def test_rejected_rows_are_told_and_opted_out_accounts_are_not_taken_in(
    url: str, tmp_path: Path
) -> None:
    rows = [{"platform": "w", "account_id": str(n), "name": "n"} for n in range(3)]
    rows[1]["name"] = ""
    (tmp_path / "accounts.jsonl").write_text("\n".join(map(json.dumps, rows)))
    summary = import_dataset(url, [tmp_path], UTC, opted_out={"w:2"})
    assert (summary.accounts, summary.opted_out) == (1, 1)
    assert [row.line for row in summary.rejected] == [2]
    with open_store(url) as store:
        assert [account.account_id for account in store.list_accounts()] == ["0"]
