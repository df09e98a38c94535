"""What the usual way reports and ours does not: every word of a rule that stands in a text.

The usual way (``bench.textpeers``) tries one alternation of all its words for each rule. Each of
its hits must be one of the one scan too, of the same rule's lists and over the same place, before
any guard; and a text in which words stand that a rule looks for first must wake, or nothing ever
reads it. ``python -m bench.losses DIR`` prints it of a whole dataset.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from auditor.detectors import Anchor
from auditor.detectors.scanned import ScannedText
from auditor.rules import Compiled
from auditor.rules.screen import screen_texts
from auditor.text import fold
from bench.bare import files, shipped
from bench.textpeers import RuleTest, rule_tests
from bench.truth import planted

ORDINARY = 10_000
"""Texts of a kind that are looked at beside those of accounts with a planted case."""

_FIELDS = {"posts": ("text",), "profiles": ("name", "bio")}


def losses(compiled: Compiled, dataset: Path, ordinary: int = ORDINARY) -> dict[str, int]:
    """Count the hits of the usual way in texts with planted cases and some others.

    ``hits`` are all of them, ``lost`` those that the scan has not; ``asleep`` counts texts that do
    not wake although words stand there that a rule looks for first, but for those of which the
    rule's own question denies that they can count (``denied``).
    """
    found = Counter(texts=0, hits=0, lost=0, asleep=0, denied=0)
    tests = rule_tests(compiled)
    for of, fields in _FIELDS.items():
        some = [test for test in tests if test.of == of]
        for field in fields:
            texts = list(_texts(dataset, of, field, ordinary))
            found["texts"] += len(texts)
            found.update(_scanned(compiled, some, texts))
            found.update(_woken(compiled, field, texts))
    return dict(found)


def _scanned(compiled: Compiled, tests: Sequence[RuleTest], texts: Sequence[str]) -> Counter[str]:
    scanner = compiled.resources.scanner
    found: Counter[str] = Counter()
    for text in texts:
        hits = [(test, hit.span()) for test in tests for hit in test.pattern.finditer(text)]
        if not hits:
            continue
        folded = fold(text)
        ours = ScannedText(text, folded, tuple(scanner.scan(folded.text)), scanner)
        for test, (start, end) in hits:
            spans = ours.spans(test.lexicons)
            found["lost"] += not any(one.start <= start and end <= one.end for one in spans)
        found["hits"] += len(hits)
    return found


def _woken(compiled: Compiled, field: str, texts: Sequence[str]) -> Counter[str]:
    """Count the texts that sleep although a rule's first words stand in them."""
    anchors = [rule.find[0].anchor() for rule in compiled.rules]
    first = [one for one in anchors if one.kind == "lexicon" and field in one.fields]
    wakes = screen_texts(compiled, field, texts).wakes.tolist()
    scanner = compiled.resources.scanner
    found: Counter[str] = Counter()
    for text, is_awake in zip(texts, wakes, strict=True):
        if is_awake or not any(_stands(compiled, one, text) for one in first):
            continue
        folded = fold(text)
        ours = ScannedText(text, folded, tuple(scanner.scan(folded.text)), scanner)
        found["denied" if all(_denied(one, ours) for one in first) else "asleep"] += 1
    return found


def _stands(compiled: Compiled, anchor: Anchor, text: str) -> bool:
    words: Mapping[str, frozenset[str]] = compiled.resources.lexicons
    return any(word in text for name in anchor.lexicons for word in words[name])


def _denied(anchor: Anchor, ours: ScannedText) -> bool:
    """Tell whether the step's own question denies every one of its words that stands there."""
    spans = [
        (hit.start, hit.end)
        for hit in ours.hits
        if not anchor.lexicons.isdisjoint(ours.scanner.lexicons(hit.phrase))
    ]
    asked = anchor.may_count
    return not spans or (asked is not None and not asked.one(ours.folded.text, spans))


def _texts(dataset: Path, of: str, field: str, ordinary: int) -> Iterator[str]:
    """Yield a field of the accounts with a planted case, then of so many others."""
    keys = pa.array([key.partition(":")[2] for key in planted(dataset)], pa.string())
    name = "posts" if of == "posts" else "accounts"
    left = ordinary
    for path in files(dataset / f"{name}.parquet"):
        table = pq.read_table(path, columns=["account_id", field])
        chosen = pc.is_in(table["account_id"], value_set=keys)
        others = table.filter(pc.invert(chosen)).slice(0, left)
        left -= others.num_rows
        for some in (table.filter(chosen), others):
            yield from (text for text in some[field].to_pylist() if text)


def main() -> int:
    """Print the counts; 1 when anything is lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    found = losses(shipped(), parser.parse_args().dataset, sys.maxsize)
    print(found)
    return 1 if found["lost"] or found["asleep"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
