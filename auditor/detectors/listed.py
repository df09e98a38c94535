"""Bodies, persons and closed accounts of the reference lists, arranged to be found in texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from auditor.model import Reference, account_key
from auditor.references import References
from auditor.references.registry import registered_number
from auditor.references.rows import ClosedAccount, Person, RegistryEntry
from auditor.text import Folded, best_find, fold_batch, fold_name

SHORTEST = 2
"""Characters of a name that is looked for inside a text."""

Entry = TypeVar("Entry")


class Named(NamedTuple, Generic[Entry]):
    """An entry whose name stands in a text; the span counts code points of the original."""

    start: int
    end: int
    entry: Entry


class Spellings(Generic[Entry]):
    """Entries by each of their spellings, found in one scan; several may share a spelling."""

    def __init__(self, spelled: Iterable[tuple[str, Entry]]) -> None:
        self._entries: dict[str, list[Entry]] = {}
        known = list(spelled)
        spellings = [spelling for spelling, _ in known]
        folded, names = fold_batch(spellings), fold_batch(spellings, "name")
        for (_, entry), one, name in zip(known, folded, names, strict=True):
            # A foreign name is written with and without its dot.
            for text in dict.fromkeys((one.text.strip(), name.text)):
                if len(text) >= SHORTEST:
                    self._entries.setdefault(text, []).append(entry)
        # They are folded: a scanner, which folds its phrases and says which are which, would take
        # twice as long to build.
        self._find = best_find(sorted(self._entries))

    def of(self, text: str) -> list[Entry]:
        """Return the entries that are spelled exactly so; ``text`` is folded."""
        return self._entries.get(text, [])

    def find(self, folded: Folded) -> Iterator[Named[Entry]]:
        """Yield the entries in a folded text whose name lies in no longer one, by position."""
        hits = sorted((start, end) for _, start, end in self._find(folded.text))
        for start, end in hits:
            if any(s <= start and end <= e and (s, e) != (start, end) for s, e in hits):
                continue
            for entry in self._entries[folded.text[start:end]]:
                yield Named(*folded.span(start, end), entry)


@dataclass(frozen=True)
class Listed:
    """The lists that texts and accounts are compared with, each arranged when it is first asked."""

    references: References

    @cached_property
    def bodies(self) -> Spellings[Reference]:
        """Every organisation by its name and registered short names."""
        return Spellings(
            (spelling, body)
            for body in self.references.organisations
            for spelling in (body.name, *body.short_names)
        )

    @cached_property
    def persons(self) -> Spellings[Person]:
        """The persons of the operator's list by name and aliases."""
        return Spellings(
            (spelling, person)
            for person in self.references.persons
            for spelling in (person.name, *person.aliases)
        )

    @cached_property
    def _closed(self) -> dict[str, list[ClosedAccount]]:
        found: dict[str, list[ClosedAccount]] = {}
        for entry in self.references.closed_accounts:
            found.setdefault(fold_name(entry.name).text, []).append(entry)
        return found

    def closed(self, name: str) -> list[ClosedAccount]:
        """Return the accounts recorded as closed whose folded name is that of ``name``."""
        return self._closed.get(fold_name(name).text, []) if self._closed else []

    @cached_property
    def _by_number(self) -> dict[str, list[RegistryEntry]]:
        found: dict[str, list[RegistryEntry]] = {}
        for entry in self.references.registry:
            if number := registered_number(entry):
                found.setdefault(number, []).append(entry)
        return found

    @cached_property
    def _by_profession(self) -> dict[str, list[RegistryEntry]]:
        found: dict[str, list[RegistryEntry]] = {}
        for entry in self.references.registry:
            found.setdefault(entry.profession, []).append(entry)
        return found

    def of_number(self, number: str) -> list[RegistryEntry]:
        """Return the entries of the operator's extract with a number in plain form."""
        return self._by_number.get(number, [])

    def registered(self, profession: str) -> list[RegistryEntry]:
        """Return the entries of the operator's extract that are of a profession."""
        return self._by_profession.get(profession, [])


def person_reference(person: Person) -> Reference:
    """Return the plain value that matches and findings carry."""
    return Reference(
        kind="person",
        name=person.name,
        short_names=person.aliases,
        reference_id=f"person:{person.name}",
        source=person.source,
        as_of=person.as_of,
        accounts=person.known_accounts,
    )


def closed_reference(entry: ClosedAccount) -> Reference:
    """Return a closed account as the entry that another profile was compared with."""
    key = account_key(entry.platform, entry.account_id)
    return Reference(
        kind="closed_account",
        name=entry.name,
        reference_id=key,
        source=entry.source,
        as_of=entry.as_of,
    )
