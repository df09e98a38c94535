"""Which posts are the author's own words: no repost, no story that says so, nothing taken down."""

from __future__ import annotations

from typing import Literal

from auditor.detectors.base import Anchor, Detector, Found, Match, Subject, View
from auditor.model import Hit, Post


def is_own(post: Post) -> bool:
    """Tell whether a post is its author's published text: no repost, comment, live room, fiction.

    A deleted post is published no longer.
    """
    if post.repost_of is not None or post.state == "deleted":
        return False
    return post.kind not in ("live", "comment") and "fiction" not in (post.labels or ())


class OwnPost(Detector):
    """Finds that the post is its author's own published text; what was not collected is no bar."""

    use: Literal["own_post"]

    def anchor(self) -> Anchor:
        """Posts are collected; the step wakes nothing and follows one that does."""
        return Anchor("field", ("text",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit for such a post."""
        del view, given
        post = subject.post
        return [Hit("text", "", steps=("own_post",))] if post is not None and is_own(post) else []
