"""What the words around a name say about who speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from auditor.references import Affix

Side = Literal["before", "after"]
Remainder = Literal["none", "official", "outlet", "commerce", "document", "somebody", "neutral"]

_COVERING: tuple[tuple[Remainder, frozenset[str]], ...] = (
    ("official", frozenset({"official"})),
    ("outlet", frozenset({"official", "outlet"})),
    ("commerce", frozenset({"official", "outlet", "commerce"})),
)
_SOMEBODY = frozenset({"relational", "fan", "critic", "topic"})
_LONGEST_ORNAMENT = 5


class Affixes:
    """The affix words, read against the text before or after a name."""

    def __init__(self, affixes: Iterable[Affix], fold: Callable[[str], str]) -> None:
        self._classes: dict[tuple[Side, str], set[str]] = {}
        self._ornaments: set[str] = set()
        for affix in affixes:
            word = fold(affix.word)
            if affix.class_ == "ornament":
                self._ornaments.add(word)
            else:
                for side in _sides(affix.position):
                    self._classes.setdefault((side, word), set()).add(affix.class_)
        self._longest = max((len(word) for _, word in self._classes), default=0)

    def remainder(self, text: str, side: Side) -> Remainder:
        """Say who the words on one side of a name speak for.

        ``none``, ``official``, ``outlet`` and ``commerce`` mean that such words, and ornaments,
        cover the whole side; ``somebody`` that a reader, fan, critic or topic word stands in it.
        """
        if not text:
            return "none"
        for answer, classes in _COVERING:
            if self._covered(text, side, classes):
                return answer
        if self._holds(text, side, _SOMEBODY):
            return "somebody"
        return "document" if self._holds(text, side, frozenset({"document"})) else "neutral"

    def covered(self, text: str, side: Side) -> bool:
        """Tell whether the side is empty or speaks for the body itself."""
        return self.remainder(text, side) in ("none", "official", "outlet", "commerce")

    def _covered(self, text: str, side: Side, classes: frozenset[str]) -> bool:
        reached = [True] + [False] * len(text)
        for start in range(len(text)):
            if not reached[start]:
                continue
            for end in range(start + 1, min(len(text), start + self._longest) + 1):
                piece = text[start:end]
                if self._is_ornament(piece) or classes & self._classes.get((side, piece), set()):
                    reached[end] = True
        return reached[-1]

    def _is_ornament(self, piece: str) -> bool:
        # A short run of letters or digits (TB, 01, 12339) says nothing of who speaks.
        plain = piece.isascii() and piece.isalnum() and len(piece) <= _LONGEST_ORNAMENT
        return plain or piece in self._ornaments

    def _holds(self, text: str, side: Side, classes: frozenset[str]) -> bool:
        return any(
            classes & self._classes.get((side, text[start:end]), set())
            for start in range(len(text))
            for end in range(start + 1, min(len(text), start + self._longest) + 1)
        )


def _sides(position: str) -> tuple[Side, ...]:
    if position == "before":
        return ("before",)
    return ("after",) if position == "after" else ("before", "after")
