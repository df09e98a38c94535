"""Parts of a name moved, left out, or set beside it: reordered, dropped, affix, prefix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.names.imitations.order import from_the_middle, in_turn
from auditor.references import Affix, OrganWord
from auditor.text import fold_name, words
from auditor.text.tables import word_list

_SHORTEST_SWAPPED = 4
_SHORTEST_BLOCKS = 6
_SHORTEST_DROPPED = 6
_SHORTEST_HALVED = 8
_SHORTEST_BEHEADED = 4


def reordered(name: str) -> Iterator[str]:
    """Yield long names with two words in each other's place, then with two characters swapped."""
    if len(name) >= _SHORTEST_BLOCKS:
        pieces = [word.text for word in words(name)]
        for index in range(len(pieces) - 1):
            one, two = pieces[index : index + 2]
            yield "".join((*pieces[:index], two, one, *pieces[index + 2 :]))
    if len(name) >= _SHORTEST_SWAPPED:
        for index in from_the_middle(range(len(name) - 1)):
            yield name[:index] + name[index + 1] + name[index] + name[index + 2 :]


class Shortener:
    """Names that lose a part and still read as the body."""

    def __init__(self, organ_words: Iterable[OrganWord]) -> None:
        self._state = tuple(word.word for word in organ_words if word.class_ == "state")

    def variants(self, name: str) -> Iterator[str]:
        """Yield a state body without its last word, then long names without one character.

        The first two characters and the last stay, because without them another body is read.
        """
        if name.startswith(self._state):
            for head in word_list("text-imitation-heads"):
                rest = name.removesuffix(head)
                if rest != name and len(rest) >= _SHORTEST_BEHEADED:
                    yield rest
                    break
        if len(name) >= _SHORTEST_DROPPED:
            for index in _droppable(name):
                yield name[:index] + name[index + 1 :]


def _droppable(name: str) -> list[int]:
    """Return the places of inner characters whose loss is hardly seen, the least seen first.

    A rank (市) or a word of one character goes first, then one of a long word; the half of a word
    of two characters is missed at once but in long names.
    """
    ranks, lengths = word_list("text-imitation-ranks"), list[int]()
    for word in words(name):
        lengths += [len(word.text)] * len(word.text)
    inner = from_the_middle(range(2, len(name) - 1))
    order = {index: _loss(name[index] in ranks, lengths[index]) for index in inner}
    kept = [index for index in inner if order[index] < 2 or len(name) >= _SHORTEST_HALVED]
    return sorted(kept, key=order.__getitem__)


def _loss(rank: bool, length: int) -> int:
    return 0 if rank or length == 1 else 1 if length > 2 else 2


class Additions:
    """The words that stand beside a name as if the body itself spoke."""

    def __init__(self, affixes: Iterable[Affix]) -> None:
        rows = tuple(affixes)
        both = [row.word for row in rows if row.class_ == "official" and row.position == "any"]
        self._before = both + [
            row.word for row in rows if row.class_ == "official" and row.position == "before"
        ]
        after = [row.word for row in rows if row.class_ == "official" and row.position == "after"]
        outlet = [row.word for row in rows if row.class_ == "outlet" and row.position != "before"]
        plain = [row.word for row in rows if row.class_ == "ornament" and row.word.isascii()]
        self.letters = tuple(
            word for word in (*plain, *outlet) if word.isascii() and word == word.upper()
        )
        self._after = tuple(in_turn(both, after, outlet, plain))

    def after(self, name: str) -> Iterator[str]:
        """Yield the name with an official word, an outlet's or a number behind it."""
        return (name + word for word in self._after if not _ends(name, word))

    def before(self, name: str) -> Iterator[str]:
        """Yield the name with an official word before it."""
        return (word + name for word in self._before if not name.startswith(word))


def _ends(name: str, word: str) -> bool:
    return fold_name(name).text.endswith(fold_name(word).text)
