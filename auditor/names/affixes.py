"""What the words around a name say about who speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from string import ascii_letters, digits
from typing import Literal

from auditor.names.wordtable import lengths_by_edge
from auditor.references import Affix

Side = Literal["before", "after"]
Remainder = Literal["none", "official", "outlet", "commerce", "document", "somebody", "neutral"]

_COVERING: tuple[Remainder, ...] = ("none", "official", "outlet", "commerce")
"""What words that cover a side make of it: the last of these that one of them is."""
_RANKS: dict[str, int] = {word: rank for rank, word in enumerate(_COVERING) if rank}
_RANKS["ornament"] = _RANKS["official"]
_UNCOVERED = len(_COVERING)
_SOMEBODY = frozenset({"relational", "fan", "critic", "topic"})
_DOCUMENT = frozenset({"document"})
_LONGEST_ORNAMENT = 5
PLAIN = frozenset(ascii_letters + digits)
"""Letters and digits that stand between Chinese characters as ornaments do."""


class _Words:
    """The words of one side: the classes of all, and the ranks of those that cover a side."""

    def __init__(self, classes: dict[str, frozenset[str]]) -> None:
        self.classes = classes
        self.ranks = {
            word: min(ranks)
            for word, found in classes.items()
            if (ranks := [_RANKS[one] for one in found if one in _RANKS])
        }
        self.by_first = lengths_by_edge(classes, slice(1))
        covering = [word for word in self.ranks if len(word) > 1]
        self._first = lengths_by_edge(covering, slice(2))
        self._last = lengths_by_edge(covering, slice(-2, None))

    def beginning(self, text: str, start: int) -> Sequence[tuple[int, int]]:
        """Return where covering words and ornaments end that begin at ``start``, with ranks."""
        lengths = self._first.get(text[start : start + 2])
        rank = self.ranks.get(text[start : start + 1])
        if lengths is None and rank is None and text[start : start + 1] not in PLAIN:
            return ()
        found = [] if rank is None else [(start + 1, rank)]
        found += [
            (start + length, rank)
            for length in lengths or ()
            if start + length <= len(text)
            and (rank := self.ranks.get(text[start : start + length]))
        ]
        # A short run of letters or digits (TB, 01, 12339) says nothing of who speaks.
        end = start
        while end < min(len(text), start + _LONGEST_ORNAMENT) and text[end] in PLAIN:
            end += 1
            found.append((end, _RANKS["ornament"]))
        return found

    def ending(self, text: str, end: int) -> Sequence[tuple[int, int]]:
        """Return where covering words and ornaments begin that end at ``end``, with ranks."""
        lengths = self._last.get(text[max(0, end - 2) : end])
        rank = self.ranks.get(text[end - 1 : end])
        if lengths is None and rank is None and text[end - 1 : end] not in PLAIN:
            return ()
        found = [] if rank is None else [(end - 1, rank)]
        found += [
            (end - length, rank)
            for length in lengths or ()
            if length <= end and (rank := self.ranks.get(text[end - length : end]))
        ]
        start = end
        while start > max(0, end - _LONGEST_ORNAMENT) and text[start - 1] in PLAIN:
            start -= 1
            found.append((start, _RANKS["ornament"]))
        return found


class Affixes:
    """The affix words, read against the text before or after a name.

    What covers the ends of the last text is kept, because every reading of a name asks for it.
    """

    def __init__(self, affixes: Iterable[Affix], fold: Callable[[str], str]) -> None:
        classes: dict[Side, dict[str, set[str]]] = {"before": {}, "after": {}}
        for affix in affixes:
            # An ornament such as 丨 is gone once folded.
            word = fold(affix.word)
            for side in _sides(affix.position) if word else ():
                classes[side].setdefault(word, set()).add(affix.class_)
        self._words: dict[Side, _Words] = {
            side: _Words({text: frozenset(found) for text, found in words.items()})
            for side, words in classes.items()
        }
        self._last_starts: tuple[str, dict[int, int]] = ("", {0: 0})
        self._last_ends: tuple[str, dict[int, int]] = ("", {0: 0})

    def remainder(self, text: str, side: Side) -> Remainder:
        """Say who the words on one side of a name speak for.

        ``none``, ``official``, ``outlet`` and ``commerce`` mean that such words, and ornaments,
        cover the whole side; ``somebody`` that a reader, fan, critic or topic word stands in it.
        """
        end = len(text)
        reached = self._starts(text) if side == "before" else self._ends(text)
        rank = reached.get(end if side == "before" else 0, _UNCOVERED)
        return _COVERING[rank] if rank < _UNCOVERED else self._speaker(text, side)

    def before(self, text: str, start: int) -> Remainder:
        """Say who the words before ``start`` speak for: ``remainder`` for a text asked often."""
        rank = self.starts(text).get(start, _UNCOVERED)
        return _COVERING[rank] if rank < _UNCOVERED else self._speaker(text[:start], "before")

    def after(self, text: str, end: int) -> Remainder:
        """Say who the words from ``end`` on speak for: ``remainder`` for a text asked often."""
        rank = self.ends(text).get(end, _UNCOVERED)
        return _COVERING[rank] if rank < _UNCOVERED else self._speaker(text[end:], "after")

    def _speaker(self, text: str, side: Side) -> Remainder:
        """Say who the words of a side speak for that is not covered."""
        if self._holds(text, side, _SOMEBODY):
            return "somebody"
        return "document" if self._holds(text, side, _DOCUMENT) else "neutral"

    def covering(self, side: Side) -> list[str]:
        """Return the words and ornaments of which a covered side is made."""
        return sorted(self._words[side].ranks)

    def pieces(self, text: str, start: int, side: Side) -> Iterator[int]:
        """Yield where such words and ornaments end that begin at ``start``."""
        return (end for end, _ in self._words[side].beginning(text, start))

    def starts(self, text: str) -> dict[int, int]:
        """Return where a name may begin in a text, in order: before it the text is covered.

        Each place has the rank of what covers: 0 nothing, 1 official, 2 outlet, 3 commercial words.
        """
        last, reached = self._last_starts
        if last != text:
            reached = self._starts(text)
            self._last_starts = (text, reached)
        return reached

    def ends(self, text: str) -> dict[int, int]:
        """Return where a name may end, the last place first, with ranks as those of ``starts``."""
        last, reached = self._last_ends
        if last != text:
            reached = self._ends(text)
            self._last_ends = (text, reached)
        return reached

    def _starts(self, text: str) -> dict[int, int]:
        words, reached, highest = self._words["before"], {0: 0}, 0
        for start in range(len(text)):
            if start > highest:
                break
            if (rank := reached.get(start)) is not None:
                for end, piece in words.beginning(text, start):
                    reached[end] = min(reached.get(end, _UNCOVERED), max(rank, piece))
                    highest = max(highest, end)
        return reached if len(reached) <= 2 else dict(sorted(reached.items()))

    def _ends(self, text: str) -> dict[int, int]:
        lowest = len(text)
        words, reached = self._words["after"], {lowest: 0}
        for end in range(lowest, 0, -1):
            if end < lowest:
                break
            if (rank := reached.get(end)) is not None:
                for start, piece in words.ending(text, end):
                    reached[start] = min(reached.get(start, _UNCOVERED), max(rank, piece))
                    lowest = min(lowest, start)
        return reached if len(reached) <= 2 else dict(sorted(reached.items(), reverse=True))

    def _holds(self, text: str, side: Side, classes: frozenset[str]) -> bool:
        known, by_first = self._words[side].classes, self._words[side].by_first
        return any(
            not classes.isdisjoint(known.get(text[start : start + length], ()))
            for start, first in enumerate(text)
            for length in by_first.get(first, ())
        )


def _sides(position: str) -> tuple[Side, ...]:
    if position == "before":
        return ("before",)
    return ("after",) if position == "after" else ("before", "after")
