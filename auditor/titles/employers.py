"""The employers that a text names: a run of characters that ends with a word for a body."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.text import fold
from auditor.titles.words import TitleWords

_LONGEST = 16
_STEM = 2
"""Characters that two names must share beside the kind of body to be one body's."""


def employers(text: str, known: TitleWords) -> Iterator[str]:
    """Yield the names of bodies in a text, folded: 岸城第一医院, 岸边律师事务所."""
    ends = "|".join(sorted(map(re.escape, known.words("employers")), key=len, reverse=True))
    for found in re.finditer(rf"[\u4e00-\u9fff]{{2,{_LONGEST}}}?(?:{ends})", fold(text).text):
        yield found.group()


def differ(one: str, other: str, known: TitleWords) -> bool:
    """Tell whether two names of bodies of one kind share nothing but the kind and their place.

    附院 and 附属医院 are no pair of one kind and say nothing; 市一院 and 第一人民医院 share a stem.
    """
    kind = known.closes("employers", one)
    if kind != known.closes("employers", other):
        return False
    stems = [_stem(name.removesuffix(kind), known) for name in (one, other)]
    if not all(len(stem) >= _STEM for stem in stems):
        return False
    first, second = stems
    shared = {first[at : at + _STEM] for at in range(len(first) - _STEM + 1)}
    return not any(part in second for part in shared) and not _numbered(first, second)


def _stem(name: str, known: TitleWords) -> str:
    """Return a name without the words before it and without the places it begins with."""
    name = re.sub(r"^.*?(?:就职于|供职于|任职于|执业于|毕业于|来自|某|在)", "", name)
    while place := next((p for p in known.places if len(p) > 1 and name.startswith(p)), ""):
        name = name.removeprefix(place)
    return name.lstrip("省市县区")


def _numbered(first: str, second: str) -> bool:
    """Tell whether both say a number: 市一 and 第一人民 may be one hospital."""
    numbers = [set(re.findall("[一二三四五六七八九十]", name)) for name in (first, second)]
    return bool(numbers[0] & numbers[1])
