"""One finding as a card: everything a person needs to decide, in the order of reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from auditor.model import AccountRow, Finding, Item, Notice, Verified, is_shown
from auditor.reports.html.foreign import foreign, marked, shortened
from auditor.reports.html.quotes import located
from auditor.reports.html.steps import explained
from auditor.reports.html.wording import Wording

QUOTABLE = ("seen", "seen_fragment")
"""Wordings that may be printed as a quotation; a back-translation never is."""

MAX_LABEL_SHOWN = 120
MAX_CITATION_SHOWN = 140
"""Characters of a citation on a card; the coverage table, which the card links, has it whole."""


@dataclass(frozen=True, slots=True)
class Citation:
    """What the row may be relevant to.

    ``quotation`` is official Chinese that was read, else empty; then ``gist`` is a summary in our
    words, in the language of ``gist_tag``.
    """

    item_ids: tuple[str, ...]
    document: str
    quotation: str
    fragment: bool
    gist: str
    gist_tag: str


@dataclass(frozen=True, slots=True)
class Card:
    """A finding with its sentences in the language of the page."""

    anchor: str
    finding: Finding
    verification: Markup
    fact: str
    fact_tag: str
    other_fact: str
    other_tag: str
    question: str
    quote: Markup
    quote_is_located: bool
    steps: tuple[str, ...]
    gaps: tuple[str, ...]
    notes: tuple[str, ...]
    citation: Citation
    rank_parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """The notices at hand, by item; empty when a stored run is written without them."""

    items: Mapping[str, Item]
    notices: Mapping[str, Notice]

    @classmethod
    def of(cls, notices: tuple[Notice, ...]) -> Library:
        """Index notices and their items by id."""
        items = {item.item_id: item for notice in notices for item in notice.items}
        return cls(items, {notice.notice_id: notice for notice in notices})


def verification(verified: Verified | None, label: str | None, wording: Wording) -> Markup:
    """Return which of the three states verification is in (fairness, section 2)."""
    if verified is None:
        return wording.markup("verification.not_collected")
    if verified == "none":
        return wording.markup("verification.none")
    if label and is_shown(label):
        return wording.markup("verification.label", label=foreign(label, MAX_LABEL_SHOWN))
    return wording.markup("verification.kind", kind=wording.choice("verified", verified))


def card(number: int, row: Finding, library: Library, wording: Wording) -> Card:
    """Return the card of a finding; ``number`` counts from 1 on this page."""
    pieces = located(row)
    chinese = wording.language == "zh"
    facts = [(row.fact_zh, "zh-CN"), (row.fact_en, "en")]
    (fact, fact_tag), (other_fact, other_tag) = facts if chinese else reversed(facts)
    return Card(
        anchor=f"f{number}",
        finding=row,
        verification=verification(row.verified, row.verified_label, wording),
        fact=fact,
        fact_tag=fact_tag,
        other_fact=other_fact,
        other_tag=other_tag,
        question=row.question_zh if chinese else row.question_en,
        quote=marked(*pieces),
        quote_is_located=bool(pieces.match),
        steps=explained(row.steps, wording),
        gaps=tuple(gap(entry, wording) for entry in row.not_evaluated),
        notes=tuple(
            _note(note, library, wording) for note in row.coverage_note.split(" | ") if note
        ),
        citation=_citation(row, library, wording),
        rank_parts=tuple(rank_part(reason, wording) for reason in row.rank_reasons),
    )


def rank_part(reason: str, wording: Wording) -> str:
    """Return ``part:points`` as words; a part whose input was not collected says so."""
    part, _, points = reason.partition(":")
    name = wording.choice("rank", part)
    if points.isdigit():
        return wording("card.rank.part", part=name, points=points)
    return wording("card.rank.unknown", part=name)


def gap(entry: str, wording: Wording) -> str:
    """Return ``rule_id:field`` as words: what was not collected, and for which rule."""
    rule, _, name = entry.partition(":")
    return wording("gap", rule=rule, field=field_name(name or rule, wording))


def field_name(name: str, wording: Wording) -> str:
    """Return a field of a profile or post by the name a person knows it under."""
    return wording.choice("field", name)


def first_cards(cards: list[Card]) -> dict[str, Card]:
    """Return every account's first card on the page, by account id."""
    first: dict[str, Card] = {}
    for entry in cards:
        first.setdefault(entry.finding.account_id, entry)
    return first


def account_verification(row: AccountRow, wording: Wording) -> str:
    """Return an account's mark in a word or two; accounts.csv holds no text of it."""
    if row.verified is None:
        return wording("verified.not_collected")
    return wording.choice("verified", row.verified)


def _note(note: str, library: Library, wording: Wording) -> str:
    kind, _, value = note.partition(":")
    notice = library.notices.get(value)
    if notice is not None:
        value = notice.title_zh if wording.language == "zh" else notice.title_en
    return wording(f"note.{kind}", value=value) if f"note.{kind}" in wording else note


def _citation(row: Finding, library: Library, wording: Wording) -> Citation:
    quotation = row.citation_zh if row.citation_status in QUOTABLE else ""
    item = next((library.items[name] for name in row.item_ids if name in library.items), None)
    chinese = wording.language == "zh"
    gist, tag = row.citation_en, "en"
    if chinese and item is not None and item.gist_en == row.citation_en:
        gist, tag = item.gist_zh, "zh-CN"
    document = [part for part in (row.doc_issuer, row.doc_title, row.doc_date) if part]
    return Citation(
        item_ids=row.item_ids,
        document=" · ".join(document),
        quotation=shortened(quotation, MAX_CITATION_SHOWN),
        fragment=row.citation_status == "seen_fragment",
        gist=gist,
        gist_tag=tag,
    )
