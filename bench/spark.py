"""``python -m bench.spark DIR``: the same run on Spark and on one machine, in turns.

``--small`` names a small dataset, which stands for all that is fixed: the JVM, the rules, the jobs.
Both engines have two workers. Prints seconds on the clock and of CPU (driver, JVM and workers
together), the least of the rounds, the memory of all processes, and whether the tables are the
same bytes. Where others use the machine, only the CPU seconds tell anything.
"""

from __future__ import annotations

import argparse
import filecmp
import shutil
import tempfile
from pathlib import Path

from bench.measure import Cost, run_module

TABLES = ("findings.csv", "accounts.csv", "clusters.csv", "coverage.csv", "rules.csv")
NOW = "2026-11-21T00:00:00+00:00"
ENGINES = ("local", "spark")


def run(engine: str, dataset: Path, out: Path) -> Cost:
    """Audit a dataset once."""
    shutil.rmtree(out, ignore_errors=True)
    words = ["auditor", "audit", str(dataset), "--engine", engine, "--quiet", "--workers", "2"]
    return run_module([*words, "--now", NOW, "--run-id", "bench", "--out", str(out)])[0]


def measure(sizes: dict[str, Path], rounds: int) -> dict[tuple[str, str], Cost]:
    """Run both engines over each dataset in turns; say whether they wrote the same."""
    found: dict[tuple[str, str], Cost] = {}
    with tempfile.TemporaryDirectory() as place:
        for _ in range(rounds):
            for size, dataset in sizes.items():
                for engine in ENGINES:
                    cost = run(engine, dataset, Path(place, engine))
                    found[size, engine] = cost.least(found.get((size, engine), cost))
                outs = (Path(place, engine) for engine in ENGINES)
                _, differ, missing = filecmp.cmpfiles(*outs, TABLES, shallow=False)
                print(f"{size}: tables that differ: {', '.join(differ + missing) or 'none'}")
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--small", type=Path, help="dataset that stands for what is fixed")
    parser.add_argument("--rounds", type=int, default=3)
    words = parser.parse_args()
    small = {"small": words.small} if words.small else {}
    found = measure({"large": words.directory, **small}, words.rounds)
    for (size, engine), cost in found.items():
        print(
            f"{size} {engine}: {cost.wall_seconds:.1f} s, {cost.cpu_seconds:.1f} CPU s,"
            f" {cost.peak_mib:.0f} MiB at the peak"
        )
    for name, field in (("on the clock", "wall_seconds"), ("in CPU time", "cpu_seconds")):
        local, spark = (getattr(found["large", engine], field) for engine in ENGINES)
        print(f"spark / local {name}: {spark / local:.2f}")
        if small:
            fixed = [getattr(found["small", engine], field) for engine in ENGINES]
            print(f"start-up aside: {(spark - fixed[1]) / (local - fixed[0]):.2f}")


if __name__ == "__main__":
    main()
