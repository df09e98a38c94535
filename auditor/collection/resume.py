"""What earlier crawls left behind: a crawl to go on with, and how far each walk had come."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from auditor.collection.walk import known_until
from auditor.model import FetchOutcome, Target

RESUMABLE = timedelta(hours=24)
"""An interrupted crawl older than this is not gone on with: its profiles are stale."""

_ENDED = ("fetched", "opted_out")


@dataclass(frozen=True, slots=True)
class Past:
    """What the ledger says before a crawl begins.

    ``run_id`` is the interrupted crawl of the same plan, or empty; ``ended`` holds the last line
    of each of its targets that need not be asked again; ``known_until`` is how far earlier walks
    that came to their end had read.
    """

    run_id: str
    ended: Mapping[str, FetchOutcome]
    known_until: Mapping[str, datetime]


def plan_digest(spider: str, targets: Sequence[Target]) -> str:
    """Return what identifies a plan: the spider and the set of its targets."""
    names = sorted({target.target for target in targets})
    return hashlib.sha256("\n".join((spider, *names)).encode()).hexdigest()[:16]


def past(outcomes: Iterable[FetchOutcome], plan: str, now: datetime, reread: timedelta) -> Past:
    """Read the ledger of one spider, oldest line first.

    ``reread`` is how far before the last walk posts are read again.
    """
    open_run = ""
    ended: dict[str, FetchOutcome] = {}
    known: dict[str, datetime] = {}
    for line in outcomes:
        if line.subject == "run":
            before, open_run = open_run, _open_run(open_run, line, plan, now)
            ended = ended if open_run == before else {}
        elif line.subject == "target" and line.outcome in _ENDED:
            if line.run_id == open_run:
                ended[line.target] = line
            until = known_until(line.newest_post_at, line.at, reread)
            if until is not None:
                known[line.target] = until
    return Past(open_run, ended, known)


def _open_run(open_run: str, line: FetchOutcome, plan: str, now: datetime) -> str:
    if line.outcome == "started" and line.reason == plan and now - line.at < RESUMABLE:
        return line.run_id
    return "" if line.run_id == open_run else open_run
