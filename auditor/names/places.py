"""Names of divisions: which strings name a place, how many places, and what else they may mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from auditor.references import Division, FormerDivision, OrganWord

_ORDER = {"zone": 0, "province": 1, "city": 2, "county": 3}
_PREFECTURES = ("自治州", "自治县", "自治旗")
RANKS = ("市", "县", "区")
"""Ranks of divisions at and above the county, as a name carries them."""


@dataclass(frozen=True, slots=True)
class Place:
    """One string that names a place.

    ``full`` is true for a name with its rank (朝阳区) or a former one; ``level`` is that of the
    highest division so named; ``divisions`` counts them: none where the rank is another than that
    of the place, or where a region is meant; ``ambiguous`` as in divisions.csv.
    """

    name: str
    full: bool
    level: str
    divisions: int
    ambiguous: str = ""

    @property
    def plain(self) -> bool:
        """Whether the string means the place and nothing else: safe before weak words."""
        return self.full or (self.level in ("zone", "province", "city") and not self.ambiguous)


def place_names(
    divisions: Iterable[Division],
    former: Iterable[FormerDivision],
    words: Iterable[OrganWord],
    fold: Callable[[str], str],
) -> dict[str, Place]:
    """Index every full, short and former name, folded; full names win over equal short ones.

    Regions (豫南) name places as well.
    """
    full: dict[str, list[str]] = {}
    short: dict[str, list[Division]] = {}
    for division in divisions:
        full.setdefault(fold(division.name), []).append(division.level)
        for name in _short_names(division):
            short.setdefault(fold(name), []).append(division)
    current = frozenset(full)
    for old in former:
        if (name := fold(old.name)) not in current:
            full.setdefault(name, []).append(old.level)
    places = {
        fold(word.word): Place(
            fold(word.word), full=False, level="city", divisions=0,
            ambiguous="word" if word.strength == "weak" else "",
        )
        for word in words
        if word.class_ == "region"
    }  # fmt: skip
    places |= {name: _stem(name, rows) for name, rows in short.items() if len(name) >= 2}
    for name, levels in full.items():
        if len(name) >= 3:
            highest = min(levels, key=_ORDER.__getitem__)
            places[name] = Place(name, full=True, level=highest, divisions=len(levels))
    return places


def _short_names(division: Division) -> Iterable[str]:
    yield division.short_name
    for ending in _PREFECTURES:
        if division.name.endswith(ending):
            yield division.short_name + ending[-1]


def misranked(place: Place, rank: str) -> Place | None:
    """Return the place that a short name and a rank which is not its own would name: 龙华市."""
    short = not place.full and place.level in ("city", "county")
    if rank not in RANKS or not short or not place.divisions or place.name.endswith(RANKS):
        return None
    return Place(place.name + rank, full=True, level=place.level, divisions=0)


def _stem(name: str, rows: list[Division]) -> Place:
    highest = min(rows, key=lambda row: _ORDER[row.level])
    # A county that shares the stem of a province or city does not make the larger one doubtful.
    marks = {row.ambiguous for row in rows if row.level == highest.level and row.ambiguous}
    mark = "blessing" if "blessing" in marks else min(marks, default="")
    return Place(name, full=False, level=highest.level, divisions=len(rows), ambiguous=mark)
