"""Who runs an account, as its page shows it: the operator's name, and an address in the bio."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import ClassVar, Final, Literal

from auditor.detectors.base import (
    Anchor,
    Detector,
    Found,
    Match,
    Missing,
    Resources,
    Subject,
    View,
    lexicon_ids,
    text_of,
)
from auditor.detectors.bodies import SHORTEST, folded, only_repeats, patterns, place_stands
from auditor.detectors.verification import shown_texts
from auditor.model import Account, Hit
from auditor.text import fold_name

# A host that stands alone or begins an address; not the part of a mail address, of a path or of
# user information (https://www.gov.cn@other.example leads elsewhere).
_HOST: Final = re.compile(
    r"(?<![\w.@=?&/+-])(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?![\w@-]|\.\w|:[^\s/]*@)",
    re.ASCII | re.IGNORECASE,
)
STATE_DOMAIN = "gov.cn"
"""The second-level domain that is registered to organs of the state only."""


class OperatorNames(Detector):
    """Finds an operator whose name holds the place, or half of the name, of the matched body.

    Read are the shown operator and the label of a mark for organisations, media or government; a
    label that only repeats the account's own name beside words of ``labels`` names no operator.
    Half a name is at least three characters of it in a row.
    """

    use: Literal["operator_names"]
    labels: tuple[str, ...] = ()

    provides: ClassVar[frozenset[str]] = frozenset({"operator", "shared"})

    def tables(self) -> frozenset[str]:
        """Return the list of words that every label holds."""
        return lexicon_ids(self.labels)

    def anchor(self) -> Anchor:
        """An operator is shown."""
        return Anchor("field", ("organisation",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit for the first text that names a part of the body."""
        account = subject.account
        labels = folded(view.resources.words(self.labels))
        for field, text in _operators(account):
            shown = fold_name(text).text
            if only_repeats(shown, account.name or "", labels):
                continue
            if shared := _shared(view.resources, shown, given):
                facts = MappingProxyType({"operator": text, "shared": shared})
                return [Hit(field, text, (0, len(text)), facts=facts)]
        return []


def _operators(account: Account) -> list[tuple[str, str]]:
    """Return the shown texts that name an operator; a person's label names the person."""
    of_bodies = account.verified in ("organisation", "media", "government")
    return [pair for pair in shown_texts(account) if of_bodies or pair[0] == "organisation"]


def _shared(resources: Resources, shown: str, given: Match) -> str:
    """Return what the operator's name shares with the matched body; empty for nothing."""
    for place, _ in patterns(resources, given):
        if place in resources.places and place_stands(resources, shown, place):
            return place
    reference = given.reference
    names = (reference.name, *reference.short_names) if reference else ()
    for name in (fold_name(word).text for word in names):
        match = SequenceMatcher(None, name, shown, autojunk=False).find_longest_match()
        if match.size >= max(SHORTEST, (len(name) + 1) // 2):
            return name[match.a : match.a + match.size]
    return ""


class DomainShown(Detector):
    """Finds an address in the bio on a domain of the matched body, or on a domain of the state.

    The host must be the registered domain or lie below it (``www.people.com.cn`` for
    ``people.com.cn``); a mail address and a domain inside another address do not count.
    """

    use: Literal["domain_shown"]

    provides: ClassVar[frozenset[str]] = frozenset({"domain"})

    def anchor(self) -> Anchor:
        """The bio is collected."""
        return Anchor("field", ("bio",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit an address, in the order of the bio."""
        bio = text_of(subject, "bio")
        if bio is None:
            return Missing("bio")
        listed = given.reference.domains if given.reference else ()
        return [
            Hit("bio", match[1], match.span(1), facts=MappingProxyType({"domain": match[1]}))
            for match in _HOST.finditer(bio)
            if _is_of(match[1].lower(), listed)
        ]


def _is_of(host: str, listed: tuple[str, ...]) -> bool:
    if host.endswith(f".{STATE_DOMAIN}"):
        return True
    return any(host == one.lower() or host.endswith(f".{one.lower()}") for one in listed)
