"""Other ways of finding the references that a name stands near: in use elsewhere, or brute force.

Each takes the same references and the same names. What is not installed
(``pip install -e '.[bench]'``) is None and told as such.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist, extractOne

from bench.costs import Found, Way, made

AT_LEAST = 80.0
"""The ratio (0..100) that people choose."""

_CELLS = 20_000_000
_TOP = 5


def edit_force(words: Sequence[str]) -> Way:
    """Compare every name with every reference: at most one edit."""

    def cells(names: Sequence[str]) -> Any:
        return cdist(
            names, words, scorer=Levenshtein.distance, score_cutoff=1, dtype=np.uint8, workers=1
        )

    def pairs(names: Sequence[str]) -> Found:
        return _pairs(names, words, lambda some: np.nonzero(cells(some) <= 1))

    return Way("cdist, Levenshtein ≤ 1", len(words), _in_blocks(cells, words), pairs)


def ratio_force(words: Sequence[str]) -> Way:
    """Compare every name with every reference: a ratio of at least 80."""

    def cells(names: Sequence[str], dtype: Any = np.uint8) -> Any:
        return cdist(names, words, scorer=fuzz.ratio, score_cutoff=AT_LEAST, dtype=dtype, workers=1)

    def pairs(names: Sequence[str]) -> Found:
        # Small integers are rounded: 79.7 would be 80.
        return _pairs(names, words, lambda some: np.nonzero(cells(some, np.float32) >= AT_LEAST))

    return Way("cdist, ratio ≥ 80", len(words), _in_blocks(cells, words), pairs)


def extract_ratio(words: Sequence[str]) -> Way:
    """Ask for the one best reference of each name, from a ratio of 80 on."""

    def ask(names: Sequence[str]) -> object:
        return [extractOne(n, words, scorer=fuzz.ratio, score_cutoff=AT_LEAST) for n in names]

    return Way("extractOne, ratio ≥ 80", len(words), ask)


def extract_weighted(words: Sequence[str]) -> Way:
    """Ask for the one best reference of each name, as thefuzz and others do by default."""

    def ask(names: Sequence[str]) -> object:
        return [extractOne(name, words, scorer=fuzz.WRatio) for name in names]

    return Way("extractOne, WRatio", len(words), ask)


def symspell(words: Sequence[str]) -> Way | None:
    """Look names up in SymSpell's index of deletions: at most one edit."""
    if not find_spec("symspellpy"):
        return None
    from symspellpy import SymSpell, Verbosity

    longest = max(map(len, words))
    index = SymSpell(max_dictionary_edit_distance=1, prefix_length=longest + 1)
    _, built = made(lambda: [index.create_dictionary_entry(word, 1) for word in words])

    def ask(names: Sequence[str]) -> list[Any]:
        return [index.lookup(name, Verbosity.ALL, 1) for name in names]

    def pairs(names: Sequence[str]) -> Found:
        return {
            (name, found.term)
            for name, some in zip(names, ask(names), strict=True)
            for found in some
        }

    return Way("SymSpell, one edit", len(words), ask, pairs, built)


def nearest_vectors(words: Sequence[str]) -> Way | None:
    """Ask for the five nearest by tf-idf of single characters and pairs, cosine 0.3 or more."""
    if not (find_spec("sklearn") and find_spec("sparse_dot_topn")):
        return None
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), dtype=np.float32)
    fitted, built = made(lambda: vectors.fit_transform(words))
    right = fitted.T.tocsr()

    def ask(names: Sequence[str]) -> Any:
        left = vectors.transform(names)
        return sp_matmul_topn(left, right, top_n=_TOP, threshold=0.3, n_threads=1)

    def pairs(names: Sequence[str]) -> Found:
        found = ask(names).tocoo()
        return _strings(names, words, found.row, found.col)

    return Way("tf-idf, five nearest", len(words), ask, pairs, built)


def _strings(names: Sequence[str], words: Sequence[str], rows: Any, columns: Any) -> Found:
    return {
        (names[row], words[column])
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    }


def _blocks(names: Sequence[str], words: Sequence[str]) -> list[Sequence[str]]:
    """Cut the names so that no table of cells takes more than some tens of megabytes."""
    size = max(1, _CELLS // len(words))
    return [names[at : at + size] for at in range(0, len(names), size)]


def _in_blocks(cells: Any, words: Sequence[str]) -> Any:
    return lambda names: [cells(some) is None for some in _blocks(names, words)]


def _pairs(names: Sequence[str], words: Sequence[str], found: Any) -> Found:
    pairs: Found = set()
    for some in _blocks(names, words):
        pairs |= _strings(some, words, *found(some))
    return pairs
