"""The operator's extract of professional registers: exact look-up by number, or name and number.

An extract is never the register: every answer carries its date and what it covers, and a number
that is not in it may be in the part it does not cover.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import ClassVar, Literal, NamedTuple

from pydantic import Field

from auditor.detectors.base import (
    Found,
    Match,
    Missing,
    Subject,
    View,
    lexicon_ids,
)
from auditor.detectors.credentials import form_hit
from auditor.detectors.listed import Listed
from auditor.detectors.shown import (
    NumberReader,
    ShownNumber,
    claimed_persons,
    is_full_name,
    shown_numbers,
)
from auditor.model import Account, Hit, Reference
from auditor.references.registry import (
    PROFESSIONS,
    is_active,
    is_ended,
    registered_persons,
)
from auditor.references.rows import RegistryEntry
from auditor.text import fold_name, kinds_of, mask, mask_person

_KINDRED = {"medicine", "psychology"}
"""A psychiatrist is registered as a physician, and may be called by either."""

MOST_TOLD = 3
"""Coverages of an extract that a sentence names one by one."""


class Difference(NamedTuple):
    """An entry that does not agree with the account, and in what (zh, en)."""

    entry: RegistryEntry
    zh: str
    en: str


class RegistryLookup(NumberReader):
    """Finds what the operator's extract says of the credential numbers of the claimed profession.

    ``answer: matches``: an entry in force of the profession whose person the profile names.
    ``differs``: the number stands there, with another profession or person or no longer in force.
    ``absent``: a number of the published form stands nowhere, and the extract covers the
    profession. A number shown without an extract, or without one of the profession, makes it *not
    evaluated*; where none is shown there is nothing to look up.
    """

    use: Literal["registry"]
    answer: Literal["matches", "differs", "absent"]
    own: tuple[str, ...] = Field(default=("@own-credential",), min_length=1)
    sample: tuple[str, ...] = ("@sample-data",)
    surnames: tuple[str, ...] = Field(default=("@person-surnames",), min_length=1)

    provides: ClassVar[frozenset[str]] = frozenset(
        {
            "credential", "credential_en", "masked", "where", "where_en", "form", "form_en",
            "length", "registry", "date", "cover", "difference", "difference_en",
        }
    )  # fmt: skip

    def tables(self) -> frozenset[str]:
        """Return the lists that are looked up beside a number or in a name."""
        return lexicon_ids((*self.own, *self.sample, *self.surnames))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit a number of which the extract gives the answer."""
        profession = given.facts().get("profession", "")
        kinds = kinds_of(profession)
        words = view.resources.words
        numbers = [
            number
            for number in shown_numbers(view, subject, kinds, words(self.own), words(self.sample))
            if number.own and number.whole
        ]
        if kinds and not numbers and subject.account.bio is None:
            return Missing("bio")
        # Where no number is shown there is nothing to look up, with an extract or without.
        listed = view.resources.listed
        if numbers and not view.resources.references.registry:
            return Missing("registry")
        if numbers and self.answer == "absent" and not listed.registered(profession):
            return Missing("registry")
        surnames = words(self.surnames)
        found: list[Hit] = []
        for number in numbers:
            persons = persons_of(subject.account, number, given, surnames)
            asked = Asked(profession, kinds, number, persons, subject.account, surnames)
            found.extend(self._answers(listed, asked))
        return found

    def _answers(self, listed: Listed, asked: Asked) -> list[Hit]:
        entries = entries_for(listed, asked)
        if self.answer == "absent":
            return [] if entries else not_in_extract(listed.registered(asked.profession), asked)
        agreeing = [one for one in entries if agrees(one, asked)]
        if self.answer == "matches":
            # The holder that the list of credentials names need not be the account's person.
            good = [one for one in agreeing if is_named(one, asked, holder=False)]
            return [lookup_hit(asked, good[:1], "matches", "", "")] if good else []
        apart = [] if agreeing else [difference(one, asked) for one in entries]
        other = next((found for found in apart if found), None)
        return [lookup_hit(asked, [other.entry], "differs", other.zh, other.en)] if other else []


class Asked(NamedTuple):
    """What an extract is asked: a number, and whose it is said to be."""

    profession: str
    kinds: tuple[str, ...]
    number: ShownNumber
    persons: tuple[str, ...]
    account: Account
    surnames: frozenset[str]


