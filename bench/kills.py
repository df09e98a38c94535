"""``python -m bench.kills DIR``: a run killed at random moments ends byte for byte the same.

Each run is killed up to twice (kill -9 of all its processes), then resumed to its end; its tables
are held against those of a run that was left alone. With ``--before`` each run is a night that
knows of one over that dataset, and is held against a run that knows of none.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from bench.suite import LOCAL, NOW

_RUNS = 10
_KILLS = 2


def command(
    dataset: Path, out: Path, kept: Path | None = None, more: Sequence[str] = ()
) -> list[str]:
    """Return the words of a run with two workers."""
    words = ["audit", str(dataset), "--out", str(out), "--run-id", "kills", "--workers", "2"]
    words += ["--kept", str(kept)] if kept else []
    return [sys.executable, "-m", "auditor", *words, *more, "--quiet", "--now", NOW]


def digests(run: Path) -> dict[str, str]:
    """Return the SHA-256 of every table of a run."""
    tables = [path for path in run.iterdir() if path.suffix in (".csv", ".jsonl")]
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in tables}


def run(words: list[str]) -> Path:
    """Carry out a run to its end; return its directory."""
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
    return Path(words[words.index("--out") + 1])


def copied(kept: Path | None, place: Path) -> Path | None:
    """Copy what a night left, if any: each run begins with it."""
    return None if kept is None else Path(shutil.copytree(kept, place))


def killed(words: list[str], seconds: float) -> bool:
    """Begin a run and kill it after so many seconds; whether it was still running then."""
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return True
    return False


def main() -> int:
    """Kill and compare; 1 when a table differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--before", type=Path, help="the dataset of the night before")
    parser.add_argument("--no-copies", action="store_true", help="of runs without copies")
    parser.add_argument("--seed", type=int, default=7)
    words = parser.parse_args()
    more = LOCAL if words.no_copies else ()
    chance = random.Random(words.seed)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        expected = digests(run(command(words.dataset, home / "alone", None, more)))
        before = home / "kept" if words.before else None
        if before:
            run(command(words.before, home / "before", before, more))
        started = time.monotonic()
        run(command(words.dataset, home / "first", copied(before, home / "kept first"), more))
        whole = time.monotonic() - started
        kills = differ = 0
        for number in range(_RUNS):
            out = home / str(number)
            night = command(words.dataset, out, copied(before, home / f"kept {number}"), more)
            for _ in range(_KILLS):
                if not killed(night, chance.uniform(0.3, whole)):
                    break
                kills += 1
            if not (out / "run.json").exists():
                run(night)
            differ += digests(out) != expected
    print(f"{_RUNS} runs, {kills} kills, {differ} runs with another table")
    return 1 if differ else 0


if __name__ == "__main__":
    raise SystemExit(main())
