"""Any site whose profile pages carry schema.org ProfilePage data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from parsel import Selector
from scrapy import Request
from scrapy.http import Response, TextResponse

from auditor.collection.addresses import host_of
from auditor.collection.targets import handle_of
from auditor.model import FetchOutcome
from spiders.base import Errand, TargetSpider, Yields, now, same_origin
from spiders.feeds import announced_feed, read_feed
from spiders.posting_page import read_posts
from spiders.profile_page import read_profile

_NO_PROFILE = "the page holds no schema.org ProfilePage with a name"
_META = "//meta[translate(@name, 'ROBTS', 'robts')='robots']/@content"


class ProfilesSpider(TargetSpider):
    """Reads a profile page, the pages that follow it, or the feed it announces."""

    name = "profiles"

    def first_request(self, errand: Errand) -> Request | FetchOutcome:
        """Ask for the profile page."""
        if handle_of(errand.target.target):
            return self.end(errand, "failed", "a handle: use the spider of its protocol")
        return self.ask(errand.target.target, errand, self.read_page)

    def read_page(self, response: Response, errand: Errand) -> Yields:
        """Keep the profile and its posts, unless the page asks not to be collected."""
        if not isinstance(response, TextResponse):
            yield self.end(errand, "failed", "the answer is no text")
            return
        if wish := opt_out(response.text, _robots_tags(response)):
            yield self.end(errand, "opted_out", wish)
            return
        fetched_at = now()
        platform = errand.target.platform or host_of(errand.target.target)
        account = read_profile(response.text, response.url, platform, fetched_at)
        if account is None or account.name is None:
            yield self.unreadable(response, errand, _NO_PROFILE)
            return
        yield account
        errand = replace(errand, account=account)
        page = read_posts(response.text, response.url, account, fetched_at)
        feed = same_origin(announced_feed(response.text, response.url), response.url)
        # Page and feed name the same posts by different ids, so only one of the two is read.
        if page.posts or page.next_url or page.unreadable or feed is None:
            page = replace(page, next_url=same_origin(page.next_url, response.url))
            yield from self.walk_on(errand, page, self.read_more)
        else:
            yield self.ask(feed, errand, self.read_feed)

    def read_more(self, response: Response, errand: Errand) -> Yields:
        """Keep the posts of a page that follows."""
        if not isinstance(response, TextResponse) or errand.account is None:
            yield self.end(errand, "failed", "the answer is no text")
            return
        page = read_posts(response.text, response.url, errand.account, now())
        if not page.posts and not page.unreadable:
            # An empty page ends the walk, unless it stands there in place of a page of posts.
            mark = self.state.challenges.likely_mark_of(response.text)
            yield self.unreadable(response, errand, "") if mark else self.end(errand, "fetched")
            return
        page = replace(page, next_url=same_origin(page.next_url, response.url))
        yield from self.walk_on(errand, page, self.read_more)

    def read_feed(self, response: Response, errand: Errand) -> Yields:
        """Keep the posts of the announced feed."""
        text = response.text if isinstance(response, TextResponse) else ""
        account = errand.account
        page = read_feed(text, response.url, account, now()) if account else None
        if page is None:
            yield self.unreadable(response, errand, "the announced feed is none")
            return
        yield from self.walk_on(errand, page, self.read_feed)


def opt_out(html: str, header_tags: Iterable[str] = ()) -> str | None:
    """Return the wish of a page not to be collected, or ``None``.

    ``noindex`` and ``none`` count, in a robots meta element or in the X-Robots-Tag header.
    """
    tags = [*header_tags, *Selector(text=html).xpath(_META).getall()]
    words = {word.strip().lower() for tag in tags for word in tag.split(",")}
    return next((word for word in ("noindex", "none") if word in words), None)


def _robots_tags(response: Response) -> list[str]:
    return [value.decode("latin-1") for value in response.headers.getlist("X-Robots-Tag")]
