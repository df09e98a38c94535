"""Other ways of reading posts and names: in use elsewhere, or without a library of ours.

Each is asked for a slice of what the audit reads, and what it costs a post (or a name) is compared:
some of them would take hours for all of it. What is not installed (``pip install -e '.[bench]'``)
is left out and told as such.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from auditor.rules import Compiled
from bench.costs import made
from bench.peers import extract_ratio, ratio_force

_PERMUTATIONS = 64
_LIKENESS = 0.7
_SHINGLE = 3


@dataclass(frozen=True)
class Peer:
    """A way of doing a part of the audit's work.

    ``of`` says whether it reads ``posts`` or ``names``; ``slice_`` is how many of them it is asked
    for; ``work`` does so. ``work`` is None where its library is not installed.
    """

    key: str
    what: str
    of: str
    slice_: int
    work: Callable[[Sequence[str]], object] | None

    def microseconds(self, texts: Sequence[str]) -> float | None:
        """Return the CPU microseconds a post or a name, or None where it is not installed."""
        some = texts[: self.slice_]
        if self.work is None or not some:
            return None
        work = self.work
        return made(lambda: work(some))[1] / len(some) * 1e6


def peers(compiled: Compiled, patterns: Sequence[str], names: Sequence[str]) -> list[Peer]:
    """Return the peers; ``patterns`` are those of the bare pass, ``names`` those of the lists."""
    segment = _segmenter()
    rules = rule_tests(compiled)
    usual = segment and _usual(segment, rules)
    told = f"jieba, and a regex for each of {len(rules)} rules"
    count = _dictionary(patterns)
    return [
        Peer("pyahocorasick", "pyahocorasick, the same patterns", "posts", 20_000, count),
        Peer("jieba", "jieba over all text", "posts", 2_000, segment),
        Peer("usual_posts", told, "posts", 1_000, usual),
        Peer("extract_one", "extractOne, a name", "names", 60, extract_ratio(names).ask),
        Peer("cdist", "cdist, a name", "names", 1_500, ratio_force(names).ask),
        Peer("datasketch", "datasketch, MinHash and LSH", "posts", 2_000, _datasketch()),
    ]


def rule_tests(compiled: Compiled) -> list[re.Pattern[str]]:
    """Return one alternation of words for each rule that looks for words."""
    lexicons = compiled.resources.lexicons
    found = []
    for rule in compiled.rules:
        words = {word for step in rule.find for name in step.lexicons() for word in lexicons[name]}
        if words:
            longest = sorted(words, key=lambda word: (-len(word), word))
            found.append(re.compile("|".join(map(re.escape, longest))))
    return found


def _usual(
    segment: Callable[[Sequence[str]], object], rules: Sequence[re.Pattern[str]]
) -> Callable[[Sequence[str]], object]:
    """Return how such audits are commonly written: segment a post, then try rule after rule."""

    def work(texts: Sequence[str]) -> object:
        segment(texts)
        return [[rule.search(text) for rule in rules] for text in texts]

    return work


def _segmenter() -> Callable[[Sequence[str]], object] | None:
    if not find_spec("jieba"):
        return None
    import jieba

    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    return lambda texts: [jieba.lcut(text) for text in texts]


def _dictionary(patterns: Sequence[str]) -> Callable[[Sequence[str]], object] | None:
    if not find_spec("ahocorasick"):
        return None
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for number, word in enumerate(patterns):
        automaton.add_word(word, number)
    automaton.make_automaton()
    return lambda texts: sum(1 for text in texts for _ in automaton.iter(text))


def _datasketch() -> Callable[[Sequence[str]], object] | None:
    if not find_spec("datasketch"):
        return None
    from datasketch import MinHash, MinHashLSH

    def work(texts: Sequence[str]) -> object:
        index = MinHashLSH(threshold=_LIKENESS, num_perm=_PERMUTATIONS)
        sketches = []
        for number, text in enumerate(texts):
            sketch = MinHash(num_perm=_PERMUTATIONS)
            sketch.update_batch([gram.encode() for gram in _grams(text)])
            index.insert(number, sketch)
            sketches.append(sketch)
        return [index.query(sketch) for sketch in sketches]

    return work


def _grams(text: str) -> Iterator[str]:
    """Yield the runs of three characters of a text, each once."""
    count = max(1, len(text) - _SHINGLE + 1)
    yield from {text[at : at + _SHINGLE] for at in range(count)}
