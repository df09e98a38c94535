"""Reading a text as a known word that is spelled with explained departures.

One walk over a tree of characters follows every departure that has a reason (a look-alike, a
homophone, a doubled, inserted, masked or split character) and nothing else, so a name is compared
with the few words that it could stand for and never with the whole list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from operator import add
from typing import NamedTuple

from auditor.names.looks import Looks, Related
from auditor.names.match import Difference
from auditor.names.parts import shared_part
from auditor.names.sounds import readings
from auditor.text import fold_name, split_forms

MAX_DEPARTURES = 2
PARTS = 2
"""Characters that a split character is typed as."""

MASK = "*"
"""What stands for a hidden character; the index puts it where a name shows a mask."""

_SHORTEST_SYLLABLES = 4
"""Letters of a run that may be read as two characters or more."""

# Strokes and runes that are drawn between characters and carry no reading of their own.
_ORNAMENTS = frozenset("丨丶丿乀乄灬彡卜亅乚")
_OTHERWISE = re.compile(f"[\x00-\x7f{''.join(sorted(_ORNAMENTS))}]|(.)\\1")
"""What may stand for none or for several: a letter, digit, mask or ornament, or a repetition."""
_FIRST = 3


@cache
def halves() -> Mapping[str, str]:
    """Map two characters side by side, folded, to the character that they are the parts of."""
    found: dict[str, str] = {}
    for form in split_forms():
        # Names arrive folded, and folding may replace a part.
        for parts in (form.parts, fold_name(form.parts).text):
            found.setdefault(parts, form.whole)
    return {parts: whole for parts, whole in found.items() if len(parts) == PARTS}


class Spelling(NamedTuple):
    """A word read at the start of a text: where it ends, which word, and how it departs from it."""

    end: int
    word: str
    departures: tuple[Difference, ...]


@dataclass(slots=True)
class _Node:
    """One character of the tree; ``word`` is set where a word ends.

    ``shortest`` counts the characters to the nearest end of a word: no reading comes to an end in
    a text that has fewer left.
    """

    after: dict[str, _Node]
    word: str = ""
    shortest: int = 1_000


_Step = tuple[int, str, str, str, float]
_Place = tuple[_Node, int, int, tuple[_Step, ...]]
# A node, the text index, the word index and the departures so far, as fields of a Difference:
# plain tuples, because thousands of begun readings come to nothing.


class _FirstThree:
    """The first three characters of words, asked whether one of them may be replaced.

    In most texts each character stands for one. Of these it tells without a walk that no word is
    read with one departure.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._same: set[str] = set()
        self._other: dict[str, str] = {}
        for word in words:
            # Of longer words the departure may come behind the first three.
            self._same.update([word[:_FIRST]] if len(word) > _FIRST else [])
            for at in range(_FIRST):
                key = word[:at] + MASK + word[at + 1 : _FIRST]
                self._other[key] = self._other.get(key, "") + word[at]

    def replaced(self, three: str, related: Callable[[str], Related]) -> bool:
        """Tell whether three characters of a text may begin a word of which one is replaced."""
        if three in self._same:
            return True
        for at in range(_FIRST) if len(three) == _FIRST else ():
            expected = self._other.get(three[:at] + MASK + three[at + 1 :])
            if expected and not related(three[at]).keys().isdisjoint(expected):
                return True
        return False


