"""When a walk through an account's posts may stop."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from auditor.model import Post

SEEN_PAGES = 2
"""Whole pages of known posts after which a walk stops; one would fall for a single old post."""


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a walk has come.

    ``known_until`` is the time up to which an earlier walk *that came to its end* has read all
    posts; an interrupted walk leaves none, so the posts it missed are found by the next one.
    """

    known_until: datetime | None = None
    pages: int = 0
    seen_pages: int = 0
    newest_post_at: datetime | None = None
    oldest_post_at: datetime | None = None

    @property
    def all_known(self) -> bool:
        """Whether enough whole pages of known posts have been met."""
        return self.seen_pages >= SEEN_PAGES

    def after(self, posts: Sequence[Post], pinned: Collection[str] = ()) -> Walk:
        """Return the walk after one more page; posts whose id is ``pinned`` decide nothing."""
        free = [post for post in posts if post.post_id not in pinned]
        times = [post.published_at for post in free if post.published_at is not None]
        seen = bool(free) and all(self._is_known(post) for post in free)
        return replace(
            self,
            pages=self.pages + 1,
            seen_pages=self.seen_pages + 1 if seen else 0,
            newest_post_at=max([*times, *_given(self.newest_post_at)], default=None),
            oldest_post_at=min([*times, *_given(self.oldest_post_at)], default=None),
        )

    def _is_known(self, post: Post) -> bool:
        if post.published_at is None or self.known_until is None:
            return False
        return post.published_at <= self.known_until


def known_until(
    newest_post_at: datetime | None, walked_at: datetime, reread: timedelta
) -> datetime | None:
    """Return up to when posts count as known after a complete walk.

    Posts of the last days before the walk are read again, because they may have been edited or
    deleted since.
    """
    return None if newest_post_at is None else min(newest_post_at, walked_at - reread)


def _given(moment: datetime | None) -> tuple[datetime, ...]:
    return () if moment is None else (moment,)
