"""For one character, the characters it may stand for: look-alikes and homophones.

A relation between two names and never a folding: as classes, look-alikes would merge 日曰口用甲电.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from pypinyin import Style, pinyin

from auditor.references import LookAlike

_NONE: Mapping[str, tuple[str, float]] = {}


@cache
def readings(character: str, *, toned: bool = False) -> frozenset[str]:
    """Return every reading of a character, without tones unless ``toned``; empty for none."""
    style = Style.TONE3 if toned else Style.NORMAL
    found = pinyin(character, style=style, heteronym=True, errors="ignore")
    return frozenset(found[0]) if found else frozenset()


class Looks:
    """The relation over the characters that occur in references.

    Lookups are remembered: an index in long use holds one small entry a distinct character.
    """

    def __init__(
        self,
        look_alikes: Iterable[LookAlike],
        alphabet: Iterable[str],
        fold: Callable[[str], str],
    ) -> None:
        kept = frozenset(alphabet)
        self._glyphs: dict[str, dict[str, float]] = {}
        for pair in look_alikes:
            # Names arrive folded: 氷 has become 冰, and must lead to 水 as well.
            for found in {pair.found, fold(pair.found)} - {pair.expected}:
                if pair.expected in kept and len(found) == 1:
                    likeness = self._glyphs.setdefault(found, {})
                    likeness[pair.expected] = max(pair.similarity, likeness.get(pair.expected, 0.0))
        self._sounds: dict[str, list[str]] = {}
        for character in sorted(kept):
            for reading in readings(character):
                self._sounds.setdefault(reading, []).append(character)
        self._alike = {
            found: {expected: ("glyph", similarity) for expected, similarity in pairs.items()}
            for found, pairs in self._glyphs.items()
        }
        self._known: dict[str, Mapping[str, tuple[str, float]]] = {}

    def expected(self, found: str) -> Mapping[str, tuple[str, float]]:
        """Map each character that ``found`` may stand for to the reason and the likeness (0..1)."""
        known = self._known.get(found)
        if known is None:
            known = self._known[found] = self._related(found)
        return known

    def alike(self, found: str) -> Mapping[str, tuple[str, float]]:
        """Map as ``expected`` does, look-alikes only."""
        return self._alike.get(found, _NONE)

    def _related(self, found: str) -> dict[str, tuple[str, float]]:
        related = {
            other: ("homophone", 1.0)
            for reading in sorted(readings(found))
            for other in self._sounds.get(reading, ())
        }
        # A pair that both looks and sounds alike is called by its look: that is what a reader sees.
        for other, similarity in self._glyphs.get(found, {}).items():
            related[other] = ("glyph", similarity)
        related.pop(found, None)
        return related

    def same_tone(self, found: str, expected: str) -> bool:
        """Tell whether two characters share a reading with its tone."""
        return bool(readings(found, toned=True) & readings(expected, toned=True))
