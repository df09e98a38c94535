"""What the platform's verification says, and whether it fits what was matched."""

from __future__ import annotations

from types import MappingProxyType
from typing import ClassVar, Literal

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
from auditor.detectors.bodies import (
    SHORTEST,
    MarkWords,
    fits_strictly,
    folded,
    strict_namings,
    trusted_namings,
)
from auditor.detectors.titles import PROFESSIONAL, may_name_profession
from auditor.model import Account, Hit, Verified, is_shown
from auditor.text import fold_name

TRUSTED: tuple[Verified, ...] = ("media", "government")
"""Marks that platforms give to outlets and organs alone; any company may carry the others."""


class VerificationLooked(Detector):
    """Finds that the page's verification was looked at; else the rule is not evaluated.

    With ``shows: none`` it finds only that the page showed no verification; with ``shows: read``
    the words of a mark must have been collected where there is one.
    """

    use: Literal["verification_looked"]
    shows: Literal["anything", "none", "read"] = "anything"

    provides: ClassVar[frozenset[str]] = frozenset({"verification"})

    def anchor(self) -> Anchor:
        """The verification field is collected."""
        return Anchor("field", ("verified",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit that states what the page showed."""
        account = subject.account
        if account.verified is None:
            return Missing("verified")
        if self.shows == "none" and account.verified != "none":
            return []
        if self.shows == "read" and account.verified != "none" and not shown_texts(account):
            return Missing("verified_label")
        shown = account.verified_label if is_shown(account.verified_label) else account.verified
        return [
            Hit("verified", shown or "", facts=MappingProxyType({"verification": shown or "none"}))
        ]


class VerifiedAs(Detector):
    """Finds a verification whose text fits: a bare badge without fitting words clears nobody.

    ``fits: given.reference`` asks that the label or the shown operator names the matched body: its
    full name, a short name of three characters or more, one of two beside an organ word, or, for a
    place and an organ word, the place and a form of that word (``organ_forms.csv``: 中院 is
    中级人民法院). Under a mark for media or government the account's own name does as well. Under a
    mark for organisations it does not: there the legal name is asked for, a text with words of
    ``companies`` or ``others`` is another subject's, ``endings`` may end the name of a body that is
    a company itself, and ``labels`` are words that every label holds.
    ``fits: given.profession`` asks that the label names a title, a post or an employer of the
    profession of the title that was matched, or nothing that is known to be another; only a label
    that names a field, a company or another profession does not fit. ``fits: words`` asks that it
    holds a phrase of ``words``, ``fits: own_name`` that it holds the account's own name of three
    characters or more.
    ``fits: any`` takes a mark of the kinds whatever its text says, ``fits: text`` one with a text,
    ``fits: no_text`` one without. ``kinds`` narrows the marks.
    """

    use: Literal["verified_as"]
    fits: Literal[
        "given.reference", "given.profession", "words", "own_name", "any", "text", "no_text"
    ]
    words: tuple[str, ...] = ()
    kinds: tuple[Verified, ...] = ("organisation", "media", "government")
    companies: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def lexicons(self) -> frozenset[str]:
        """Return the lists that a fitting label is looked up in."""
        if self.fits == "given.profession":
            return PROFESSIONAL
        return lexicon_ids(self.words)

    def tables(self) -> frozenset[str]:
        """Return the lists that narrow a mark for organisations."""
        return lexicon_ids((*self.companies, *self.endings, *self.labels, *self.others))

    def anchor(self) -> Anchor:
        """The verification field is collected."""
        return Anchor("field", ("verified",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return a hit when the mark is of a counting kind and its text fits."""
        account = subject.account
        if account.verified is None:
            return Missing("verified")
        if account.verified not in self.kinds:
            return []
        if self.fits in ("any", "text", "no_text"):
            return self._whatever(account)
        if account.verified_label is None and account.organisation is None:
            return Missing("verified_label")
        for field, text in shown_texts(account):
            if self._fits(view, text, account, given):
                return [Hit(field, text, (0, len(text)), steps=(f"verified:{account.verified}",))]
        return []

    def _whatever(self, account: Account) -> Found:
        has_text = bool(shown_texts(account))
        if self.fits != "any" and has_text != (self.fits == "text"):
            return []
        mark = account.verified or ""
        return [Hit("verified", mark, steps=(f"verified:{mark}",))]

    def _fits(self, view: View, text: str, account: Account, given: Match) -> bool:
        if self.fits == "words":
            return view.scanned(text).holds(self.lexicons())
        if self.fits == "given.profession":
            return may_name_profession(view, text, given.facts().get("profession", ""))
        resources, shown, name = view.resources, fold_name(text).text, account.name or ""
        if self.fits == "own_name":
            own = fold_name(name).text
            return len(own) >= SHORTEST and own in shown
        if account.verified in TRUSTED:
            return any(trusted_namings(resources, shown, name, given))
        words = MarkWords(
            companies=folded(resources.words(self.companies)),
            endings=folded(resources.words(self.endings)),
            labels=folded(resources.words(self.labels)),
            others=folded(resources.words(self.others)),
        )
        kind = given.reference.kind if given.reference else ""
        return any(
            fits_strictly(naming, shown, name, kind, words)
            for naming in strict_namings(resources, shown, given)
        )


def shown_texts(account: Account) -> list[tuple[str, str]]:
    """Return the verification texts that the page shows, with their fields."""
    pairs = (("verified_label", account.verified_label), ("organisation", account.organisation))
    return [(field, text) for field, text in pairs if is_shown(text) and text]
