"""A group of copies across accounts as clusters.csv lists it, or the reason why it does not.

The group says nothing about a relation between the accounts, and no finding is made of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple

from auditor.copies.limits import Limits
from auditor.copies.marks import AGAINST, NEVER
from auditor.model import CHINA, ClusterRow

KIND: Final = "copies-across-accounts"


class Member(NamedTuple):
    """One post of a group: ``account`` is ``platform:id``, ``post`` ``platform:account:post``.

    ``likeness`` (0..1) is to the earliest collected one that bears no mark of ``NEVER``.
    """

    account: str
    post: str
    published_at: datetime | None
    likeness: float
    marks: tuple[str, ...] = ()


class Cluster(NamedTuple):
    """The rows of a group, the earliest collected first; or none, and why it is left out.

    ``left_out`` is empty, a mark that half the group bears, ``government`` or ``media`` (such an
    account published the text first), or ``few_accounts``.
    """

    rows: tuple[ClusterRow, ...]
    left_out: str = ""


def cluster_of(members: Sequence[Member], limits: Limits) -> Cluster:
    """Return the rows of one group of posts that hang together."""
    marks = Counter(mark for member in members for mark in set(member.marks))
    for mark in sorted(NEVER.intersection(marks)):
        if marks[mark] >= limits.left_out_share * len(members):
            return Cluster((), mark)
    kept = sorted((one for one in members if not NEVER.intersection(one.marks)), key=_order)
    first = kept[0] if kept else None
    if first is None:
        return Cluster((), "few_accounts")
    for mark in ("government", "media"):
        if mark in first.marks:
            return Cluster((), mark)
    counted = [one for one in kept if not AGAINST.intersection(one.marks)]
    together = most_accounts(counted, limits.hours)
    if together < limits.least_accounts:
        return Cluster((), "few_accounts")
    return Cluster(tuple(_rows(kept, together)))


def most_accounts(members: Sequence[Member], hours: int) -> int:
    """Return the most accounts that published within so many hours of one another."""
    dated = sorted((one.published_at, one.account) for one in members if one.published_at)
    times = [at for at, _ in dated]
    inside: Counter[str] = Counter()
    most = last = 0
    for start, (at, account) in enumerate(dated):
        end = bisect_right(times, at + timedelta(hours=hours), lo=start)
        inside.update(one for _, one in dated[last:end])
        last = end
        most = max(most, len(inside))
        inside[account] -= 1
        if not inside[account]:
            del inside[account]
    return most


def _order(member: Member) -> tuple[bool, float, str]:
    """Dated ones first, by time; what has no date is not said to be earlier or later."""
    at = member.published_at
    return at is None, at.timestamp() if at else 0.0, member.post


def _rows(kept: Sequence[Member], together: int) -> list[ClusterRow]:
    dated = [one.published_at for one in kept if one.published_at]
    spread = (max(dated) - min(dated)).total_seconds() / 3600 if dated else None
    keys = "\n".join(sorted(one.post for one in kept))
    cluster_id = sha256(keys.encode()).hexdigest()[:16]
    accounts = len({one.account for one in kept})
    seen: set[str] = set()
    rows = []
    for place, member in enumerate(kept):
        at = member.published_at
        role = "earliest_collected" if not place else "later"
        role = "own_copy" if member.account in seen else role
        seen.add(member.account)
        rows.append(
            ClusterRow(
                cluster_id=cluster_id,
                kind=KIND,
                size=len(kept),
                accounts=accounts,
                role=role if at else "undated",
                account_id=member.account,
                post_id=member.post,
                published_at=at.astimezone(CHINA).isoformat(timespec="seconds") if at else None,
                similarity=round(member.likeness, 3),
                against=tuple(sorted(AGAINST.intersection(member.marks))),
                hours=None if spread is None else round(spread, 1),
                accounts_at_once=together,
            )
        )
    return rows
