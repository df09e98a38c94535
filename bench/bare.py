"""The bare pass: read two columns, make strings, one automaton; prints CPU seconds and hits."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import pyarrow.parquet as pq

from auditor.config import rulesets_directory
from auditor.references import load_references
from auditor.rules import load_ruleset
from auditor.text import Scanner


def cpu_seconds() -> float:
    """Return the CPU seconds of this process so far, user and system."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def patterns() -> dict[str, list[str]]:
    """Return the rules' words and the references' names; single characters are no patterns.

    A single character would hit many times a post and make the bare pass look slow.
    """
    shipped = rulesets_directory()
    found = {
        name: [word for word in lexicon.words if len(word) > 1]
        for name, lexicon in load_ruleset([shipped]).lexicons.items()
        if not name.startswith("text-")
    }
    references = load_references([shipped / "references"])
    found["names"] = [entry.name for entry in references.organisations]
    return {name: words for name, words in found.items() if words}


def bare_pass(posts: Path) -> tuple[float, int]:
    """Return the CPU seconds of the pass and the number of phrases it met."""
    scanner = Scanner(patterns())
    before = cpu_seconds()
    hits = 0
    for batch in pq.ParquetFile(posts).iter_batches(8192, columns=["account_id", "text"]):
        batch.column(0).to_pylist()
        hits += sum(map(len, scanner.scan_batch(batch.column(1).to_pylist())))
    return cpu_seconds() - before, hits


if __name__ == "__main__":
    print(*bare_pass(Path(sys.argv[1])))
