"""Which of many texts can hold an identifier at all: one pass of numpy, no Python loop per text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, reduce
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from auditor.text.numbers import SPELLED

_TOKEN, _DIGIT, _SIGN, _DOOR_HEAD, _DOOR_TAIL = 1, 2, 4, 8, 16
_TOKEN_LENGTH: Final = 5
_NUMBER_LENGTH: Final = 10


@cache
def _classes() -> NDArray[np.uint8]:
    table = np.zeros(0x110000, dtype=np.uint8)
    for chars, bit in (
        ("abcdefghijklmnopqrstuvwxyz0123456789_-" + SPELLED, _TOKEN),
        ("0123456789" + SPELLED, _DIGIT),
        ("@艾栋幢室座", _SIGN),
        ("单号", _DOOR_HEAD),
        ("元楼", _DOOR_TAIL),
    ):
        table[[ord(char) for char in chars]] |= bit
    return table


def may_hold_identifiers(folded: Sequence[str]) -> list[bool]:
    """Tell for each folded text whether ``identifiers_folded`` is worth calling.

    ``False`` is certain, ``True`` is not: it needs a token of five Latin letters or digits, spelled
    ones too, ten digits, a sign of an e-mail, or a word for a door.
    """
    blob = "\x00".join([*folded, ""]).encode("utf-32-le", "surrogatepass")
    classes = _classes().take(np.frombuffer(blob, dtype="<u4"))
    token = classes & _TOKEN
    size = max(0, token.size - _TOKEN_LENGTH + 1)
    run = reduce(np.bitwise_and, (token[shift : shift + size] for shift in range(_TOKEN_LENGTH)))
    worth = (classes & _SIGN).astype(bool)
    worth[:size] |= run.astype(bool)
    worth[:-1] |= (classes[:-1] & _DOOR_HEAD).astype(bool) & (classes[1:] & _DOOR_TAIL).astype(bool)
    bounds = np.fromiter(
        accumulate((len(text) + 1 for text in folded), initial=0), np.intp, len(folded) + 1
    )
    digits = _counts((classes & _DIGIT).astype(bool), bounds)
    found: list[bool] = ((_counts(worth, bounds) > 0) | (digits >= _NUMBER_LENGTH)).tolist()
    return found


def _counts(mask: NDArray[np.bool_], bounds: NDArray[np.intp]) -> NDArray[np.int64]:
    """Count the set places of each text."""
    places = np.flatnonzero(mask)
    return np.diff(np.searchsorted(places, bounds))
