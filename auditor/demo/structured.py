"""The schema.org ProfilePage of a profile, as JSON-LD."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from auditor.model import NONE_SHOWN, Account, Post, is_shown

_SCHEMA = "https://schema.org"

SHOWN_TEXTS = ("verified", "verified_label", "organisation", "field", "mcn", "region")
SHOWN_LISTS = ("contacts", "shops", "monetisation")


def profile_node(account: Account, posts: Sequence[Post]) -> dict[str, Any]:
    """Return the page's data; a field that the page does not show is absent, not ``none``."""
    return {
        "@context": _SCHEMA,
        "@type": "ProfilePage",
        "url": account.url,
        "dateCreated": account.created_at.isoformat() if account.created_at else None,
        "mainEntity": _entity(account),
        "hasPart": [_posting(post) for post in posts],
    }


def entity_type(account: Account) -> str:
    """Return the schema.org type of the account's owner, as far as the mark tells."""
    bodies = ("organisation", "media", "government")
    return "Organization" if account.verified in bodies else "Person"


def properties(account: Account) -> list[tuple[str, list[str]]]:
    """Return the shown extras as names and values; ``none`` stands where nothing is shown."""
    texts = [(name, getattr(account, name)) for name in SHOWN_TEXTS]
    lists = [(name, getattr(account, name)) for name in SHOWN_LISTS]
    found = [(name, [text]) for name, text in texts if text is not None]
    return found + [(name, list(many) or [NONE_SHOWN]) for name, many in lists if many is not None]


def counters(post: Post) -> list[tuple[str, int]]:
    """Return the counters of a post as schema.org actions."""
    pairs = (
        ("LikeAction", post.likes),
        ("CommentAction", post.comments),
        ("ShareAction", post.reposts),
        ("ViewAction", post.views),
    )
    return [(action, number) for action, number in pairs if number is not None]


def _entity(account: Account) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@type": entity_type(account),
        "name": account.name,
        "alternateName": account.handle,
        "identifier": account.account_id,
        "description": account.bio,
        "image": account.avatar,
        "url": account.url,
        "interactionStatistic": [_counter("FollowAction", account.followers or 0)],
        "agentInteractionStatistic": [
            _counter("WriteAction", account.posts_count or 0),
            _counter("FollowAction", account.following or 0),
        ],
        "additionalProperty": [
            {
                "@type": "PropertyValue",
                "name": name,
                "value": values[0] if name in SHOWN_TEXTS else values,
            }
            for name, values in properties(account)
        ],
    }
    if node["@type"] == "Person" and is_shown(account.organisation):
        node["affiliation"] = {"@type": "Organization", "name": account.organisation}
    return node


def _counter(action: str, number: int) -> dict[str, Any]:
    return {
        "@type": "InteractionCounter",
        "interactionType": f"{_SCHEMA}/{action}",
        "userInteractionCount": number,
    }


def _posting(post: Post) -> dict[str, Any]:
    node = {
        "@type": "SocialMediaPosting",
        "identifier": post.post_id,
        "url": post.url,
        "headline": post.title,
        "text": post.text,
        "datePublished": post.published_at.isoformat() if post.published_at else None,
        "dateModified": post.edited_at.isoformat() if post.edited_at else None,
        "interactionStatistic": [_counter(action, number) for action, number in counters(post)],
    }
    return {key: value for key, value in node.items() if value is not None}
