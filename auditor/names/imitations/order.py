"""The order in which variants of one technique are given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, zip_longest
from typing import TypeVar

T = TypeVar("T")


def in_turn(*lists: Iterable[T]) -> Iterator[T]:
    """Yield the first of every list, then the second of every list, and so on."""
    nothing = object()
    rounds = zip_longest(*lists, fillvalue=nothing)
    return (one for one in chain.from_iterable(rounds) if one is not nothing)  # type: ignore[misc]


def from_the_middle(indices: range) -> list[int]:
    """Return indices from the middle outwards: a reader looks at both ends of a word first."""
    middle = (indices.start + indices.stop - 1) / 2
    return sorted(indices, key=lambda index: (abs(index - middle), index))


def replaced(name: str, index: int, text: str) -> str:
    """Return the name with the character at ``index`` replaced."""
    return name[:index] + text + name[index + 1 :]
