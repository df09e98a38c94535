"""A crawl of mastodon_mock, a server that speaks Mastodon's API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from mastodon_mock.config import SeedAccount, SeedConfig, SeedStatus
from mastodon_mock.testing.server import MockServer

from auditor.model import CrawlSettings
from auditor.runs.crawl import start_crawl
from auditor.store import open_store

if TYPE_CHECKING:
    from tests.spiders.conftest import Kit

POSTS = 45  # more than one page of 40
ADA = "ada_reads_and_writes"
SEED = SeedConfig(
    accounts=[
        SeedAccount(username="ada", display_name="阿达说法", note="<p>资深</p>", access_token=ADA),
        SeedAccount(username="bo", display_name="Bo"),
        SeedAccount(username="cy", display_name="Cy", locked=True),
    ],
    statuses=[SeedStatus(account="ada", text=f"第{number}条") for number in range(POSTS)],
)


_FORMS = {"PATCH": "application/x-www-form-urlencoded", "POST": "application/json"}


def _ask(server: MockServer, method: str, path: str, data: dict[str, object]) -> None:
    request = Request(  # noqa: S310 - the server above
        f"{server.base_url}/api/v1/{path}",
        data=urlencode(data).encode() if method == "PATCH" else json.dumps(data).encode(),
        headers={"Authorization": f"Bearer {ADA}", "Content-Type": _FORMS[method]},
        method=method,
    )
    with urlopen(request, timeout=10) as answer:  # noqa: S310
        assert answer.status == 200


@pytest.fixture(name="server")
def _server() -> Iterator[MockServer]:
    with MockServer(seed=SEED) as server:
        yield server


def settings_of(server: MockServer, kit: Kit, tmp_path: Path, *handles: str) -> CrawlSettings:
    targets = [f"{handle}@127.0.0.1:{server.port}" for handle in handles]
    return kit.settings(tmp_path / "a.db", *targets, spider="mastodon")


def test_profiles_and_all_pages_of_posts_are_collected_and_a_rename_is_a_change(
    server: MockServer, kit: Kit, tmp_path: Path
) -> None:
    settings = settings_of(server, kit, tmp_path, "ada", "bo", "cy")
    first = start_crawl(settings)
    assert (first.exit_code, first.accounts, first.posts, first.opted_out) == (0, 2, POSTS, 1)
    _ask(server, "PATCH", "accounts/update_credentials", {"display_name": "某市人民法院"})
    second = start_crawl(settings)
    assert (second.exit_code, second.accounts) == (0, 2)
    with closing(open_store(settings.db)) as store:
        found = {account.account_id: account for account in store.list_accounts()}
        posts = list(store.list_posts())
        (change,) = [line for line in store.list_changes() if line.field == "name"]
    host = f"127.0.0.1:{server.port}"
    assert set(found) == {f"ada@{host}", f"bo@{host}"}
    assert (change.before, change.after) == ("阿达说法", "某市人民法院")
    ada = found[f"ada@{host}"]
    assert (ada.platform, ada.name, ada.bio) == ("mastodon", "某市人民法院", "资深")
    assert (ada.verified, ada.posts_count) == (None, POSTS)
    assert {post.text for post in posts} == {f"第{number}条" for number in range(POSTS)}
    assert all(post.published_at for post in posts)


def test_a_server_that_asks_to_come_much_later_is_left_alone(
    server: MockServer, kit: Kit, tmp_path: Path
) -> None:
    settings = settings_of(server, kit, tmp_path, "ada", "bo")
    fault: dict[str, object] = {
        "match": {"path_regex": "/statuses$"},
        "effect": {"type": "ratelimit"},
    }
    _ask(server, "POST", "_mock/faults", fault)
    summary = start_crawl(settings.model_copy(update={"max_wait_seconds": 5.0}))
    assert (summary.exit_code, summary.sources[0].blocked) == (4, 2)
    assert summary.failures[0].reason == "asks to come back in 300 s"
