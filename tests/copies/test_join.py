"""What the join finds: nearly all that is alike, whatever the order, and rings at little cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from auditor.copies import CANDIDATES, OWN_COPIES, components, run_steps
from bench.copy_truth import recall, true_pairs
from bench.labelled_copies import Texts, labelled

Load = Callable[..., Any]
Alike = Callable[..., tuple[Any, Any, Any]]
LEAST_RECALL = 0.99


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nearly_all_that_is_alike_is_found(alike: Alike, seed: int) -> None:
    texts = labelled(4_000, seed=seed, share=0.5).texts
    truth = true_pairs(texts, 0.7)
    left, right, _ = alike(texts, 0.7)
    assert len(truth.left) > 1_000
    assert recall(truth, left, right) >= LEAST_RECALL


@pytest.mark.parametrize("kind", ["before", "after", "edited", "sounded", "rotated", "other_tail"])
def test_every_way_of_copying_is_found(alike: Alike, kind: str) -> None:
    maker = Texts(seed=11)
    codes = [maker.codes(int(n)) for n in maker.lengths(1_500)]
    copies = [maker.kinds[kind](text) for text in codes]
    texts = [text.astype("<u4").tobytes().decode("utf-32-le") for text in (*codes, *copies)]
    truth = true_pairs(texts, 0.8)
    left, right, _ = alike(texts, 0.8)
    assert recall(truth, left, right) >= LEAST_RECALL


def test_nothing_is_confirmed_that_is_not_alike(alike: Alike) -> None:
    texts = labelled(3_000, seed=5, share=0.5).texts
    truth = true_pairs(texts, 0.7)
    known = set(zip(truth.left.tolist(), truth.right.tolist(), strict=True))
    left, right, _ = alike(texts, 0.7)
    first = {text: at for at, text in reversed(list(enumerate(texts)))}
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        pair = first[texts[one]], first[texts[other]]
        assert pair in known or pair[::-1] in known


def test_the_order_of_the_posts_changes_nothing(alike: Alike) -> None:
    texts = labelled(1_500, seed=6, share=0.5).texts
    order = np.random.default_rng(0).permutation(len(texts)).tolist()
    straight, shuffled = (
        {frozenset((given[a], given[b])) for a, b in zip(*alike(given, 0.7)[:2], strict=True)}
        for given in (texts, [texts[at] for at in order])
    )
    assert straight == shuffled


def test_a_ring_costs_no_more_than_its_members(load: Load) -> None:
    """Two thousand texts that share one key are compared with a few neighbours each."""
    text = "岸边的渡船每天早上六点开船票在码头买老人和孩子免票下雨刮风停航一天"
    connection = load([f"{text * 8}{chr(0x4E00 + n)}" for n in range(2_000)])
    run_steps(connection, CANDIDATES)
    count = connection.execute("SELECT count(*) FROM pairs").fetchone()
    assert count is not None
    assert 1_999 <= count[0] <= 3 * 10 * 2_000


def test_equal_contents_cost_nothing_to_compare(load: Load) -> None:
    connection = load(["岸边的渡船每天早上六点开船票在码头买"] * 500)
    run_steps(connection, CANDIDATES)
    assert connection.execute("SELECT count(*) FROM pairs").fetchall() == [(0,)]


def test_own_copies_are_listed_with_their_number(load: Load) -> None:
    text = "岸边的渡船每天早上六点开船票在码头买老人和孩子免票下雨刮风停航一天"
    other = "今天在旧书摊淘到一本地图纸都脆了还是舍不得放下回家用胶水补了半个下午"
    connection = load([text, other, text, text[1:], text], accounts=[1, 1, 1, 2, 1])
    run_steps(connection, (*CANDIDATES, OWN_COPIES))
    rows = connection.execute("SELECT post, account, posts FROM own_copies ORDER BY post")
    assert rows.fetchall() == [(0, 1, 3), (2, 1, 3), (4, 1, 3)]


def test_neighbours_in_a_chain_of_changes_hang_together(alike: Alike) -> None:
    maker = Texts(seed=3)
    chain = [maker.codes(200)]
    for _ in range(30):
        chain.append(np.concatenate((chain[-1][4:], maker.codes(4))))
    texts = [text.astype("<u4").tobytes().decode("utf-32-le") for text in chain]
    left, right, likeness = alike(texts, 0.8)
    assert (likeness >= 0.8).all()
    assert set(components(left, right).cluster.tolist()) == {0}
    assert len(components(left, right).post) == len(texts)
