"""What a profile, a post and a change are (contracts, section 2)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from auditor.model.values import (
    MAX_BIO,
    MAX_NAME,
    MAX_TEXT,
    ChangeField,
    Instant,
    Monetisation,
    PostCommerce,
    PostKind,
    PostLabel,
    PostState,
    Text,
    Value,
    Verified,
    account_key,
)

Id = Annotated[Text, Field(min_length=1, max_length=200)]
Count = Annotated[int, Field(ge=0)]


class Credential(Value):
    """A qualification as the page shows it; ``kind`` is one of the 24 of spec section 6."""

    kind: Id
    number: Text | None = None
    holder: Text | None = None
    valid_until: Text | None = None


class Account(Value):
    """A public profile at one capture.

    ``None`` is *not collected*; the word ``none`` or an empty tuple is *looked, nothing shown*.
    ``name`` is ``None`` only for an account that is known from its posts alone.
    """

    platform: Id
    account_id: Id
    name: Annotated[Text, Field(min_length=1, max_length=MAX_NAME)] | None = None
    handle: Annotated[Text, Field(max_length=MAX_NAME)] | None = None
    bio: Annotated[Text, Field(max_length=MAX_BIO)] | None = None
    url: Text | None = None
    avatar: Text | None = None
    banner: Text | None = None
    verified: Verified | None = None
    verified_label: Text | None = None
    organisation: Text | None = None
    credentials: tuple[Credential, ...] | None = None
    field: Text | None = None
    followers: Count | None = None
    following: Count | None = None
    posts_count: Count | None = None
    region: Text | None = None
    mcn: Text | None = None
    contacts: tuple[Text, ...] | None = None
    shops: tuple[Text, ...] | None = None
    monetisation: tuple[Monetisation, ...] | None = None
    created_at: Instant | None = None
    fetched_at: Instant | None = None

    @property
    def key(self) -> str:
        """``platform:id``."""
        return account_key(self.platform, self.account_id)


class PostRef(Value):
    """A post of another account, as replies and reposts name it."""

    platform: Id | None = None
    account_id: Id | None = None
    post_id: Id | None = None


class Post(Value):
    """A public post at one capture; ``None`` is *not collected*."""

    platform: Id
    account_id: Id
    post_id: Id
    text: Annotated[Text, Field(max_length=MAX_TEXT)]
    kind: PostKind | None = None
    title: Annotated[Text, Field(max_length=MAX_TEXT)] | None = None
    published_at: Instant | None = None
    edited_at: Instant | None = None
    state: PostState | None = None
    source_label: Text | None = None
    labels: tuple[PostLabel, ...] | None = None
    location: Text | None = None
    views: Count | None = None
    likes: Count | None = None
    reposts: Count | None = None
    comments: Count | None = None
    reply_to: PostRef | None = None
    repost_of: PostRef | None = None
    mentions: tuple[Text, ...] | None = None
    images: tuple[Text, ...] | None = None
    cover: Text | None = None
    links: tuple[Text, ...] | None = None
    commerce: tuple[PostCommerce, ...] | None = None
    url: Text | None = None
    fetched_at: Instant | None = None

    @property
    def account_key(self) -> str:
        """``platform:account``."""
        return account_key(self.platform, self.account_id)

    @property
    def key(self) -> str:
        """``platform:account:post``."""
        return f"{self.account_key}:{self.post_id}"


class Change(Value):
    """One profile field before and after, as seen between two captures."""

    platform: Id
    account_id: Id
    field: ChangeField
    before: Text | None = None
    after: Text | None = None
    changed_at: Instant

    @property
    def account_key(self) -> str:
        """``platform:account``."""
        return account_key(self.platform, self.account_id)
