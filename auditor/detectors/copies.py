"""The same text again and again within one account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar, Literal

from pydantic import Field

from auditor.detectors.base import Anchor, Detector, Found, Match, Missing, Subject, View
from auditor.model import Hit, Post
from auditor.text import content, ratio


class RepeatedText(Detector):
    """Finds one text that the account published at least ``min_posts`` times within ``hours``.

    Texts count as the same when their content characters are equal; ``min_characters`` keeps
    greetings and check-ins out. The likeness of the first and the last original is reported.
    """

    use: Literal["repeated_text"]
    min_posts: int = Field(default=5, ge=2)
    min_characters: int = Field(default=60, ge=20)
    hours: int = Field(default=24, ge=1)

    provides: ClassVar[frozenset[str]] = frozenset({"n", "c", "p", "t1", "t2"})

    def anchor(self) -> Anchor:
        """The account posted the same content as often as the rule asks, whenever that was."""
        return Anchor("repeat", ("text",), least=(self.min_posts, self.min_characters))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit a repeated text, the most repeated first."""
        if not view.dossier.posts_seen:
            return Missing("posts")
        groups: dict[str, list[int]] = {}
        for index, post in enumerate(view.dossier.posts):
            key = content(post.text)
            if len(key) >= self.min_characters and post.published_at is not None:
                groups.setdefault(key, []).append(index)
        windows = [self._window(view.dossier.posts, members) for members in groups.values()]
        repeated = [members for members in windows if len(members) >= self.min_posts]
        repeated.sort(key=lambda members: (-len(members), members[0]))
        return [self._hit(view.dossier.posts, members) for members in repeated]

    def _window(self, posts: Sequence[Post], members: list[int]) -> list[int]:
        """Return the largest group of members published within ``hours``."""
        reach = timedelta(hours=self.hours)
        best: list[int] = []
        for offset, first in enumerate(members):
            start = posts[first].published_at
            inside = [
                index
                for index in members[offset:]
                if start is not None and (posts[index].published_at or start) - start <= reach
            ]
            best = max(best, inside, key=len)
        return best

    def _hit(self, posts: Sequence[Post], members: list[int]) -> Hit:
        first, last = posts[members[0]], posts[members[-1]]
        likeness = ratio(first.text, last.text)
        facts = {
            "n": str(len(members)),
            "c": str(len(content(first.text))),
            "p": f"{likeness:.0f}",
            "t1": first.published_at.isoformat() if first.published_at else "",
            "t2": last.published_at.isoformat() if last.published_at else "",
        }
        return Hit(
            field="text",
            quote=first.text,
            span=(0, len(first.text)),
            post=members[0],
            steps=("equal_content",),
            score_name="ratio",
            score_value=round(likeness, 1),
            sample_n=len(members),
            members=tuple(members),
            facts=MappingProxyType(facts),
        )
