"""The words that may follow a place, a word for the state or a listed body in a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from auditor.names.affixes import Affixes
from auditor.names.looks import Looks
from auditor.names.match import Difference
from auditor.names.places import RANKS
from auditor.names.spelling import Speller, Spelling
from auditor.names.wordtable import WordTable
from auditor.references import OrganWord

STRENGTH = {"strong": 3, "medium": 2, "weak": 1}
_PARTS = frozenset({"organ", "service", "news", "modifier", "topic", "matter", "unit"})
_ENDING = frozenset({"organ", "service", "news", "unit"})
UNITS = frozenset({"unit"})
"""The class of the words that end the name of a desk or department."""
# From which strength on a word names what an authority does.
_FUNCTION = {
    "organ": STRENGTH["medium"],
    "modifier": STRENGTH["medium"],
    "matter": STRENGTH["medium"],
    "service": STRENGTH["strong"],
    "news": STRENGTH["medium"],
}
# What may end a name behind a public matter: 路况播报 is anybody's, 路况受理处 is not.
_AFTER_MATTER = frozenset({"organ", "unit"})
_MAX_WORDS = 5
_SHORTEST_SPELLED = 3
_SHORTEST_SHORTENED = 5
_LONGEST_MIDDLE = 8
# One character that ends the name of an office whatever stands before it: 核发办.
_OFFICES = "办处署"


class Tail(NamedTuple):
    """Organ, service, outlet or unit words; ``end`` counts folded characters.

    ``function`` says that a word names what an authority does (公积金, 公安): before a unit word it
    makes a desk of that authority. ``unknown`` says that other words stand in between, ``spoken``
    that the function ends them and official words follow (消防119官微).
    """

    end: int
    class_: str
    kind: str
    strength: int
    words: int
    function: bool
    unknown: bool = False
    spoken: bool = False


class _Entry(NamedTuple):
    class_: str
    kind: str
    strength: int
    function: bool


class _Known(NamedTuple):
    """One word with all that it may be; what every reading asks of it is told once.

    ``speaks``: it names what an authority does and ends nothing itself; ``firm`` are its entries
    that are strong.
    """

    entries: tuple[_Entry, ...]
    classes: frozenset[str]
    function: bool
    matter: bool
    speaks: bool
    firm: tuple[_Entry, ...]


class Tails:
    """Reads runs of such words."""

    def __init__(
        self,
        words: Iterable[OrganWord],
        affixes: Affixes,
        looks: Looks,
        fold: Callable[[str], str],
    ) -> None:
        self._affixes = affixes
        found: dict[str, list[_Entry]] = {}
        words = tuple(words)
        self.roles = frozenset(fold(word.word) for word in words if word.class_ == "role")
        for word in words:
            if word.class_ in _PARTS:
                found.setdefault(fold(word.word), []).append(_entry(word))
        self._entries = {word: _known(entries) for word, entries in found.items()}
        self.words = sorted(self._entries)
        self._table = WordTable(self._entries)
        self._firm = WordTable({w: known for w, known in self._entries.items() if known.firm})
        self.finals = [w for w, known in self._entries.items() if known.classes & _ENDING]
        self.spellable = [
            w
            for w, known in self._entries.items()
            if len(w) >= _SHORTEST_SPELLED and any(e.class_ == "organ" for e in known.firm)
        ]
        self._speller = Speller(self.spellable, looks, lasting=True)
        self.shortened = self._shortened()
        self._losses = WordTable(self.shortened)

    def chains(self, text: str, start: int, *, function: bool = False) -> Iterator[Tail]:
        """Yield every run of words that begins at ``start`` and ends where a name may end.

        ``function`` says that what stands before them names what an authority does.
        """
        ends = self._affixes.ends(text)
        stack = [(start, 0, function, _ENDING)]
        while stack:
            at, count, named, endings = stack.pop()
            for end, known in self._table.at(text, at):
                if end in ends:
                    yield from self._ended(text, end, known, count + 1, named, endings)
                if end < len(text) and count + 1 < _MAX_WORDS:
                    after = endings & _AFTER_MATTER if known.matter else endings
                    stack.append((end, count + 1, named or known.function, after))

    @staticmethod
    def _ended(
        text: str, end: int, known: _Known, words: int, named: bool, endings: frozenset[str]
    ) -> Iterator[Tail]:
        """Yield what a run is that ends with a word; behind it nothing stands, or affixes."""
        for entry in known.entries:
            # A unit is the desk of something: 北京社保窗口 is an office's, 北京窗口 is not.
            if entry.class_ in endings and (entry.class_ != "unit" or named):
                function = named or entry.function
                yield Tail(end, entry.class_, entry.kind, entry.strength, words, function)
        if known.speaks and end < len(text):
            # 岭南消防119官微: what an authority does, and official words behind it.
            yield Tail(
                end, "unit", "government", STRENGTH["weak"], words, function=True, spoken=True
            )

    def interrupted(self, text: str, start: int) -> Iterator[Tail]:
        """Yield runs that begin with an authority's function and end with a unit, others between.

        ``武汉|交管|快处|服务厅``: what stands between may be no word of a reader, fan or critic.
        """
        for at, known in self._table.at(text, start):
            if known.function:
                yield from self.ended(text, at, UNITS)

    def ended(self, text: str, start: int, classes: frozenset[str]) -> Iterator[Tail]:
        """Yield firm words of ``classes`` that end the name, up to eight characters after it."""
        ends = self._affixes.ends(text)
        last = len(text) - (text[-1] not in _OFFICES)
        for begin in range(start + 1, min(last, start + _LONGEST_MIDDLE + 1)):
            for end, known in self._firm.at(text, begin):
                if end not in ends or classes.isdisjoint(known.classes):
                    continue
                firm = [entry for entry in known.firm if entry.class_ in classes]
                between = self._affixes.remainder(text[start:begin], "after") if firm else ""
                if between in ("neutral", "official"):
                    entry = firm[0]
                    yield Tail(
                        end,
                        entry.class_,
                        entry.kind,
                        entry.strength,
                        2,
                        function=True,
                        unknown=True,
                    )

    def may_depart(self, text: str, start: int, *, plain: bool) -> bool:
        """Tell whether ``spellings`` may yield anything, as ``Speller.may_depart`` does."""
        return self._speller.may_depart(text, start, plain=plain)

    def spellings(self, text: str, start: int) -> Iterator[tuple[Spelling, str]]:
        """Yield firm organ words with one explained departure, and their kind of body."""
        for spelling in self._speller.spellings(text, start, limit=1):
            yield spelling, self._kind(spelling.word)

    def _shortened(self) -> dict[str, tuple[str, int]]:
        """Map long organ words without one inner character to the word and the place of the loss.

        What is a known word itself has lost nothing.
        """
        found = {}
        for word in self.spellable:
            if len(word) >= _SHORTEST_SHORTENED:
                # 济南|市服务中心 is a centre of the city and no 市民服务中心 that lost a character.
                for at in range(1 + (word[0] in RANKS), len(word) - 1):
                    text = word[:at] + word[at + 1 :]
                    if text not in self._entries:
                        found[text] = (word, at)
        return found

    def losses(self, text: str, start: int) -> Iterator[tuple[Spelling, str]]:
        """Yield firm organ words that lost one inner character, and their kind of body."""
        for end, (word, at) in self._losses.at(text, start):
            change = Difference(at + 1, "", word[at], "dropped")
            yield Spelling(end, word, (change,)), self._kind(word)

    def _kind(self, word: str) -> str:
        return next(entry.kind for entry in self._entries[word].entries if entry.class_ == "organ")

    def closes(self, text: str, classes: frozenset[str] = _ENDING) -> bool:
        """Tell whether known words and affixes cover a text, the last word of one of ``classes``.

        Behind the words of a desk a person may stand: 招生办李老师.
        """
        reached = [True] + [False] * len(text)
        for start in range(len(text)):
            if not reached[start]:
                continue
            for end, known in self._table.at(text, start):
                if end < len(text) or not classes.isdisjoint(known.classes):
                    reached[end] = True
                if "unit" in known.classes and self._is_role(text[end:]):
                    return True
            for end in self._affixes.pieces(text, start, "after"):
                reached[end] = True
        return reached[-1]

    def _is_role(self, text: str) -> bool:
        """Tell whether a text is a person at a desk, alone or behind a surname."""
        return text in self.roles or text[1:] in self.roles


def _entry(word: OrganWord) -> _Entry:
    strength = STRENGTH[word.strength]
    function = strength >= _FUNCTION.get(word.class_, STRENGTH["strong"] + 1)
    return _Entry(word.class_, word.kind, strength, function)


def _speaks(entry: _Entry) -> bool:
    return entry.class_ in ("modifier", "matter") and entry.function and entry.kind != "institution"


def _known(entries: Sequence[_Entry]) -> _Known:
    classes = frozenset(entry.class_ for entry in entries)
    return _Known(
        tuple(entries),
        classes,
        function=any(entry.function for entry in entries),
        matter=classes == {"matter"},
        speaks=any(map(_speaks, entries)) and classes.isdisjoint(_ENDING),
        firm=tuple(entry for entry in entries if entry.strength == STRENGTH["strong"]),
    )
