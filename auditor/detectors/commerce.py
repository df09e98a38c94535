"""What a post sells: goods, courses or consultations shown with it, or offered in its words.

Commerce counts in the same post alone. A shop on the profile and the platform's tip button say
nothing here (fairness, section 2).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import ClassVar, Literal, NamedTuple

from pydantic import Field

from auditor.detectors.base import (
    Anchor,
    Detector,
    Found,
    Match,
    Missing,
    Subject,
    View,
    lexicon_ids,
)
from auditor.detectors.scanned import MOST_READ
from auditor.model import Hit, Post
from auditor.text import frame

Sold = Literal["goods", "course", "paid_consultation"]

SOLD: dict[str, tuple[str, str]] = {
    "goods": ("商品", "goods"),
    "course": ("课程", "a course"),
    "paid_consultation": ("付费咨询", "paid consultation"),
}
"""What commerce is called in a fact, Chinese and English."""

FIELDS = ("text", "title")

DENIALS = ("@offer-denials",)
"""Words of a post that denies, warns of or deals with such offers."""


class Offer(NamedTuple):
    """What a post sells: in words for a fact, and where the post's own words say so."""

    zh: str
    en: str
    field: str
    quote: str
    span: tuple[int, int] | None = None


def offer_of(
    view: View, post: Post, kinds: tuple[Sold, ...], words: tuple[str, ...]
) -> Offer | Missing | None:
    """Return what a post sells; whether it sells is unknown where nothing says it.

    The commerce that the platform shows comes first, then the author's own words: not quoted,
    not negated, not asked, not said of somebody else.
    """
    shown = [kind for kind in kinds if kind in (post.commerce or ())]
    if shown:
        zh, en = SOLD[shown[0]]
        return Offer(zh, en, "commerce", zh)
    lexicons = lexicon_ids(words)
    for name in FIELDS:
        text = getattr(post, name) or ""
        if view.scanned(text).holds(lexicon_ids(DENIALS)):
            continue
        for span in view.scanned(text).spans(lexicons)[:MOST_READ]:
            said = frame(text, span.start, span.end)
            if not any((said.negated, said.quoted, said.question, said.reported, said.supposed)):
                quote = text[span.start : span.end]
                return Offer(f"用语“{quote}”", f"“{quote}”", name, quote, (span.start, span.end))
    return Missing("commerce") if post.commerce is None else None


class PostOffer(Detector):
    """Finds that the post of the match sells: goods, a course or paid consultation.

    It follows a step that found the post; without one it finds nothing.
    Either the platform shows commerce of ``kinds`` with the post, or a phrase of ``words`` stands
    in it as the author's own. Tips and donations never count, nor does a shop on the profile.
    """

    use: Literal["post_offer"]
    kinds: tuple[Sold, ...] = ("goods", "course", "paid_consultation")
    words: tuple[str, ...] = Field(min_length=1)

    provides: ClassVar[frozenset[str]] = frozenset({"offer", "offer_en"})

    def lexicons(self) -> frozenset[str]:
        """Return the lists of offers, and of what denies one."""
        return lexicon_ids((*self.words, *DENIALS))

    def anchor(self) -> Anchor:
        """The commerce of a post is collected; the step wakes nothing and follows one that does."""
        return Anchor("field", ("commerce",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit with what is sold; of an account, in the posts that were matched."""
        posts = [view.dossier.posts[hit.post] for hit in given.hits if hit.post is not None]
        if not posts:
            return []
        offer = offer_of(view, posts[0], self.kinds, self.words)
        if offer is None or isinstance(offer, Missing):
            return offer or []
        facts = MappingProxyType({"offer": offer.zh, "offer_en": offer.en})
        steps = (f"offer:{offer.quote}",)
        return [Hit(offer.field, offer.quote, offer.span, steps=steps, facts=facts)]
