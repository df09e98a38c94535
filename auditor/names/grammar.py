"""Names built as place + organ, service or outlet word: a grammar instead of 600,000 names.

3,212 divisions and their organs give some 600,000 names out of a few thousand entries, so they are
parsed and not listed. A short place name that is also an everyday word counts only before a word
that ends the name of an authority.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from auditor.names.affixes import Affixes
from auditor.names.boundaries import stands_free
from auditor.names.heads import Head, HeadReader
from auditor.names.looks import Looks
from auditor.names.match import Difference, Doubt, Way
from auditor.names.places import Place
from auditor.names.spelling import is_one_to_one
from auditor.names.tails import STRENGTH, UNITS, Tail, Tails
from auditor.names.wordtable import WordTable
from auditor.references import OrganWord

_WAYS: dict[str, Way] = {
    "organ": "place_organ",
    "service": "place_service",
    "unit": "place_service",
    "news": "place_news",
}
_ORGANS = frozenset({"organ", "unit"})
_ONLY = ("modifier", "matter")
"""Classes whose strong words name what nobody but an authority does."""
_OF_STATE = ("party", "government", "military")
_SHORTEST_OFFICE = 3


class Vocabulary(NamedTuple):
    """The words of which the grammar builds names, folded, by the part they play.

    ``states`` stand where a place would: words for the state and for what only an authority does.
    """

    places: list[str]
    states: list[str]
    prefixes: list[str]
    brands: list[str]
    finals: list[str]
    spelled: list[str]


class Parse(NamedTuple):
    """A name read as head + tail + remainder; offsets count folded characters."""

    way: Way
    kind: str
    start: int
    end: int
    place: str
    places: int
    organ: str
    remainder: str
    doubt: Doubt
    departures: tuple[Difference, ...] = ()


class Grammar:
    """Reads a folded name as place and organ words."""

    def __init__(
        self,
        places: dict[str, Place],
        words: Iterable[OrganWord],
        tails: Tails,
        affixes: Affixes,
        looks: Looks,
        fold: Callable[[str], str],
    ) -> None:
        self._affixes = affixes
        self._tails = tails
        by_class: dict[str, list[str]] = {}
        words = tuple(words)
        for word in words:
            by_class.setdefault(word.class_, []).append(fold(word.word))
        states = by_class.get("state", [])
        functions = [fold(word.word) for word in words if _stands_alone(word)]
        self.heads = HeadReader(places, states, functions, by_class.get("prefix", []), looks)
        """What names begin with."""
        self._brands = WordTable({word: word for word in by_class.get("brand", ())})
        self.vocabulary = Vocabulary(
            places=list(places),
            states=[*states, *functions],
            prefixes=by_class.get("prefix", []),
            brands=by_class.get("brand", []),
            finals=[*tails.finals, *tails.roles, *tails.shortened],
            spelled=tails.spellable,
        )

    def parse(self, text: str) -> Parse | None:
        """Return the best exact reading of a name, or ``None``."""
        heads = self.heads.of(text)
        found: list[Parse] = []
        for head in heads:
            found.extend(self._after(text, head))
        found.extend(self._branded(text))
        if not found:
            for head in heads:
                found.extend(self._around(text, head))
        return _best(found)

    def spelled(self, text: str) -> Parse | None:
        """Return the best reading with one explained departure in the place or the organ word."""
        found: list[Parse] = []
        plain = is_one_to_one(text)
        for head in self.heads.of(text):
            for tail, steps in self._spelled_tails(text, head, plain=plain):
                found.append(self._read(text, head, tail, steps))
        for head in self.heads.spelled(text, plain=plain):
            found.extend(self._after(text, head))
        return _best(found)

    def _after(self, text: str, head: Head) -> Iterator[Parse]:
        for tail in self._tails.chains(text, head.end, function=head.function):
            if _fits(head, tail):
                yield self._read(text, head, tail)

    def _around(self, text: str, head: Head) -> Iterator[Parse]:
        """Yield readings with other words between the head and a firm last word."""
        if head.function:
            found = self._tails.ended(text, head.end, UNITS)
        elif head.place is None:
            found = self._tails.ended(text, head.end, _ORGANS)
        elif head.sure or not head.place.ambiguous:
            found = self._tails.interrupted(text, head.end)
        else:
            return
        for tail in found:
            # Across the edge of a word for the state chance words are common: 国(家乡)村.
            if head.place is None or stands_free(text, head.start, head.end):
                yield self._read(text, head, tail)

    def _spelled_tails(
        self, text: str, head: Head, *, plain: bool
    ) -> Iterator[tuple[Tail, tuple[Difference, ...]]]:
        spelled = self._tails.losses(text, head.end)
        if self._tails.may_depart(text, head.end, plain=plain):
            spelled = chain(self._tails.spellings(text, head.end), spelled)
        for (end, _, departures), kind in spelled:
            if end in self._affixes.ends(text):
                yield Tail(end, "organ", kind, STRENGTH["strong"], 1, function=True), departures

    def _branded(self, text: str) -> Iterator[Parse]:
        """Yield readings as 平安朝阳: a brand of an authority before a place."""
        for start, brand in self._brands.at(text, 0):
            for head in self.heads.chains(text, start):
                place, rest = head.place, text[head.end :]
                unmistakable = place and (head.sure or not place.ambiguous)
                if place and unmistakable and (not rest or self._tails.closes(rest)):
                    yield Parse(
                        way="brand_place",
                        kind="government",
                        start=0,
                        end=head.end,
                        place=place.name,
                        places=place.divisions,
                        organ=brand,
                        remainder=rest,
                        doubt="" if head.sure else "everyday",
                    )

    def _read(
        self, text: str, head: Head, tail: Tail, departures: tuple[Difference, ...] = ()
    ) -> Parse:
        place = head.place
        way = _WAYS[tail.class_]
        if head.function:
            way = "function_desk"
        elif place is None and tail.class_ in _ORGANS:
            way = "state_organ"
        return Parse(
            way=way,
            kind=tail.kind,
            start=head.start,
            end=tail.end,
            place=head.text,
            places=place.divisions if place else 0,
            organ=text[head.end : tail.end],
            remainder=text[: head.start] + text[tail.end :],
            doubt=_doubt(head, tail),
            departures=(*head.departures, *departures),
        )


def _stands_alone(word: OrganWord) -> bool:
    """Tell whether a word names an authority, or what only one does, without any place."""
    if word.strength != "strong":
        return False
    office = word.class_ == "organ" and word.kind in _OF_STATE
    return word.class_ in _ONLY or (office and len(word.word) >= _SHORTEST_OFFICE)


def _doubt(head: Head, tail: Tail) -> Doubt:
    """Return why the reading may come by chance: unknown words, a topic word, a short place."""
    if tail.unknown:
        return "between"
    if head.function or head.unknown:
        return "everyday"
    if head.place is None or head.sure:
        return "everyday" if tail.strength == STRENGTH["weak"] else ""
    firm = (tail.class_, tail.strength) == ("organ", STRENGTH["strong"])
    return "everyday" if head.place.ambiguous or not firm else ""


def _fits(head: Head, tail: Tail) -> bool:
    """Tell whether this head may stand before words of this class and strength."""
    if head.place is None:
        return _fits_no_place(head, tail)
    if head.unknown:
        return (tail.class_, tail.strength) == ("organ", STRENGTH["strong"])
    if head.sure:
        return True
    if head.place.ambiguous:
        if tail.class_ == "unit":
            return tail.function and head.place.ambiguous != "blessing"
        return tail.class_ == "organ" and tail.strength == STRENGTH["strong"]
    return tail.strength >= STRENGTH["medium"] or tail.class_ == "unit"


def _fits_no_place(head: Head, tail: Tail) -> bool:
    if head.function:
        least = STRENGTH["medium" if tail.class_ == "unit" else "strong"]
        return tail.class_ in _ORGANS and tail.strength >= least
    least = STRENGTH["medium" if tail.class_ == "organ" else "strong"]
    if tail.spoken or (tail.strength >= least and tail.class_ != "service"):
        return True
    # 全国征兵资讯网: what an authority does, and any word that ends a name.
    return tail.function and tail.words > 1 and tail.strength >= STRENGTH["medium"]


def _best(found: Sequence[Parse]) -> Parse | None:
    if len(found) > 1:
        return max(found, key=_quality)
    return found[0] if found else None


def _quality(parse: Parse) -> tuple[int, int, bool, int, int, bool, str, str]:
    """Order readings: the least remainder, the surer, real and longer places, longer organs."""
    lengths = (len(parse.place), len(parse.organ))
    surer = (-bool(parse.doubt), parse.places > 0)
    # 融媒体中心 is an outlet before it is a desk of anybody.
    of_a_kind = parse.kind != "any"
    return (-len(parse.remainder), *surer, *lengths, of_a_kind, parse.way, parse.place)
