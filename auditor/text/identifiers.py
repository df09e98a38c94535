"""Identifiers of people in a text, found after folding and given back at their original place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from auditor.text.addresses import addresses
from auditor.text.credentials import labelled
from auditor.text.fold import Folded, fold
from auditor.text.found import Found
from auditor.text.handles import emails, handles, plates
from auditor.text.numbers import LEAST_DIGITS, SPELLED, credit_codes, numbers

# What an unfolded text must hold for any kind. Patterns that begin with a class skip ahead.
_SIGNS: Final = re.compile(r"[\d@＠①-⑨⓪❶-❾栋幢室棟]")
_LETTERS: Final = re.compile("[A-Za-z_Ａ-Ｚａ-ｚ-]" * 5)
_NUMERALS: Final = re.compile("[〇零一二三四五六七八九幺]" * 3)
_DOORS: Final = ("单元", "單元", "号楼", "號樓", "艾特")

_DIGIT: Final = re.compile(f"[0-9{SPELLED}]")
_TOKEN: Final = re.compile(r"[a-z0-9_-]{5}")
_COMPACT_DOOR: Final = re.compile(r"[0-9]-[0-9]{1,2}-[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier and where it stands in the original text (``end`` exclusive).

    ``kind``: resident_id, uscc, mobile, landline, bank_card, plate, email, wechat, qq, address,
    passport, physician_qualification, or credential for any other number that the label of one
    introduces. ``value`` is its plain form: digits without separators, capital letters in codes.
    """

    kind: str
    start: int
    end: int
    value: str


def identifiers(text: str) -> tuple[Identifier, ...]:
    """Return the identifiers of a text, none overlapping, by position.

    Forms only (specification, section 6): a number of the right form need not exist.
    """
    return identifiers_folded(fold(text)) if _is_worth(text) else ()


def _is_worth(text: str) -> bool:
    return (
        _SIGNS.search(text) is not None
        or _LETTERS.search(text) is not None
        or _NUMERALS.search(text) is not None
        or any(word in text for word in _DOORS)
    )


def identifiers_folded(folded: Folded) -> tuple[Identifier, ...]:
    """Return the identifiers of a text that is folded already."""
    taken: list[tuple[int, int, Found]] = []
    for found in _found(folded.text):
        index = bisect_left(taken, (found.start, found.end))
        # Those taken do not overlap: only the neighbours on either side can.
        near = taken[max(0, index - 1) : index + 1]
        if all(found.end <= start or end <= found.start for start, end, _ in near):
            taken.insert(index, (found.start, found.end, found))
    return tuple(
        Identifier(found.kind, *folded.span(start, end), found.value) for start, end, found in taken
    )


def _found(text: str) -> Iterator[Found]:
    """Yield by priority: where two overlap, the more selective form wins."""
    has_token = _TOKEN.search(text) is not None
    # Most texts have fewer digits than any number: counting them costs a tenth of looking for one.
    digits = len(_DIGIT.findall(text))
    licences, others = labelled(text, digits)
    # A part of one (a resident number, eleven digits) would else be found by itself, and the rest
    # stay in clear.
    yield from licences
    if "@" in text or "艾特" in text or (has_token and ("#" in text or "at" in text)):
        yield from emails(text)
    if digits >= LEAST_DIGITS:
        yield from numbers(text)
    if has_token:
        yield from credit_codes(text)
        yield from plates(text)
        yield from handles(text)
    if _names_door(text) or (has_token and _COMPACT_DOOR.search(text)):
        yield from addresses(text)
    yield from others


def _names_door(text: str) -> bool:
    # Six substring tests cost a third of one pattern.
    return (
        "栋" in text
        or "幢" in text
        or "室" in text
        or "座" in text
        or "单元" in text
        or "号楼" in text
    )
