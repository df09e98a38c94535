"""Databases that cannot be used: one clear line, with what and where."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from auditor.errors import AuditorError, LockedError, OutputError, UsageError
from auditor.model import Account, Post
from auditor.store import open_store

ACCOUNT = Account(platform="w", account_id="1", name="甲")


@pytest.fixture
def url(path: Path) -> str:
    """Its URL."""
    return f"sqlite:///{path}"


def test_a_new_database_is_readable_by_its_owner_only(url: str, path: Path) -> None:
    before = os.umask(0)
    try:
        with open_store(url) as store:
            store.save_account(ACCOUNT)
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert set(modes) >= {"audit.db", "audit.db-wal"}
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize(
    ("url", "kind", "message"),
    [
        ("not a url", UsageError, "not a url: is no database URL such as sqlite:///auditor.db"),
        ("sqlite://", UsageError, "sqlite://: keeps nothing; name a file such as"),
        ("nosuch://host/db", UsageError, "nosuch://host/db: needs a driver that is not installed"),
        (
            "sqlite:///{d}/gone/a.db",
            OutputError,
            "{d}/gone/a.db: cannot be opened for writing (No s",
        ),
        ("sqlite:///{d}", OutputError, "{d}: cannot be opened for writing (Is a directory)"),
        ("sqlite:///{d}/text", UsageError, "{d}/text: is not a database; name another file"),
        ("sqlite:///{d}/other.db", UsageError, "{d}/other.db: is the database of another program"),
        (
            "sqlite:///file:{d}/empty?mode=ro&uri=true",
            OutputError,
            "is read-only; make it writable",
        ),
    ],
)
def test_a_database_that_cannot_be_opened_is_one_clear_line(
    url: str, kind: type[AuditorError], message: str, tmp_path: Path
) -> None:
    (tmp_path / "text").write_text("platform,account_id\n" * 100)
    (tmp_path / "empty").touch()
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE thing (x)")
    with pytest.raises(kind) as caught:
        open_store(url.format(d=tmp_path))
    assert message.format(d=tmp_path) in str(caught.value)
    assert "\n" not in str(caught.value)
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)


def test_a_database_that_another_writer_holds_is_waited_for_and_then_told(
    url: str, path: Path
) -> None:
    with open_store(url, busy_seconds=0.05) as store, closing(sqlite3.connect(path)) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LockedError, match=f"{path}: is being written by another process"):
            store.save_account(ACCOUNT)
        assert list(store.list_accounts()) == []
        other.execute("ROLLBACK")
        assert store.save_account(ACCOUNT)


def test_a_new_database_that_another_process_holds_is_told(url: str, path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.isolation_level = None
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LockedError, match="is being written by another process"):
            open_store(url, busy_seconds=0.05)


def test_a_read_only_database_is_told_at_the_first_write(url: str, path: Path) -> None:
    with open_store(url) as store:
        store.save_account(ACCOUNT)
    with open_store(f"sqlite:///file:{path}?mode=ro&uri=true") as store:
        assert list(store.list_accounts()) == [ACCOUNT]
        with pytest.raises(OutputError, match="is read-only; make it writable"):
            store.save_account(ACCOUNT.model_copy(update={"account_id": "2"}))


def test_a_full_disk_keeps_what_was_saved_before(url: str, path: Path) -> None:
    with open_store(url) as store:
        store.save_account(ACCOUNT)
        with store._writing() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
        posts = [
            Post(platform="w", account_id="1", post_id=str(n), text="字" * 900) for n in range(99)
        ]
        with pytest.raises(OutputError, match=f"{path}: cannot grow, the disk is full; what was"):
            store.save_posts(posts)
        assert list(store.list_accounts()) == [ACCOUNT]
        assert list(store.list_posts()) == []


def test_a_file_size_limit_is_a_fault_with_a_name(url: str, path: Path) -> None:
    code = """
import resource, signal, sys
from auditor.errors import AuditorError
from auditor.model import Post
from auditor.store import open_store
store = open_store(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
try:
    for n in range(9_999):
        store.save_posts([Post(platform="w", account_id="1", post_id=str(n), text="x" * 9_999)])
except AuditorError as error:
    print(type(error).__name__, error.where)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, url],
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stderr, done.stdout) == ("", f"OutputError {path}\n")
    with open_store(url) as store:
        kept = [int(post.post_id) for post in store.list_posts()]
    assert sorted(kept) == list(range(len(kept)))


def test_a_damaged_database_is_told(url: str, path: Path) -> None:
    with open_store(url) as store:
        store.save_posts(
            Post(platform="w", account_id="1", post_id=str(n), text="字" * 900) for n in range(99)
        )
    data = bytearray(path.read_bytes())
    data[4096 * 20 :] = b"\xff" * (len(data) - 4096 * 20)
    path.write_bytes(data)
    with (
        pytest.raises(OutputError, match="is damaged; restore it from"),
        open_store(url) as store,
    ):
        list(store.list_posts())


def test_an_error_does_not_repeat_what_was_to_be_saved(url: str, path: Path) -> None:
    with open_store(url, busy_seconds=0.01) as store, closing(sqlite3.connect(path)) as other:
        with store._writing() as connection:
            connection.exec_driver_sql("DROP TABLE post")
        with pytest.raises(OutputError) as caught:
            store.save_posts([Post(platform="w", account_id="1", post_id="p", text="13800138000")])
        assert "13800138000" not in f"{caught.value}{caught.value.__cause__}"
        assert str(caught.value) == f"{path}: the database failed (no such table: post)"
        other.close()
