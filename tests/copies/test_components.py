"""What hangs together has one label, whatever the order of the pairs."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from auditor.copies import components

numbers = st.integers(min_value=0, max_value=30)


def walked(pairs: list[tuple[int, int]]) -> dict[int, int]:
    """Find components the slow way: spread the least label until nothing changes."""
    labels = {end: end for pair in pairs for end in pair}
    while True:
        before = dict(labels)
        for one, other in pairs:
            labels[one] = labels[other] = min(labels[one], labels[other])
        if labels == before:
            return labels


@given(st.lists(st.tuples(numbers, numbers), max_size=40))
def test_components_equal_those_found_by_walking(pairs: list[tuple[int, int]]) -> None:
    columns = np.array(pairs, np.int64).reshape(-1, 2)
    found = components(columns[:, 0], columns[:, 1])
    assert dict(zip(found.post.tolist(), found.cluster.tolist(), strict=True)) == walked(pairs)


def test_a_long_chain_in_any_order_is_one() -> None:
    names = np.random.default_rng(0).permutation(100_000)
    found = components(names[:-1], names[1:])
    assert (found.cluster == 0).all()
    assert len(found.post) == 100_000
