"""``python -m bench``: one audit beside the bare pass and its peers, as one table of ratios.

Prints Markdown and writes the same as JSON, from which ``python -m bench.pages`` makes the figures
of the docs. ``--check`` compares a few ratios of a small size with those recorded instead.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

# Libraries read these as they are imported: one core for all.
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"

from bench.check import check, record
from bench.pages import RESULTS
from bench.suite import FAR, Plan, Suite
from bench.table import render


def main() -> int:
    """Measure, print the table and write the JSON; or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=Plan().sizes, help="posts")
    parser.add_argument("--far", action="store_true", help="ten million posts as well")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--no-extras", action="store_true", help="no more rules, no more names")
    parser.add_argument("--keep", type=Path, help="keep datasets and runs here for the next time")
    parser.add_argument(
        "--json", type=Path, help="where the figures go; those of the docs (--far): results.json"
    )
    parser.add_argument("--check", action="store_true", help="a small size against ratios.json")
    parser.add_argument("--record", action="store_true", help="write ratios.json anew")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = words.keep or Path(name)
        home.mkdir(parents=True, exist_ok=True)
        if words.record:
            return record(home)
        if words.check:
            return check(home)
        far, sizes = FAR if words.far else 0, tuple(words.sizes)
        plan = Plan(
            sizes, words.rounds, words.workers, not words.no_peers, not words.no_extras, far
        )
        # The pages of the docs are made of this file: no table of another size takes its place.
        path = words.json or (RESULTS if plan == Plan(rounds=words.rounds, far=FAR) else None)
        if path is None:
            print("not the sizes of the docs: printed only, --json FILE keeps it", file=sys.stderr)
        told = Suite(home, plan).run()
    if path is not None:
        text = json.dumps(told, ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")
    print(render(told))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
