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
from auditor.model import Account, Hit, Reference, Verified, is_shown
from auditor.text import fold_name


class VerificationLooked(Detector):
    """Finds that the page's verification was looked at; else the rule is not evaluated."""

    use: Literal["verification_looked"]

    provides: ClassVar[frozenset[str]] = frozenset({"verification"})

    def anchor(self) -> Anchor:
        """The verification field is collected."""
        return Anchor("field", ("verified",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit that states what the page showed."""
        account = subject.account
        if account.verified is None:
            return Missing("verified")
        shown = account.verified_label if is_shown(account.verified_label) else account.verified
        return [
            Hit("verified", shown or "", facts=MappingProxyType({"verification": shown or "none"}))
        ]


class VerifiedAs(Detector):
    """Finds a verification whose text fits: a bare badge without fitting words clears nobody.

    ``fits: given.reference`` asks that the label or the shown organisation names the matched body,
    its short name, or contains the account's own name, under a mark for organisations, media or
    government. ``fits: words`` asks that the label holds a phrase of ``words`` (titles by field).
    ``fits: any`` takes a mark of the kinds whatever its text says. ``kinds`` narrows the marks.
    """

    use: Literal["verified_as"]
    fits: Literal["given.reference", "words", "any"]
    words: tuple[str, ...] = ()
    kinds: tuple[Verified, ...] = ("organisation", "media", "government")

    def lexicons(self) -> frozenset[str]:
        """Return the lists that a fitting label is looked up in."""
        return lexicon_ids(self.words)

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
        if self.fits == "any":
            return [Hit("verified", account.verified, steps=(f"verified:{account.verified}",))]
        if account.verified_label is None and account.organisation is None:
            return Missing("verified_label")
        for field, text in shown_texts(account):
            if self._fits(view, text, account, given):
                return [Hit(field, text, (0, len(text)), steps=(f"verified:{account.verified}",))]
        return []

    def _fits(self, view: View, text: str, account: Account, given: Match) -> bool:
        if self.fits == "words":
            return bool(view.scanned(text).spans(self.lexicons()))
        return names_body(text, account.name or "", given)


def shown_texts(account: Account) -> list[tuple[str, str]]:
    """Return the verification texts that the page shows, with their fields."""
    pairs = (("verified_label", account.verified_label), ("organisation", account.organisation))
    return [(field, text) for field, text in pairs if is_shown(text) and text]


def names_body(text: str, name: str, given: Match) -> bool:
    """Tell whether a verification text names the matched body or, for a pattern, its place."""
    shown = fold_name(text).text
    reference = given.reference
    if reference is not None and any(word and word in shown for word in _folded_names(reference)):
        return True
    facts = given.facts()
    place, organ = facts.get("place", ""), facts.get("organ", "")
    if place and organ:
        return fold_name(place).text in shown
    return len(name) >= 3 and fold_name(name).text in shown


def _folded_names(reference: Reference) -> list[str]:
    return [fold_name(word).text for word in (reference.name, *reference.short_names)]
