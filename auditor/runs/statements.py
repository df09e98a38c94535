"""The global stage as SQL that DuckDB and Spark both read: tables made one after the other.

The files beside this one say which (``sql/*.sql``); those that DuckDB alone runs, as only one
machine cuts its work into parts or knows of earlier nights, say so. The facts of posts, accounts
and changes come in as ``post_facts``, ``account_facts`` and ``change_facts`` (``runs.facts``),
accounts that asked to be left out as ``opted_out``. Every order is total, so that any engine gives
the same tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from string import Template

from auditor.copies import BANDS, BUCKETS, OWN_COPIES
from auditor.detectors import Repeated
from auditor.rules import Compiled

Statement = tuple[str, str]
"""The name of a table, and the query that makes it."""

HEAVIEST = "SELECT part FROM parts GROUP BY part ORDER BY sum(bytes) DESC, part"
"""The parts, the one with most to judge first."""

NEVER = 1 << 62
"""More posts than there are: what no rule asks for."""

_HOUR = 3_600_000_000
"""Microseconds, as ``published`` counts them."""

NAMES, DIGESTS = BANDS, BANDS + 1
"""The kinds of key in ``shared`` beside the bands of sketches: of what names a post, of all it
says."""

ACCOUNT_BYTES = 1_000
"""What an account counts beside its posts, when accounts are put together to parts."""

PART_BYTES = 1024 * 1024
"""Bytes of text that are judged together at most: some eight times as much memory.

No setting changes the parts, so that a run resumed with other settings has the same.
"""

FEW_PARTS = 8
"""A run has about as many parts at least, where they are no smaller than ``SMALL_PART_BYTES``.

Of three parts and a bit one of two processes has two, and the other waits for it. An account that
is larger than a part counts as one.
"""

SMALL_PART_BYTES = 128 * 1024

_DIRECTORY = Path(__file__).parent / "sql"
_HEAD = re.compile(r"^-- table: (?P<name>\w+)$", re.MULTILINE)


def statements(name: str, **values: object) -> tuple[Statement, ...]:
    """Return the tables of ``sql/NAME.sql`` in their order, with the values filled in."""
    text = Template((_DIRECTORY / f"{name}.sql").read_text(encoding="utf-8")).substitute(values)
    _, *pieces = _HEAD.split(text)
    return tuple(zip(pieces[::2], map(str.strip, pieces[1::2]), strict=True))


def settling(kind: str, key: str) -> tuple[Statement, ...]:
    """Return what decides between rows of one ``key``, from ``{kind}_contents``."""
    return statements("settled", kind=kind, key=key, facts=f"{kind[:-1]}_facts")


def sharing() -> tuple[Statement, ...]:
    """Return what tells the kinds of ``shared`` apart, and the posts that may share their name."""
    return statements("shared", names=NAMES, digests=DIGESTS)


def waking(compiled: Compiled) -> tuple[Statement, ...]:
    """Return what tells which accounts are judged, with which of their posts.

    From ``posts``, ``accounts``, ``change_facts``, ``sketch_facts`` and what ``sharing`` makes to
    ``listed``, ``awake`` and ``wanted_posts``; ``buckets`` are the posts that share a key.
    """
    plan = compiled.plan
    return (
        *statements("sketched"),
        BUCKETS,
        OWN_COPIES,
        *statements(
            "awake",
            near_least=min((one.posts for one in plan.near_repeats), default=NEVER),
            near_more=_more(plan.near_repeats),
            near_reach=_reach(plan.near_repeats),
            more=_more(plan.repeats),
            reach=_reach(plan.repeats),
            by_change=str(plan.changes).upper(),
            always=str(plan.recent.always).upper(),
            recent=plan.recent.count,
            fewest=plan.recent.fewest,
        ),
    )


def parting(awake: str) -> tuple[Statement, ...]:
    """Return what cuts the accounts of the table ``awake``, and their rows, into parts."""
    return statements(
        "parts",
        awake=awake,
        account_bytes=ACCOUNT_BYTES,
        least_bytes=SMALL_PART_BYTES,
        most_bytes=PART_BYTES,
        few=FEW_PARTS,
    )


def _more(asked: Iterable[Repeated]) -> int:
    """Return how many posts must follow the first, by the rule that asks for the fewest."""
    return min((one.posts for one in asked), default=1) - 1


def _reach(asked: Iterable[Repeated]) -> int:
    """Return within how many microseconds, by the rule that gives most time; none has less."""
    return max((one.hours * _HOUR for one in asked), default=-1)
