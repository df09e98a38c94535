"""``python -m bench.sizes [COUNT]``: CPU seconds and memory of a process that builds the index.

Prints the number of names and short names, the seconds to load the lists and to build the index,
and the MiB at the peak before and after building.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from typing import NamedTuple

from auditor.names import NameIndex
from auditor.references import SHIPPED, load_references
from bench.bodies import listed, widened
from bench.costs import made


class Size(NamedTuple):
    """What one process took."""

    names: int
    load_seconds: float
    build_seconds: float
    lists_mib: float
    peak_mib: float


def size(count: int) -> Size:
    """Measure in a process of its own; ``count`` names, or 0 for the shipped lists as they are.

    To be asked first: the peak that a process is told begins with that of its parent.
    """
    words = [sys.executable, "-m", "bench.sizes", str(count)]
    result = subprocess.run(words, capture_output=True, text=True, check=True)
    names, *rest = result.stdout.split()
    return Size(int(names), *map(float, rest))


def _peak_mib() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def main() -> None:
    """Print the five figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=0)
    count = parser.parse_args().count
    references, loading = made(lambda: load_references([SHIPPED]))
    if count:
        references = widened(references, count)
    before = _peak_mib()
    _, building = made(lambda: NameIndex.build(references))
    print(len(listed(references)), loading, building, before, _peak_mib())


if __name__ == "__main__":
    main()
