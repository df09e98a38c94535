"""How characters are read: every reading that pypinyin's table of 41,923 characters knows."""

from __future__ import annotations

import re
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
def _numbers() -> dict[str, int]:
    """Number every toneless syllable, in the order of the table."""
    first = (written.partition(",")[0] for written in PINYIN_DICT.values())
    syllables = dict.fromkeys(_plain(written, toned=False) for written in first)
    return {syllable: number for number, syllable in enumerate(syllables)}


@cache
def _syllables() -> re.Pattern[str]:
    longest_first = sorted(_numbers(), key=lambda syllable: (-len(syllable), syllable))
    return re.compile("|".join(map(re.escape, filter(None, longest_first))))


def sounded(letters: str) -> str:
    """Return a run of letters as one code a syllable (ribao: two); empty where it is no pinyin."""
    parts = _syllables().findall(letters)
    if len("".join(parts)) != len(letters):
        return ""
    return "".join(chr(_FIRST_SOUND + _numbers()[part]) for part in parts)


def is_sound(character: str) -> bool:
    """Tell whether a character of a reading stands for any that is read so."""
    return ord(character) >= _FIRST_SOUND


@cache
def sound_codes() -> NDArray[np.uint32]:
    """Return a table of 0x110000 code points: each character's first reading as one code."""
    table = np.arange(0x110000, dtype=np.uint32)
    numbers = _numbers()
    codes = list(PINYIN_DICT)
    table[codes] = [
        numbers[_plain(written.partition(",")[0], toned=False)] + _FIRST_SOUND
        for written in PINYIN_DICT.values()
    ]
    return table
