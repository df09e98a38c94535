"""An account out of a page with schema.org ProfilePage data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, get_args
from urllib.parse import unquote, urljoin, urlsplit

from auditor.collection.shown import count, instant
from auditor.model import NONE_SHOWN, Account, Credential, Verified
from auditor.model.values import Monetisation
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

# The platform's words for its marks, read as contracts section 2 groups them: enterprise and
# school are organisation, expert is person. A mark in another word is unknown, never none.
_MARKS: Mapping[str, Verified] = {
    **{word: word for word in get_args(Verified)},
    "false": "none",
    "true": "unknown",
    "org": "organisation",
    "organization": "organisation",
    "enterprise": "organisation",
    "school": "organisation",
    "expert": "person",
}


def read_profile(html: str, url: str, platform: str, fetched_at: datetime) -> Account | None:
    """Read the account that a page is the profile of; ``None`` when the page holds no such data.

    A property that the page does not give stays ``None``, not collected. The page says with the
    word ``none``, or an empty list, that it shows nothing.

    Raises:
        ValidationError: a value fits no field, e.g. a name of more than 200 characters.
    """
    graph = read_graph(html, url)
    page = next(graph.of_type("ProfilePage"), None)
    entity = owner_of(graph, page)
    if page is None or entity is None:
        return None
    shown = extras(page) | extras(entity)  # what stands with the owner is nearer to it
    handle = first_text(entity, "alternateName")
    own_url = first_text(entity, "url") or first_text(page, "url")
    return Account(
        platform=platform,
        account_id=id_of(entity) or handle or _last_segment(own_url or url),
        name=first_text(entity, "name"),
        handle=handle.removeprefix("@") if handle else None,
        bio=first_text(entity, "description"),
        url=urljoin(url, own_url) if own_url else url,
        avatar=_link(entity.get("image"), url),
        banner=_link(shown.get("banner"), url),
        verified=_verified(shown),
        verified_label=text_of(shown.get("verified_label")),
        organisation=text_of(shown.get("organisation")) or _employer(graph, entity),
        credentials=_credentials(graph, entity),
        field=text_of(shown.get("field")) or first_text(entity, "knowsAbout"),
        followers=interaction(entity, "interactionStatistic", "FollowAction"),
        following=interaction(entity, "agentInteractionStatistic", "FollowAction"),
        posts_count=interaction(entity, "agentInteractionStatistic", "WriteAction"),
        region=text_of(shown.get("region")),
        mcn=text_of(shown.get("mcn")),
        contacts=_texts(shown, "contacts"),
        shops=_texts(shown, "shops"),
        monetisation=_monetisation(shown),
        created_at=instant(text_of(page.get("dateCreated")), fetched_at),
        fetched_at=fetched_at,
    )


def owner_of(graph: Graph, page: Node | None) -> Node | None:
    """Return the person or organisation that a profile page is about."""
    if page is None:
        return None
    candidates = [*listed(page, "mainEntity"), *listed(page, "about")]
    return next((node for node in map(graph.resolved, candidates) if node is not None), None)


def id_of(node: Node) -> str | None:
    """Return the identifier of a node: plain, or as a PropertyValue."""
    return first_text(node, "identifier")


def interaction(node: Node, key: str, *actions: str) -> int | None:
    """Return an InteractionCounter's count for one of these actions, or ``None``."""
    for counter in listed(node, key):
        if isinstance(counter, Mapping) and not _actions(counter).isdisjoint(actions):
            return count(counter.get("userInteractionCount"))
    return None


def _actions(counter: Node) -> set[str]:
    found: set[str] = set()
    for kind in listed(counter, "interactionType"):
        found |= types_of(kind) if isinstance(kind, Mapping) else {str(kind).rsplit("/", 1)[-1]}
    return found


def _verified(shown: Mapping[str, Any]) -> Verified | None:
    if "verified" not in shown:
        return None
    value = shown["verified"]
    word = str(value).lower() if isinstance(value, bool) else (text_of(value) or "")
    return _MARKS.get(word.lower(), "unknown") if word else None


def _employer(graph: Graph, entity: Node) -> str | None:
    for key in ("worksFor", "affiliation"):
        for value in listed(entity, key):
            if found := text_of(graph.resolved(value) or value):
                return found
    return None


def _credentials(graph: Graph, entity: Node) -> tuple[Credential, ...] | None:
    if "hasCredential" not in entity:
        return None
    nodes = (graph.resolved(value) for value in listed(entity, "hasCredential"))
    return tuple(found for node in nodes if node is not None for found in _credential(node))


def _credential(node: Node) -> Iterator[Credential]:
    kind = first_text(node, "credentialCategory", "name")
    if kind is None or kind == NONE_SHOWN:
        return
    yield Credential(
        kind=kind,
        number=first_text(node, "identifier"),
        holder=first_text(node, "holder", "about"),
        valid_until=first_text(node, "validThrough", "expires", "validUntil"),
    )


def _monetisation(shown: Mapping[str, Any]) -> tuple[Monetisation, ...] | None:
    words = _texts(shown, "monetisation")
    if words is None:
        return None
    return tuple(word for word in get_args(Monetisation) if word in words)


def _texts(shown: Mapping[str, Any], key: str) -> tuple[str, ...] | None:
    if key not in shown:
        return None
    found = (text_of(value) for value in listed(shown, key))
    return tuple(text for text in found if text and text != NONE_SHOWN)


def _link(value: object, url: str) -> str | None:
    if isinstance(value, Mapping):
        value = first_text(value, "contentUrl", "url", "@id")
    found = text_of(value)
    return urljoin(url, found) if found else None


def _last_segment(url: str) -> str:
    return unquote(urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1]) or urlsplit(url).netloc
