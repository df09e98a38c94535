"""``python -m bench.validation DATASET``: CPU seconds of judging every row of a Parquet dataset.

Judged are texts (UTF-8, no NUL, limits), words of fixed lists, times, counts and references to
other posts: all that decides whether a row is rejected, and the one form rows are brought into.
Reading the columns is not counted: the audit would read most of them anyway. Nor is the UTF-8 of
texts of posts, which folding sees on its way.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from auditor.runs.screening import unchecked_of
from auditor.sources.blocks import Block, Desk
from auditor.sources.parquet import read_parquet
from auditor.sources.schemas import KINDS
from auditor.text import switch_loops
from bench.bare import files
from bench.measure import cpu_seconds


@dataclass(slots=True)
class _TimedDesk(Desk):
    """A desk that counts the CPU seconds it takes."""

    seconds: float = 0.0

    def settle(self, block: Block) -> pa.RecordBatch:
        before = cpu_seconds()
        settled = Desk.settle(self, block)
        self.seconds += cpu_seconds() - before
        return settled


def validation_seconds(dataset: Path) -> tuple[float, int]:
    """Return the CPU seconds, and how many rows were judged."""
    seconds, rows = 0.0, 0
    switch_loops(True)
    for kind in KINDS:
        for path in files(dataset / f"{kind}.parquet"):
            if not path.exists():
                continue
            desk = _TimedDesk(kind, path.name, None, lambda _: None, set())
            for _ in read_parquet(path, desk, unchecked=unchecked_of(kind)):
                pass
            seconds += desk.seconds
            rows += desk.kept + desk.rejected
    return seconds, rows


def main() -> None:
    """Print the CPU seconds and the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    print(*validation_seconds(parser.parse_args().dataset))


if __name__ == "__main__":
    main()
