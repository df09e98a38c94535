"""Several writers at once lose nothing, and a kill at any moment loses one item at most."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.model import Account
from auditor.store import open_store

WRITER = """
import sys
from datetime import UTC, datetime, timedelta
from auditor.model import Account, FetchOutcome, Post
from auditor.store import open_store
url, name, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
start = datetime(2026, 1, 1, tzinfo=UTC)
with open_store(url) as store:
    for n in range(number):
        at = start + timedelta(minutes=n)
        store.save_account(Account(platform="w", account_id=name, name=f"n{n}", fetched_at=at))
        both = Account(platform="w", account_id="both", name=f"{name}{n}", fetched_at=at)
        store.save_account(both)
        store.save_posts([Post(platform="w", account_id=name, post_id=f"{n:05d}", text="t")])
        store.record_outcome(FetchOutcome(
            run_id=name, spider="s", subject="page", outcome="fetched", at=at, url=str(n)))
        print(n, flush=True)
"""

BULK = """
import sys
from auditor.model import Account, Post
from auditor.store import open_store
url = sys.argv[1]
with open_store(url) as store:
    for n in range(1000):
        ids = [f"{n:04d}-{k:04d}" for k in range(500)]
        store.save_accounts(Account(platform="w", account_id=name, name="n") for name in ids)
        store.save_posts(Post(platform="w", account_id=x, post_id="p", text="t" * 300) for x in ids)
        print(n, flush=True)
"""


def writer(url: str, name: str, number: int) -> subprocess.Popen[bytes]:
    return started(WRITER, url, name, str(number))


def started(code: str, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A line that is read takes no later one with it into a buffer, where it would be lost.
        bufsize=0,
    )


def test_two_writers_at_once_lose_nothing(url: str) -> None:
    # Both also make the database: neither finds it ready.
    processes = [writer(url, name, 60) for name in ("a", "b")]
    for process in processes:
        _, said = process.communicate(timeout=120)
        assert (process.returncode, said) == (0, b"")
    with open_store(url) as store:
        names = [account.account_id for account in store.list_accounts()]
        posts = [(post.account_id, int(post.post_id)) for post in store.list_posts()]
        lines = [(line.run_id, int(line.url)) for line in store.list_outcomes()]
        changes = [change.account_id for change in store.list_changes()]
    assert names == ["a", "b", "both"]
    assert posts == sorted(lines) == [(name, n) for name in "ab" for n in range(60)]
    assert (changes.count("a"), changes.count("b")) == (59, 59)


def killed(process: subprocess.Popen[bytes], seen: int) -> int:
    """Kill a writer once it has reported ``seen``; the last that it reported."""
    assert process.stdout is not None
    reported = -1
    while reported < seen:
        ready, _, _ = select.select([process.stdout], [], [], 60)
        assert ready, "the writer does not write"
        reported = int(process.stdout.readline())
    os.kill(process.pid, signal.SIGKILL)
    rest, _ = process.communicate(timeout=60)
    return max([reported, *(int(number) for number in rest.split())])


@pytest.mark.parametrize("seen", [0, 2, 5])
def test_a_writer_killed_in_bulk_leaves_whole_calls_and_every_one_that_it_reported(
    url: str, seen: int
) -> None:
    reported = killed(started(BULK, url), seen)
    with open_store(url) as store:
        accounts = [account.account_id for account in store.list_accounts()]
        posts = [post.account_id for post in store.list_posts()]
        assert len(accounts) % 500 == len(posts) % 500 == 0
        assert (reported + 1) * 500 <= len(posts) <= len(accounts) <= (reported + 2) * 500
        assert accounts[: len(posts)] == posts
        assert store.save_account(Account(platform="w", account_id="new", name="after"))


@pytest.mark.parametrize("seen", [0, 7, 23])
def test_a_killed_writer_leaves_every_item_that_it_reported(url: str, seen: int) -> None:
    reported = killed(writer(url, "a", 100_000), seen)
    with open_store(url) as store:
        posts = [int(post.post_id) for post in store.list_posts()]
        (account,) = [row for row in store.list_accounts() if row.account_id == "a"]
        assert posts[: reported + 1] == list(range(reported + 1))
        assert len(posts) <= reported + 2
        assert account.name in (f"n{reported}", f"n{reported + 1}")
        assert store.save_account(Account(platform="w", account_id="new", name="after"))
