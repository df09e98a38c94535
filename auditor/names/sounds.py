"""How characters are read: every reading that pypinyin's table of 41,923 characters knows."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pypinyin.constants import PINYIN_DICT

_TONES: Final = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
# Stands in a folded array for "any character read so"; no name holds a character of this plane.
_FIRST_SOUND: Final = 0xF0000


@cache
def readings(character: str, *, toned: bool = False) -> frozenset[str]:
    """Return every reading of a character, without tones unless ``toned``; empty for none."""
    written = PINYIN_DICT.get(ord(character), "") if len(character) == 1 else ""
    return frozenset(_plain(one, toned=toned) for one in written.split(",") if one)


@cache
def _plain(written: str, *, toned: bool) -> str:
    """Return a syllable in letters, as ``ri`` or ``ri4``; ü is v, as people type it."""
    letters = unicodedata.normalize("NFD", written.replace("ü", "v"))
    tone = "".join(_TONES.get(sign, "") for sign in letters) if toned else ""
    base = letters.replace("u\u0308", "v")
    return "".join(sign for sign in base if sign.isascii()) + tone


@cache
def sound_codes() -> NDArray[np.uint32]:
    """Return a table of 0x110000 code points: each character's first reading as one code."""
    table = np.arange(0x110000, dtype=np.uint32)
    numbers: dict[str, int] = {}
    codes = list(PINYIN_DICT)
    table[codes] = [
        numbers.setdefault(_plain(written.partition(",")[0], toned=False), len(numbers))
        + _FIRST_SOUND
        for written in PINYIN_DICT.values()
    ]
    return table
