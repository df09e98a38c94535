"""Identifiers of people in a text, found after folding and given back at their original place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
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


def holds_identifier(text: str, kinds: Collection[str]) -> bool:
    """Tell whether ``identifiers_folded`` gives one of these kinds for a folded text.

    Where it gives none, most often only the finders of these kinds are asked.
    """
    if not any(found.kind in kinds for found in _found(text, kinds)):
        return False
    return any(item.kind in kinds for item in identifiers_folded(Folded(text, text, None)))


class _Look:
    """A folded text, and what is seen of it before a finder reads it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.has_token = _TOKEN.search(text) is not None
        # Most texts have fewer digits than any number: counting costs a tenth of looking for one.
        self.digits = len(_DIGIT.findall(text))

    @cached_property
    def labelled(self) -> tuple[list[Found], list[Found]]:
        """Labelled numbers: licences, then all others."""
        return labelled(self.text, self.digits)


def _found(text: str, kinds: Collection[str] | None = None) -> Iterator[Found]:
    """Yield by priority (where two overlap, the more selective form wins), or of some kinds."""
    look = _Look(text)
    for of_kinds, finder in _FINDERS:
        if kinds is None or not of_kinds.isdisjoint(kinds):
            yield from finder(look)


def _emails(look: _Look) -> Iterable[Found]:
    text = look.text
    may = "@" in text or "艾特" in text or (look.has_token and ("#" in text or "at" in text))
    return emails(text) if may else ()


def _addresses(look: _Look) -> Iterable[Found]:
    may = _names_door(look.text) or (look.has_token and _COMPACT_DOOR.search(look.text))
    return addresses(look.text) if may else ()


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


_LABELLED: Final = frozenset({"physician_qualification", "credential"})
_FINDERS: Final[tuple[tuple[frozenset[str], Callable[[_Look], Iterable[Found]]], ...]] = (
    # A part of a licence (a resident number, eleven digits) would else be found by itself, and the
    # rest stay in clear.
    (_LABELLED, lambda look: look.labelled[0]),
    (frozenset({"email"}), _emails),
    (
        frozenset({"resident_id", "bank_card", "mobile", "landline"}),
        lambda look: numbers(look.text) if look.digits >= LEAST_DIGITS else (),
    ),
    (frozenset({"uscc"}), lambda look: credit_codes(look.text) if look.has_token else ()),
    (frozenset({"plate"}), lambda look: plates(look.text) if look.has_token else ()),
    (
        frozenset({"wechat", "qq", "passport"}),
        lambda look: handles(look.text) if look.has_token else (),
    ),
    (frozenset({"address"}), _addresses),
    (_LABELLED, lambda look: look.labelled[1]),
)
"""The finders by priority, each with the kinds that it gives."""
