"""The words that may follow a place, a word for the state or a listed body in a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from auditor.names.affixes import Affixes, lengths_by_character
from auditor.names.looks import Looks
from auditor.names.match import Difference
from auditor.names.places import RANKS
from auditor.names.spelling import Speller, Spelling
from auditor.references import OrganWord

STRENGTH = {"strong": 3, "medium": 2, "weak": 1}
_PARTS = frozenset({"organ", "service", "news", "modifier", "topic", "matter", "unit"})
_ENDING = frozenset({"organ", "service", "news", "unit"})
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
        self._entries: dict[str, list[_Entry]] = {}
        words = tuple(words)
        self.roles = frozenset(fold(word.word) for word in words if word.class_ == "role")
        for word in words:
            if word.class_ in _PARTS:
                self._entries.setdefault(fold(word.word), []).append(_entry(word))
        self.words = sorted(self._entries)
        self._lengths = lengths_by_character(self._entries, 0)
        self.finals = [w for w, found in self._entries.items() if _closing(found)]
        self.spellable = [
            w
            for w, found in self._entries.items()
            if len(w) >= _SHORTEST_SPELLED
            and any(e.class_ == "organ" and e.strength == STRENGTH["strong"] for e in found)
        ]
        self._speller = Speller(self.spellable, looks)
        self.shortened = self._shortened()
        self._shortened_lengths = lengths_by_character(self.shortened, 0)

    def chains(self, text: str, start: int, *, function: bool = False) -> Iterator[Tail]:
        """Yield every run of words that begins at ``start`` and may end a name.

        ``function`` says that what stands before them names what an authority does.
        """
        stack = [(start, 0, function, _ENDING)]
        while stack:
            at, count, named, endings = stack.pop()
            if count == _MAX_WORDS:
                continue
            for end, entries in self._at(text, at):
                yield from self._ended(text, end, entries, count + 1, named, endings)
                functions = named or any(entry.function for entry in entries)
                is_matter = all(entry.class_ == "matter" for entry in entries)
                after = endings & _AFTER_MATTER if is_matter else endings
                stack.append((end, count + 1, functions, after))

    def _ended(
        self,
        text: str,
        end: int,
        entries: list[_Entry],
        words: int,
        named: bool,
        endings: frozenset[str],
    ) -> Iterator[Tail]:
        for entry in entries:
            # A unit is the desk of something: 北京社保窗口 is an office's, 北京窗口 is not.
            if entry.class_ in endings and (entry.class_ != "unit" or named):
                function = named or entry.function
                yield Tail(end, entry.class_, entry.kind, entry.strength, words, function)
        official = end < len(text) and end in self._affixes.ends(text)
        if official and any(map(_speaks, entries)) and not _closing(entries):
            # 岭南消防119官微: what an authority does, and official words behind it.
            yield Tail(
                end, "unit", "government", STRENGTH["weak"], words, function=True, spoken=True
            )

    def interrupted(self, text: str, start: int) -> Iterator[Tail]:
        """Yield runs that begin with an authority's function and end with a unit, others between.

        ``武汉|交管|快处|服务厅``: what stands between may be no word of a reader, fan or critic.
        """
        for at, entries in self._at(text, start):
            if any(entry.function for entry in entries):
                yield from self.ended(text, at, frozenset({"unit"}))

    def ended(self, text: str, start: int, classes: frozenset[str]) -> Iterator[Tail]:
        """Yield firm words of ``classes`` that end the name, up to eight characters after it."""
        last = len(text) - (text[-1] not in _OFFICES)
        for begin in range(start + 1, min(last, start + _LONGEST_MIDDLE + 1)):
            for end, entries in self._at(text, begin):
                firm = [
                    e for e in entries if e.class_ in classes and e.strength == STRENGTH["strong"]
                ]
                if not firm or end not in self._affixes.ends(text):
                    continue
                if self._affixes.remainder(text[start:begin], "after") in ("neutral", "official"):
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
        for length in self._shortened_lengths.get(text[start : start + 1], ()):
            word, at = self.shortened.get(text[start : start + length], ("", 0))
            if word and start + length <= len(text):
                change = Difference(at + 1, "", word[at], "dropped")
                yield Spelling(start + length, word, (change,)), self._kind(word)

    def _kind(self, word: str) -> str:
        return next(entry.kind for entry in self._entries[word] if entry.class_ == "organ")

    def closes(self, text: str, classes: frozenset[str] = _ENDING) -> bool:
        """Tell whether known words and affixes cover a text, the last word of one of ``classes``.

        Behind the words of a desk a person may stand: 招生办李老师.
        """
        reached = [True] + [False] * len(text)
        for start in range(len(text)):
            if not reached[start]:
                continue
            for end, entries in self._at(text, start):
                if end < len(text) or any(entry.class_ in classes for entry in entries):
                    reached[end] = True
                if any(entry.class_ == "unit" for entry in entries) and self._is_role(text[end:]):
                    return True
            for length in self._affixes.pieces(text, start, "after"):
                reached[start + length] = True
        return reached[-1]

    def _is_role(self, text: str) -> bool:
        """Tell whether a text is a person at a desk, alone or behind a surname."""
        return text in self.roles or text[1:] in self.roles

    def _at(self, text: str, start: int) -> Iterator[tuple[int, list[_Entry]]]:
        for length in self._lengths.get(text[start : start + 1], ()):
            end = start + length
            if end <= len(text) and (entries := self._entries.get(text[start:end])):
                yield end, entries


def _entry(word: OrganWord) -> _Entry:
    strength = STRENGTH[word.strength]
    function = strength >= _FUNCTION.get(word.class_, STRENGTH["strong"] + 1)
    return _Entry(word.class_, word.kind, strength, function)


def _speaks(entry: _Entry) -> bool:
    return entry.class_ in ("modifier", "matter") and entry.function and entry.kind != "institution"


def _closing(entries: list[_Entry]) -> list[_Entry]:
    return [entry for entry in entries if entry.class_ in _ENDING]
