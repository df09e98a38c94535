"""Names that hold a reference: beside official affixes or a desk (tier C), or neutral words (E)."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import NamedTuple

from auditor.names.affixes import Affixes, Remainder
from auditor.names.boundaries import stands_free
from auditor.names.forms import Form, Forms
from auditor.names.match import Doubt, Tier, Way
from auditor.names.tails import UNITS, Tails
from auditor.text import Scanner

_SHORTEST_NEUTRAL = 3
# Beside a two-character name, or one that lost its last word, only these words will do: "国安" is
# a football club as well.
_OFFICIAL: frozenset[Remainder] = frozenset({"none", "official"})
_COVERED: frozenset[Remainder] = frozenset({"none", "official", "outlet", "commerce"})
_SHORTEST_PLACE = 2
# Universities, hospitals and companies have thousands of units of their own that no list names.
_MANY_PARTS = ("institution", "company")
_SPEAK_ALONE = ("party", "government", "military", "media")

# A name of two characters needs more words of a desk beside it than one.
_LONG_REST = 4
_SHORTEST_REST = 2
# Before these a name of three characters is the beginning of another: 新华社|区政府, 教育部|长.
_RANKS = "区县市乡镇村长队门"


class Contained(NamedTuple):
    """A form inside a name; ``start`` and ``end`` count folded characters.

    ``why_not`` says why the name does not read as the body's (tiers E and N).
    """

    form: Form
    tier: Tier
    way: Way
    start: int
    end: int
    doubt: Doubt = ""
    why_not: str = ""


class ContainedIndex:
    """Finds references inside names, in one scan."""

    def __init__(
        self, forms: Forms, affixes: Affixes, tails: Tails, places: Container[str]
    ) -> None:
        self._places = places
        self._forms = forms
        self._affixes = affixes
        self._tails = tails
        self._scanner = Scanner({"references": sorted({*forms.by_text, *forms.headless})})

    def official(self, text: str) -> list[Contained]:
        """Return the references whose name goes on, or begins, as an official account's would."""
        found: list[Contained] = []
        starts = self._affixes.starts(text)
        for start, end in self._longest(text):
            if start in starts:
                found.extend(self._beginning(text, start, end))
        return found

    def _beginning(self, text: str, start: int, end: int) -> Iterator[Contained]:
        """Yield the references of a place with nothing but affixes before it."""
        sides = self._sides(text, start, end)
        covered = _COVERED.issuperset(sides)
        for form in self._forms.by_text.get(text[start:end], ()):
            if covered:
                if len(form.text) > 2 or _stands_beside_two(form, sides):
                    way: Way = "commerce" if "commerce" in sides else "affix"
                    yield Contained(form, "C", way, start, end)
            elif doubt := self._unit(form, text, end, sides[1]):
                yield Contained(form, "C", "unit", start, end, doubt)
        if _OFFICIAL.issuperset(sides):
            for form in self._forms.headless.get(text[start:end], ()):
                yield Contained(form, "C", "affix", start, end)

    def aside(self, text: str) -> Iterator[Contained]:
        """Yield the references that a name holds without reading as theirs, with the reason."""
        for start, end in self._longest(text):
            sides = self._sides(text, start, end)
            for form in self._forms.by_text.get(text[start:end], ()):
                if "somebody" in sides:
                    yield Contained(form, "N", "contained", start, end, why_not="somebody")
                elif not stands_free(text, start, end):
                    yield Contained(form, "N", "contained", start, end, why_not="boundary")
                elif len(form.text) >= _SHORTEST_NEUTRAL:
                    yield Contained(form, "E", "contained", start, end, why_not="neutral")

    def _longest(self, text: str) -> list[tuple[int, int]]:
        hits = list(dict.fromkeys((hit.start, hit.end) for hit in self._scanner.scan(text)))
        return [
            (start, end)
            for start, end in hits
            if not any(s <= start and end <= e and (s, e) != (start, end) for s, e in hits)
        ]

    def _sides(self, text: str, start: int, end: int) -> tuple[Remainder, Remainder]:
        return self._affixes.before(text, start), self._affixes.after(text, end)

    def _unit(self, form: Form, text: str, end: int, after: Remainder) -> Doubt:
        """Return how doubtful a desk or department of the body is that the name goes on with.

        ``after`` says who the words behind the body's name speak for.
        """
        rest, two = text[end:], len(form.text) == 2
        least = _LONG_REST if two else _SHORTEST_REST
        if len(rest) < least:
            return ""
        if self._is_part(form, text, end):
            return "unit"
        spoken = form.reference.kind in _SPEAK_ALONE and form.full and not two
        if not spoken or after == "somebody":
            return ""
        ended = any(self._tails.ended(text, end, UNITS))
        start = end - len(form.text)
        return "between" if ended and stands_free(text, start, end) else ""

    def _is_part(self, form: Form, text: str, end: int) -> bool:
        """Tell whether what follows is a place, or words that a part of the body would carry."""
        rest = text[end:]
        if rest in self._places and len(form.text) > _SHORTEST_NEUTRAL:
            return True
        if form.reference.kind == "media" and len(form.text) > 2 and self._is_edition(text, end):
            return True
        many = form.reference.kind in _MANY_PARTS
        closes = self._tails.closes(rest, UNITS) if many else self._tails.closes(rest)
        return closes and rest[0] not in _RANKS

    def _is_edition(self, text: str, end: int) -> bool:
        """Tell whether a place follows, and then what its edition would carry: 江西|要闻."""
        ends = self._affixes.ends(text)
        return any(
            text[end:last] in self._places and (last in ends or self._tails.closes(text[last:]))
            for last in range(end + _SHORTEST_PLACE, len(text))
        )


def _stands_beside_two(form: Form, sides: tuple[Remainder, Remainder]) -> bool:
    if form.reference.kind == "media":
        return False
    return all(side in _OFFICIAL for side in sides) or (
        "commerce" in sides and form.reference.kind in ("institution", "company")
    )
