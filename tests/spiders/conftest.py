from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count, pairwise
from pathlib import Path
from time import monotonic

import pytest

from auditor.model import CrawlSettings, Target

_ADDRESSES = count(10)


@dataclass(frozen=True)
class Seen:
    """One request as the server saw it."""

    at: float
    path: str
    headers: dict[str, str]


@dataclass
class Answer:
    """What a server says; ``release`` holds it back until it is set."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    release: threading.Event | None = None


Script = Callable[[str, int], Answer | None]


@dataclass
class Site:
    """A server on an address of its own in 127.0.0.0/8, so that each counts as another host."""

    server: ThreadingHTTPServer
    seen: list[Seen]
    connections: list[int]

    @property
    def url(self) -> str:
        host, port = self.server.server_address[:2]
        return f"http://{host!s}:{port}"

    @property
    def host(self) -> str:
        return str(self.server.server_address[0])

    def paths(self) -> list[str]:
        return [request.path for request in self.seen]

    def pages(self) -> list[Seen]:
        return [request for request in self.seen if request.path != "/robots.txt"]

    def gaps(self) -> list[float]:
        times = [request.at for request in self.seen]
        return [later - earlier for earlier, later in pairwise(times)]

    def forget(self) -> None:
        self.seen.clear()
        self.connections.clear()


def profile(path: str) -> Answer:
    """A plain profile page with one post."""
    name = path.strip("/").replace("/", "-")
    page = f"""<html><script type="application/ld+json">{{"@type": "ProfilePage",
    "mainEntity": {{"@type": "Person", "identifier": "{name}", "name": "N {name}"}},
    "hasPart": [{{"@type": "SocialMediaPosting", "identifier": "p-{name}", "text": "t",
    "datePublished": "2026-01-05T10:00:00+08:00"}}]}}</script></html>"""
    headers = {"Content-Type": "text/html; charset=utf-8"}
    return Answer(page.encode(), headers=headers)


def robots(text: str) -> Answer:
    return Answer(text.encode(), headers={"Content-Type": "text/plain"})


def open_site(script: Script, address: str | None = None) -> Site:
    """Serve; ``script(path, times)`` answers, ``None`` means a plain profile or no robots.txt."""
    seen: list[Seen] = []
    connections: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            connections.append(1)
            super().setup()

        def do_GET(self) -> None:
            seen.append(Seen(monotonic(), self.path, dict(self.headers)))
            times = [request.path for request in seen].count(self.path)
            plain = Answer(status=404) if self.path == "/robots.txt" else profile(self.path)
            answer = script(self.path, times) or plain
            if answer.release is not None:
                answer.release.wait(30)
            try:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)
            except OSError:
                self.close_connection = True  # the crawler hung up, as some tests want it to

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: object, client_address: object) -> None:
            del request, client_address

    server = Server((address or f"127.0.0.{next(_ADDRESSES)}", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return Site(server, seen, connections)


def crawl_settings(db: Path, *targets: str, **given: object) -> CrawlSettings:
    settings = {
        "spider": "profiles",
        "targets": tuple(Target(target=target) for target in targets),
        "db": f"sqlite:///{db}",
        "delay_seconds": 0.05,
        "allow_private": True,
        "controller": "某公司",
        "contact": "privacy@auditor.example",
        "legal_basis": "PIPL 13",
        "privacy_notice": "https://auditor.example/privacy",
        "log_level": "WARNING",
        **given,
    }
    return CrawlSettings.model_validate(settings)


class Kit:
    """What the tests of this folder share; a fixture, since test modules import no test module."""

    answer = Answer
    profile = staticmethod(profile)
    robots = staticmethod(robots)
    settings = staticmethod(crawl_settings)

    def __init__(self) -> None:
        self._sites: list[Site] = []

    def serve(self, script: Script = lambda _path, _times: None) -> Site:
        """Open a site that is closed when the module's tests are over."""
        self._sites.append(open_site(script))
        return self._sites[-1]

    def close(self) -> None:
        for site in self._sites:
            site.server.shutdown()
            site.server.server_close()


@pytest.fixture(scope="module")
def kit() -> Iterator[Kit]:
    """Servers, pages and settings."""
    shared = Kit()
    yield shared
    shared.close()
