"""Words looked up where they stand in a text; nearly every place of a text holds none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

Value = TypeVar("Value")


def lengths_by_edge(words: Iterable[str], edge: slice) -> dict[str, tuple[int, ...]]:
    """Return the lengths of words, in order, by the characters that ``edge`` takes of each."""
    found: dict[str, set[int]] = {}
    for word in words:
        found.setdefault(word[edge], set()).add(len(word))
    return {characters: tuple(sorted(lengths)) for characters, lengths in found.items()}


class WordTable(Generic[Value]):
    """Words with what is known of each, found by the two characters that they begin with."""

    __slots__ = ("_lengths", "_short", "_values")

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = {word: value for word, value in values.items() if word}
        self._short = {word for word in self._values if len(word) == 1}
        self._lengths = lengths_by_edge(self._values.keys() - self._short, slice(2))

    def at(self, text: str, start: int) -> Sequence[tuple[int, Value]]:
        """Return each word that stands at ``start`` as (end, what is known), the shortest first."""
        lengths = self._lengths.get(text[start : start + 2])
        first = text[start : start + 1] if self._short else ""
        if lengths is None and first not in self._short:
            return ()
        found: list[tuple[int, Value]] = []
        if first in self._short:
            found.append((start + 1, self._values[first]))
        for length in lengths or ():
            end = start + length
            if (word := text[start:end]) in self._values and end <= len(text):
                found.append((end, self._values[word]))
        return found
