"""Names that differ from a reference for a named reason (tier B)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from auditor.names.affixes import Affixes
from auditor.names.forms import Form, Forms
from auditor.names.looks import Looks
from auditor.names.match import Difference, Way
from auditor.names.spelling import MASK, Speller
from auditor.text import words

_GLYPH_IN_THREE = 0.86
_LONG = 6
# Of several reasons in one name the match is named by the one least likely to come by chance.
_NAMED_BY: tuple[Way, ...] = ("glyph", "split", "masked", "doubled", "inserted", "homophone")


class Near(NamedTuple):
    """A form that a name stands near, with the departures; ``end`` counts folded characters."""

    form: Form
    way: Way
    end: int
    differing: tuple[Difference, ...]


class NearIndex:
    """Finds the references that a name departs from for a reason."""

    def __init__(self, forms: Forms, looks: Looks, affixes: Affixes) -> None:
        self._forms = forms
        self._looks = looks
        self._affixes = affixes
        self._speller = Speller((text for text in forms.by_text if len(text) >= 3), looks)
        self._pairs = frozenset(pair for text in forms.by_text for pair in _pairs(text))

    def spelled(self, text: str) -> Iterator[Near]:
        """Yield references spelled with look-alikes, homophones, doubled or added signs."""
        # Two departures leave two adjacent characters in place, but for short names all of whose
        # departures are look-alikes; so without a known pair no homophone need be tried.
        sounds = not self._pairs.isdisjoint(_pairs(text))
        for end, word, departures in self._speller.spellings(text, sounds=sounds):
            if not self._affixes.covered(text[end:], "after"):
                continue
            for form in self._forms.by_text[word]:
                if self._holds(form, departures, text, end):
                    yield Near(form, _way(departures), end, departures)

    def rearranged(self, text: str) -> Iterator[Near]:
        """Yield references of the same characters in another order."""
        for word in self._forms.reordered(text):
            first = next(i for i, (a, b) in enumerate(zip(text, word, strict=True)) if a != b)
            change = Difference(first + 1, text[first:], word[first:], "reordered")
            for form in self._forms.by_text[word]:
                yield Near(form, "reordered", len(text), (change,))

    def altered(self, text: str) -> Iterator[Near]:
        """Yield references that lost one character or a last word, or gained a second ending."""
        for index, word in self._forms.lengthened(text):
            change = Difference(index + 1, text[index], "", "inserted")
            for form in self._forms.by_text[word]:
                yield Near(form, "inserted", len(text), (change,))
        for index, word in self._forms.shortened(text):
            lost = word[index : index + len(word) - len(text)]
            change = Difference(index + 1, "", lost, "dropped")
            for form in self._forms.by_text[word]:
                yield Near(form, "dropped", len(text), (change,))

    def _holds(self, form: Form, departures: tuple[Difference, ...], text: str, end: int) -> bool:
        """Tell whether the departures are reason enough for a form of this length."""
        length = len(form.text)
        sounds = [d for d in departures if d.reason == "homophone"]
        masks = [d for d in departures if d.reason == "masked"]
        if length == 3:
            return len(departures) == 1 and not masks and self._holds_in_three(form, departures[0])
        if len(masks) > 1 or len(sounds) > (2 if length >= _LONG else 1):
            return False
        if not sounds:
            return True
        if end < len(text) or (length < _LONG and len(departures) > 1):
            return False
        # A homophone of a reference may be an everyday word of its own.
        return MASK in text or len(words(text)) > 1

    def _holds_in_three(self, form: Form, departure: Difference) -> bool:
        if departure.reason == "homophone":
            organ = form.full and form.reference.kind != "media" and departure.index < 3
            return organ and self._looks.same_tone(departure.found, departure.expected)
        return departure.reason != "glyph" or departure.similarity >= _GLYPH_IN_THREE


def _pairs(text: str) -> Iterator[str]:
    return map("".join, pairwise(text))


def _way(departures: tuple[Difference, ...]) -> Way:
    reasons = {departure.reason for departure in departures}
    return next(way for way in _NAMED_BY if way in reasons)
