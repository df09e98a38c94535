"""A group of copies across accounts as clusters.csv lists it, or the reason why it does not.

The group says nothing about a relation between the accounts, and no finding is made of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from math import inf
from operator import attrgetter
from typing import Final, NamedTuple

from auditor.copies.limits import Limits
from auditor.copies.marks import AGAINST, NEVER
from auditor.copies.windows import window_ends
from auditor.model import ClusterRow, in_china

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
    """A group as it is listed, the earliest collected first; or nobody, and why it is left out.

    ``at_once`` is the most accounts that published within the hours of the limits. ``left_out`` is
    empty, a mark that half the group bears, ``government`` or ``media`` (such an account published
    the text first), or ``few_accounts``.
    """

    members: tuple[Member, ...]
    at_once: int = 0
    left_out: str = ""

    def rows(self) -> Iterator[ClusterRow]:
        """Yield the row of each member: a text forwarded 10^6 times has as many."""
        return _rows(self.members, self.at_once)


def cluster_of(members: Sequence[Member], limits: Limits) -> Cluster:
    """Return one group of posts that hang together, as it is listed."""
    marks = Counter(mark for member in members for mark in set(member.marks))
    for mark in sorted(NEVER.intersection(marks)):
        if marks[mark] >= limits.left_out_share * len(members):
            return Cluster((), left_out=mark)
    kept = [one for one in members if not NEVER.intersection(one.marks)]
    # One after the other: no pair has to be made and held for each member.
    kept.sort(key=attrgetter("post"))
    kept.sort(key=_time)
    first = kept[0] if kept else None
    if first is None:
        return Cluster((), left_out="few_accounts")
    for mark in ("government", "media"):
        if mark in first.marks:
            return Cluster((), left_out=mark)
    counted = [one for one in kept if not AGAINST.intersection(one.marks)]
    together = most_accounts(counted, limits.hours)
    if together < limits.least_accounts:
        return Cluster((), left_out="few_accounts")
    return Cluster(tuple(kept), together)


def most_accounts(members: Sequence[Member], hours: int) -> int:
    """Return the most accounts that published within so many hours of one another."""
    dated = sorted((one.published_at, one.account) for one in members if one.published_at)
    times = [at for at, _ in dated]
    inside: Counter[str] = Counter()
    most = last = 0
    ends = window_ends(times, timedelta(hours=hours))
    for (_, account), end in zip(dated, ends, strict=True):
        inside.update(one for _, one in dated[last:end])
        last = end
        most = max(most, len(inside))
        inside[account] -= 1
        if not inside[account]:
            del inside[account]
    return most


def _time(member: Member) -> float:
    """Dated ones first, by time; what has no date is not said to be earlier or later."""
    at = member.published_at
    return inf if at is None else at.timestamp()


def _name(kept: Sequence[Member]) -> str:
    """Return the name of a group: of its posts, whatever else is known of them."""
    found, between = sha256(), b""
    for post in sorted(one.post for one in kept):
        found.update(between + post.encode())
        between = b"\n"
    return found.hexdigest()[:16]


def _rows(kept: Sequence[Member], together: int) -> Iterator[ClusterRow]:
    dated = [one.published_at for one in kept if one.published_at]
    spread = (max(dated) - min(dated)).total_seconds() / 3600 if dated else None
    cluster_id = _name(kept)
    accounts = len({one.account for one in kept})
    seen: set[str] = set()
    for place, member in enumerate(kept):
        at = member.published_at
        role = "earliest_collected" if not place else "later"
        role = "own_copy" if member.account in seen else role
        seen.add(member.account)
        yield ClusterRow(
            cluster_id=cluster_id,
            kind=KIND,
            size=len(kept),
            accounts=accounts,
            role=role if at else "undated",
            account_id=member.account,
            post_id=member.post,
            published_at=in_china(at).isoformat(timespec="seconds") if at else None,
            similarity=round(member.likeness, 3),
            against=tuple(sorted(AGAINST.intersection(member.marks))),
            hours=None if spread is None else round(spread, 1),
            accounts_at_once=together,
        )
