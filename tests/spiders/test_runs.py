"""Whole crawls: what ends them, what they keep, and how the next one goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest

from auditor.errors import UsageError
from auditor.model import Account, CrawlSettings, CrawlSummary
from auditor.runs.crawl import open_targets, start_crawl
from auditor.store import open_store
from spiders.run import crawl

if TYPE_CHECKING:
    from tests.spiders.conftest import Answer, Kit, Site


class Stall:
    """A site that answers until its ``from_path`` is asked for, then waits until told to go on."""

    def __init__(self, kit: Kit, from_path: str) -> None:
        self.kit = kit
        self.from_path = from_path
        self.reached = Event()
        self.go_on = Event()
        self.site: Site = kit.serve(self._answer)

    def _answer(self, path: str, _times: int) -> Answer | None:
        if path == self.from_path and not self.go_on.is_set():
            self.reached.set()
            page = self.kit.profile(path)
            page.release = self.go_on
            return page
        return None


@pytest.fixture(name="stall")
def _stall(kit: Kit) -> Iterator[Stall]:
    stall = Stall(kit, "/u3")
    yield stall
    stall.go_on.set()


@pytest.fixture(name="begun")
def _begun(stall: Stall, kit: Kit, tmp_path: Path) -> Iterator[tuple[Begun, Stall, CrawlSettings]]:
    targets = [f"{stall.site.url}/u{number}" for number in range(1, 6)]
    settings = kit.settings(tmp_path / "a.db", *targets)
    process = subprocess.Popen(
        [sys.executable, "-m", "spiders.run"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write(settings.model_dump_json().encode())
    process.stdin.close()
    process.stdin = None
    assert stall.reached.wait(60)
    yield process, stall, settings
    process.kill()
    process.communicate()


Begun = subprocess.Popen[bytes]


def accounts(settings: CrawlSettings) -> list[Account]:
    with closing(open_store(settings.db)) as store:
        return list(store.list_accounts())


def names(settings: CrawlSettings) -> list[str | None]:
    return [account.name for account in accounts(settings)]


def test_a_second_crawl_ends_with_75_and_after_a_kill_the_next_loses_nothing(
    begun: tuple[Begun, Stall, CrawlSettings],
) -> None:
    process, stall, settings = begun
    second = start_crawl(settings)
    assert second.exit_code == 75
    assert f"process {process.pid} is crawling profiles" in second.reason
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    assert names(settings) == ["N u1", "N u2"]
    stall.go_on.set()
    stall.site.forget()
    summary = start_crawl(settings)
    assert (summary.exit_code, summary.resumed, summary.accounts) == (0, 2, 3)
    assert [seen.path for seen in stall.site.pages()] == ["/u3", "/u4", "/u5"]
    assert names(settings) == [f"N u{number}" for number in range(1, 6)]
    assert summary.sources[0].fetched == 5


def test_an_interrupted_crawl_keeps_what_was_done_and_ends_with_130(
    begun: tuple[Begun, Stall, CrawlSettings],
) -> None:
    process, stall, settings = begun
    process.send_signal(signal.SIGINT)
    stall.go_on.set()
    out, _ = process.communicate(timeout=30)
    summary = CrawlSummary.model_validate_json(out)
    assert (process.returncode, summary.exit_code) == (130, 130)
    assert set(names(settings)) >= {"N u1", "N u2"}
    assert "/u5" not in stall.site.paths()
    after = start_crawl(settings)
    assert (after.exit_code, after.run_id) == (0, summary.run_id)
    assert len(names(settings)) == 5


def test_a_crawl_ends_with_the_process_that_started_it(
    stall: Stall, kit: Kit, tmp_path: Path
) -> None:
    settings = kit.settings(tmp_path / "a.db", f"{stall.site.url}/u3")
    code = (
        "import sys; from auditor.model import CrawlSettings; "
        "from auditor.runs.crawl import start_crawl; "
        "start_crawl(CrawlSettings.model_validate_json(sys.argv[1]))"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, settings.model_dump_json()])
    assert stall.reached.wait(60)
    parent.kill()
    parent.wait(30)
    stall.go_on.set()
    assert start_crawl(settings).exit_code == 0  # and not 75: the lock went with the crawl


ENDED = """
import sys
from auditor.cli.ending import answered_sigterm
from auditor.model import CrawlSettings
from auditor.runs.crawl import start_crawl

