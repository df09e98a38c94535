"""The same text, or nearly the same, again and again within one account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import ClassVar, Final, Literal

import numpy as np
from pydantic import Field

from auditor.copies import LONGEST, Crowd, likeness_to, limits, near_groups, runs, window_ends
from auditor.detectors.anchors import Repeated
from auditor.detectors.base import Anchor, Detector, Found, Match, Missing, Subject, View
from auditor.detectors.durations import Hours
from auditor.model import Hit, Post
from auditor.text import content_batch, ratio

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_HOUR: Final = timedelta(hours=1) // _MICROSECOND


class RepeatedText(Detector):
    """Finds one text that the account published at least ``min_posts`` times within ``hours``.

    Texts count as the same when their content characters are equal, or, with ``least_likeness``
    (0..1) below 1, when so large a share of all runs of three characters in either stands in both;
    every one of them must be so like the first, and have two different runs for each three of
    ``min_characters``: that number keeps greetings and check-ins out. Nearly equal texts are put
    together only where ``min_posts`` of the kind lie within ``hours``. A post marked as a repost is
    none of the account's texts. The likeness of the first and the last original is reported.
    """

    use: Literal["repeated_text"]
    min_posts: int = Field(default=5, ge=2)
    min_characters: int = Field(default=60, ge=20)
    hours: Hours = 24
    least_likeness: float = Field(default=1.0, ge=0.7, le=1)

    provides: ClassVar[frozenset[str]] = frozenset({"n", "c", "p", "low", "t1", "t2"})

    def anchor(self) -> Anchor:
        """The account posted (nearly) the same as often and within as short a time as is asked."""
        kind: Literal["repeat", "near_repeat"] = "repeat" if self._equal else "near_repeat"
        repeated = Repeated(self.min_posts, self.min_characters, self.hours)
        return Anchor(kind, ("text",), repeated=repeated)

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit a repeated text, the most repeated first."""
        if not view.dossier.posts_seen:
            return Missing("posts")
        posts, alike = view.dossier.posts, view.dossier.posts_alike
        if alike is not None and alike < self.min_posts and self._are_sketched(posts):
            return []
        # A content is never longer than its text: most accounts are told from that.
        if sum(len(post.text) >= self.min_characters for post in posts) < self.min_posts:
            return []
        texts = view.kept(("content of own posts",), lambda: _contents(view))
        long = {at: text for at, text in texts.items() if len(text) >= self.min_characters}
        repeated = [
            members
            for group in (self._equals(long) if self._equal else self._alike(posts, long))
            if len(group) >= self.min_posts
            and len(members := self._window(posts, long, group)) >= self.min_posts
        ]
        repeated.sort(key=lambda members: (-len(members), members[0]))
        return [self._hit(posts, long, members) for members in repeated]

    @property
    def _equal(self) -> bool:
        return self.least_likeness == 1

    def _are_sketched(self, posts: Sequence[Post]) -> bool:
        """Tell whether ``posts_alike`` counts all that the rule may find: near-copies it does."""
        if not self._equal:
            return True
        longest = max((len(post.text) for post in posts), default=0)
        return self.min_characters >= limits().least_characters and longest <= LONGEST

    def _equals(self, texts: dict[int, str]) -> list[list[int]]:
        groups: dict[str, list[int]] = {}
        for index, text in texts.items():
            groups.setdefault(text, []).append(index)
        return list(groups.values())

    def _alike(self, posts: Sequence[Post], texts: dict[int, str]) -> list[list[int]]:
        # Long laughter is like any other long laughter.
        varied = {
            text for text in {*texts.values()} if len(runs(text)) * 3 >= self.min_characters * 2
        }
        places = [at for at, text in texts.items() if text in varied]
        contents = [texts[at] for at in places]
        # What stands alone in time could lengthen a chain of texts, and is not always read.
        since = ((_time(posts[at]) - _EPOCH) // _MICROSECOND for at in places)
        times = np.fromiter(since, np.int64, len(places))
        crowd = Crowd(times, self.min_posts, self.hours * _HOUR)
        groups = near_groups(contents, self.least_likeness, self.min_characters, crowd)
        return [[places[at] for at in members] for members in groups]

    def _window(
        self, posts: Sequence[Post], texts: dict[int, str], members: list[int]
    ) -> list[int]:
        """Return the largest group published within ``hours`` of its first and alike to it."""
        members = sorted(members, key=lambda at: (_time(posts[at]), at))
        times = [_time(posts[at]) for at in members]
        spans = list(enumerate(window_ends(times, timedelta(hours=self.hours))))
        inside = members[slice(*max(spans, key=lambda span: span[1] - span[0]))]
        if self._equal:
            return inside
        likeness = likeness_to(texts[inside[0]], [texts[at] for at in inside])
        return [
            at for at, near in zip(inside, likeness >= self.least_likeness, strict=True) if near
        ]

    def _hit(self, posts: Sequence[Post], texts: dict[int, str], members: list[int]) -> Hit:
        first, last = posts[members[0]], posts[members[-1]]
        likeness = ratio(first.text, last.text)
        low = likeness_to(texts[members[0]], [texts[at] for at in members]).min()
        facts = {
            "n": str(len(members)),
            "c": str(len(texts[members[0]])),
            "p": f"{likeness:.0f}",
            # Cut, not rounded: never more than was measured.
            "low": str(int(low * 100)),
            "t1": first.published_at.isoformat() if first.published_at else "",
            "t2": last.published_at.isoformat() if last.published_at else "",
        }
        return Hit(
            field="text",
            quote=first.text,
            span=(0, len(first.text)),
            post=members[0],
            steps=("equal_content" if self._equal else "near_content",),
            score_name="ratio" if self._equal else "jaccard",
            score_value=round(likeness, 1) if self._equal else round(float(low), 3),
            threshold=None if self._equal else self.least_likeness,
            sample_n=len(members),
            members=tuple(members),
            facts=MappingProxyType(facts),
        )


def _contents(view: View) -> dict[int, str]:
    """Return the content characters of the account's own dated posts, by their positions."""
    posts = view.dossier.posts
    own = [
        index
        for index, post in enumerate(posts)
        if post.published_at is not None and post.repost_of is None
    ]
    # One text may stand in a hundred thousand posts: it is read once.
    texts = list(dict.fromkeys(posts[index].text for index in own))
    contents = content_batch([view.scanned(text).folded.text for text in texts])
    known = dict(zip(texts, contents, strict=True))
    return {index: known[posts[index].text] for index in own}


def _time(post: Post) -> datetime:
    if post.published_at is None:
        raise ValueError("only dated posts are counted")
    return post.published_at
