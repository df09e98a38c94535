"""Word boundaries by jieba's dictionary: no guessed words, no file written."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Collection, Iterable
from functools import cache, partial
from importlib import import_module, resources
from typing import TYPE_CHECKING, NamedTuple

from auditor.text.sentences import sentence_span
from auditor.text.tables import word_list

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from jieba import Tokenizer

Cut = Callable[[str], Iterable[tuple[str, int, int]]]
"""A way to cut a text: words with their spans, end exclusive."""

_ADDED_FREQUENCY = 100_000
"""Of added words: above that of any split of them in the dictionary's 60 million."""


class Word(NamedTuple):
    """A word and its span (end exclusive) in the text."""

    text: str
    start: int
    end: int


class DictionaryWord(NamedTuple):
    """What the dictionary says of a word.

    ``frequency`` counts its uses in the 60 million words that the dictionary was made from; ``tag``
    is its part of speech in the ICTCLAS scheme (``n`` noun, ``v`` verb, ``ns`` place, ``nt`` body).
    """

    frequency: int
    tag: str


def ignore_jieba_import_warnings() -> None:
    """Silence what jieba 0.42.1 itself does on import: pkg_resources and unescaped patterns."""
    warnings.filterwarnings("ignore", message=r".*pkg_resources.*")
    warnings.filterwarnings("ignore", message=r".*invalid escape sequence.*")


def _dictionary() -> Traversable:
    return resources.files("jieba").joinpath("dict.txt")


def dictionary_words(texts: Collection[str]) -> dict[str, DictionaryWord]:
    """Return what the dictionary says of those of ``texts`` that are words of it."""
    found: dict[str, DictionaryWord] = {}
    # The tokenizer keeps frequencies only, so the file is read once more for those who ask.
    for line in _dictionary().read_text(encoding="utf-8").splitlines():
        word, _, rest = line.partition(" ")
        if word in texts:
            frequency, tag = rest.split()
            found[word] = DictionaryWord(int(frequency), tag)
    return found


@cache
def _cut() -> Cut:
    """The segmenter at hand: jieba's algorithm in Rust, or jieba where it has no wheel.

    Both read the same dictionary; where two ways to split are as likely they may differ
    (decision 0020), in two of 65,527 texts when measured.
    """
    try:
        # Its module holds one segmenter: another would cost .1 CPU s and its dictionary's memory.
        rust = import_module("rjieba")
    except ImportError:
        return jieba_cut()
    for word in word_list("text-words"):
        rust.add_word(word, _ADDED_FREQUENCY, "")
    return partial(rust.tokenize, mode="default", hmm=False)


def jieba_cut() -> Cut:
    """Return jieba's own way to cut, the reference: words with their spans, none guessed."""
    with warnings.catch_warnings():
        ignore_jieba_import_warnings()
        jieba = import_module("jieba")
    jieba.setLogLevel(logging.WARNING)
    tokenizer: Tokenizer = jieba.Tokenizer()
    # Filling the dictionary here keeps jieba from writing and trusting a cache file in /tmp.
    with _dictionary().open("rb") as file:
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(file)
    tokenizer.initialized = True
    for word in word_list("text-words"):
        tokenizer.add_word(word, _ADDED_FREQUENCY)
    return partial(tokenizer.tokenize, HMM=False)


def words(text: str) -> tuple[Word, ...]:
    """Split a text into words; spaces and punctuation are words of their own."""
    return tuple(Word(word, start, end) for word, start, end in _cut()(text))


@cache
def character_frequencies() -> dict[str, int]:
    """Return the single characters of jieba's dictionary and how often its corpus has each."""
    lines = (line.split(" ") for line in _dictionary().read_text(encoding="utf-8").splitlines())
    return {word: int(count) for word, count, *_ in lines if len(word) == 1 and int(count)}


def on_word_boundaries(text: str, start: int, end: int) -> bool:
    """Tell whether ``text[start:end]`` begins and ends where words do, in its sentence."""
    first, last = sentence_span(text, start, end)
    marks = {first}
    for word in words(text[first:last]):
        marks.add(first + word.end)
    return start in marks and end in marks
