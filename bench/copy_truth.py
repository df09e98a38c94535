"""Which texts are alike, by brute force: every pair of texts, every run of three characters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from auditor.copies import Labels


class Truth(NamedTuple):
    """All pairs of different texts that are alike; left and right are positions of texts."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    likeness: NDArray[np.float64]


def true_pairs(texts: Sequence[str], at_least: float) -> Truth:
    """Return every pair with a Jaccard likeness (0..1) of ``at_least``; equal texts count once."""
    first = {text: at for at, text in reversed(list(enumerate(texts)))}
    sets = {
        at: sorted({text[i : i + 3] for i in range(len(text) - 2)}) for text, at in first.items()
    }
    order = sorted(sets, key=lambda at: (len(sets[at]), at))
    known: dict[str, int] = {}
    ids = [np.array([known.setdefault(run, len(known)) for run in sets[at]]) for at in order]
    sizes = np.array([len(runs) for runs in ids])
    starts = np.concatenate(([0], np.cumsum(sizes)))
    flat = np.concatenate(ids)
    marks = np.zeros(len(known), np.uint16)
    found: list[tuple[int, int, float]] = []
    for place, runs in enumerate(ids):
        # Of two sets the smaller is at least so large a part of the larger.
        last = int(np.searchsorted(sizes, sizes[place] / at_least + 1e-9, side="right"))
        if last <= place + 1:
            continue
        marks[runs] = 1
        begin, end = starts[place + 1], starts[last]
        both = np.add.reduceat(marks[flat[begin:end]], starts[place + 1 : last] - begin)
        marks[runs] = 0
        likeness = both / (sizes[place] + sizes[place + 1 : last] - both)
        near = np.flatnonzero(likeness >= at_least).tolist()
        found += [(order[place], order[place + 1 + at], float(likeness[at])) for at in near]
    pairs = np.array([pair[:2] for pair in found], np.int64).reshape(-1, 2)
    return Truth(pairs[:, 0], pairs[:, 1], np.array([pair[2] for pair in found]))


def recall(truth: Truth, labels: Labels) -> float:
    """Return the share of texts with a true partner that have the label of one."""
    return len(_together(truth, labels)) / len({*truth.left.tolist(), *truth.right.tolist()})


def precision(truth: Truth, labels: Labels) -> float:
    """Return the share of the texts with a label, all different, that have that of a partner."""
    return len(_together(truth, labels)) / len(labels.post)


def _together(truth: Truth, labels: Labels) -> set[int]:
    """Return the texts that have the label of a true partner."""
    cluster = dict(zip(labels.post.tolist(), labels.cluster.tolist(), strict=True))
    found: set[int] = set()
    for one, other in zip(truth.left.tolist(), truth.right.tolist(), strict=True):
        if one in cluster and cluster[one] == cluster.get(other):
            found |= {one, other}
    return found
