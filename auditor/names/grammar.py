"""Names built as place + organ, service or outlet word: a grammar instead of 600,000 names.

3,212 divisions and their organs give some 600,000 names out of a few thousand entries, so they are
parsed and not listed. A short place name that is also an everyday word counts only before a word
that ends the name of an authority.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from auditor.names.affixes import Affixes
from auditor.names.looks import Looks
from auditor.names.match import Difference, Way
from auditor.names.places import Place
from auditor.names.spelling import Speller
from auditor.references import OrganWord

_STRENGTH = {"strong": 3, "medium": 2, "weak": 1}
_MAX_PLACES = 3
_MAX_WORDS = 4
_SHORTEST_SPELLED = 3
_HEADS = ("state", "brand", "prefix")
# What a departure inside a place name may be: homophones of places are other places.
_PLACE_REASONS = frozenset({"glyph", "inserted", "doubled", "masked", "split"})
_WAYS: dict[str, Way] = {"organ": "place_organ", "service": "place_service", "news": "place_news"}


class Head(NamedTuple):
    """What stands where a place would: a place, or a word for the state (``place`` is ``None``).

    ``sure`` says that the text means the place: by its rank, or because a larger place precedes.
    """

    start: int
    end: int
    text: str
    place: Place | None
    sure: bool = False
    departures: tuple[Difference, ...] = ()


class Tail(NamedTuple):
    """Organ, service or outlet words after a head."""

    end: int
    class_: str
    kind: str
    strength: int
    departures: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Parse:
    """A name read as head + tail + remainder; offsets count folded characters."""

    way: Way
    kind: str
    start: int
    end: int
    place: str
    places: int
    organ: str
    remainder: str
    weak: bool
    departures: tuple[Difference, ...] = ()


class Grammar:
    """Reads a folded name as place and organ words."""

    def __init__(
        self,
        places: dict[str, Place],
        words: Iterable[OrganWord],
        affixes: Affixes,
        looks: Looks,
        fold: Callable[[str], str],
    ) -> None:
        self._places = places
        self._affixes = affixes
        self._words: dict[str, list[OrganWord]] = {}
        by_class: dict[str, list[str]] = {}
        for word in words:
            text = fold(word.word)
            by_class.setdefault(word.class_, []).append(text)
            if word.class_ in ("organ", "service", "news", "modifier", "topic"):
                self._words.setdefault(text, []).append(word)
        self._place_speller = Speller(places, looks)
        self._state = Speller(by_class.get("state", ()), looks)
        self._brand = Speller(by_class.get("brand", ()), looks)
        self._prefix = Speller(by_class.get("prefix", ()), looks)
        # Most names begin with none of these characters and need no parse.
        heads = (*places, *(word for class_ in _HEADS for word in by_class.get(class_, ())))
        self._first = frozenset(word[0] for word in heads)
        self._tails = Speller(self._words, looks)
        self._organs = Speller(_spellable(self._words), looks)

    def parse(self, text: str) -> Parse | None:
        """Return the best exact reading of a name, or ``None``."""
        if text[0] not in self._first:
            return None
        found = [parse for head in self._heads(text) for parse in self._after(text, head)]
        found.extend(self._branded(text))
        return max(found, key=_quality, default=None)

    def spelled(self, text: str) -> Parse | None:
        """Return the best reading with one explained departure in the place or the organ word."""
        found: list[Parse] = []
        for head in self._heads(text) if text[0] in self._first else ():
            tails = self._spelled_tails(text, head)
            found.extend(self._read(text, head, tail) for tail in tails)
        for head in self._spelled_heads(text):
            found.extend(self._after(text, head))
        return max(found, key=_quality, default=None)

    def _heads(self, text: str) -> Iterator[Head]:
        for start in sorted({0, *(end for end, _ in self._prefix.exact(text))}):
            yield from self._chains(text, start, start, _MAX_PLACES)
            for end, word in self._state.exact(text, start):
                yield Head(start, end, word, None)

    def _chains(self, text: str, first: int, start: int, left: int) -> Iterator[Head]:
        """Yield places that follow one another, as 湖南省 长沙市 岳麓区; the last one counts."""
        for end, word in self._place_speller.exact(text, start):
            place = self._places[word]
            yield Head(first, end, word, place, place.plain or start > first)
            if left > 1:
                yield from self._chains(text, first, end, left - 1)

    def _spelled_heads(self, text: str) -> Iterator[Head]:
        for end, word, departures in self._place_speller.spellings(text, limit=1, sounds=False):
            if len(word) >= _SHORTEST_SPELLED and departures[0].reason in _PLACE_REASONS:
                place = self._places[word]
                yield Head(0, end, word, place, place.plain, departures)

    def _after(self, text: str, head: Head) -> Iterator[Parse]:
        for tail in self._chained(text, head.end):
            if _fits(head, tail) and self._affixes.covered(text[tail.end :], "after"):
                yield self._read(text, head, tail)

    def _chained(self, text: str, start: int) -> Iterator[Tail]:
        """Yield every run of organ, service or outlet words at ``start``."""
        stack = [(start, 0, frozenset[tuple[str, str, int]]())]
        while stack:
            at, count, main = stack.pop()
            for class_, kind, strength in sorted(main):
                yield Tail(at, class_, kind, strength)
            if count == _MAX_WORDS:
                continue
            for end, word in self._tails.exact(text, at):
                stack.append((end, count + 1, _main(self._words[word])))

    def _spelled_tails(self, text: str, head: Head) -> Iterator[Tail]:
        for end, word, departures in self._organs.spellings(text, head.end, limit=1):
            if self._affixes.covered(text[end:], "after"):
                kind = next(e.kind for e in self._words[word] if e.class_ == "organ")
                yield Tail(end, "organ", kind, _STRENGTH["strong"], departures)

    def _branded(self, text: str) -> Iterator[Parse]:
        """Yield readings as 平安朝阳: a brand of an authority before a place."""
        for start, brand in self._brand.exact(text):
            for head in self._chains(text, start, start, _MAX_PLACES):
                place, rest = head.place, text[head.end :]
                unmistakable = place and (head.sure or not place.ambiguous)
                if place and unmistakable and self._affixes.covered(rest, "after"):
                    yield Parse(
                        way="brand_place",
                        kind="government",
                        start=0,
                        end=head.end,
                        place=place.name,
                        places=place.divisions,
                        organ=brand,
                        remainder=rest,
                        weak=not head.sure,
                    )

    def _read(self, text: str, head: Head, tail: Tail) -> Parse:
        place = head.place
        way = _WAYS[tail.class_] if place or tail.class_ != "organ" else "state_organ"
        return Parse(
            way=way,
            kind=tail.kind,
            start=head.start,
            end=tail.end,
            place=head.text,
            places=place.divisions if place else 0,
            organ=text[head.end : tail.end],
            remainder=text[: head.start] + text[tail.end :],
            weak=_is_weak(head, tail),
            departures=(*head.departures, *tail.departures),
        )


def _is_weak(head: Head, tail: Tail) -> bool:
    """Tell whether the reading may come by chance: a topic word, or a short and small place."""
    if head.place is None or head.sure:
        return tail.strength == 1
    return bool(head.place.ambiguous) or (tail.class_, tail.strength) != ("organ", 3)


def _spellable(words: dict[str, list[OrganWord]]) -> list[str]:
    return [
        text
        for text, entries in words.items()
        if len(text) >= _SHORTEST_SPELLED
        and any(entry.class_ == "organ" and entry.strength == "strong" for entry in entries)
    ]


def _main(entries: list[OrganWord]) -> frozenset[tuple[str, str, int]]:
    """Return what a run of words may be when its last word is this one."""
    return frozenset(
        (entry.class_, entry.kind, _STRENGTH[entry.strength])
        for entry in entries
        if entry.class_ in _WAYS
    )


def _fits(head: Head, tail: Tail) -> bool:
    """Tell whether this head may stand before words of this class and strength."""
    place = head.place
    if place is None:
        return tail.strength >= (2 if tail.class_ == "organ" else 3) and tail.class_ != "service"
    if head.sure:
        return True
    if place.ambiguous:
        return tail.class_ == "organ" and tail.strength == 3
    return tail.strength >= 2


def _quality(parse: Parse) -> tuple[int, int, int, int, str, str]:
    """Order readings: the least remainder, the surer, the longer place and organ, then by text."""
    lengths = (len(parse.place), len(parse.organ))
    return (-len(parse.remainder), -int(parse.weak), *lengths, parse.way, parse.place)
