"""Names that end in a news word although no outlet of the lists bears them (tier G)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from auditor.names.affixes import Affixes
from auditor.names.boundaries import stands_free
from auditor.references import OrganWord


class News(NamedTuple):
    """A news word in a name; ``start`` and ``end`` count folded characters."""

    word: str
    start: int
    end: int
    weak: bool


class NewsWords:
    """The words that end the names of outlets: strong (日报, 通讯社) and medium (新闻, 快讯)."""

    def __init__(
        self, words: Iterable[OrganWord], affixes: Affixes, fold: Callable[[str], str]
    ) -> None:
        self._affixes = affixes
        self._weak: dict[str, bool] = {
            fold(word.word): word.strength != "strong"
            for word in words
            if word.class_ == "news" and word.strength != "weak"
        }
        self._longest = max(map(len, self._weak), default=0)
        self._endings = frozenset(word[-1] for word in self._weak)

    def find(self, text: str) -> News | None:
        """Return the news word that ends a name, affixes apart, or ``None``.

        A name that speaks for a reader, names a document (工作日报) or holds the word only across
        a word boundary gives nothing.
        """
        if self._endings.isdisjoint(text):
            return None
        for start in range(1, len(text)):
            for end in range(min(len(text), start + self._longest), start + 1, -1):
                word = text[start:end]
                if word in self._weak and self._ends(text, start, end):
                    return News(word, start, end, self._weak[word])
        return None

    def _ends(self, text: str, start: int, end: int) -> bool:
        if not self._affixes.covered(text[end:], "after"):
            return False
        if self._affixes.remainder(text[:start], "before") in ("somebody", "document"):
            return False
        return stands_free(text, start, end)
