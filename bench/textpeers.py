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

_POST_FIELDS = frozenset({"text", "title", "commerce"})
_PERMUTATIONS = 64
_LIKENESS = 0.7
_SHINGLE = 3


@dataclass(frozen=True)
class Peer:
    """A way of doing a part of the audit's work.

    ``of`` says whether it reads ``posts``, ``names`` or ``profiles`` (name and bio, a line each),
    ``slice_`` how many of them it is asked for; ``work`` does so. ``work`` is None where its
    library is not installed.
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
    tests = rule_tests(compiled)
    usual = {of: [test for test in tests if test.of == of] for of in ("posts", "profiles")}
    told = {of: f"jieba, and a regex for each of {len(some)} rules" for of, some in usual.items()}
    told["all"] = f"jieba, and a regex for each of {len(tests)} tests, of profiles too"
    usual["all"] = tests
    work = {of: segment and _usual(segment, some) for of, some in usual.items()}
    count = _dictionary(patterns)
    return [
        Peer("pyahocorasick", "pyahocorasick, the same patterns", "posts", 20_000, count),
        Peer("jieba", "jieba over all text", "posts", 2_000, segment),
        Peer("usual_posts", told["posts"], "posts", 1_000, work["posts"]),
        Peer("usual_everywhere", told["all"], "posts", 1_000, work["all"]),
        Peer("usual_profiles", told["profiles"], "profiles", 1_000, work["profiles"]),
        Peer("extract_one", "extractOne, a name", "names", 60, extract_ratio(names).ask),
        Peer("cdist", "cdist, a name", "names", 1_500, ratio_force(names).ask),
        Peer("datasketch", "datasketch, MinHash and LSH", "posts", 2_000, _datasketch()),
    ]


@dataclass(frozen=True)
class RuleTest:
    """What of a rule the usual way asks of each text: one alternation of all its words.

    ``of`` says whether these steps read ``posts`` or ``profiles``; ``lexicons`` are their lists.
    """

    rule: str
    of: str
    lexicons: frozenset[str]
    pattern: re.Pattern[str]


def rule_tests(compiled: Compiled) -> list[RuleTest]:
    """Return the tests of every rule that looks for words.

    A rule that reads profiles only is not tried over posts, which are twenty times as many: nobody
    would. Identifiers (numbers, addresses) and what is told by time are left out.
    """
    found = []
    for rule in compiled.rules:
        lists: dict[str, frozenset[str]] = {}
        for step in rule.find:
            of = "posts" if _POST_FIELDS.intersection(step.anchor().fields) else "profiles"
            lists[of] = lists.get(of, frozenset()) | step.lexicons()
        found += [
            RuleTest(rule.id, of, names, _alternation(compiled, names))
            for of, names in lists.items()
            if names
        ]
    return found


def _alternation(compiled: Compiled, lexicons: frozenset[str]) -> re.Pattern[str]:
    words = {word for name in lexicons for word in compiled.resources.lexicons[name]}
    longest = sorted(words, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest)))


def _usual(
    segment: Callable[[Sequence[str]], object], tests: Sequence[RuleTest]
) -> Callable[[Sequence[str]], object]:
    """Return how such audits are commonly written: segment a text, then try rule after rule."""

    def work(texts: Sequence[str]) -> object:
        segment(texts)
        return [[test.pattern.search(text) for test in tests] for text in texts]

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
