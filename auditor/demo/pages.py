"""The platform's pages and feeds, rendered with everything escaped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from auditor.demo.content import CHINA
from auditor.demo.platform import Platform
from auditor.demo.structured import counters, entity_type, profile_node, properties
from auditor.model import Account, Post, is_shown

PAGE_SIZE = 6
"""Posts on one page of a profile."""

ROBOTS = "User-agent: *\nDisallow: /admin\nDisallow: /search\nDisallow: /disallowed\nAllow: /u/\n"


def _clock(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.globals |= {"properties": properties, "counters": counters, "entity_type": entity_type}
_PAGES.tests["shown"] = is_shown
_PAGES.filters["clock"] = _clock


def render_index(platform: Platform) -> str:
    """Render the front page: every account with its link."""
    accounts = platform.accounts()
    return _PAGES.get_template("index.html").render(site=platform.site, accounts=accounts)


def render_notice(platform: Platform, text: str) -> str:
    """Render a page that holds one sentence."""
    return _PAGES.get_template("notice.html").render(site=platform.site, text=text)


def render_profile(platform: Platform, account: Account, base_url: str, page: int) -> str | None:
    """Render one page of a profile, newest posts first; ``None`` when there is no such page.

    Every third account carries its data as microdata, the others as JSON-LD.
    """
    posts = platform.posts(account.handle or "")
    pages = max(1, -(-len(posts) // PAGE_SIZE))
    if not 1 <= page <= pages:
        return None
    here = served_at(account, base_url)
    part = [_post_at(post, base_url) for post in posts[(page - 1) * PAGE_SIZE :][:PAGE_SIZE]]
    microdata = int(account.account_id) % 3 == 0
    return _PAGES.get_template("profile.html").render(
        site=platform.site,
        account=here,
        posts=part,
        page=page,
        pages=pages,
        microdata=microdata,
        data=None if microdata else profile_node(here, part),
    )


def render_feed(platform: Platform, account: Account, base_url: str) -> str:
    """Render the Atom feed of an account: all posts that are shown, newest first."""
    posts = [_post_at(post, base_url) for post in platform.posts(account.handle or "")]
    return _PAGES.get_template("feed.xml").render(
        site=platform.site,
        account=served_at(account, base_url),
        posts=posts,
        updated=_newest(posts, platform),
    )


def served_at(account: Account, base_url: str) -> Account:
    """Return the account with its addresses on the server that shows it."""
    moved = {
        "url": _moved(account.url or "", base_url),
        "avatar": _moved(account.avatar or "", base_url),
    }
    return account.model_copy(update=moved)


def _post_at(post: Post, base_url: str) -> Post:
    return post.model_copy(update={"url": _moved(post.url or "", base_url)})


def _moved(url: str, base_url: str) -> str:
    parts = urlsplit(url)
    return f"{base_url}{parts.path}" + (f"#{parts.fragment}" if parts.fragment else "")


def _newest(posts: Sequence[Post], platform: Platform) -> str:
    moments = [post.published_at for post in posts if post.published_at is not None]
    return max(moments, default=platform.site.captures[0]).isoformat()
