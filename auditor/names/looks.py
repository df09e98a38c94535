"""For one character, the characters it may stand for: look-alikes, homophones, letters and digits.

A relation between two names and never a folding: as classes, look-alikes would merge 日曰口用甲电.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from auditor.names.codes import decoded
from auditor.names.sounds import readings, sound_alike
from auditor.references import LookAlike
from auditor.text import latin_forms

_NONE: Mapping[str, tuple[str, float]] = {}
Related = Mapping[str, tuple[str, float]]
_POINT_BITS = 21
"""Bits that a code point takes."""


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
        self._alike: dict[str, dict[str, tuple[str, float]]] = {}
        for pair in look_alikes:
            # Names arrive folded: 氷 has become 冰, and must lead to 水 as well.
            for found in {pair.found, fold(pair.found)} - {pair.expected}:
                if pair.expected in kept and len(found) == 1:
                    likeness = self._alike.setdefault(found, {})
                    known = likeness.get(pair.expected, ("glyph", 0.0))
                    best = max(pair.similarity, known[1])
                    likeness[pair.expected] = (_reason(found, pair.expected), best)
        self._runs: dict[str, set[str]] = {}
        for form in latin_forms():
            found = fold(form.found)
            if form.expected in kept and len(found) == 1:
                self._alike.setdefault(found, {})[form.expected] = ("latin", 1.0)
            elif form.expected in kept:
                self._runs.setdefault(found, set()).add(form.expected)
        self._sounds: dict[str, list[str]] = {}
        for character in sorted(kept):
            for reading in readings(character):
                self._sounds.setdefault(reading, []).append(character)
        self._pairs = np.array(
            sorted(
                ord(found) << _POINT_BITS | ord(expected)
                for found, pairs in self._alike.items()
                for expected in pairs
            ),
            dtype=np.uint64,
        )
        self._known: dict[str, Related] = {}
        self._written: dict[str, frozenset[str]] = {}
        self.classes = self._classes({"glyph", "latin"})
        """A table of 0x110000 code points: one code for all that look alike, over any number of
        steps. Two names that differ only by look-alikes are equal under it; the reverse does not
        hold, so it only finds candidates."""
        self.glyph_classes = self._classes({"glyph"})
        """The same without the letters and digits that stand for strokes."""

    def expected(self, found: str) -> Related:
        """Map each character that ``found`` may stand for to the reason and the likeness (0..1)."""
        known = self._known.get(found)
        if known is None:
            known = self._known[found] = self._related(found)
        return known

    def alike(self, found: str) -> Related:
        """Map as ``expected`` does, homophones left out."""
        return self._alike.get(found, _NONE)

    def may_stand(
        self, found: NDArray[np.uint32], expected: NDArray[np.uint32]
    ) -> NDArray[np.bool_]:
        """Tell for pairs of code points whether ``expected`` has the one for the other.

        The expected ones occur in references.
        """
        packed = found.astype(np.uint64) << np.uint64(_POINT_BITS) | expected
        places = np.searchsorted(self._pairs, packed)
        places[places == len(self._pairs)] = 0
        alike = self._pairs[places] == packed if len(self._pairs) else packed < 0
        return alike | sound_alike(found, expected)

    def written(self, letters: str) -> frozenset[str]:
        """Return the characters that a run of letters or digits may stand for.

        It is the whole syllable, one lone initial, or a numeral of several signs (10 for 十).
        """
        known = self._written.get(letters)
        if known is None:
            known = self._written[letters] = self._spelled(letters)
        return known

    def _spelled(self, letters: str) -> frozenset[str]:
        sounds = set(self._sounds.get(letters, ()))
        if len(letters) == 1:
            sounds.update(*(chars for sound, chars in self._sounds.items() if sound[0] == letters))
        return frozenset(sounds | self._runs.get(letters, set()))

    def _related(self, found: str) -> dict[str, tuple[str, float]]:
        related = {
            other: ("homophone", 1.0)
            for reading in sorted(readings(found))
            for other in self._sounds.get(reading, ())
        }
        # A pair that both looks and sounds alike is called by its look: that is what a reader sees.
        related.update(self._alike.get(found, {}))
        related.pop(found, None)
        return related

    def _classes(self, reasons: Collection[str]) -> NDArray[np.uint32]:
        parents: dict[str, str] = {}

        def root(character: str) -> str:
            """Return the character that stands for all that look alike."""
            while (above := parents.setdefault(character, character)) != character:
                character = above
            return character

        for found, pairs in self._alike.items():
            for expected, (reason, _) in pairs.items():
                if reason in reasons:
                    parents[root(found)] = root(expected)
        table = np.arange(0x110000, dtype=np.uint32)
        for character in parents:
            table[ord(character)] = ord(root(character))
        return table

    @staticmethod
    def same_tone(found: str, expected: str) -> bool:
        """Tell whether two characters share a reading with its tone."""
        return bool(readings(found, toned=True) & readings(expected, toned=True))


def skeletons(texts: Iterable[str], classes: NDArray[np.uint32]) -> list[str]:
    """Return texts with every character as its class of look-alikes."""
    texts = list(texts)
    # As one text: to begin and end with numpy for each costs ten times as much.
    every = decoded(classes.take(code_points("".join(texts))))
    ends = list(accumulate(map(len, texts)))
    return [every[end - len(text) : end] for text, end in zip(texts, ends, strict=True)]


def _reason(found: str, expected: str) -> str:
    """A letter or digit that stands for strokes is called so: 0 for 口 is no glyph of Chinese."""
    return "latin" if found.isascii() and not expected.isascii() else "glyph"


def code_points(text: str) -> NDArray[np.uint32]:
    """Return the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
