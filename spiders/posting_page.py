"""Posts out of a page with schema.org data: a profile page, or one that follows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, get_args
from urllib.parse import urljoin, urlsplit

from parsel import Selector
from pydantic import ValidationError

from auditor.collection.markup import plain_text
from auditor.collection.shown import count, instant
from auditor.model import Account, Post, PostRef
from auditor.model.values import PostCommerce, PostKind, PostLabel, PostState
from spiders.base import Page
from spiders.profile_page import id_of, interaction, owner_of
from spiders.schema_org import (
    Graph,
    Node,
    extras,
    first_text,
    listed,
    read_graph,
    text_of,
    types_of,
)

_KINDS: Mapping[str, PostKind] = {
    "SocialMediaPosting": "text",
    "DiscussionForumPosting": "text",
    "BlogPosting": "article",
    "Article": "article",
    "NewsArticle": "article",
    "VideoObject": "video",
    "BroadcastEvent": "live",
}
_NEXT = "//link[@rel='next']/@href | //a[contains(concat(' ', @rel, ' '), ' next ')]/@href"


def read_posts(html: str, url: str, account: Account, fetched_at: datetime) -> Page:
    """Read the posts of ``account`` on a page; those that name another author are left out.

    ``next_url`` is what the page links to with ``rel=next``.
    """
    graph = read_graph(html, url)
    owner = owner_of(graph, next(graph.of_type("ProfilePage"), None))
    own = _names(owner) | {account.account_id, account.name, account.handle, account.url}
    posts: dict[str, Post] = {}
    pinned, unreadable = set(), []
    for node in graph.of_type(*_KINDS):
        if not _is_own(graph, node, own):
            continue
        try:
            post = _post(graph, node, url, account, fetched_at)
        except ValidationError as fault:
            fields = ".".join(map(str, fault.errors()[0]["loc"]))
            unreadable.append(f"{id_of(node)}: {fields}: {fault.errors()[0]['msg']}")
            continue
        # A post may stand twice, in the list and on its own; the first is the fuller one.
        posts.setdefault(post.post_id, post)
        if extras(node).get("pinned") in (True, "true"):
            pinned.add(post.post_id)
    following = Selector(text=html).xpath(_NEXT).get()
    return Page(
        tuple(posts.values()),
        urljoin(url, following) if following else None,
        frozenset(pinned),
        tuple(unreadable),
    )


def _names(node: Node | None) -> set[str | None]:
    if node is None:
        return set()
    keys = ("@id", "name", "alternateName", "url")
    return {id_of(node), *(first_text(node, key) for key in keys)}


def _is_own(graph: Graph, node: Node, own: set[str | None]) -> bool:
    # Comments of other people and reposted pages stand on a profile, too.
    authors = [*listed(node, "author"), *listed(node, "creator")]
    if not authors:
        return True
    for author in authors:
        described = graph.resolved(author)
        names = _names(described) if described is not None else {text_of(author)}
        if not (names & own).issubset({None}):
            return True
    return False


def _post(graph: Graph, node: Node, page_url: str, account: Account, fetched_at: datetime) -> Post:
    shown = extras(node)
    link = first_text(node, "url", "mainEntityOfPage")
    published = instant(text_of(node.get("datePublished") or node.get("uploadDate")), fetched_at)
    modified = instant(text_of(node.get("dateModified")), fetched_at)
    edited = modified if modified != published else None
    title = first_text(node, "headline")
    return Post(
        platform=account.platform,
        account_id=account.account_id,
        post_id=id_of(node) or _id_in(link or first_text(node, "@id") or ""),
        text=_body(node) or title or "",
        kind=next((kind for name, kind in _KINDS.items() if name in types_of(node)), None),
        title=title,
        published_at=published,
        edited_at=edited,
        state=_word(shown.get("state"), get_args(PostState)) or ("edited" if edited else "live"),
        source_label=text_of(shown.get("source_label")),
        labels=_words(shown, "labels", get_args(PostLabel)),
        views=interaction(node, "interactionStatistic", "WatchAction", "ViewAction", "ReadAction"),
        likes=interaction(node, "interactionStatistic", "LikeAction"),
        reposts=interaction(node, "interactionStatistic", "ShareAction"),
        comments=_comments(node),
        reply_to=_reference(graph, node, account.platform, "inReplyTo", "parentItem"),
        repost_of=_reference(graph, node, account.platform, "sharedContent", "isBasedOn"),
        mentions=_all_texts(node, "mentions"),
        images=_links(node, page_url, "image"),
        links=_links(node, page_url, "citation"),
        commerce=_words(shown, "commerce", get_args(PostCommerce)),
        url=urljoin(page_url, link) if link else None,
        fetched_at=fetched_at,
    )


def _body(node: Node) -> str | None:
    # Sites put markup into articleBody; `text` and `description` are text, tags and all.
    article = first_text(node, "articleBody")
    if article:
        return plain_text(article) if "</" in article else article
    return first_text(node, "text", "description")


def _id_in(link: str) -> str:
    parts = urlsplit(link)
    return parts.fragment or parts.path.rstrip("/").rsplit("/", 1)[-1]


def _comments(node: Node) -> int | None:
    shown = count(node.get("commentCount"))
    if shown is not None:
        return shown
    return interaction(node, "interactionStatistic", "CommentAction", "ReplyAction")


def _reference(graph: Graph, node: Node, platform: str, *keys: str) -> PostRef | None:
    for value in (value for key in keys for value in listed(node, key)):
        target = graph.resolved(value)
        if target is None or types_of(target).isdisjoint({*_KINDS, "CreativeWork", "Comment"}):
            continue
        post_id = id_of(target) or _id_in(first_text(target, "url", "@id") or "")
        if post_id:
            author = next(iter(listed(target, "author")), None)
            described = graph.resolved(author)
            return PostRef(
                platform=platform,
                account_id=id_of(described) if described is not None else None,
                post_id=post_id,
            )
    return None


def _links(node: Node, page_url: str, key: str) -> tuple[str, ...] | None:
    if key not in node:
        return None
    return tuple(urljoin(page_url, found) for found in _link_texts(node, key))


def _link_texts(node: Node, key: str) -> Iterator[str]:
    for value in listed(node, key):
        found = (
            first_text(value, "contentUrl", "url", "@id")
            if isinstance(value, Mapping)
            else text_of(value)
        )
        if found:
            yield found


def _all_texts(node: Node, key: str) -> tuple[str, ...] | None:
    if key not in node:
        return None
    return tuple(found for value in listed(node, key) if (found := text_of(value)))


def _word(value: object, known: tuple[Any, ...]) -> Any:
    text = text_of(value)
    return text if text in known else None


def _words(shown: Mapping[str, Any], key: str, known: tuple[Any, ...]) -> Any:
    if key not in shown:
        return None
    return tuple(word for word in known if word in map(text_of, listed(shown, key)))
