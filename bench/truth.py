"""How many planted cases a run found, and how many other rows it wrote."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Found:
    """Planted cases by the first of their rules, and those found; rows about nothing planted.

    ``rows`` counts all rows by rule.
    """

    planted: dict[str, int]
    found: dict[str, int]
    others: dict[str, int]
    rows: dict[str, int]

    @property
    def share(self) -> float:
        """Share of the planted cases that were found, 0..1."""
        return sum(self.found.values()) / max(1, sum(self.planted.values()))


def compared(dataset: Path, run: Path) -> Found:
    """Hold the findings of a run against the dataset's truth."""
    findings = _rows(run / "findings.csv")
    said: dict[str, set[str]] = defaultdict(set)
    for row in findings:
        said[row["account_id"]].add(row["rule_id"])
    cases: Counter[str] = Counter()
    found: Counter[str] = Counter()
    expected: set[tuple[str, str]] = set()
    for truth in _rows(dataset / "truth" / "planted.csv"):
        rules = truth["rules"].split(" | ")
        hits = said[truth["account_id"]].intersection(rules)
        cases[rules[0]] += 1
        found[rules[0]] += bool(hits)
        expected.update((truth["account_id"], hit) for hit in hits)
    others = Counter(
        row["rule_id"] for row in findings if (row["account_id"], row["rule_id"]) not in expected
    )
    rows = Counter(row["rule_id"] for row in findings)
    return Found(dict(cases), dict(found), dict(others), dict(rows))


def planted(dataset: Path) -> set[str]:
    """Return the accounts with a planted case, as ``platform:id``."""
    return {row["account_id"] for row in _rows(dataset / "truth" / "planted.csv")}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
