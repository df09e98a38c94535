"""Near-copies within one account: the same join over columns in hand, without a database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from auditor.copies.bits import apart
from auditor.copies.components import Numbers, components
from auditor.copies.sketches import Sketches, most_bits_apart, sketch
from auditor.copies.verify import jaccards
from auditor.copies.windows import crowded

_TOGETHER: Final = 1 << 14
"""Keys that are put in order at once, at least those of a band."""

_ROUNDS: Final = 100
"""How often posts are left out whose crowd others left. Two or three rounds do, unless posts are
laid out for it; what is left is then grouped as it is."""


class Crowd(NamedTuple):
    """When each of some posts was published, and how many within ``reach`` make a crowd.

    Times and ``reach`` are of one unit; ``least`` is two or more.
    """

    times: Numbers
    least: int
    reach: int


def near_groups(
    contents: Sequence[str],
    least_likeness: float,
    least_characters: int,
    crowd: Crowd | None = None,
) -> list[list[int]]:
    """Return the positions of texts that hang together by likeness (0..1), groups of two or more.

    ``contents`` are content characters; equal texts have a likeness of 1. Groups stand in the
    order of their first member. With ``crowd`` only texts that are ``in_crowds`` are grouped.
    """
    # One text may stand in a hundred thousand posts: it is sketched once.
    once = list(dict.fromkeys(contents))
    found = sketch(once, least_characters)
    places = {once[row]: place for place, row in enumerate(found.rows.tolist())}
    sketched = np.array([places.get(text, -1) for text in contents], np.int64)
    posts = np.flatnonzero(sketched >= 0)
    if crowd is not None:
        of_posts = crowd._replace(times=crowd.times[posts])
        posts = posts[in_crowds(found.keys, sketched[posts], of_posts)]
    asked, contents_of = np.unique(sketched[posts], return_inverse=True)
    found = found.take(asked)
    distinct, equals = distinct_contents(found)
    texts = [once[found.rows[at]] for at in distinct.tolist()]
    counts = np.bincount(equals[contents_of], minlength=len(distinct))
    left, right = candidate_pairs(found, distinct, counts, least_likeness)
    near = (
        jaccards([texts[at] for at in left.tolist()], [texts[at] for at in right.tolist()])
        >= least_likeness
    )
    labels = np.arange(len(distinct))
    linked = components(left[near], right[near])
    labels[linked.post] = linked.cluster
    groups: dict[int, list[int]] = {}
    labelled = labels[equals[contents_of]].tolist()
    for place, label in zip(posts.tolist(), labelled, strict=True):
        groups.setdefault(label, []).append(place)
    return [members for members in groups.values() if len(members) > 1]


def in_crowds(keys: Numbers, contents: Numbers, crowd: Crowd) -> NDArray[np.bool_]:
    """Tell of each post whether it is in a crowd of which each shares a key with another in one.

    ``keys`` has a row a band and a column a content, ``contents`` tells which of them each post
    has. It is the largest set of posts of which that holds: who stands outside may be given or left
    out, as posts that sleep are.
    """
    # Most are told from their times alone.
    left = np.flatnonzero(crowded(*crowd))
    for _ in range(_ROUNDS):
        posts = np.bincount(contents[left], minlength=keys.shape[1])
        standing = np.flatnonzero(posts)
        # Posts with one content share all keys of it.
        shared = posts > 1
        shared[standing] |= sharing(keys[:, standing])
        near = left[shared[contents[left]]]
        near = near[crowded(crowd.times[near], crowd.least, crowd.reach)]
        if len(near) == len(left):
            break
        left = near
    found = np.zeros(len(contents), np.bool_)
    found[left] = True
    return found


def sharing(keys: Numbers) -> NDArray[np.bool_]:
    """Tell of each content whether it shares a key with another: what ``OWN_COPIES`` counts."""
    found = np.zeros(keys.shape[1], np.bool_)
    for order, runs in _buckets(keys):
        found[order[np.bincount(runs)[runs] > 1]] = True
    return found


def distinct_contents(found: Sketches) -> tuple[Numbers, Numbers]:
    """Return one place for each digest, in their order, and the number of each place's digest."""
    high, low = found.digests.T
    order = np.lexsort((low, high))
    new = np.ones(len(order), np.bool_)
    new[1:] = (np.diff(high[order]) != 0) | (np.diff(low[order]) != 0)
    equals = np.empty(len(order), np.int64)
    equals[order] = np.cumsum(new) - 1
    return order[new], equals


def candidate_pairs(
    found: Sketches, distinct: Numbers, posts: Numbers, least_likeness: float
) -> tuple[Numbers, Numbers]:
    """Return the pairs of distinct contents that ``near_pairs`` would give.

    ``distinct`` are places of ``found`` in the order of their digests, ``posts`` tells how many
    posts have each; pairs are of numbers in that order, the smaller one left.
    """
    keys = found.keys[:, distinct]
    met = np.zeros(len(distinct), np.int64)
    for order, runs in _buckets(keys):
        sizes = np.bincount(runs)[runs]
        # A content stands there once a band.
        shared = np.where(sizes > 1, sizes, 0)
        met += np.bincount(order, shared, len(met)).astype(np.int64)
    codes = [np.empty(0, np.int64)]
    for order, runs in _buckets(keys):
        first = np.lexsort((-met[order], -posts[order], runs))
        hubs = order[first[np.flatnonzero(np.diff(runs[first], prepend=-1))]]
        codes.append(_codes(order, hubs[runs], len(distinct)))
        for lag in (1, 2):
            same = runs[lag:] == runs[:-lag]
            codes.append(_codes(order[lag:][same], order[:-lag][same], len(distinct)))
    pairs = np.sort(np.concatenate(codes))
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    left, right = pairs // max(1, len(distinct)), pairs % max(1, len(distinct))
    bits = found.bits[distinct]
    near = apart(bits[left], bits[right]) <= most_bits_apart(least_likeness)
    return left[near], right[near]


def _buckets(keys: Numbers) -> Iterator[tuple[Numbers, NDArray[np.intp]]]:
    """Yield the contents in the order of their keys, band after band, and the number of each's key.

    Of few contents all bands come at once: numpy's price of a call is most of what they cost.
    """
    count = keys.shape[1]
    together = max(1, _TOGETHER // max(1, count))
    for first in range(0, len(keys), together):
        some = keys[first : first + together]
        order = np.argsort(some, axis=1, kind="stable")
        ordered = np.take_along_axis(some, order, axis=1)
        # The first of a band begins a run whatever the last of the band before it.
        new = np.ones(some.shape, np.bool_)
        new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
        yield order.ravel(), np.cumsum(new) - 1


def _codes(one: Numbers, other: Numbers, count: int) -> Numbers:
    """Return each pair as one number, the smaller end first; a content is no pair with itself."""
    apart = one != other
    codes: Numbers = np.minimum(one, other)[apart] * count + np.maximum(one, other)[apart]
    return codes
