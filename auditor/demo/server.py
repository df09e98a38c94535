"""The platform on the loopback interface, for a crawl that needs no network."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable
from datetime import UTC
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar, NamedTuple, Self
from urllib.parse import parse_qs, unquote, urlsplit

from auditor.demo.avatars import render_avatar
from auditor.demo.pages import ROBOTS, render_feed, render_index, render_notice, render_profile
from auditor.demo.platform import Platform
from auditor.errors import UsageError

HOST = "127.0.0.1"
_HTML, _TEXT = "text/html; charset=utf-8", "text/plain; charset=utf-8"
_ATOM, _SVG = "application/atom+xml; charset=utf-8", "image/svg+xml; charset=utf-8"
_REMEMBERED = 10_000


class Answer(NamedTuple):
    """What a path is answered with."""

    text: str
    kind: str = _HTML
    status: HTTPStatus = HTTPStatus.OK


class DemoServer:
    """Serves a platform on 127.0.0.1 in a thread of its own, from ``with`` until its end.

    ``port`` 0 takes any free port. ``requested`` holds the latest paths that were asked for.

    Raises:
        UsageError: the port is taken or not allowed.
    """

    def __init__(self, platform: Platform, port: int = 0) -> None:
        self.platform = platform
        self.requested: deque[str] = deque(maxlen=_REMEMBERED)
        handler = type("Handler", (_Handler,), {"site": self})
        try:
            self._http = ThreadingHTTPServer((HOST, port), handler)
        except (OSError, OverflowError) as fault:
            raise UsageError(f"cannot listen on port {port}: {fault}; name another port") from fault
        self._thread = Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def base_url(self) -> str:
        """``http://127.0.0.1:port``, without a slash at its end."""
        return f"http://{HOST}:{self._http.server_address[1]}"

    def wait(self) -> None:
        """Block until the server is closed or the program interrupted."""
        self._thread.join()

    def close(self) -> None:
        """Stop answering and free the port."""
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def answer(self, target: str) -> Answer:
        """Return the answer to a request target: a path with or without a query."""
        parts = urlsplit(target)
        first, *rest = [unquote(part) for part in parts.path.strip("/").split("/")]
        places: dict[str, Callable[[], Answer | None]] = {
            "": lambda: Answer(render_index(self.platform)),
            "robots.txt": lambda: Answer(ROBOTS, _TEXT),
            "u": lambda: self._profile(rest, _page(parts.query)),
            "avatar": lambda: self._avatar(rest),
            "search": lambda: self._notice("这里是站内搜索。"),
            "disallowed": lambda: self._notice("这一页不请自动程序来看。"),
            "admin": lambda: self._notice("这里是后台。", HTTPStatus.FORBIDDEN),
        }
        found = places[first]() if first in places else None
        return found or self._notice("没有这一页。", HTTPStatus.NOT_FOUND)

    def _profile(self, rest: list[str], page: int) -> Answer | None:
        account = self.platform.account(rest[0]) if rest else None
        if account is None:
            return None
        if rest[1:] == ["feed.xml"]:
            return Answer(render_feed(self.platform, account, self.base_url), _ATOM)
        text = None if rest[1:] else render_profile(self.platform, account, self.base_url, page)
        return Answer(text) if text is not None else None

    def _avatar(self, rest: list[str]) -> Answer | None:
        look = rest[0].removesuffix(".svg") if len(rest) == 1 else ""
        account = self.platform.account(look.rpartition("-")[0])
        return Answer(render_avatar(account.name or "", look), _SVG) if account else None

    def _notice(self, text: str, status: HTTPStatus = HTTPStatus.OK) -> Answer:
        return Answer(render_notice(self.platform, text), status=status)


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD, with validators; logs nothing."""

    site: ClassVar[DemoServer]
    protocol_version = "HTTP/1.1"
    # An idle connection is given up, so that a stopped crawl leaves no thread behind.
    timeout = 15

    def do_GET(self) -> None:
        """Answer with the page."""
        self._reply(body=True)

    def do_HEAD(self) -> None:
        """Answer with the headers of the page."""
        self._reply(body=False)

    def _reply(self, *, body: bool) -> None:
        self.site.requested.append(self.path)
        answer = self.site.answer(self.path)
        data = answer.text.encode()
        tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
        known = answer.status is HTTPStatus.OK and self.headers.get("If-None-Match") == tag
        self.send_response(HTTPStatus.NOT_MODIFIED if known else answer.status)
        self.send_header("ETag", tag)
        platform = self.site.platform
        captured_at = platform.site.captures[platform.capture - 1]
        self.send_header("Last-Modified", format_datetime(captured_at.astimezone(UTC), usegmt=True))
        if not known:
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if body and not known:
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Keep the terminal quiet: the crawl keeps a log of its own."""


def _page(query: str) -> int:
    shown = parse_qs(query).get("page", ["1"])[0]
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 6 else 1
