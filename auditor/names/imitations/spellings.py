"""The same name in other characters that fold to it: full-width, traditional, variant forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from auditor.names.imitations.order import replaced
from auditor.text.fold import fold_table

_REASONS = {
    "full_width": ("full_width",),
    "traditional": ("traditional",),
    "variant": ("radical", "variant", "styled", "accent"),
}
_FULL_WIDTH = 0xFEE0
_LAST_DRAWN = 0xFFFF
"""Few fonts draw the Han characters of later planes."""

_WORST = 2
_WHICH = re.compile(" (?:CAPITAL|SMALL|DIGIT|LATIN|LETTER)")


def respelled(name: str, technique: str) -> Iterator[str]:
    """Yield the name with every character respelled that can be, then with one at a time."""
    choices = [_choices(technique, character) for character in name]
    yield from _wholly(name, choices)
    single = [
        (rank, turn, index, found)
        for index in range(len(name))
        for turn, (rank, found) in enumerate(choices[index])
    ]
    for _, _, index, found in sorted(single):
        yield replaced(name, index, found)


def _wholly(name: str, choices: list[list[tuple[int, str]]]) -> Iterator[str]:
    """Yield the name with all characters respelled: letters in one style, Han ones as they come."""
    letters = [index for index, own in enumerate(name) if own.isascii() and choices[index]]
    styles: dict[str, dict[int, str]] = {}
    for index in letters:
        for _, found in choices[index]:
            styles.setdefault(_style(found), {}).setdefault(index, found)
    for style in styles.values():
        if len(style) == len(letters):
            yield "".join(style.get(index, own) for index, own in enumerate(name))
    for worst in (0, _WORST):
        yield "".join(
            next((one for rank, one in choices[index] if rank <= worst), own)
            if index not in letters
            else own
            for index, own in enumerate(name)
        )


def _style(character: str) -> str:
    """Return what the Unicode name says of a letter or digit before it says which: CIRCLED."""
    return _WHICH.split(unicodedata.name(character, ""))[0]


def with_wide_letters(name: str, letters: Iterable[str]) -> Iterator[str]:
    """Yield the name respelled in full width or, where it has no letter, with wide ones after it.

    ``letters`` are the letter words that stand behind names (TV, APP).
    """
    yield from respelled(name, "full_width")
    if not any(_choices("full_width", character) for character in name):
        for word in letters:
            yield name + "".join(chr(ord(letter) + _FULL_WIDTH) for letter in word)


@cache
def _reversed(technique: str) -> dict[int, list[str]]:
    """Map folded characters to what folds to them for this technique's reasons."""
    table, reasons = fold_table("name"), _REASONS[technique]
    sources: dict[int, list[str]] = {}
    for source, target in table.targets.items():
        if target is not None and chr(target).isalnum() and table.reasons.get(source) in reasons:
            sources.setdefault(target, []).append(chr(source))
    return sources


def _choices(technique: str, character: str) -> list[tuple[int, str]]:
    """Return what may stand for a character, each after its rank: 0 for what deceives most."""
    folded = character.lower()
    found = _reversed(technique).get(ord(folded), []) if len(folded) == 1 else []
    if character.isascii():
        # The capital's full-width form for the capital, not for the small letter.
        found = [one for one in found if _plain(one) in (character, "")]
    if technique == "traditional":
        ranked = [((0 if _big5(one) and not _big5(character) else 1), one) for one in found]
        order = sorted((rank, _big5(one) == b"", _big5(one), one) for rank, one in ranked)
        return [(rank, one) for rank, _, _, one in order]
    return sorted((_look(one, plain=character.isascii()), one) for one in found)


def _big5(character: str) -> bytes:
    """Return the Big5 code, empty for none: common traditional characters first, by strokes.

    A character that is itself in Big5, as 家, is its own traditional form in most words.
    """
    return character.encode("big5", "ignore")


def _plain(character: str) -> str:
    """Return the ASCII letter or digit that a styled one is made from, empty when not known."""
    first = unicodedata.normalize("NFKD", character)[0]
    return first if first.isascii() else ""


def _look(character: str, *, plain: bool) -> int:
    """Rank a variant form: radicals and compatibility forms are drawn like the character."""
    if plain and _plain(character):
        # An accent is seen; 𝐂 is taken for the letter.
        return 0 if unicodedata.normalize("NFKC", character).isascii() else 1
    if plain or ord(character) > _LAST_DRAWN:
        return _WORST
    name = unicodedata.name(character, "")
    return 0 if "RADICAL" in name or "COMPATIBILITY" in name else 1
