from __future__ import annotations

import http.client
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import pytest
from extruct.jsonld import JsonLdExtractor
from extruct.w3cmicrodata import MicrodataExtractor
from parsel import Selector

from auditor.demo import DemoServer, read_platform
from auditor.errors import UsageError
from auditor.model import Account, Post
from spiders.posting_page import read_posts
from spiders.profile_page import read_profile

PLACES = {"url", "avatar", "fetched_at"}
HANDLES = [account.handle or "" for account in read_platform().accounts()]


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer(read_platform()) as running:
        running.platform.show_capture(2)
        yield running


def ask(
    server: DemoServer, path: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, str]:
    """Ask once, on a connection of its own."""
    connection = http.client.HTTPConnection(urlsplit(server.base_url).netloc, timeout=10)
    try:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers={"Connection": "close", **given})
        response = connection.getresponse()
        return response, response.read().decode()
    finally:
        connection.close()


def without_places(value: Account | Post) -> dict[str, Any]:
    return {key: one for key, one in value.model_dump().items() if key not in PLACES}


@pytest.mark.parametrize("handle", HANDLES)
def test_the_spider_reads_from_the_pages_what_the_data_says(
    server: DemoServer, handle: str
) -> None:
    account = server.platform.account(handle)
    assert account is not None
    found: dict[str, Post] = {}
    path, shown = f"/u/{handle}", account
    now = datetime.now(UTC)
    while path:
        _, html = ask(server, path)
        url = server.base_url + path
        shown = read_profile(html, url, "banyan", now) or account
        page = read_posts(html, url, shown, now)
        found |= {post.post_id: post for post in page.posts}
        path = (page.next_url or "").removeprefix(server.base_url)
    assert without_places(shown) == without_places(account)
    assert shown.url == f"{server.base_url}/u/{handle}"
    posts = {post.post_id: post for post in server.platform.posts(handle)}
    assert {key: without_places(post) for key, post in found.items()} == {
        key: without_places(post) for key, post in posts.items()
    }


@pytest.mark.parametrize("handle", HANDLES)
def test_every_page_carries_its_data_in_one_of_two_forms(server: DemoServer, handle: str) -> None:
    _, html = ask(server, f"/u/{handle}")
    linked = JsonLdExtractor().extract(html)
    micro = MicrodataExtractor().extract(html, base_url=server.base_url)
    assert [len(linked), len(micro)] in ([1, 0], [0, 1])
    kinds = [one["@type"] for one in linked] + [one["type"].rsplit("/", 1)[1] for one in micro]
    assert kinds == ["ProfilePage"]


def test_about_a_third_of_the_pages_use_microdata(server: DemoServer) -> None:
    micro = sum("itemscope" in ask(server, f"/u/{handle}")[1] for handle in HANDLES)
    assert len(HANDLES) / 4 < micro < len(HANDLES) / 2


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/", 200, "text/html; charset=utf-8"),
        ("/robots.txt", 200, "text/plain; charset=utf-8"),
        ("/u/yanpu_ribao", 200, "text/html; charset=utf-8"),
        ("/u/yanpu_ribao?page=2", 200, "text/html; charset=utf-8"),
        ("/u/yanpu_ribao/feed.xml", 200, "application/atom+xml; charset=utf-8"),
        ("/avatar/yanpu_ribao-1.svg", 200, "image/svg+xml; charset=utf-8"),
        ("/disallowed", 200, "text/html; charset=utf-8"),
        ("/search?q=1", 200, "text/html; charset=utf-8"),
        ("/admin", 403, "text/html; charset=utf-8"),
        ("/u/nobody", 404, "text/html; charset=utf-8"),
        ("/u/", 404, "text/html; charset=utf-8"),
        ("/u/yanpu_ribao?page=99", 404, "text/html; charset=utf-8"),
        ("/u/yanpu_ribao/other", 404, "text/html; charset=utf-8"),
        ("/avatar/nobody-1.svg", 404, "text/html; charset=utf-8"),
        ("/../etc/passwd", 404, "text/html; charset=utf-8"),
    ],
)
def test_each_path_has_its_status_and_type(
    server: DemoServer, path: str, status: int, kind: str
) -> None:
    response, text = ask(server, path)
    assert (response.status, response.headers["Content-Type"]) == (status, kind)
    assert text
    assert server.requested[-1] == path


