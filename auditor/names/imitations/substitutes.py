"""One character in place of another: look-alikes, homophones, parts, letters and digits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations

from pypinyin import Style, pinyin

from auditor.names.imitations.order import in_turn, replaced
from auditor.references import LookAlike
from auditor.text import character_frequencies, fold_name, latin_forms, split_forms

_COMMON = range(0xB0, 0xD8)
"""First bytes of level one of GB 2312: the 3,755 characters in common use."""

_LONG = 6
_MOST_PAIRS = 60


class Glyphs:
    """The table of look-alikes, read from the reference's character to what stands for it."""

    def __init__(self, look_alikes: Iterable[LookAlike]) -> None:
        self._found: dict[str, list[tuple[float, str]]] = {}
        # A letter for strokes is drawn alike too, and has a technique of its own.
        letters = {(fold_name(form.found).text, form.expected) for form in latin_forms()}
        for pair in look_alikes:
            is_letter = pair.found.isascii() and not pair.expected.isascii()
            if is_letter or (fold_name(pair.found).text, pair.expected) in letters:
                continue
            self._found.setdefault(pair.expected, []).append((pair.similarity, pair.found))
        for found in self._found.values():
            found.sort(key=lambda one: (-one[0], one[1]))
        folded = ((fold_name(pair.found).text, pair.expected) for pair in look_alikes)
        self._pairs = frozenset(folded)

    def alike(self, found: str, expected: str) -> bool:
        """Tell whether the table holds the pair."""
        return (found, expected) in self._pairs

    def variants(self, name: str) -> Iterator[str]:
        """Yield names with one look-alike, in long names also with two, the most similar first."""
        single = [
            (-similarity, index, found)
            for index, character in enumerate(name)
            for similarity, found in self._found.get(character, ())
        ]
        single.sort()
        made = [(score, replaced(name, index, found)) for score, index, found in single]
        if len(name) >= _LONG:
            for one, two in combinations(single[:_MOST_PAIRS], 2):
                if one[1] != two[1]:
                    changed = replaced(replaced(name, one[1], one[2]), two[1], two[2])
                    made.append((-one[0] * two[0], changed))
        made.sort(key=lambda one: one[0])
        return (changed for _, changed in made)


def homophones(name: str, glyphs: Glyphs) -> Iterator[str]:
    """Yield names with one homophone, the same tone and the most used characters first.

    A character that also looks like the one it stands for is left to the look-alikes.
    """
    choices = [
        [
            replaced(name, index, found)
            for found in _sounding(reading)
            if found != name[index] and not glyphs.alike(found, name[index])
        ]
        for index, reading in enumerate(_readings(name))
    ]
    return in_turn(*choices)


def _readings(name: str) -> list[str]:
    """Return the toned reading of every character in this name, itself where it has none."""
    found: list[str] = []
    for reading, *_ in pinyin(name, style=Style.TONE3):
        # A run of letters comes back in one piece.
        found.extend(reading if name.startswith(reading, len(found)) else [reading])
    return found


@cache
def _by_sound() -> dict[str, list[tuple[str, int, str]]]:
    """Map readings without tone to common characters: toned reading, -frequency, character."""
    sounds: dict[str, list[tuple[str, int, str]]] = {}
    for character, count in character_frequencies().items():
        code = character.encode("gb2312", "ignore")
        if code and code[0] in _COMMON and fold_name(character).text == character:
            toned = _readings(character)[0]
            if toned != character:
                sounds.setdefault(toned.rstrip("12345"), []).append((toned, -count, character))
    return sounds


def _sounding(reading: str) -> list[str]:
    found = _by_sound().get(reading.rstrip("12345"), [])
    ranked = sorted((toned != reading, rank, other) for toned, rank, other in found)
    return [other for _, _, other in ranked]


def split(name: str) -> Iterator[str]:
    """Yield names in which one character is typed as its parts."""
    choices = (
        [replaced(name, index, form.parts) for form in split_forms() if form.whole == character]
        for index, character in enumerate(name)
    )
    return in_turn(*choices)


def latin(name: str) -> Iterator[str]:
    """Yield names with letters or digits for one character: drawn alike, a numeral, or pinyin."""
    drawn = (
        [replaced(name, index, form.found) for form in latin_forms() if form.expected == character]
        for index, character in enumerate(name)
    )
    spelled, initial = [], []
    for index, reading in enumerate(_readings(name)):
        if name[index] != reading:
            syllable = reading.rstrip("12345")
            spelled.append(replaced(name, index, syllable))
            initial.append(replaced(name, index, syllable[0].upper()))
    return in_turn(list(in_turn(*drawn)), spelled, initial)
