"""``python -m bench.nights DIR``: what a night costs that knows of the one before.

DIR is a dataset of ``bench.generate`` in Parquet. Measured are a run that remembers nothing, a
first night, the same input a day later, and a night with one new post in a hundred: as a file
beside the others, and with the whole file written anew, the new posts at its end or in front, where
every row stands at another place. CPU seconds, the least of some rounds.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.generate import BATCH, write_dataset
from bench.measure import Cost, run_module
from bench.platform import Shape
from bench.suite import NOW
from bench.writing import Table

_SHARE = 100
_ANEW = ("written anew, at the end", "written anew, in front")
_TINY = 2


def write_nights(dataset: Path, home: Path) -> dict[str, Path]:
    """Write the datasets of the nights under ``home``; the first file is linked, not copied."""
    posts = pq.read_table(dataset / "posts.parquet")
    accounts = pq.read_metadata(dataset / "accounts.parquet").num_rows
    more = home / "more"
    write_dataset(more, Shape(posts.num_rows // _SHARE, accounts, 4242))
    new = pq.read_table(more / "posts.parquet")
    ids = pc.binary_join_element_wise(new.column("post_id"), "new", "-")
    new = new.set_column(new.column_names.index("post_id"), "post_id", ids).cast(posts.schema)
    places = {name: home / name for name in ("same", "appended", *_ANEW, "tiny")}
    for place in places.values():
        (place / "posts").mkdir(parents=True)
        (place / "accounts.parquet").symlink_to((dataset / "accounts.parquet").resolve())
    for name in ("same", "appended"):
        base = places[name] / "posts" / "a.parquet"
        base.symlink_to((dataset / "posts.parquet").resolve())
    pq.write_table(new, places["appended"] / "posts" / "b.parquet")
    for name, parts in zip(_ANEW, ((posts, new), (new, posts)), strict=True):
        whole = pa.concat_tables(parts)
        # As the first file was written, by the same program: a row group a batch.
        with Table(places[name] / "posts", "a", "parquet", 1, whole.num_rows) as table:
            for start in range(0, whole.num_rows, BATCH):
                table.write(whole.slice(start, BATCH).combine_chunks().to_batches()[0])
    pq.write_table(posts.slice(0, _TINY), places["tiny"] / "posts" / "a.parquet")
    (places["tiny"] / "accounts.parquet").unlink()
    return places


def night(dataset: Path, out: Path, kept: Path | None, days: int) -> Cost:
    """Audit once, so many days later, and remove what was written."""
    now = (datetime.fromisoformat(NOW) + timedelta(days=days)).isoformat()
    words = ["auditor", "audit", str(dataset), "--out", str(out), "--now", now, "--quiet"]
    words += ["--workers", "1", *(["--kept", str(kept)] if kept else [])]
    cost, _ = run_module(words, accepted=(0, 3))
    shutil.rmtree(out)
    return cost


def measured(places: Mapping[str, Path], home: Path) -> dict[str, Cost]:
    """Carry out every night once."""
    kept, out = home / "kept", home / "run"
    shutil.rmtree(kept, ignore_errors=True)
    found = {
        "start-up": night(places["tiny"], out, None, 0),
        "without a memory": night(places["same"], out, None, 0),
        "first night": night(places["same"], out, kept, 0),
        "unchanged": night(places["same"], out, kept, 1),
    }
    for name in ("appended", *_ANEW):
        # Each begins with what the unchanged night left.
        copy = home / f"copy of kept, {name}"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(kept, copy)
        found[f"one in a hundred new, {name}"] = night(places[name], out, copy, 2)
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    words = parser.parse_args()
    best: dict[str, Cost] = {}
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        places = write_nights(words.dataset, home)
        for _ in range(words.rounds):
            for what, cost in measured(places, home).items():
                best[what] = cost.least(best.get(what, cost))
    start, first = best["start-up"].cpu_seconds, best["without a memory"].cpu_seconds
    print("| night | CPU s | / without a memory, start-up aside | included | peak MiB |")
    print("|---|---|---|---|---|")
    for what, cost in best.items():
        aside = (cost.cpu_seconds - start) / (first - start)
        ratio = cost.cpu_seconds / first
        print(
            f"| {what} | {cost.cpu_seconds:.2f} | {aside:.3f} | {ratio:.3f} | {cost.peak_mib:.0f} |"
        )


if __name__ == "__main__":
    main()
