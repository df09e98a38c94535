"""One crawl over many ill-tempered hosts, and the same by Scrapy alone for comparison."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest

from auditor.model import CrawlSummary, SourceRow
from auditor.runs.crawl import start_crawl
from auditor.store import open_store

if TYPE_CHECKING:
    from tests.spiders.conftest import Answer, Kit, Site

MARGIN = 0.02  # seconds by which a gap may look shorter at the server than it was kept


@dataclass
class Town:
    """The hosts, by what is wrong with them, and the targets on each."""

    sites: dict[str, Site]
    targets: dict[str, list[str]]

    def all_targets(self) -> list[str]:
        return [target for targets in self.targets.values() for target in targets]


@dataclass
class Visit:
    """What a crawl over the town left at the hosts and in its summary."""

    town: Town
    summary: CrawlSummary
    names: set[str]
    pages: dict[str, list[str]]
    gaps: dict[str, list[float]]
    headers: dict[str, list[dict[str, str]]]
    connections: dict[str, int]

    def row(self, name: str) -> SourceRow:
        host = self.town.sites[name].host
        return next(row for row in self.summary.sources if row.source == host)

    def reason(self, name: str) -> str:
        first = self.town.targets[name][0]
        return next(line.reason for line in self.summary.failures if line.target == first)


def _build(kit: Kit, hold: Event) -> Town:
    html = {"Content-Type": "text/html; charset=utf-8"}
    zeros = gzip.compress(bytes(12 * 1024 * 1024))

    def script(**by_path: Answer) -> Site:
        return kit.serve(lambda path, _: by_path.get(path.strip("/").replace(".", "_")))

    sites = {
        "disallowed": script(robots_txt=kit.robots("User-agent: *\nDisallow: /u")),
        "robots_503": script(robots_txt=kit.answer(status=503)),
        "robots_404": script(robots_txt=kit.answer(status=404)),
        "robots_hangs": script(robots_txt=kit.answer(release=hold)),
        "crawl_delay": script(robots_txt=kit.robots("User-agent: *\nCrawl-delay: 0.4")),
        "long_delay": script(robots_txt=kit.robots("User-agent: *\nCrawl-delay: 9999")),
        "retry_after": kit.serve(
            lambda path, times: (
                kit.answer(status=429, headers={"Retry-After": "1"})
                if path == "/u1" and times == 1
                else None
            )
        ),
        "retry_never": script(u1=kit.answer(status=503, headers={"Retry-After": "86400"})),
        "too_many": script(u1=kit.answer(status=429)),
        "forbidden": script(u1=kit.answer(status=403)),
        "teapot": script(u1=kit.answer(status=418)),
        "challenge": script(u1=kit.answer(b"<title>Just a moment...</title>", headers=html)),
        "wall": script(u1=kit.answer("<p>请先登录后查看</p>".encode(), headers=html)),
        "login": script(u1=kit.answer(status=302, headers={"Location": "/login?next=u1"})),
        "huge": script(u1=kit.answer(bytes(11 * 1024 * 1024), headers=html)),
        "bomb": script(u1=kit.answer(zeros, headers={**html, "Content-Encoding": "gzip"})),
        "circle": script(u1=kit.answer(status=302, headers={"Location": "/u1"})),
        "broken": script(u1=kit.answer(b"\xff\x00<html>", headers=html)),
        "cookie": kit.serve(lambda path, _: _with_cookie(kit, path)),
        "noindex": script(
            u1=kit.answer(kit.profile("u1").body, headers={**html, "X-Robots-Tag": "noindex"})
        ),
        "victim": kit.serve(),
        "neighbour": kit.serve(),
    }
    for name in ("victim", "neighbour"):
        away = kit.answer(status=302, headers={"Location": f"{sites[name].url}/secret"})
        sites[f"to_{name}"] = script(u1=away)
    count = dict.fromkeys(sites, 3) | {"disallowed": 10, "victim": 0, "neighbour": 1}
    targets = {
        name: [f"{site.url}/u{number}" for number in range(1, count[name] + 1)]
        for name, site in sites.items()
    }
    return Town(sites, targets)


def _with_cookie(kit: Kit, path: str) -> Answer | None:
    if path == "/robots.txt":
        return None
    page = kit.profile(path)
    page.headers["Set-Cookie"] = "id=1"
    return page


def _visited(town: Town, summary: CrawlSummary, names: set[str]) -> Visit:
    visit = Visit(
        town=town,
        summary=summary,
        names=names,
        pages={name: [seen.path for seen in site.pages()] for name, site in town.sites.items()},
        gaps={name: site.gaps() for name, site in town.sites.items()},
        headers={name: [seen.headers for seen in site.seen] for name, site in town.sites.items()},
        connections={name: len(site.connections) for name, site in town.sites.items()},
    )
    for site in town.sites.values():
        site.forget()
    return visit


@pytest.fixture(name="town", scope="module")
def _town(kit: Kit) -> Iterator[Town]:
    hold = Event()
    yield _build(kit, hold)
    hold.set()


@pytest.fixture(name="visit", scope="module")
def _visit(town: Town, kit: Kit, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    db = tmp_path_factory.mktemp("crawl") / "a.db"
    summary = start_crawl(kit.settings(db, *town.all_targets(), timeout_seconds=1.0))
    store = open_store(f"sqlite:///{db}")
    names = {f"{account.platform} {account.name}" for account in store.list_accounts()}
    store.close()
    return _visited(town, summary, names)


@pytest.fixture(name="stock", scope="module")
def _stock(town: Town, visit: Visit) -> Visit:
    del visit  # the house's crawl comes first; this one is for comparison
    script = Path(__file__).with_name("stock_crawl.py")
    asked = "\n".join(town.all_targets()).encode()
    subprocess.run([sys.executable, str(script)], input=asked, check=True, timeout=100)
    return _visited(town, CrawlSummary(exit_code=0), set())


def test_ten_disallowed_pages_are_not_asked_for_and_scrapy_alone_asks(
    visit: Visit, stock: Visit
) -> None:
    assert visit.pages["disallowed"] == []
    assert visit.row("disallowed").robots_refused == 10
    assert stock.pages["disallowed"]  # 8 of 10 when it crawls no other host beside


@pytest.mark.parametrize("name", ["robots_503", "robots_hangs"])
def test_a_host_that_gives_no_robots_txt_is_not_asked(
    visit: Visit, stock: Visit, name: str
) -> None:
    assert visit.pages[name] == []
    assert visit.row(name).robots_refused == 3
    assert visit.reason(name) == "robots.txt: no answer"
    assert len(stock.pages[name]) == 3


def test_a_host_without_robots_txt_is_asked(visit: Visit) -> None:
    assert visit.row("robots_404").fetched == 3
    host = visit.town.sites["robots_404"].host
    assert {f"{host} N u1", f"{host} N u2", f"{host} N u3"} <= visit.names


def test_the_gap_that_robots_txt_asks_for_is_kept(visit: Visit, stock: Visit) -> None:
    assert visit.row("crawl_delay").fetched == 3
    assert min(visit.gaps["crawl_delay"]) >= 0.4 - MARGIN
    assert min(stock.gaps["crawl_delay"]) < 0.4 - MARGIN


def test_the_configured_gap_is_kept_everywhere(visit: Visit) -> None:
    gaps = [gap for found in visit.gaps.values() for gap in found]
    assert len(gaps) > 30
    assert min(gaps) >= 0.05 - MARGIN


def test_retry_after_is_kept(visit: Visit, stock: Visit) -> None:
    assert visit.row("retry_after").fetched == 3
    assert max(visit.gaps["retry_after"]) >= 1 - MARGIN
    assert max(stock.gaps["retry_after"]) < 1 - MARGIN


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("long_delay", "robots.txt asks for 9999 s between two"),
        ("retry_never", "asks to come back in 86400 s"),
        ("too_many", "HTTP 429"),
        ("forbidden", "HTTP 403"),
        ("teapot", "HTTP 418"),
        ("challenge", "a challenge page: just a moment..."),
        ("wall", "a challenge page: 请先登录"),
        ("login", "redirected to "),
    ],
)
def test_a_host_that_turns_the_crawl_away_is_left_alone(
    visit: Visit, stock: Visit, name: str, reason: str
) -> None:
    assert visit.row(name).blocked == 3
    assert visit.reason(name).startswith(reason)
    assert visit.pages[name] in ([], ["/u1"])
    assert {"/u2", "/u3"} <= set(stock.pages[name])


@pytest.mark.parametrize("name", ["victim", "neighbour"])
def test_a_redirect_to_another_private_host_is_refused_before_any_connection(
    visit: Visit, stock: Visit, name: str
) -> None:
    assert "redirect" in visit.reason(f"to_{name}") or "no target names" in visit.reason(
        f"to_{name}"
    )
    assert "/secret" not in visit.pages[name]
    assert (visit.connections["victim"], visit.row("neighbour").fetched) == (0, 1)
    assert "/secret" in stock.pages[name]


@pytest.mark.parametrize("name", ["huge", "bomb"])
def test_an_answer_of_more_than_ten_mebibytes_is_given_up(visit: Visit, name: str) -> None:
    assert (visit.row(name).failed, visit.row(name).fetched) == (1, 2)


def test_a_circle_of_redirects_ends(visit: Visit) -> None:
    assert visit.pages["circle"].count("/u1") == 6
    assert visit.row("circle").failed == 1


def test_a_page_that_cannot_be_read_does_not_stop_the_others(visit: Visit) -> None:
    assert (visit.row("broken").failed, visit.row("broken").fetched) == (1, 2)
    assert "no schema.org ProfilePage" in visit.reason("broken")


def test_cookies_and_referrers_are_never_sent(visit: Visit, stock: Visit) -> None:
    for headers in visit.headers.values():
        assert not any({"Cookie", "Referer"} & set(sent) for sent in headers)
    assert any("Cookie" in sent for sent in stock.headers["cookie"])


def test_the_crawler_says_who_it_is(visit: Visit) -> None:
    agents = {sent["User-Agent"] for headers in visit.headers.values() for sent in headers}
    (agent,) = agents
    assert agent.startswith("Auditor/")
    for told in ("https://auditor.example/privacy", "privacy@auditor.example", "PIPL 13", "%E6"):
        assert told in agent


def test_a_page_that_asks_not_to_be_collected_is_not(visit: Visit) -> None:
    host = visit.town.sites["noindex"].host
    assert f"{host} N u1" not in visit.names
    assert visit.summary.opted_out == 1
    assert f"{host} N u2" in visit.names


def test_a_crawl_that_was_turned_away_somewhere_is_incomplete(visit: Visit) -> None:
    assert visit.summary.exit_code == 3
    assert sum(row.planned for row in visit.summary.sources) == len(visit.town.all_targets())