with answered_sigterm() as asked:
    summary = start_crawl(CrawlSettings.model_validate_json(sys.argv[1]))
print(summary.exit_code, summary.reason, len(asked))
"""


@pytest.mark.parametrize("to_all", [False, True], ids=["its caller", "all"])
def test_a_crawl_whose_caller_is_asked_to_end_keeps_what_is_in_hand(
    stall: Stall, kit: Kit, tmp_path: Path, *, to_all: bool
) -> None:
    # So many and so slow that they are not all read before the signal is passed on.
    targets = [f"{stall.site.url}/u{number}" for number in range(1, 31)]
    settings = kit.settings(tmp_path / "a.db", *targets, delay_seconds=0.4)
    parent = subprocess.Popen(
        [sys.executable, "-c", ENDED, settings.model_dump_json()],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert stall.reached.wait(60)
    (os.killpg if to_all else os.kill)(parent.pid, signal.SIGTERM)
    stall.go_on.set()
    out, _ = parent.communicate(timeout=30)
    assert out == "130 interrupted; what was collected is kept, run it again to go on 1\n"
    assert {"N u1", "N u2"} <= set(names(settings))
    assert len(names(settings)) < len(targets)


def test_a_private_address_is_not_asked_unless_that_is_allowed_nor_a_name_of_one(
    kit: Kit, tmp_path: Path
) -> None:
    site = kit.serve()
    port = site.url.rsplit(":", 1)[1]
    machine = os.uname().nodename  # resolves to an address of this machine, if it resolves at all
    targets = (f"{site.url}/u1", f"http://{machine}.:{port}/u1")
    settings = kit.settings(tmp_path / "a.db", *targets, allow_private=False, timeout_seconds=2)
    summary = start_crawl(settings)
    assert summary.exit_code == 4
    assert [row.failed for row in summary.sources] == [1, 1]
    reasons = {line.target: line.reason for line in summary.failures}
    assert "--allow-private" in reasons[targets[0]]
    assert (
        "resolved to a private address" in reasons[targets[1]] or "resolve" in reasons[targets[1]]
    )
    assert site.connections == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"controller": ""}, "controller (AUDITOR_CONTROLLER)"),
        ({"contact": " ", "legal_basis": ""}, "contact (AUDITOR_CONTACT), legal_basis"),
        ({"privacy_notice": ""}, "privacy_notice (AUDITOR_PRIVACY_NOTICE)"),
        ({"spider": "nobody"}, "no spider nobody; there are: mastodon, profiles"),
        ({"db": "nonsense"}, "not a database URL: nonsense"),
    ],
)
def test_a_callers_mistake_is_one_line_before_anything_is_asked(
    kit: Kit, tmp_path: Path, given: dict[str, str], reason: str
) -> None:
    settings = kit.settings(tmp_path / "a.db", "http://127.0.0.1:9/u1")
    with pytest.raises(UsageError) as caught:
        crawl(settings.model_copy(update=given))
    assert reason in caught.value.message


def test_a_callers_mistake_ends_with_2(kit: Kit, tmp_path: Path) -> None:
    summary = start_crawl(kit.settings(tmp_path / "a.db", "http://127.0.0.1:9/u1", contact=""))
    assert (summary.exit_code, summary.accounts) == (2, 0)
    assert "AUDITOR_CONTACT" in summary.reason


def test_a_crawler_that_ends_without_a_summary_is_an_internal_error(
    kit: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    summary = start_crawl(kit.settings(tmp_path / "a.db", "http://127.0.0.1/u1"))
    assert summary.exit_code == 70


PAGES = 6
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><item><guid>g1</guid>
<title>标题</title><description>&lt;p&gt;正文&lt;/p&gt;</description>
<pubDate>Mon, 02 Mar 2026 01:00:00 GMT</pubDate></item></channel></rss>"""


