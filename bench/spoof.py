"""``python -m bench.spoof``: how many imitations of the shipped references the index finds."""

from __future__ import annotations

import argparse

from auditor.names import NameIndex
from auditor.names.imitations.recall import Recall, recall, sample
from auditor.names.spoof import Spoofer
from auditor.references import SHIPPED, load_references


def shown(pairs: list[tuple[str, str]], count: int) -> str:
    """Return the first misses of different names as ``variant (name)``, hidden signs escaped."""
    firsts = {name: variant for variant, name in reversed(pairs)}
    listed = list(firsts.items())[::-1][:count]
    return " ".join(f"{repr(variant)[1:-1]} ({name})" for name, variant in listed)


def print_table(counts: dict[str, Recall], misses: int) -> None:
    """Print one row a technique."""
    print("| technique | variants | found | named | not found | found, not named |")
    print("|---|---|---|---|---|---|")
    for technique, count in counts.items():
        print(
            f"| {technique} | {count.variants} | {count.found_ratio:.3f} "
            f"| {count.named_ratio:.3f} | {shown(count.missed, misses)} "
            f"| {shown(count.misnamed, misses)} |"
        )


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--references", type=int, default=500)
    parser.add_argument("--limit", type=int, default=20)
    parser.add_argument("--misses", type=int, default=6)
    words = parser.parse_args()
    references = load_references([SHIPPED])
    index = NameIndex.build(references)
    names = sample(references.organisations, words.references)
    print(f"{len(names)} references, at most {words.limit} variants a technique")
    counts = recall(Spoofer(references, index), index, names, words.limit)
    print_table({str(key): count for key, count in counts.items()}, words.misses)


if __name__ == "__main__":
    main()