class Speller:
    """A tree over words, read exactly or with explained departures.

    With ``parts`` a character may also stand for one that it shares a part with. A lasting speller
    is one whose words all have three characters or more.
    """

    def __init__(
        self, words: Collection[str], looks: Looks, *, parts: bool = False, lasting: bool = False
    ) -> None:
        self._first_three = _FirstThree(words) if lasting else None
        self._looks = looks
        self._parts = parts
        self._halves = halves()
        self._root = _Node({})
        for word in words:
            node = self._root
            for index, character in enumerate(word):
                node.shortest = min(node.shortest, len(word) - index)
                node = node.after.setdefault(character, _Node({}))
            node.word, node.shortest = word, 0

    def may_depart(self, text: str, start: int, *, plain: bool, sounds: bool = True) -> bool:
        """Tell whether a word may be read at ``start`` with one departure, without a walk.

        ``plain`` says what ``is_one_to_one`` says of the text.
        """
        if not plain or self._first_three is None:
            return True
        related = self._looks.expected if sounds else self._looks.alike
        return self._first_three.replaced(text[start : start + _FIRST], related)

    def spellings(
        self, text: str, start: int = 0, limit: int = MAX_DEPARTURES, *, sounds: bool = True
    ) -> Iterator[Spelling]:
        """Yield every word that can be read at ``start`` with one to ``limit`` departures.

        Without ``sounds`` homophones are left out, which is four times faster.
        """
        related = self._looks.expected if sounds else self._looks.alike
        begun: list[_Place] = [(self._root, start, 0, ())]
        while begun:
            node, at, index, steps = begun.pop()
            if node.word and steps and not _trails(steps[-1], index):
                yield Spelling(at, node.word, tuple(Difference(*step) for step in steps))
            if at >= len(text):
                continue
            if child := node.after.get(text[at]):
                begun.append((child, at + 1, index + 1, steps))
            if len(steps) < limit and len(text) - at >= node.shortest:
                last = len(steps) + 1 == limit
                place = (node, at, index, steps)
                self._depart(text, place, begun, related(text[at]), last=last)

    def _depart(
        self, text: str, place: _Place, begun: list[_Place], related: Related, *, last: bool
    ) -> None:
        """Add the readings that depart from the word at this place."""
        node, at, index, steps = place
        found, left = text[at], len(text) - at - 1
        # After the last departure that is allowed the next character must fit as it stands.
        following = text[at + 1] if last and left else ""
        for expected in _shared(related, node.after):
            child = node.after[expected]
            fits = not following or child.word or following in child.after
            if fits and child.shortest <= left:
                step = (index + 1, found, expected, *related[expected])
                begun.append((child, at + 1, index + 1, (*steps, step)))
        if self._parts:
            begun.extend(_kindred(place, found, related))
        if index and found == text[at - 1]:
            begun.append((node, at + 1, index, (*steps, (index + 1, found, "", "doubled", 1.0))))
        elif index and node.after and _is_ornament(found):
            begun.append((node, at + 1, index, (*steps, (index + 1, found, "", "inserted", 1.0))))
        if found == MASK:
            for expected, child in node.after.items():
                step = (index + 1, found, expected, "masked", 1.0)
                begun.append((child, at + 1, index + 1, (*steps, step)))
        if found.isascii():
            begun.extend(self._romanised(text, at, index, steps, node.after))
        whole = self._halves.get(text[at : at + PARTS])
        if whole and (child_of_whole := node.after.get(whole)):
            step = (index + 1, text[at : at + PARTS], whole, "split", 1.0)
            begun.append((child_of_whole, at + PARTS, index + 1, (*steps, step)))

    def _romanised(
        self, text: str, at: int, index: int, steps: tuple[_Step, ...], after: dict[str, _Node]
    ) -> Iterator[_Place]:
        """Yield the readings of a run of letters or digits as one character."""
        written = _run(text, at)
        if not written or (at and _run(text, at - 1)[1:]):
            return
        end = at + len(written)
        for expected in sorted(self._looks.written(written) & after.keys()):
            step = (index + 1, written, expected, "latin", 1.0)
            yield after[expected], end, index + 1, (*steps, step)
        if self._parts and len(written) >= _SHORTEST_SYLLABLES:
            for node, expected in _syllables(written, after):
                step = (index + 1, written, expected, "latin", 1.0)
                yield node, end, index + len(expected), (*steps, step)


def _trails(step: _Step, index: int) -> bool:
    """Tell whether a sign was put in behind the last character: it belongs to what follows."""
    return step[0] == index + 1 and step[3] == "inserted"


def _kindred(place: _Place, found: str, related: Related) -> Iterator[_Place]:
    """Yield the readings of a character as one that shares a part with it."""
    node, at, index, steps = place
    for expected, child in node.after.items():
        if expected in related or expected == found:
            continue
        if share := shared_part(found, expected):
            step = (index + 1, found, expected, "glyph", share)
            yield child, at + 1, index + 1, (*steps, step)


def _syllables(letters: str, after: dict[str, _Node]) -> Iterator[tuple[_Node, str]]:
    """Yield where characters lead whose readings, side by side, are the letters."""
    for character, child in after.items():
        for reading in readings(character):
            if reading == letters:
                yield child, character
            elif letters.startswith(reading):
                for node, rest in _syllables(letters[len(reading) :], child.after):
                    yield node, character + rest


def is_one_to_one(text: str) -> bool:
    """Tell whether each character of a text can stand for one character alone."""
    if _OTHERWISE.search(text):
        return False
    pairs = map(add, text, text[1:])
    return halves().keys().isdisjoint(pairs)


def _run(text: str, at: int) -> str:
    """Return the run of letters, or of digits, that begins at a place; empty for other signs."""
    end = at
    while end < len(text) and text[end].isascii() and text[end].isalnum():
        if text[end].isalpha() != text[at].isalpha():
            break
        end += 1
    return text[at:end]


def _shared(related: Mapping[str, object], after: Mapping[str, object]) -> Iterable[str]:
    if len(after) < len(related):
        return [character for character in after if character in related]
    return [character for character in related if character in after]


def may_be_added(character: str, before: str) -> bool:
    """Tell whether a character may be no part of a word: it doubles the last one, or decorates."""
    return character == before or _is_ornament(character)


def _is_ornament(character: str) -> bool:
    """Tell whether a character between Chinese ones only decorates: a letter, digit or stroke."""
    return character in _ORNAMENTS or (character.isascii() and character.isalnum())
