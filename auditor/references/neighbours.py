"""Names of different bodies that one slip of the pen turns into each other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import combinations

from auditor.text import edits

_SHORTEST = 5
"""Shorter names stand one character apart by the hundred: 新华网, 新民网."""

_NUMBERS = frozenset("零〇一二三四五六七八九十百0123456789甲乙丙丁")
# Three and more that differ at one place are a pattern (the committees of the provinces), no slip.
_LARGEST_FAMILY = 2
# A paper and its site bear one name with two endings.
_OUTLETS = frozenset("报网社刊台")
# The place stands first; a slip within it is not told from another place.
_SHORTEST_LEFT = 2


def neighbours(
    names: Collection[str], alike: Callable[[str, str], bool]
) -> Iterator[tuple[str, str]]:
    """Yield pairs of names at one insertion, loss or exchange, each pair once, in order of text.

    Exchanged characters count when they are ``alike``: what sounds or looks the same is mistyped.
    Names that differ by a number (中铁一局, 中铁二局) or in their first characters, where the place
    stands (河南日报, 海南日报), are other bodies and no slip.
    """
    by_key: dict[str, list[str]] = {}
    for name in sorted(names):
        if len(name) >= _SHORTEST:
            for key in {name, *(name[:i] + name[i + 1 :] for i in range(len(name)))}:
                by_key.setdefault(key, []).append(name)
    found = {
        pair
        for same in by_key.values()
        if len(same) <= _LARGEST_FAMILY
        for pair in combinations(same, 2)
    }
    yield from (pair for pair in sorted(found) if _is_slip(*pair, alike))


def _is_slip(one: str, other: str, alike: Callable[[str, str], bool]) -> bool:
    steps = edits(one, other)
    if len(steps) != 1 or max(len(steps[0].found), len(steps[0].expected)) > 1:
        return False
    if steps[0].found and steps[0].expected and not alike(steps[0].found, steps[0].expected):
        return False
    changed = steps[0].found + steps[0].expected
    if not _NUMBERS.isdisjoint(changed):
        return False
    outlets = steps[0].end == len(one) and _OUTLETS.issuperset(changed)
    return steps[0].start >= _SHORTEST_LEFT and not outlets
