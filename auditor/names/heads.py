"""What a built name begins with: a place, a word for the state, or one for what only it does."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from auditor.names.looks import Looks
from auditor.names.match import Difference
from auditor.names.places import RANKS, Place, misranked
from auditor.names.spelling import Speller
from auditor.names.wordtable import WordTable
from auditor.text import words as segmented

_MAX_PLACES = 3
_SHORTEST_SPELLED = 3
# What a departure inside a place name may be: homophones of places are other places.
_PLACE_REASONS = frozenset({"glyph", "inserted", "doubled", "masked", "split", "latin"})
_RANK_SET = frozenset(RANKS)
_INVENTED = re.compile(f"[\u4e00-\u9fff]{{2,3}}[{''.join(RANKS)}]")
"""Two or three characters and a rank: a place by its form, whatever the lists say."""


class Head(NamedTuple):
    """What stands where a place would: a place, or a word for the state (``place`` is ``None``).

    ``sure`` says that the text means the place: by its rank, or because a larger place precedes.
    ``function`` says that it is the word for what nobody but an authority does (公积金),
    ``unknown`` that it has the rank of a place and is on no list (云岭县).
    """

    start: int
    end: int
    text: str
    place: Place | None
    sure: bool = False
    function: bool = False
    unknown: bool = False
    departures: tuple[Difference, ...] = ()


class HeadReader:
    """Reads the heads of folded names."""

    def __init__(
        self,
        places: Mapping[str, Place],
        states: Collection[str],
        functions: Collection[str],
        prefixes: Collection[str],
        looks: Looks,
    ) -> None:
        self._last: tuple[str, list[Head]] = ("", [])
        self._places = places
        self._table = WordTable(places)
        spelled = [word for word in places if len(word) >= _SHORTEST_SPELLED]
        self._speller = Speller(spelled, looks, lasting=True)
        self._prefixes = WordTable(dict.fromkeys(prefixes))
        self._states = WordTable(_roles(states, functions))

    def places_in(self, text: str) -> set[str]:
        """Return the names of places that stand anywhere in a text."""
        starts = range(len(text))
        return {place.name for start in starts for _, place in self._table.at(text, start)}

    def of(self, text: str) -> list[Head]:
        """Return the heads of a text; those of the last one are kept, because it is read twice."""
        last, heads = self._last
        if last != text:
            heads = self._heads(text)
            self._last = (text, heads)
        return heads

    def _heads(self, text: str) -> list[Head]:
        found: list[Head] = []
        if not _RANK_SET.isdisjoint(text[2:4]):
            found.extend(self._invented(text))
        starts = {0, *(end for end, _ in self._prefixes.at(text, 0))}
        for start in sorted(starts) if len(starts) > 1 else starts:
            self._chain(text, start, start, found)
            if states := self._states.at(text, start):
                for function in (False, True):
                    for end, roles in states:
                        if function in roles:
                            word = text[start:end]
                            found.append(Head(start, end, word, None, function=function))
        return found

    def _invented(self, text: str) -> Iterator[Head]:
        """Yield what has the form of a place at the beginning of a text, and is on no list."""
        invented = _INVENTED.match(text)
        if invented and invented.group() not in self._places and _may_be_place(invented.group()):
            place = Place(invented.group(), full=True, level="county", divisions=0)
            yield Head(0, invented.end(), place.name, place, sure=True, unknown=True)

    def chains(self, text: str, start: int) -> list[Head]:
        """Return the places that begin at ``start``, and those that follow them."""
        found: list[Head] = []
        self._chain(text, start, start, found)
        return found

    def _chain(
        self, text: str, first: int, start: int, found: list[Head], left: int = _MAX_PLACES
    ) -> None:
        """Add places that follow one another, as 湖南省 长沙市 岳麓区; the last one counts."""
        for end, place in self._table.at(text, start):
            found.append(Head(first, end, place.name, place, place.plain or start > first))
            rank = text[end : end + 1]
            if rank in _RANK_SET and place.name + rank not in self._places:
                other = misranked(place, rank)
                if other is not None:
                    found.append(Head(first, end + 1, other.name, other, sure=True))
            if left > 1:
                self._chain(text, first, end, found, left - 1)

    def spelled(self, text: str, *, plain: bool) -> Iterator[Head]:
        """Yield places at the beginning of a text with one explained departure.

        ``plain`` says what ``is_one_to_one`` says of the text.
        """
        if not self._speller.may_depart(text, 0, plain=plain, sounds=False):
            return
        for end, word, departures in self._speller.spellings(text, limit=1, sounds=False):
            if departures[0].reason in _PLACE_REASONS:
                place = self._places[word]
                yield Head(0, end, word, place, place.plain, departures=departures)


def _roles(states: Iterable[str], functions: Iterable[str]) -> dict[str, set[bool]]:
    """Map what may stand where a place would to whether it is a word for a function, or both."""
    found: dict[str, set[bool]] = {}
    for is_function, words in ((False, states), (True, functions)):
        for word in words:
            found.setdefault(word, set()).add(is_function)
    return found


def _may_be_place(text: str) -> bool:
    """Tell whether a text with a rank is no everyday wording: 我们小区 and 梦里县 name no place."""
    return len(segmented(text[-2:])) > 1 and len(segmented(text[:-1])) > 1