def _walked(kit: Kit, path: str) -> Answer:
    """Page ``n`` of six, with one post each, a day older from page to page."""
    number = int(path.partition("=")[2] or 1)
    page = kit.profile("/walked")
    day = f"2026-01-{28 - number:02}".encode()
    page.body = page.body.replace(b"p-walked", b"p%d" % number).replace(b"2026-01-05", day)
    if number < PAGES:
        page.body += f'<a rel="next" href="/walked?p={number + 1}">'.encode()
    return page


def _without_posts(kit: Kit) -> Answer:
    page = kit.profile("/fed")
    start, end = page.body.index(b',\n    "hasPart"'), page.body.index(b"]}") + 1
    link = b'<link rel="alternate" type="application/rss+xml" href="/feed">'
    page.body = link + page.body[:start] + page.body[end:]
    return page


def _renamed(kit: Kit, times: int) -> Answer:
    page = kit.profile("/renamed")
    if times > 1:
        page.body = page.body.replace(b"N renamed", "新名字".encode())
    return page


@dataclass
class Repeated:
    """The same crawl, and once more."""

    runs: list[CrawlSummary]
    paths: list[list[str]]
    settings: CrawlSettings


@pytest.fixture(name="repeated", scope="module")
def _repeated(kit: Kit, tmp_path_factory: pytest.TempPathFactory) -> Repeated:
    def script(path: str, times: int) -> Answer | None:
        if path == "/feed":
            return kit.answer(FEED.encode(), headers={"Content-Type": "application/rss+xml"})
        if path.startswith("/walked"):
            return _walked(kit, path)
        if path == "/fed":
            return _without_posts(kit)
        return _renamed(kit, times) if path == "/renamed" else None

    site = kit.serve(script)
    targets = [f"{site.url}/{name}" for name in ("walked", "fed", "renamed")]
    settings = kit.settings(tmp_path_factory.mktemp("repeated") / "a.db", *targets)
    runs, paths = [], []
    for _ in range(2):
        before = len(site.seen)
        runs.append(start_crawl(settings))
        paths.append(site.paths()[before:])
    return Repeated(runs, paths, settings)


def test_a_crawl_that_came_to_its_end_is_not_gone_on_with_but_done_again(
    repeated: Repeated,
) -> None:
    assert [run.exit_code for run in repeated.runs] == [0, 0]
    assert [run.changed for run in repeated.runs] == [11, 1]
    assert len({run.run_id for run in repeated.runs}) == 2


def test_a_rename_between_two_crawls_is_a_change(repeated: Repeated) -> None:
    with closing(open_store(repeated.settings.db)) as store:
        (change,) = [found for found in store.list_changes() if found.field == "name"]
    assert (change.before, change.after) == ("N renamed", "新名字")


def test_pages_that_follow_are_walked_until_two_of_them_are_known(repeated: Repeated) -> None:
    walked = [sum(path.startswith("/walked") for path in paths) for paths in repeated.paths]
    assert walked == [PAGES, 2]
    assert repeated.runs[0].sources[0].oldest_post_at == "2026-01-05T10:00:00+08:00"


def test_an_announced_feed_stands_in_for_posts_that_the_page_lacks(repeated: Repeated) -> None:
    with closing(open_store(repeated.settings.db)) as store:
        (post,) = [post for post in store.list_posts() if post.account_id == "fed"]
    assert (post.post_id, post.title, post.text) == ("g1", "标题", "正文")


def test_targets_come_from_a_file_or_from_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(b"\xef\xbb\xbftarget\na@e.example\n")
    assert [row.target for row in open_targets(str(file)).rows] == ["a@e.example"]
    with file.open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert [row.target for row in open_targets("-").rows] == ["a@e.example"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "cannot be read: No such file"), (b"target\n\xff@e.example\n", "is not UTF-8")],
)
def test_a_targets_file_that_cannot_be_read_is_one_clear_line(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    file = tmp_path / "t.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Exception, match=reason) as caught:
        open_targets(str(file))
    assert str(caught.value).startswith(str(file))
