"""What every worker of a large run will need, loaded once and before they are forked.

Else each loads it for itself: some 0.6 CPU s and 100 MiB a process.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from auditor.rules import Compiled
from auditor.runs.facts import facts_of
from auditor.runs.request import AuditRequest
from auditor.sources import LOCATED, Kind
from auditor.sources.files import dataset_files
from auditor.text import switch_loops, words

LARGE = 64 << 20
"""Bytes of posts from which on slices are large enough for loops (``sources.slices.ROWS``), however
well they are packed."""

_KEY: Final[dict[str, object]] = {"platform": "-", "account_id": "-", "row_line": 1}
_POST: Final[dict[str, object]] = {**_KEY, "post_id": "-", "text": "-"}


def load_ahead(request: AuditRequest, compiled: Compiled) -> None:
    """Load loops, dictionary, patterns and spellings of lists, where the input is a large dataset.

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
    # By doing what workers will do, so that no list of what they need has to be kept.
    rows: dict[Kind, dict[str, object]] = {"posts": _POST, "accounts": _profile(compiled)}
    for kind, row in rows.items():
        facts_of(compiled, kind, pa.RecordBatch.from_pylist([row], LOCATED[kind]), 0)
    words("-")
    compiled.resources.listed.bodies.of("-")


def _profile(compiled: Compiled) -> dict[str, object]:
    """Return a profile for which most is arranged that is when it is first asked for.

    Its texts hold a phrase of each step that is asked itself, and its name is near a listed one.
    """
    profile = dict(_KEY)
    for name, asking in compiled.asking.items():
        of_steps = {int(phrases.argmax()) for phrases in asking.phrases if phrases.any()}
        profile[name] = "，".join(map(asking.scanner.phrase, sorted(of_steps)))
    for body in compiled.resources.references.organisations[:1]:
        profile["name"] = body.name[:-1]
    return profile
