"""Sentences and clauses of Chinese social text."""

from __future__ import annotations

import re
from typing import Final

_WINDOW: Final = 1_000
"""Characters looked at on either side of a hit: no sentence is longer, some texts are."""

# A full stop ends a sentence only after a Latin letter and before a space: not in 3.5.
_END: Final = re.compile(
    r"""(?:[。！？!?；;…]+|\.{3,}|\n|(?<=[A-Za-z])\.(?=\s|$))   # what ends a sentence
        [”’」』）)》〉\]】"']*                                      # closing marks belong to it""",
    re.VERBOSE,
)
_CLAUSE_END: Final = re.compile(r"[，,、：:;；\s~～|｜/／·•—。！？!?…]+")


def sentence_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span (end exclusive) of the sentence that ``text[start:end]`` is in."""
    low, high = max(0, start - _WINDOW), min(len(text), end + _WINDOW)
    first, last = low, high
    for found in _END.finditer(text, low, high):
        if found.end() <= start:
            first = found.end()
        elif found.start() >= end:
            last = found.end()
            break
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


def clause_before(text: str) -> str:
    """Return what stands after the last clause mark of a text."""
    return clauses(text)[-1]


def clause_after(text: str) -> str:
    """Return what stands before the first clause mark of a text."""
    found = _CLAUSE_END.search(text)
    return text[: found.start()] if found else text


def clauses(text: str) -> list[str]:
    """Return the clauses of a text, empty ones among them where marks follow each other."""
    return _CLAUSE_END.split(text)
