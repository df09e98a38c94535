"""Names that end in a news word although no outlet of the lists bears them (tier G)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from auditor.names.affixes import Affixes
from auditor.names.boundaries import stands_free
from auditor.names.wordtable import WordTable
from auditor.references import OrganWord
from auditor.text import words


class News(NamedTuple):
    """A news word in a name; ``start`` and ``end`` count folded characters."""

    word: str
    start: int
    end: int
    weak: bool


# What a masthead is made of besides a place: 今日, 环球, 法治; and a word for the state.
_MASTHEAD = frozenset({"modifier", "topic", "state", "news"})
_SHORTEST_SURE = 3
_SHORTEST_PROPER = 2
_LONGEST_PROPER = 3
_CALLING = "小老阿大"


class NewsWords:
    """The words that end the names of outlets: strong (日报, 通讯社) and medium (新闻, 快讯).

    What stands before the news word must read as a masthead: places and words of news, or before a
    long strong word (通讯社, 都市报) an unknown proper name. 摸鱼日报, 深夜电台 and 老王新闻 are
    jokes, podcasts and notes.
    """

    def __init__(
        self,
        entries: Iterable[OrganWord],
        places: Iterable[str],
        affixes: Affixes,
        fold: Callable[[str], str],
    ) -> None:
        self._affixes = affixes
        self._weak: dict[str, bool] = {}
        masthead: set[str] = set(places)
        for entry in entries:
            word = fold(entry.word)
            if entry.class_ in _MASTHEAD:
                masthead.add(word)
            if entry.class_ == "news" and entry.strength != "weak":
                self._weak[word] = entry.strength != "strong"
        self.words = sorted(self._weak)
        self._table = WordTable({w: weak for w, weak in self._weak.items() if len(w) > 1})
        self._masthead = WordTable(dict.fromkeys(masthead))

    def find(self, text: str) -> News | None:
        """Return the news word that ends a name, affixes apart, or ``None``.

        A name that speaks for a reader, names a document (工作日报) or holds the word only across
        a word boundary gives nothing.
        """
        ends = self._affixes.ends(text)
        for start in range(1, len(text)):
            for end, weak in reversed(self._table.at(text, start)):
                if end in ends and self._stands(text, start, end):
                    return News(text[start:end], start, end, weak)
        return None

    def _stands(self, text: str, start: int, end: int) -> bool:
        """Tell whether a masthead stands before the word, and nobody who reads or writes about it.

        A word across the edge of another is none.
        """
        if not self._is_masthead(text, start, end):
            return False
        if self._affixes.before(text, start) in ("somebody", "document"):
            return False
        return stands_free(text, start, end)

    def _is_masthead(self, text: str, start: int, end: int) -> bool:
        head = text[:start]
        reached = {0}
        for low in range(start):
            if low in reached:
                reached.update(high for high, _ in self._masthead.at(head, low))
        if start in reached:
            return True
        sure = not self._weak[text[start:end]] and end - start >= _SHORTEST_SURE
        return sure and _is_proper(head)


def _is_proper(head: str) -> bool:
    """Tell whether a text is a name that the dictionary does not know, and no nickname."""
    if not _SHORTEST_PROPER <= len(head) <= _LONGEST_PROPER or head[0] in _CALLING:
        return False
    return len(words(head)) == len(head) and "的" not in head
