"""The employers that a text names: a run of characters that ends with a word for a body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from auditor.text import fold
from auditor.titles.clauses import clause_of
from auditor.titles.readings import Title
from auditor.titles.words import TitleWords

_LONGEST = 16
_STEM = 2
"""Characters of a name, beside its kind and its place, by which it can be told from another."""

_NUMBERS = "一二三四五六七八九十"


def employers(text: str, known: TitleWords) -> Iterator[str]:
    """Yield the names of bodies in a text, folded: 岸城第一医院, 岸边律师事务所."""
    ends = "|".join(sorted(map(re.escape, known.words("employers")), key=len, reverse=True))
    for found in re.finditer(rf"[\u4e00-\u9fff]{{2,{_LONGEST}}}?(?:{ends})", fold(text).text):
        yield found.group()


def employer_of(text: str, title: Title, known: TitleWords) -> str:
    """Return the employer in the clause of a title, unless of the past or a stay.

    进修于, 曾在, 援藏, 校友 and generic names (三甲医院, 某重点大学) say nothing of
    the employer now.
    """
    clause = clause_of(text, title, known)
    if known.found("stays", clause.around) or known.found("former", clause.around):
        return ""
    return next(employers(clause.before, known), "")


def differ(stated: str, shown: str, known: TitleWords) -> bool:
    """Tell whether a stated employer is none of those that a mark names, by anything they share.

    A name of the same kind must be there, and neither that nor any other may share two characters
    of the stem, a number, or be an abbreviation of it: 市一院 and 第一人民医院, 国君 and 国泰君安.
    """
    kind = known.closes("employers", stated)
    names = list(employers(shown, known))
    stem = _stem(stated.removesuffix(kind), known)
    if len(stem) < _STEM or kind not in {known.closes("employers", name) for name in names}:
        return False
    whole = fold(shown).text
    others = [_stem(name.removesuffix(known.closes("employers", name)), known) for name in names]
    return not any(
        len(other) < _STEM or _shares(stem, other, whole) for _, other in product((stem,), others)
    )


def _stem(name: str, known: TitleWords) -> str:
    """Return a name without generic words and without the places it begins with."""
    while word := known.opens("generic", name) or _place(name, known):
        name = name.removeprefix(word)
    while word := known.closes("generic", name):
        name = name.removesuffix(word)
    return name.lstrip("省市县区的")


def _place(name: str, known: TitleWords) -> str:
    lengths = range(min(len(name), 6), 1, -1)
    return next((name[:length] for length in lengths if name[:length] in known.places), "")


def _shares(stem: str, other: str, whole: str) -> bool:
    parts = {stem[at : at + _STEM] for at in range(len(stem) - _STEM + 1)}
    numbers = set(stem) & set(other) & set(_NUMBERS)
    return any(part in whole for part in parts) or bool(numbers) or _abbreviates(stem, other)


def _abbreviates(one: str, other: str) -> bool:
    """Tell whether all characters of the shorter name stand, in order, in the longer one."""
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    return all(character in rest for character in short)
