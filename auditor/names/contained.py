"""Names that contain a reference: beside official affixes (tier C) or neutral words (tier E)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from auditor.names.affixes import Affixes, Remainder
from auditor.names.boundaries import stands_free
from auditor.names.forms import Form, Forms
from auditor.names.match import Tier, Way
from auditor.text import Scanner

_SHORTEST_NEUTRAL = 3
# Beside a two-character name, or one that lost its last word, only these words will do: "国安" is
# a football club as well.
_OFFICIAL: frozenset[Remainder] = frozenset({"none", "official"})
_COVERED: frozenset[Remainder] = frozenset({"none", "official", "outlet", "commerce"})


class Contained(NamedTuple):
    """A form inside a name; ``start`` and ``end`` count folded characters."""

    form: Form
    tier: Tier
    way: Way
    start: int
    end: int


class ContainedIndex:
    """Finds references inside names, in one scan."""

    def __init__(self, forms: Forms, affixes: Affixes) -> None:
        self._forms = forms
        self._affixes = affixes
        self._scanner = Scanner({"references": sorted({*forms.by_text, *forms.headless})})

    def find(self, text: str) -> Iterator[Contained]:
        """Yield the references inside ``text`` that lie in no longer one."""
        hits = [(hit.start, hit.end) for hit in self._scanner.scan(text)]
        longest = [
            (start, end)
            for start, end in dict.fromkeys(hits)
            if not any(s <= start and end <= e and (s, e) != (start, end) for s, e in hits)
        ]
        for start, end in longest:
            sides = (
                self._affixes.remainder(text[:start], "before"),
                self._affixes.remainder(text[end:], "after"),
            )
            for form in self._forms.by_text.get(text[start:end], ()):
                if found := self._judged(form, text, start, end, sides):
                    yield found
            if set(sides) <= _OFFICIAL:
                for form in self._forms.headless.get(text[start:end], ()):
                    yield Contained(form, "C", "affix", start, end)

    def _judged(
        self, form: Form, text: str, start: int, end: int, sides: tuple[Remainder, Remainder]
    ) -> Contained | None:
        if all(side in _COVERED for side in sides):
            if len(form.text) == 2 and not _stands_beside_two(form, sides):
                return None
            return Contained(form, "C", "commerce" if "commerce" in sides else "affix", start, end)
        if "somebody" in sides or len(form.text) < _SHORTEST_NEUTRAL:
            return None
        if not stands_free(text, start, end):
            return None
        return Contained(form, "E", "contained", start, end)


def _stands_beside_two(form: Form, sides: tuple[Remainder, Remainder]) -> bool:
    if form.reference.kind == "media":
        return False
    return all(side in _OFFICIAL for side in sides) or (
        "commerce" in sides and form.reference.kind in ("institution", "company")
    )
