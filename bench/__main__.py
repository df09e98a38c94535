"""``python -m bench``: one audit beside the bare pass over the same dataset, as CPU time and ratio.

The bare pass reads two columns of the Parquet file, makes strings and runs one automaton with the
rules' own phrases over the text.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.generate import write_dataset
from bench.platform import Shape


@dataclass(frozen=True)
class Cost:
    """CPU seconds (user and system, children too) and peak memory of the largest process in MiB."""

    cpu_seconds: float
    peak_mib: float


def audit_cost(dataset: Path, out: Path, workers: int) -> Cost:
    """Run ``auditor audit`` in a process of its own and measure it."""
    script = (
        "import resource,subprocess,sys;"
        "code=subprocess.run([sys.executable,'-m','auditor','audit',*sys.argv[1:]],"
        "stdout=subprocess.DEVNULL).returncode;"
        "u=resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(code,u.ru_utime+u.ru_stime,u.ru_maxrss/1024)"
    )
    words = [str(dataset), "--out", str(out), "--workers", str(workers), "--quiet"]
    words += ["--now", "2026-11-21T08:00:00+08:00"]
    result = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, check=True
    )
    code, seconds, mib = result.stdout.split()
    if code not in ("0", "3"):
        raise SystemExit(f"auditor audit ended with status {code}: {result.stderr}")
    return Cost(float(seconds), float(mib))


def bare_seconds(dataset: Path) -> float:
    """Measure the bare pass in a process of its own."""
    words = [sys.executable, "-m", "bench.bare", str(dataset / "posts.parquet")]
    result = subprocess.run(words, capture_output=True, text=True, check=True)
    return float(result.stdout.split()[0])


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        dataset = directory / "dataset"
        write_dataset(dataset, Shape(words.posts, words.accounts))
        bare: list[float] = []
        audits: dict[int, list[Cost]] = {workers: [] for workers in words.workers}
        for turn in range(words.rounds):
            bare.append(bare_seconds(dataset))
            for workers, costs in audits.items():
                costs.append(audit_cost(dataset, directory / f"run-{turn}-{workers}", workers))
        print(f"{words.accounts} accounts, {words.posts} posts, least of {words.rounds} rounds")
        print("| what | CPU s | ratio to the bare pass | peak MiB of one process |")
        print("|---|---|---|---|")
        print(f"| bare pass | {min(bare):.2f} | 1 | |")
        for workers, costs in audits.items():
            least = min(cost.cpu_seconds for cost in costs)
            peak = max(cost.peak_mib for cost in costs)
            print(
                f"| audit, {workers} workers | {least:.2f} | {least / min(bare):.1f} | {peak:.0f} |"
            )
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(f"(the generator itself took {usage.ru_utime:.0f} CPU s)")


if __name__ == "__main__":
    main()
