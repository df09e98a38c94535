"""How characters are read: every reading that pypinyin's table of 41,923 characters knows."""

from __future__ import annotations

import importlib.util
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

_TONES: Final = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
# Stands in a folded array for "any character read so"; no name holds a character of this plane.
_FIRST_SOUND: Final = 0xF0000
_BEFORE_A: Final = ord("a") - 1
_LONGEST: Final = 6
"""Letters of the longest syllable."""


def _read_syllables() -> dict[int, str]:
    """Return pypinyin's table of characters: code point to readings, joined by commas.

    Its module is run without the package around it, which reads 47,000 phrases that nothing here
    asks for: a fifth of a second in every command.
    """
    package = importlib.util.find_spec("pypinyin")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("pypinyin is not installed", name="pypinyin")
    path = Path(package.origin).with_name("pinyin_dict.py")
    spec = importlib.util.spec_from_file_location("_pypinyin_characters", path)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("pypinyin holds no table of characters", name="pypinyin")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    table: dict[int, str] = module.pinyin_dict
    return table


PINYIN_DICT: Final = _read_syllables()


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
def _entries() -> tuple[NDArray[np.intp], list[list[str]], NDArray[np.intp]]:
    """Return the characters, the readings that some of them share, and which each of them has.

    Characters are five times as many as ways of reading one: what is made of readings is made of
    these.
    """
    known: dict[str, int] = {}
    which = [known.setdefault(written, len(known)) for written in PINYIN_DICT.values()]
    entries = [[one for one in written.split(",") if one] for written in known]
    return np.array(list(PINYIN_DICT)), entries, np.array(which)


@cache
def _numbers() -> dict[str, int]:
    """Number every toneless syllable, in the order of the table."""
    _, entries, _ = _entries()
    syllables = dict.fromkeys(_plain(entry[0], toned=False) for entry in entries)
    return {syllable: number for number, syllable in enumerate(syllables)}


@cache
def _letters() -> NDArray[np.bool_]:
    """Return a table of 27 × 27: which letter may follow which in pinyin; row 0 begins a run."""
    syllables = [syllable for syllable in _numbers() if syllable]
    firsts = {syllable[0] for syllable in syllables}
    pairs = {pair for syllable in syllables for pair in pairwise(syllable)}
    pairs.update((syllable[-1], first) for syllable in syllables for first in firsts)
    table = np.zeros((27, 27), dtype=np.bool_)
    for before, after in (*pairs, *(("`", first) for first in firsts)):
        table[ord(before) - _BEFORE_A, ord(after) - _BEFORE_A] = True
    return table


def may_follow(before: NDArray[np.uint32], after: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Tell for code points of letters a..z whether the one follows the other in pinyin.

    A grave accent, which stands before a, is what precedes the first letter of a run.
    """
    follow: NDArray[np.bool_] = _letters()[before - _BEFORE_A, after - _BEFORE_A]
    return follow


def sounded(letters: str) -> str:
    """Return a run of letters as one code a syllable (ribao: two); empty where it is no pinyin.

    From the left the longest syllable counts.
    """
    numbers, start, codes = _numbers(), 0, ""
    while start < len(letters):
        for end in range(min(start + _LONGEST, len(letters)), start, -1):
            if (number := numbers.get(letters[start:end])) is not None:
                codes += chr(_FIRST_SOUND + number)
                start = end
                break
        else:
            return ""
    return codes


def are_sounds(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Tell which code points of a reading stand for any character that is read so."""
    return codes >= _FIRST_SOUND


@cache
def _reading_numbers() -> NDArray[np.uint16]:
    """Return a table with a column a code point: its toneless readings by number, 0 for no more."""
    codes, entries, which = _entries()
    numbers: dict[str, int] = {}
    found = [
        {numbers.setdefault(_plain(one, toned=False), len(numbers) + 1) for one in entry}
        for entry in entries
    ]
    rows = max(map(len, found))
    by_entry = np.array([[*some, *[0] * (rows - len(some))] for some in found], dtype=np.uint16)
    table = np.zeros((rows, int(codes.max()) + 2), dtype=np.uint16)
    table[:, codes] = by_entry[which].T
    return table


def sound_alike(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Tell for pairs of code points whether they share a toneless reading."""
    table = _reading_numbers()
    # Behind the last character stands one without a reading.
    one, other = (np.minimum(codes, table.shape[1] - 1) for codes in (one, other))
    alike = np.zeros(len(one), dtype=np.bool_)
    # Few characters have more than two readings.
    seconds = [second for second in table[:, other] if second.any()]
    for first in (first for first in table[:, one] if first.any()):
        for second in seconds:
            alike |= (first == second) & (first > 0)
    return alike


@cache
def sound_codes() -> NDArray[np.uint32]:
    """Return a table of 0x110000 code points: each character's first reading as one code."""
    table = np.arange(0x110000, dtype=np.uint32)
    codes, entries, which = _entries()
    numbers = _numbers()
    first = [numbers[_plain(entry[0], toned=False)] + _FIRST_SOUND for entry in entries]
    table[codes] = np.array(first, dtype=np.uint32)[which]
    return table
