"""What is left of a clause beside the words that may stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from auditor.text import fold

STRONG_ENDS = "，,。；;！!？?｜|/\n"
SIGNS = re.compile(r"[\W_]+")


def wide_clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the clause around a span, in which spaces and 、 only part the members of a list."""
    while start > 0 and text[start - 1] not in STRONG_ENDS:
        start -= 1
    while end < len(text) and text[end] not in STRONG_ENDS:
        end += 1
    return start, end


def leftover(text: str, words: frozenset[str], own: str = "") -> str:
    """Return what is left of a text without signs and the given words, longest first.

    ``own`` is one word more: the account's name, of which no pattern is worth making.
    """
    bare, pattern, name = SIGNS.sub("", fold(text).text), _any_of(words), fold(own).text
    if name and name in bare:
        return SIGNS.sub("", "".join(_apart(bare, pattern, name)))
    return SIGNS.sub("", pattern.sub("", bare))


def _apart(bare: str, pattern: re.Pattern[str], name: str) -> Iterator[str]:
    """Yield the characters that belong neither to a word of the pattern nor to a name."""
    at = 0
    while at < len(bare):
        found = pattern.match(bare, at)
        length = max(
            found.end() - at if found else 0, len(name) if bare.startswith(name, at) else 0
        )
        if not length:
            yield bare[at]
        at += length or 1


@cache
def _any_of(words: frozenset[str]) -> re.Pattern[str]:
    spelled = sorted({fold(word).text for word in words}, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, filter(None, spelled))) or r"(?!)")
