"""What the words around a name say about who speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

from auditor.references import Affix

Side = Literal["before", "after"]
Remainder = Literal["none", "official", "outlet", "commerce", "document", "somebody", "neutral"]

_COVERING: tuple[tuple[Remainder, frozenset[str]], ...] = (
    ("official", frozenset({"official"})),
    ("outlet", frozenset({"official", "outlet"})),
    ("commerce", frozenset({"official", "outlet", "commerce"})),
)
_COVERED = _COVERING[-1][1]
_SOMEBODY = frozenset({"relational", "fan", "critic", "topic"})
_DOCUMENT = frozenset({"document"})
_ORNAMENT = frozenset({"ornament"})
_LONGEST_ORNAMENT = 5


class _Words(NamedTuple):
    """The words of one side with their classes, and how long they are by first and last letter."""

    classes: dict[str, frozenset[str]]
    by_first: dict[str, tuple[int, ...]]
    by_last: dict[str, tuple[int, ...]]


class Affixes:
    """The affix words, read against the text before or after a name."""

    def __init__(self, affixes: Iterable[Affix], fold: Callable[[str], str]) -> None:
        classes: dict[Side, dict[str, set[str]]] = {"before": {}, "after": {}}
        for affix in affixes:
            # An ornament such as 丨 is gone once folded.
            word = fold(affix.word)
            for side in _sides(affix.position) if word else ():
                classes[side].setdefault(word, set()).add(affix.class_)
        self._last: tuple[str, frozenset[int]] = ("", frozenset({0}))
        self._words: dict[Side, _Words] = {
            side: _Words(
                {text: frozenset(found) for text, found in words.items()},
                lengths_by_character(words, 0),
                lengths_by_character(words, -1),
            )
            for side, words in classes.items()
        }

    def remainder(self, text: str, side: Side) -> Remainder:
        """Say who the words on one side of a name speak for.

        ``none``, ``official``, ``outlet`` and ``commerce`` mean that such words, and ornaments,
        cover the whole side; ``somebody`` that a reader, fan, critic or topic word stands in it.
        """
        if not text:
            return "none"
        if 0 in self._ends(text, side, _COVERED):
            return next(
                answer for answer, classes in _COVERING if 0 in self._ends(text, side, classes)
            )
        if self._holds(text, side, _SOMEBODY):
            return "somebody"
        return "document" if self._holds(text, side, _DOCUMENT) else "neutral"

    def covering(self, side: Side) -> list[str]:
        """Return the words and ornaments of which a covered side is made."""
        classes = _COVERED | _ORNAMENT
        words = self._words[side].classes
        return sorted(text for text, found in words.items() if classes & found)

    def pieces(self, text: str, start: int, side: Side) -> Iterator[int]:
        """Yield the lengths of such words and ornaments that begin at ``start``."""
        return self._pieces(text, start, side, _COVERED)

    def covered(self, text: str, side: Side) -> bool:
        """Tell whether the side is empty or speaks for the body itself."""
        return not text or 0 in self._ends(text, side, _COVERED)

    def starts(self, text: str) -> list[int]:
        """Return, in order, where a name may begin in a text: before it the text is covered."""
        reached = {0}
        for start in range(len(text)):
            if start in reached:
                pieces = self._pieces(text, start, "before", _COVERED)
                reached.update(start + length for length in pieces)
            elif start > max(reached):
                break
        return sorted(reached)

    def ends(self, text: str) -> frozenset[int]:
        """Return where a name may end: behind it the text is covered, or nothing.

        The answer for the last text is kept, because every reading of a name asks for it.
        """
        if self._last[0] != text:
            self._last = (text, frozenset(self._ends(text, "after", _COVERED)))
        return self._last[1]

    def _ends(self, text: str, side: Side, classes: frozenset[str]) -> set[int]:
        reached, asked = {len(text)}, [len(text)]
        known, _, by_last = self._words[side]
        wanted = classes | _ORNAMENT
        while asked:
            end = asked.pop()
            starts = [
                end - length
                for length in by_last.get(text[end - 1 : end], ())
                if length <= end and not wanted.isdisjoint(known.get(text[end - length : end], ()))
            ]
            start = end
            while start > max(0, end - _LONGEST_ORNAMENT) and _is_plain(text[start - 1]):
                start -= 1
                starts.append(start)
            asked.extend(start for start in starts if start not in reached)
            reached.update(starts)
        return reached

    def _pieces(self, text: str, start: int, side: Side, classes: frozenset[str]) -> Iterator[int]:
        """Yield the lengths of the covering words and ornaments that begin at ``start``."""
        known, by_first, _ = self._words[side]
        for length in by_first.get(text[start], ()):
            found = known.get(text[start : start + length]) if start + length <= len(text) else None
            if found and (classes & found or _ORNAMENT & found):
                yield length
        # A short run of letters or digits (TB, 01, 12339) says nothing of who speaks.
        end = start
        while end < min(len(text), start + _LONGEST_ORNAMENT) and _is_plain(text[end]):
            end += 1
            yield end - start

    def _holds(self, text: str, side: Side, classes: frozenset[str]) -> bool:
        known, by_first, _ = self._words[side]
        return any(
            not classes.isdisjoint(known.get(text[start : start + length], ()))
            for start, first in enumerate(text)
            for length in by_first.get(first, ())
        )


def lengths_by_character(words: Iterable[str], at: int) -> dict[str, tuple[int, ...]]:
    """Return the lengths of words, in order, by the character that each has at ``at``."""
    found: dict[str, set[int]] = {}
    for word in words:
        found.setdefault(word[at], set()).add(len(word))
    return {character: tuple(sorted(lengths)) for character, lengths in found.items()}


def _is_plain(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _sides(position: str) -> tuple[Side, ...]:
    if position == "before":
        return ("before",)
    return ("after",) if position == "after" else ("before", "after")
