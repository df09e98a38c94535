"""``python -m bench.bare POSTS [ROUNDS]``: the least an audit of posts must do, in CPU seconds.

Read two columns of the Parquet file, make strings, run one automaton over the text. Its patterns
are those that the audit's own cheap pass looks for (the word lists that wake a rule) and all names
of the reference lists. The words that only woken texts are read with are not in it: they are many,
they would hit several times a post, and the bare pass would look slow beside an audit that never
asks for them there.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from auditor.config import rulesets_directory
from auditor.references import load_references
from auditor.rules import Compiled, compile_ruleset, load_ruleset
from auditor.runs.pages import use_small_pages
from auditor.text.automaton import Find, best_find
from bench.bodies import listed
from bench.measure import cpu_seconds

BATCH = 8_192
"""Posts read at a time."""


def shipped() -> Compiled:
    """Compile the shipped rules and lists."""
    directory = rulesets_directory()
    references = load_references([directory / "references"])
    return compile_ruleset(load_ruleset([directory]), references)


def patterns(compiled: Compiled) -> list[str]:
    """Return the words that wake a rule, and the names and short names of all references."""
    plan = compiled.plan
    asked = (plan.profile_lexicons, plan.post_lexicons, plan.recent.lexicons)
    lists = {name for some in asked for names in some.values() for name in names}
    words = {word for name in lists for word in compiled.resources.lexicons[name]}
    return sorted(words.union(listed(compiled.resources.references)))


def files(posts: Path) -> list[Path]:
    """Return the Parquet files of a posts table: the file itself, or the parts of a folder."""
    return sorted(posts.glob("*.parquet")) if posts.is_dir() else [posts]


def batches(posts: Path) -> Iterator[list[str]]:
    """Read two columns and yield the texts as strings; the ids are made strings too."""
    for path in files(posts):
        # Without reading ahead, as an audit: it would hold a whole file.
        file = pq.ParquetFile(path, pre_buffer=False)
        for batch in file.iter_batches(BATCH, columns=["account_id", "text"]):
            batch.column(0).to_pylist()
            yield [text or "" for text in batch.column(1).to_pylist()]


def bare_pass(posts: Path, find: Find) -> tuple[float, int]:
    """Return the CPU seconds of the pass and the number of phrases it met."""
    before = cpu_seconds()
    hits = 0
    for texts in batches(posts):
        for text in texts:
            hits += len(find(text))
    return cpu_seconds() - before, hits


def main() -> None:
    """Print the CPU seconds of the quickest round, and the phrases met.

    In small pages, as an audit: it takes 3 in 100 off the pass too.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("posts", type=Path)
    parser.add_argument("rounds", type=int, nargs="?", default=1)
    words = parser.parse_args()
    use_small_pages()
    find = best_find(patterns(shipped()))
    print(*min(bare_pass(words.posts, find) for _ in range(words.rounds)))


if __name__ == "__main__":
    main()
