"""Names that differ from a reference for a named reason (tier B)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from auditor.names.affixes import Affixes
from auditor.names.boundaries import stands_free
from auditor.names.forms import Form, Forms
from auditor.names.looks import Looks
from auditor.names.match import Difference, Way
from auditor.names.parts import LEAST_SHARE
from auditor.names.spelling import MASK, Speller
from auditor.names.tails import Tails
from auditor.text import words

_GLYPH_IN_THREE = 0.86
# The shorter the name, the more of a character must be shared; in three characters no part counts.
_PART_BY_LENGTH = {3: 1.01, 4: 0.85}
_LONG = 6
_SHORTEST = 3
_ORGANS_OF_STATE = ("party", "government", "military")
# Of several reasons in one name the match is named by the one least likely to come by chance.
_NAMED_BY: tuple[Way, ...] = (
    "glyph", "split", "masked", "latin", "doubled", "inserted", "homophone",
)  # fmt: skip


class Near(NamedTuple):
    """A form that a name stands near, with the departures; offsets count folded characters.

    ``desk`` says that words of a desk or department follow.
    """

    form: Form
    way: Way
    start: int
    end: int
    differing: tuple[Difference, ...]
    desk: bool = False


class NearIndex:
    """Says which of a few candidate references a name departs from for a reason."""

    def __init__(self, forms: Forms, looks: Looks, affixes: Affixes, tails: Tails) -> None:
        self._forms = forms
        self._looks = looks
        self._affixes = affixes
        self._tails = tails

    def spelled(self, text: str, candidates: Iterable[str]) -> Iterator[Near]:
        """Yield candidates spelled with look-alikes, homophones, letters or added signs."""
        texts = [form for form in candidates if len(form) >= _SHORTEST]
        if not texts:
            return
        speller = Speller(texts, self._looks, parts=True)
        ends = self._affixes.ends(text)
        for start in self._affixes.starts(text):
            for end, word, departures in speller.spellings(text, start):
                desk = end not in ends
                if desk and not self._tails.closes(text[end:]):
                    continue
                for form in self._forms.by_text[word]:
                    if self._holds(form, departures, text, end):
                        yield Near(form, _way(departures), start, end, departures, desk)

    def rearranged(self, text: str, candidates: Iterable[str]) -> Iterator[Near]:
        """Yield candidates of the same characters in another order."""
        bags = {word: sorted(word) for word in candidates}
        for start, end in self._cores(text) if bags else ():
            core = text[start:end]
            bag = sorted(core)
            for word in (word for word, other in bags.items() if other == bag):
                if self._forms.reordered(core, word) and not _is_word(core):
                    first = next(
                        i for i, (a, b) in enumerate(zip(core, word, strict=True)) if a != b
                    )
                    change = Difference(first + 1, core[first:], word[first:], "reordered")
                    for form in self._forms.by_text[word]:
                        yield Near(form, "reordered", start, end, (change,))

    def altered(self, text: str, candidates: Iterable[str]) -> Iterator[Near]:
        """Yield candidates that lost one character or a last word, or gained a second ending."""
        for word in candidates:
            at = self._forms.lengthened(text, word)
            if at is not None:
                change = Difference(at + 1, text[at], "", "inserted")
                for form in self._forms.by_text[word]:
                    yield Near(form, "inserted", 0, len(text), (change,))
            at = self._forms.shortened(text, word)
            if at is not None:
                lost = word[at : at + len(word) - len(text)]
                change = Difference(at + 1, "", lost, "dropped")
                for form in self._forms.by_text[word]:
                    yield Near(form, "dropped", 0, len(text), (change,))

    def _cores(self, text: str) -> Iterator[tuple[int, int]]:
        for start in self._affixes.starts(text):
            yield from (
                (start, end) for end in self._affixes.ends(text) if end - start >= _SHORTEST
            )

    def _holds(self, form: Form, departures: tuple[Difference, ...], text: str, end: int) -> bool:
        """Tell whether the departures are reason enough for a form of this length."""
        length = len(form.text)
        parts = [d.similarity for d in departures if self._by_part(d)]
        if parts and (len(departures) > 1 or parts[0] < _PART_BY_LENGTH.get(length, LEAST_SHARE)):
            return False
        sounds = [d for d in departures if d.reason == "homophone"]
        masks = [d for d in departures if d.reason == "masked"]
        if length == 3:
            return len(departures) == 1 and not masks and self._holds_in_three(form, departures[0])
        if len(masks) > 1 or len(sounds) > (2 if length >= _LONG else 1):
            return False
        return not sounds or self._sounds_like(departures, length, text, end)

    @staticmethod
    def _sounds_like(departures: tuple[Difference, ...], length: int, text: str, end: int) -> bool:
        """Tell whether a homophone is no everyday word of its own, nor a part of one."""
        if length < _LONG and len(departures) > 1:
            return False
        if MASK in text:
            return True
        return not (_is_word(text) or _is_word(text[:end])) and stands_free(text, 0, end)

    def _by_part(self, departure: Difference) -> bool:
        """Tell whether two characters share a part and are no look-alikes as a whole."""
        alike = self._looks.alike(departure.found)
        return departure.reason == "glyph" and departure.expected not in alike

    def _holds_in_three(self, form: Form, departure: Difference) -> bool:
        if departure.reason == "homophone":
            organ = form.full and form.reference.kind != "media" and departure.index < 3
            return organ and self._looks.same_tone(departure.found, departure.expected)
        if departure.reason == "latin":
            # 中J委 reads as one body alone; a letter in the name of an outlet may be anything.
            return len(departure.found) > 1 or form.reference.kind in _ORGANS_OF_STATE
        return departure.reason != "glyph" or departure.similarity >= _GLYPH_IN_THREE


def _is_word(text: str) -> bool:
    return len(words(text)) == 1


def _way(departures: tuple[Difference, ...]) -> Way:
    reasons = {departure.reason for departure in departures}
    return next(way for way in _NAMED_BY if way in reasons)
