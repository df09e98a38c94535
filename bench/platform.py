"""One invented platform: how many posts each account has, which of them are planted or copies."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bench.dice import Dice, as_shares, mixed

Numbers = NDArray[np.int64]

LARGEST = 0.016371
"""Share of all posts that the largest account has: 16,371 of a million in the measured corpus."""

COPIES = 0.08
"""Share of posts that are members of a labelled group of copies, as in that corpus."""

EDITS = ("exact", "prefix", "suffix", "characters", "turned", "tail")
"""What sets a copy apart from the text of its group."""

_EDIT_WEIGHTS = [35.0, 15.0, 15.0, 20.0, 5.0, 10.0]
_POWER = 0.73
_GROUP_POWER = 1.27
_LARGEST_GROUP = 2_000


@dataclass(frozen=True)
class Shape:
    """How large a platform is and how its posts are spread; equal shapes give equal bytes."""

    posts: int
    accounts: int
    seed: int = 7
    largest: float = LARGEST
    copies: float = COPIES

    @cached_property
    def dice(self) -> Dice:
        """The draws of this seed."""
        return Dice(self.seed)


@dataclass(frozen=True)
class Copies:
    """Which posts of a batch are copies: positions in the batch, groups, and how each differs."""

    places: Numbers
    groups: Numbers
    edits: Numbers


@dataclass(frozen=True)
class Platform:
    """The accounts' ranges of posts, and the groups of copies.

    A post is a number from 0 on; the posts of account ``a`` are ``starts[a]`` to
    ``starts[a + 1]`` (exclusive), in whatever order they are written.
    """

    shape: Shape
    starts: Numbers = field(repr=False)
    groups: Numbers = field(repr=False)

    @classmethod
    def of(cls, shape: Shape) -> Platform:
        """Spread the posts over the accounts by a power law, and the copies over groups."""
        dice = shape.dice
        ranks = np.arange(1, shape.accounts + 1, dtype=np.float64) ** -_POWER
        ranks /= ranks.sum()
        if shape.accounts > 1 and shape.largest > ranks[0]:
            ranks[1:] *= (1.0 - shape.largest) / ranks[1:].sum()
            ranks[0] = shape.largest
        order = dice.shuffled("rank", np.arange(shape.accounts), shape.accounts)
        ends = np.rint(np.cumsum(ranks[order]) * shape.posts).astype(np.int64)
        ends[-1] = shape.posts
        return cls(shape, np.concatenate([[0], ends]), _group_ends(shape))

    @property
    def sizes(self) -> Numbers:
        """Posts of each account."""
        return np.diff(self.starts)

    def accounts_of(self, posts: Numbers) -> Numbers:
        """Return the account of each post."""
        return np.searchsorted(self.starts, posts, side="right") - 1

    def ordered(self, places: Numbers, order: str) -> Numbers:
        """Return which posts stand at these places of the file."""
        if order == "account":
            return places
        return self.shape.dice.shuffled("order", places, self.shape.posts)

    def copies(self, posts: Numbers, free: NDArray[np.bool_]) -> Copies:
        """Return the copies among posts; only those that are ``free`` of other plans can be one."""
        members = int(self.groups[-1]) if self.groups.size else 0
        slots = self.shape.dice.shuffled("copy", posts, self.shape.posts)
        places = np.flatnonzero((slots < members) & free)
        groups = np.searchsorted(self.groups, slots[places], side="right")
        edits = self.shape.dice.chosen("edit", posts[places], _EDIT_WEIGHTS)
        return Copies(places, groups.astype(np.int64), edits)


def _group_ends(shape: Shape) -> Numbers:
    """Return where each group ends among the places of copies; two members at least."""
    members = int(shape.posts * shape.copies)
    if members < 2:
        return np.empty(0, dtype=np.int64)
    shares = as_shares(mixed(np.arange(members // 2, dtype=np.uint64) + np.uint64(shape.seed)))
    sizes = np.minimum(2.0 * (1.0 - shares) ** (-1.0 / _GROUP_POWER), _LARGEST_GROUP)
    ends: Numbers = np.cumsum(sizes.astype(np.int64))
    found: Numbers = ends[ends <= members]
    return found
