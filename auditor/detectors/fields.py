"""How many of an account's last posts are professional content of the field of its title.

Topic only: a post counts for the terms of the field that stand in it, never for what it says of
them. What tells of the author's own illness, lawsuit or school days, of news, goods, jokes or
stories does not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from auditor.detectors.commerce import DENIALS, Sold, offer_of
from auditor.detectors.posts import is_own
from auditor.detectors.scanned import PhraseSpan
from auditor.model import NONE_SHOWN, Hit
from auditor.model.values import Text, Value
from auditor.text import is_quoted

READ = 2_000
"""Characters of a post that are read: the topic of a long text shows at its beginning."""

STRONG, WEAK, ENOUGH = 4, 2, 8
"""Two different terms of a field make a long post one of it, or one with two everyday words, or
four of these. Three everyday words were the start; among reports on an epidemic they counted twice
as many (tests/detectors/test_fields.py holds precision and recall on labelled posts)."""

ENOUGH_BY_LENGTH = ((40, 4), (100, 6))
"""Characters up to which a post is short, and what its words must weigh: two everyday words, or
three. A longer post needs ``ENOUGH``."""

DIFFERENT = 2
"""Words that even the shortest post of a field holds."""

TOLD = 5
"""Words that the steps of a hit name."""


class Topic(Value):
    """A field of work: the professions that it belongs to, its names, and its words.

    Words of ``weak`` are everyday words of the field and count less than those of ``strong``.
    """

    professions: tuple[Text, ...] = Field(min_length=1)
    zh: Text
    en: Text
    strong: tuple[Text, ...] = Field(min_length=1)
    weak: tuple[Text, ...] = ()


class Counted(NamedTuple):
    """A post that counts: its place in the dossier, and its words of the field."""

    post: int
    field: str
    words: tuple[PhraseSpan, ...]


class FieldShare(Detector):
    """Finds that of the last ``last`` posts at least ``least`` are on the field of the title.

    The profession comes from the title that was matched, its words from ``topics``; a profession
    of no topic gives nothing. A post counts when enough different words of the topic stand in it
    that its author did not quote, and none of ``otherwise`` (the author's own story, news, mere
    selling, jokes and fiction). Reposts, comments, live rooms, deleted posts and those labelled
    fiction never count. With fewer than ``min_posts`` posts the rule is not evaluated. With
    ``offers`` only posts count that sell goods, a course or a consultation, by the platform's sign
    or by a phrase of these lists.
    """

    use: Literal["field_share"]
    topics: tuple[Topic, ...] = Field(min_length=1)
    otherwise: tuple[str, ...] = (
        "@field-own-story",
        "@field-told-as-news",
        "@field-trade",
        "@field-figure",
    )
    last: int = Field(default=30, ge=1, le=200)
    least: int = Field(default=5, ge=1)
    min_posts: int = Field(default=10, ge=1)
    offers: tuple[str, ...] = ()
    kinds: tuple[Sold, ...] = ("goods", "course", "paid_consultation")

    provides: ClassVar[frozenset[str]] = frozenset(
        {"k", "n", "topic", "topic_en", "offer", "offer_en"}
    )

    def lexicons(self) -> frozenset[str]:
        """Return the words of all topics, and those that speak against a post."""
        return lexicon_ids((*self._words(), *self.otherwise, *self.offers, *DENIALS))

    def reads_posts(self) -> int:
        """The last posts are counted whether they woke or not."""
        return self.last

    def fewest_posts(self) -> int:
        """Of fewer posts no share is told."""
        return self.min_posts

    def anchor(self) -> Anchor:
        """A term of a field stands in a post; the step follows one that finds a title."""
        return Anchor("lexicon", ("text", "title"), lexicon_ids(self._words()))

    def _words(self) -> tuple[str, ...]:
        return tuple(word for topic in self.topics for word in (*topic.strong, *topic.weak))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit with k of n posts, which lies in the latest of them."""
        profession = given.facts().get("profession", "")
        topic = next((one for one in self.topics if profession in one.professions), None)
        if topic is None:
            return []
        if view.dossier.posts_seen < self.min_posts:
            return Missing("posts")
        counted = view.kept((self, topic), lambda: list(self._counted(view, topic)))
        sold, unknown = self._sold(view, counted)
        if len(sold) < self.least:
            return Missing("commerce") if len(sold) + unknown >= self.least else []
        return [self._hit(view, topic, sold)]

    def _counted(self, view: View, topic: Topic) -> Iterator[Counted]:
        """Yield the posts of the topic, the latest first."""
        posts = view.dossier.posts
        for index in range(len(posts) - 1, max(-1, len(posts) - 1 - self.last), -1):
            counted = counted_post(view, index, topic, self.otherwise)
            if counted is not None:
                yield counted

    def _sold(
        self, view: View, counted: Sequence[Counted]
    ) -> tuple[list[tuple[Counted, tuple[str, str]]], int]:
        """Return the posts that sell, with what; and of how many that is unknown."""
        if not self.offers:
            return [(one, ("", "")) for one in counted], 0
        sold: list[tuple[Counted, tuple[str, str]]] = []
        unknown = 0
        for one in counted:
            offer = offer_of(view, view.dossier.posts[one.post], self.kinds, self.offers)
            if isinstance(offer, Missing):
                unknown += 1
            elif offer is not None:
                sold.append((one, (offer.zh, offer.en)))
        return sold, unknown

    def _hit(
        self, view: View, topic: Topic, counted: Sequence[tuple[Counted, tuple[str, str]]]
    ) -> Hit:
        latest, offer = counted[0]
        text = getattr(view.dossier.posts[latest.post], latest.field)
        first = latest.words[0]
        looked_at = min(self.last, view.dossier.posts_seen)
        facts = {
            "k": str(len(counted)), "n": str(looked_at), "topic": topic.zh, "topic_en": topic.en,
            "offer": offer[0], "offer_en": offer[1],
        }  # fmt: skip
        told = dict.fromkeys(word.phrase for one, _ in counted for word in one.words)
        return Hit(
            field=latest.field,
            quote=text[first.start : first.end],
            span=(first.start, first.end),
            post=latest.post,
            steps=(
                f"posts:{len(counted)}/{looked_at}",
                *(f"word:{word}" for word in list(told)[:TOLD]),
            ),
            sample_n=looked_at,
            facts=MappingProxyType(facts),
        )


