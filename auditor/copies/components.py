"""Which texts hang together by pairs that are alike, whole columns at a time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


class Labels(NamedTuple):
    """The columns of the table ``labels``: posts in order, the least post of their component."""

    post: Numbers
    cluster: Numbers


def components(left: Numbers, right: Numbers) -> Labels:
    """Return the connected components of pairs; every post of a pair has one.

    Each round hangs every root that has a smaller neighbour under it and flattens the trees, so a
    chain of a hundred thousand takes a few rounds.
    """
    posts, ends = np.unique(np.concatenate((left, right)), return_inverse=True)
    one, other = np.split(ends, 2)
    parents = np.arange(len(posts))
    while len(one):
        one, other = parents[one], parents[other]
        apart = one != other
        one, other = one[apart], other[apart]
        np.minimum.at(parents, np.maximum(one, other), np.minimum(one, other))
        parents = _flat(parents)
    return Labels(posts, posts[parents])


def _flat(parents: Numbers) -> Numbers:
    """Hang every node directly under its root."""
    while True:
        above = parents[parents]
        if np.array_equal(above, parents):
            return parents
        parents = above
