"""What every worker of a large run will need, loaded once and before they are forked.

Else each loads it for itself: some 0.6 CPU s and 100 MiB a process.
"""

from __future__ import annotations

import pyarrow as pa

from auditor.rules import Compiled
from auditor.runs.facts import facts_of
from auditor.runs.request import AuditRequest
from auditor.sources import LOCATED
from auditor.sources.files import dataset_files
from auditor.text import compiles, switch_loops, words

LARGE = 64 << 20
"""Bytes of posts from which on slices are large enough for loops (``sources.slices.ROWS``), however
well they are packed."""

_POST = {"platform": "-", "account_id": "-", "post_id": "-", "text": "-", "row_line": 1}


def load_ahead(request: AuditRequest, compiled: Compiled) -> None:
    """Load loops, dictionary and the spellings of lists, where the input is a large dataset.

    A run that keeps what it knows may have little to do: its workers load what they need.

    Raises:
        InputError: the dataset cannot be looked at.
    """
    if request.dataset is None or request.kept is not None:
        return
    posts = dataset_files(request.dataset)["posts"]
    if sum(path.stat().st_size for path in posts) < LARGE:
        return
    switch_loops(True)
    if compiles():
        # By doing what workers will do, so that no list of loops has to be kept.
        facts_of(compiled, "posts", pa.RecordBatch.from_pylist([_POST], LOCATED["posts"]), 0)
    words("-")
    compiled.resources.listed.bodies.of("-")