def counted_post(
    view: View, index: int, topic: Topic, otherwise: tuple[str, ...]
) -> Counted | None:
    """Return a post with its words of the topic when it is professional content of it."""
    post = view.dossier.posts[index]
    if not is_own(post):
        return None
    against = lexicon_ids(otherwise)
    strong, weak = lexicon_ids(topic.strong), lexicon_ids(topic.weak)
    found: dict[str, tuple[str, PhraseSpan]] = {}
    for field, text in (("title", post.title or ""), ("text", post.text)):
        scanned = view.scanned(text[:READ])
        if scanned.holds(against):
            return None
        for span in uncovered(scanned.spans(strong | weak)):
            if span.phrase not in found and not is_quoted(scanned.original, span.start, span.end):
                found[span.phrase] = (field, span)
    spans = [span for _, span in found.values()]
    weight = points(spans, strong)
    if len(spans) < DIFFERENT or weight < enough(len(post.text) + len(post.title or "")):
        return None
    field = next(iter(found.values()))[0]
    return Counted(index, field, tuple(span for where, span in found.values() if where == field))


def enough(length: int) -> int:
    """Return what the words of a post of so many characters must weigh together."""
    return next((least for most, least in ENOUGH_BY_LENGTH if length <= most), ENOUGH)


def points(spans: Sequence[PhraseSpan], strong: frozenset[str]) -> int:
    """Return what the different words of a post weigh together."""
    return sum(STRONG if strong.intersection(span.lexicons) else WEAK for span in spans)


def uncovered(spans: Sequence[PhraseSpan]) -> Iterator[PhraseSpan]:
    """Yield the spans, sorted by start and end, that lie in no longer one (上诉 in 上诉状)."""
    ordered = sorted(spans, key=lambda span: (span.start, -span.end))
    reached = 0
    for span in ordered:
        if span.end > reached:
            reached = span.end
            yield span


class FieldLabel(Detector):
    """Finds that the page was looked at and shows no label of a field (``field`` is ``none``)."""

    use: Literal["field_label"]

    def anchor(self) -> Anchor:
        """The field label is collected."""
        return Anchor("field", ("field",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit where none is shown; a label that was not collected says nothing."""
        shown = subject.account.field
        if shown is None:
            return Missing("field")
        return [Hit("field", "", steps=("field:none",))] if shown == NONE_SHOWN else []


class CredentialsShown(Detector):
    """Finds that the page shows a credential, whatever its kind."""

    use: Literal["credentials_shown"]

    def anchor(self) -> Anchor:
        """The credentials are collected."""
        return Anchor("field", ("credentials",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit a credential shown; credentials not collected are missing input."""
        shown = subject.account.credentials
        if shown is None:
            return Missing("credentials")
        return [Hit("credentials", one.kind, steps=(f"credential:{one.kind}",)) for one in shown]