def test_robots_allow_the_profiles_and_nothing_inside(server: DemoServer) -> None:
    robots = RobotFileParser()
    robots.parse(ask(server, "/robots.txt")[1].splitlines())
    assert robots.can_fetch("any", "/u/yanpu_ribao?page=2")
    for path in ("/admin", "/search?q=x", "/disallowed"):
        assert not robots.can_fetch("any", path)
    assert robots.crawl_delay("any") is None


def test_the_index_links_to_every_profile(server: DemoServer) -> None:
    _, html = ask(server, "/")
    assert [handle for handle in HANDLES if f'href="/u/{handle}"' not in html] == []


def test_a_name_with_markup_or_a_formula_is_shown_as_text(server: DemoServer) -> None:
    _, html = ask(server, "/u/bantang")
    assert "半糖&lt;少冰&gt;&amp;阿禾" in html
    assert "<少冰>" not in html
    account = read_profile(
        ask(server, "/u/miao_formula")[1], server.base_url, "x", datetime.now(UTC)
    )
    assert account is not None
    assert account.name == '=HYPERLINK("喵喵")喵'


@pytest.mark.parametrize("handle", HANDLES)
def test_the_feed_holds_every_post_and_is_announced(server: DemoServer, handle: str) -> None:
    _, html = ask(server, f"/u/{handle}")
    assert 'type="application/atom+xml" title=' in html
    _, text = ask(server, f"/u/{handle}/feed.xml")
    feed = Selector(text=text, type="xml")
    feed.remove_namespaces()
    texts = feed.xpath("/feed/entry/content/text()").getall()
    assert texts == [post.text for post in server.platform.posts(handle)]


def test_an_unchanged_page_is_answered_without_a_body(server: DemoServer) -> None:
    first, _ = ask(server, "/u/yanpu_ribao")
    again, text = ask(server, "/u/yanpu_ribao", If_None_Match=first.headers["ETag"])
    assert (again.status, text) == (304, "")
    assert first.headers["Last-Modified"] == "Sat, 21 Nov 2026 01:00:00 GMT"


def test_head_answers_as_get_does_but_without_the_body(server: DemoServer) -> None:
    got, text = ask(server, "/u/yanpu_ribao")
    head, nothing = ask(server, "/u/yanpu_ribao", method="HEAD")
    assert (head.status, nothing) == (200, "")
    assert head.headers["Content-Length"] == got.headers["Content-Length"]
    assert int(got.headers["Content-Length"]) == len(text.encode())


def test_avatars_are_small_pictures_that_differ_by_look(server: DemoServer) -> None:
    one, two = (ask(server, f"/avatar/mudou_wood-{look}.svg")[1] for look in "12")
    assert Selector(text=one, type="xml").root.tag.endswith("svg")
    assert one != two
    assert len(one) < 1_000


def test_the_switch_of_the_capture_changes_what_is_served() -> None:
    with DemoServer(read_platform()) as server:
        _, before = ask(server, "/u/xiaoman_balcony")
        server.platform.show_capture(2)
        _, after = ask(server, "/u/xiaoman_balcony")
    assert "小满的阳台" in before
    assert "砚浦晚報" not in before
    assert "砚浦晚報" in after


def test_a_taken_port_is_one_clear_line() -> None:
    with DemoServer(read_platform()) as server:
        port = urlsplit(server.base_url).port or 0
        with pytest.raises(UsageError, match=f"cannot listen on port {port}"):
            DemoServer(read_platform(), port)
