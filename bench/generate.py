"""``python -m bench.generate DIR``: a seeded dataset of any size, in bounded memory.

Lengths, hit rates and the spread of posts over accounts are those of a realistic platform; names,
posts and cases are invented. What is planted stands in ``DIR/truth``.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from auditor.references import SHIPPED, load_references
from bench.clauses import Words
from bench.people import PLATFORM, People, account_key
from bench.planted import SHARE, Plan, plan_cases
from bench.platform import COPIES, EDITS, LARGEST, Copies, Platform, Shape
from bench.rows import FIRST_POST, Rows
from bench.writing import FORMATS, Table

BATCH = 50_000
"""Rows made at a time."""

_POOL = (50_000, 1_000_000)
_BODIES = 3_000


class Choices(NamedTuple):
    """How a dataset is written, beside its shape."""

    form: str = "parquet"
    files: int = 1
    order: str = "random"
    planted: float = SHARE


def write_dataset(directory: Path, shape: Shape, choices: Choices = Choices()) -> None:  # noqa: B008
    """Write accounts, posts and the truth; the rows are the same in every form and order."""
    directory.mkdir(parents=True, exist_ok=True)
    references = load_references([SHIPPED])
    places = [one.short_name or one.name for one in references.divisions if one.level != "province"]
    cities = [one.short_name or one.name for one in references.divisions if one.level == "city"]
    platform = Platform.of(shape)
    plan = plan_cases(platform, cities, choices.planted)
    bodies = [one.name for one in references.organisations[:_BODIES]]
    words = Words.read(shape.dice, places, bodies)
    pool = words.pool(min(max(shape.posts, _POOL[0]), _POOL[1]))
    rows = Rows(platform, plan, words, pool)
    people = People(platform, plan, words)
    with Table(directory, "accounts", choices.form, 1, shape.accounts) as table:
        for start in range(0, shape.accounts, BATCH):
            table.write(people.batch(np.arange(start, min(start + BATCH, shape.accounts))))
    (directory / "truth").mkdir(exist_ok=True)
    _write_truth(directory / "truth" / "planted.csv", platform, plan)
    with (
        (directory / "truth" / "copies.csv").open("w", encoding="utf-8", newline="") as stream,
        Table(directory, "posts", choices.form, choices.files, shape.posts) as table,
    ):
        truth = csv.writer(stream)
        truth.writerow(("cluster", "account_id", "post_id", "edit"))
        for start in range(0, shape.posts, BATCH):
            stop = min(start + BATCH, shape.posts)
            posts = platform.ordered(np.arange(start, stop), choices.order)
            batch, copies = rows.batch(posts)
            table.write(batch)
            truth.writerows(_copy_rows(platform, posts, copies))


def _write_truth(path: Path, platform: Platform, plan: Plan) -> None:
    """Write what was planted: an account, a post where one shows it, the rules that may say it."""
    rows = [(account, "", case.rules) for account, case in plan.profiles.items() if case.rules]
    owners = platform.accounts_of(np.array(list(plan.texts), np.int64)).tolist()
    for account, (post, case) in zip(owners, plan.texts.items(), strict=True):
        rows.append((account, str(FIRST_POST + post), case.rules))
    rows += [(account, "", "same-text-repeated") for account in plan.repeats]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("account_id", "post_id", "rules"))
        for number, shown_in, rules in sorted(rows):
            writer.writerow((f"{PLATFORM}:{account_key(number)}", shown_in, rules))


def _copy_rows(
    platform: Platform, posts: np.ndarray, copies: Copies
) -> Iterator[tuple[int, str, int, str]]:
    chosen = posts[copies.places]
    owners = platform.accounts_of(chosen).tolist()
    for group, owner, post, edit in zip(
        copies.groups.tolist(), owners, chosen.tolist(), copies.edits.tolist(), strict=True
    ):
        yield group, f"{PLATFORM}:{account_key(owner)}", FIRST_POST + post, EDITS[edit]


def main() -> None:
    """Write a dataset from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--accounts", type=int, help="default: a twentieth of the posts")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--largest", type=float, default=LARGEST, help="share of its posts, 0..1")
    parser.add_argument("--copies", type=float, default=COPIES, help="share of posts, 0..1")
    parser.add_argument("--planted", type=float, default=SHARE, help="share of accounts, 0..1")
    parser.add_argument("--order", choices=("random", "account"), default="random")
    parser.add_argument("--form", choices=FORMATS, default="parquet")
    parser.add_argument("--files", type=int, default=1, help="files that the posts are parted into")
    words = parser.parse_args()
    accounts = words.accounts or max(1, words.posts // 20)
    shape = Shape(words.posts, accounts, words.seed, words.largest, words.copies)
    choices = Choices(words.form, words.files, words.order, words.planted)
    write_dataset(words.directory, shape, choices)
    print(words.directory)


if __name__ == "__main__":
    main()
