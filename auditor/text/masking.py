"""Masking: what a shareable page may show of an identifier or a name (specification, 8.5)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from auditor.text.addresses import district_length
from auditor.text.batch import fold_blob
from auditor.text.fold import fold
from auditor.text.identifiers import identifiers
from auditor.text.prechecks import ALL_KINDS, may_hold_identifiers
from auditor.text.tables import word_list

MASK: Final = "*"

# How many characters stay readable at the head and at the tail.
_KEPT: Final = {
    "resident_id": (1, 1),
    "mobile": (3, 2),
    "landline": (3, 2),
    "plate": (1, 1),
    # Its last 15 or 18 characters are a resident number.
    "physician_qualification": (0, 0),
}
_BRIEF: Final = 500
_REMEMBERED: Final = 4_096
"""So many texts, of so many characters at most, are masked once: a few megabytes."""

_SHORT: Final = 8
"""Below this length a card, passport, QQ, WeChat or e-mail keeps one character at either end."""


def mask(text: str) -> str:
    """Mask every identifier and credential number; the length stays, so that spans stay valid.

    Idempotent: what is left holds no identifier.
    """
    return _remembered(text) if len(text) <= _BRIEF else _masked(text)


def _masked(text: str) -> str:
    while personal := identifiers(text):
        parts, at = [], 0
        for found in personal:
            shown = mask_value(found.kind, text[found.start : found.end])
            parts += [text[at : found.start], shown]
            at = found.end
        text = "".join([*parts, text[at:]])
    return text


# Every writer masks all that it writes: the facts of a finding come by six times, the ids of rules
# and the questions thousands of times.
_remembered = lru_cache(maxsize=_REMEMBERED)(_masked)


def mask_batch(texts: Sequence[str]) -> list[str]:
    """Mask many texts; equal to ``[mask(text) for text in texts]``, and quicker for plain ones."""
    lengths = np.fromiter(map(len, texts), np.intp, len(texts))
    masked = list(texts)
    may_hold = may_hold_identifiers(fold_blob("".join(texts), lengths), ALL_KINDS)
    for index in np.flatnonzero(may_hold).tolist():
        masked[index] = mask(texts[index])
    return masked


def mask_value(kind: str, value: str) -> str:
    """Mask one identifier, with or without its separators; the length stays."""
    if kind == "address":
        folded = fold(value)
        kept = folded.span(0, district_length(folded.text))[1]
        return value[:kept] + MASK * (len(value) - kept)
    places = [index for index, char in enumerate(value) if char.isalnum()]
    head, tail = _KEPT.get(kind, (1, 1) if len(places) < _SHORT else (2, 2))
    shown = {*places[:head], *places[len(places) - tail :]}
    return "".join(char if index in shown else MASK for index, char in enumerate(value))


def mask_person(name: str) -> str:
    """Mask a private person's name: the family name and one mark."""
    family = next(
        (word for word in word_list("text-compound-surnames") if name.startswith(word)), ""
    )
    return (family if len(name) > len(family) else "") + MASK if family else name[:1] + MASK


def mask_name_inner(name: str) -> str:
    """Mask an account name but for its first and last character, as bulletins print them."""
    if len(name) <= 2:
        return name[:1] + MASK * max(1, len(name) - 1) if name else ""
    return name[0] + MASK * (len(name) - 2) + name[-1]