def persons_of(
    account: Account, number: ShownNumber, given: Match, surnames: frozenset[str]
) -> tuple[str, ...]:
    """Return the full names that a number is said to belong to: its holder, else the account."""
    if number.holder:
        holder = fold_name(number.holder).text
        return (holder,) if is_full_name(holder, surnames) else ()
    return tuple(claimed_persons(account, given, surnames))


def entries_for(listed: Listed, asked: Asked) -> list[RegistryEntry]:
    """Return the entries of a number; of several, those that also bear the name."""
    entries = [entry for value in asked.number.readings for entry in listed.of_number(value)]
    named = [entry for entry in entries if is_named(entry, asked)]
    return named or entries


def is_named(entry: RegistryEntry, asked: Asked, *, holder: bool = True) -> bool:
    """Tell whether the profile, or with ``holder`` the holder it lists, names an entry's person."""
    account = asked.account
    listed = asked.number.holder if holder else ""
    texts = (account.name, account.bio, account.verified_label, listed)
    shown = fold_name(" ".join(text for text in texts if text)).text
    return any(fold_name(name).text in shown for name in registered_persons(entry))


def agrees(entry: RegistryEntry, asked: Asked) -> bool:
    """Tell whether an entry is in force and nothing in it differs from what the account says."""
    return is_active(entry.status) and difference(entry, asked) is None


def difference(entry: RegistryEntry, asked: Asked) -> Difference | None:
    """Return in what an entry differs; an unknown word of status differs in nothing."""
    if entry.profession != asked.profession and {entry.profession, asked.profession} != _KINDRED:
        zh, en = PROFESSIONS.get(entry.profession, (entry.profession, entry.profession))
        return Difference(entry, f"登记的职业为“{zh}”", f"the profession entered is “{en}”")
    if is_ended(entry.status):
        return Difference(
            entry, f"登记状态为“{entry.status}”", f"the status entered is “{entry.status}”"
        )
    names = [fold_name(name).text for name in registered_persons(entry)]
    full = all(is_full_name(name, asked.surnames) for name in names)
    # The same family name may be a pen name, a slip or a former name of one person.
    apart = all(name[:1] != person[:1] for name in names for person in asked.persons)
    if asked.persons and full and apart and not is_named(entry, asked):
        told = mask_person(names[0])
        return Difference(entry, f"登记的姓名为“{told}”", f"the name entered is “{told}”")
    return None


def not_in_extract(extract: Sequence[RegistryEntry], asked: Asked) -> list[Hit]:
    """Return a hit for a number of the published form that an extract of the profession lacks.

    Where the extract has the person by name, without a number, nothing is said.
    """
    by_name = any(not one.number and is_named(one, asked) for one in extract)
    if by_name or asked.number.answer(asked.kinds) != "of_form":
        return []
    return [lookup_hit(asked, extract, "absent", "", "")]


def lookup_hit(
    asked: Asked, entries: Sequence[RegistryEntry], answer: str, zh: str, en: str
) -> Hit:
    """Return the hit of one look-up: extract, date and coverage always stand in its facts."""
    told = form_hit(asked.number, asked.kinds)
    sources = list(dict.fromkeys(one.source for one in entries))
    covers = list(dict.fromkeys(one.coverage for one in entries))
    dates = sorted({one.as_of for one in entries})
    facts = {
        **told.facts,
        "registry": _some(sources),
        "cover": _some(covers),
        "date": dates[0] if len(dates) == 1 else f"{dates[0]}–{dates[-1]}",
        "difference": zh,
        "difference_en": en,
    }
    entry = entries[0]
    return Hit(
        field=told.field,
        quote=told.quote,
        span=told.span,
        post=told.post,
        reference=Reference(
            kind="registry", name=mask(entry.source), source=entry.source, as_of=dates[-1]
        ),
        steps=(*told.steps, f"registry:{answer}"),
        facts=MappingProxyType(facts),
    )


def _some(texts: Sequence[str]) -> str:
    shown = "；".join(texts[:MOST_TOLD])
    return shown if len(texts) <= MOST_TOLD else f"{shown}…（{len(texts)}）"
