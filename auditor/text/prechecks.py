"""Which of many texts can hold an identifier at all: one pass of numpy, no Python loop per text."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from auditor.text.batch import FoldedBlob
from auditor.text.numbers import SPELLED

Places = NDArray[np.intp]

_DIGIT, _SPELLED, _LETTER, _JOINT, _DASH, _AT, _DOOR, _COUNT, _PROVINCE = (
    1 << bit for bit in range(9)
)
_NUMBER: Final = _DIGIT | _SPELLED | _LETTER | _JOINT
_TOKEN: Final = _DIGIT | _LETTER | _DASH
_TOKEN_LENGTH: Final = 5

_DIGITS_OF: Final = {
    "resident_id": 15,
    "bank_card": 16,
    "mobile": 10,
    "landline": 10,
    "passport": 7,
    "credential": 5,
    "physician_qualification": 5,
}
"""Digits, spelled ones too, that a number of a kind has with nothing but joints in between."""

_OF_TOKENS: Final = frozenset({"uscc", "wechat", "qq", "email"})

ALL_KINDS: Final = frozenset(_DIGITS_OF) | _OF_TOKENS | {"address", "plate"}
"""Every kind of identifier."""


@cache
def _classes() -> NDArray[np.uint16]:
    table = np.zeros(0x110000, dtype=np.uint16)
    for chars, bit in (
        ("0123456789", _DIGIT),
        (SPELLED, _SPELLED),
        ("abcdefghijklmnopqrstuvwxyz", _LETTER),
        # What may stand between the groups of a number, and no more.
        (" -‐‒–—―._·•~()[]【】「」〔〕", _JOINT),
        ("_-", _DASH),
        ("@艾", _AT),
        ("栋幢室座单号", _DOOR),
        (
            "0123456789abcdefghijklmnopqrstuvwxyz一二三四五六七八九十百零〇两甲乙丙丁东西南北",
            _COUNT,
        ),
        ("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼", _PROVINCE),
    ):
        table[[ord(char) for char in chars]] |= bit
    return table


def may_hold_identifiers(blob: FoldedBlob, kinds: Collection[str]) -> NDArray[np.bool_]:
    """Tell for each text whether ``identifiers_folded`` may give an identifier of the kinds.

    ``False`` is certain, ``True`` is not. Looked at are only the characters that may belong to one:
    how many digits stand together, tokens of five Latin letters or digits, the sign of an e-mail,
    a number before a word for a door, a letter behind the sign of a province.
    """
    classes = _classes().take(blob.codes)
    signs = np.flatnonzero(classes)
    found = np.zeros(len(blob), dtype=np.bool_)
    if not signs.size:
        return found
    seen = _Signs(blob, signs, classes[signs])
    digits = [_DIGITS_OF[kind] for kind in kinds if kind in _DIGITS_OF]
    if digits:
        found[seen.numbers(min(digits))] = True
    if not _OF_TOKENS.isdisjoint(kinds):
        found[seen.tokens()] = True
    if "email" in kinds:
        found[blob.texts_at(signs[(seen.classes & _AT) != 0])] = True
    if "address" in kinds:
        found[seen.doors()] = True
    if "plate" in kinds:
        found[seen.pairs(_PROVINCE, _LETTER)] = True
    return found


class _Signs:
    """The places of a blob that may belong to an identifier, ascending, and what stands there."""

    def __init__(self, blob: FoldedBlob, places: Places, classes: NDArray[np.uint16]) -> None:
        self.blob, self.places, self.classes = blob, places, classes

    def numbers(self, least: int) -> Places:
        """Return the texts with so many digits in one run of digits, letters and joints."""
        places, begins, classes = self._runs(_NUMBER)
        digits = (classes & (_DIGIT | _SPELLED)) != 0
        counts = np.add.reduceat(digits, begins, dtype=np.intp) if begins.size else begins
        return self.blob.texts_at(places[begins[counts >= least]])

    def tokens(self) -> Places:
        """Return the texts with a token of five."""
        places, begins, _ = self._runs(_TOKEN)
        lengths = np.diff(begins, append=places.size)
        return self.blob.texts_at(places[begins[lengths >= _TOKEN_LENGTH]])

    def doors(self) -> Places:
        """Return the texts with a number before a word for a door, or one as 3-2-501."""
        codes = self.blob.codes
        behind = self._next(_COUNT, _DOOR)
        word, after = codes[behind], codes[np.minimum(behind + 1, codes.size - 1)]
        counted = (_classes().take(after) & (_DIGIT | _LETTER)) != 0
        is_door = np.select(
            [word == ord("单"), word == ord("号"), word == ord("座")],
            [after == ord("元"), after == ord("楼"), counted],
            True,
        )
        dashes = self._next(_DIGIT, _DASH)
        last = np.minimum(dashes + 3, codes.size - 1)
        three = (_classes().take(codes[last]) & _DIGIT) != 0
        return self.blob.texts_at(np.concatenate((behind[is_door], dashes[three])))

    def pairs(self, first: int, second: int) -> Places:
        """Return the texts in which a sign of one class stands right before one of another."""
        return self.blob.texts_at(self._next(first, second))

    def _next(self, first: int, second: int) -> Places:
        """Return the places of the second class right behind one of the first."""
        here, before = self.classes[1:] & second, self.classes[:-1] & first
        beside = self.places[1:] - self.places[:-1] == 1
        found: Places = self.places[1:][(here != 0) & (before != 0) & beside]
        return found

    def _runs(self, wanted: int) -> tuple[Places, Places, NDArray[np.uint16]]:
        """Return the places of some classes, which of them begin a run, and their classes."""
        of_class = (self.classes & wanted) != 0
        places, classes = self.places[of_class], self.classes[of_class]
        first = np.ones(places.size, dtype=np.bool_)
        first[1:] = places[1:] - places[:-1] != 1
        # A run ends with its text.
        own = np.searchsorted(places, self.blob.starts[:-1])
        first[own[own < places.size]] = True
        return places, np.flatnonzero(first), classes
