"""Which characters are compared, and what is known about them besides their look."""

from __future__ import annotations

import bz2
import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from auditor.text import fold_name

COMMON = 3_500
"""The first level of the general table: the characters of everyday writing."""
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
HAN = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00))
_HAN_BEYOND = range(0x20000, 0x323B0)  # of these only what the general table holds is compared
# What stands for a Han character, letter or digit without being one of its script.
OTHERS = {
    "latin": (range(0x30, 0x3A), range(0x41, 0x5B), range(0x61, 0x7B), range(0xC0, 0x2B0)),
    "latin, wide": (range(0xFF10, 0xFF1A), range(0xFF21, 0xFF3B), range(0xFF41, 0xFF5B)),
    "greek": (range(0x370, 0x400),),
    "cyrillic": (range(0x400, 0x530),),
    "letter-like": (range(0x2100, 0x218A),),
    "enclosed": (range(0x2460, 0x2500), range(0x3200, 0x3400)),
    "radicals": (range(0x2E80, 0x2FD6),),
    "strokes": (range(0x31C0, 0x31E4),),
    "marks": (range(0x3005, 0x3008),),
    "kana": (range(0x3041, 0x3100), range(0x31F0, 0x3200), range(0xFF66, 0xFF9E)),
    "bopomofo": (range(0x3105, 0x3130), range(0x31A0, 0x31C0)),
    "jamo": (range(0x3131, 0x318F),),
}
# The columns whose characters the name index protects.
_PROTECTED = {
    "organisations.csv": ("name", "short_names"),
    "divisions.csv": ("name", "short_name"),
    "divisions_former.csv": ("name",),
    "organ_words.csv": ("word",),
    "affixes.csv": ("word",),
}


def is_han(character: str) -> bool:
    """Tell whether a character is a Chinese character rather than a letter, digit or sign."""
    return any(ord(character) in span for span in (*HAN, _HAN_BEYOND))


def folded(character: str) -> str:
    """Return what arrives of a character in a name: itself, another one, or nothing."""
    return fold_name(character).text


def read_unihan(path: Path, field: str) -> Iterator[tuple[str, str]]:
    """Yield the characters that have a field of the Unihan database, with its value."""
    with bz2.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if f"\t{field}\t" in line and not line.startswith("#"):
                code, _, value = line.rstrip("\n").split("\t")
                yield chr(int(code.removeprefix("U+"), 16)), value


def read_general_table(unicode_data: Path) -> dict[str, int]:
    """Read the general table of standard characters (2013): character → number, 1 to 8105."""
    rows = read_unihan(unicode_data / "Unihan_OtherMappings.txt.bz2", "kTGH")
    return {character: int(value.rpartition(":")[2]) for character, value in rows}


def read_confusables(package: Path) -> dict[str, frozenset[str]]:
    """Read the single characters that Unicode lists as confusable: character → its classes.

    Two characters are listed as confusable when they share a class (TR39: the same skeleton).
    """
    table = json.loads((package / "confusables.json").read_text(encoding="utf-8"))
    return {
        character: frozenset({character, *(e["c"] for e in others if len(e["c"]) == 1)})
        for character, others in table.items()
        if len(character) == 1
    }


def read_stroke_orders(package: Path) -> dict[str, str]:
    """Read stroke orders: one digit a stroke, of five kinds of stroke."""
    text = (package / "data" / "char_order.dict").read_text(encoding="utf-8")
    orders: dict[str, str] = json.loads(text)
    return orders


def read_protected(references: Path) -> frozenset[str]:
    """Read the folded characters of every name and word that names are compared with."""
    found: set[str] = set()
    for name, columns in _PROTECTED.items():
        with (references / name).open(encoding="utf-8", newline="") as lines:
            found.update(
                folded("".join(row[one] for row in csv.DictReader(lines) for one in columns))
            )
    return frozenset(found)


def candidates() -> Iterator[str]:
    """Yield every character that may stand for another and that a name keeps when folded."""
    spans: Iterable[range] = (*HAN, *(span for spans in OTHERS.values() for span in spans))
    for span in spans:
        for character in map(chr, span):
            if len(folded(character)) == 1:
                yield character
