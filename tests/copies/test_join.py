"""What the join finds: nearly all that is alike, whatever the order, and rings at little cost."""

from __future__ import annotations

import numpy as np
import pytest

from auditor.copies import (
    BUCKETS,
    CONTENTS,
    HUBS,
    MEMBERS,
    NEIGHBOURS,
    OWN_COPIES,
    SHARING,
    WANTED_TEXTS,
    candidates,
    components,
    near_pairs,
    run_steps,
    shared_members,
)
from bench.copy_truth import recall, true_pairs
from bench.labelled_copies import Texts, labelled
from tests.copies.conftest import Linked, Load

LEAST_RECALL = 0.99
TEXT = "岸边的渡船每天早上六点开船票在码头买老人和孩子免票下雨刮风停航一天"
OTHER = "今天在旧书摊淘到一本地图纸都脆了还是舍不得放下回家用胶水补了半个下午"
NO_LABELS = "CREATE OR REPLACE TABLE labels (post BIGINT, cluster BIGINT)"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nearly_all_that_is_alike_is_found(linked: Linked, seed: int) -> None:
    texts = labelled(4_000, seed=seed, share=0.5).texts
    truth = true_pairs(texts, 0.7)
    assert len(truth.left) > 1_000
    assert recall(truth, linked(texts, 0.7)) >= LEAST_RECALL


@pytest.mark.parametrize("kind", ["before", "after", "edited", "sounded", "rotated", "other_tail"])
def test_every_way_of_copying_is_found(linked: Linked, kind: str) -> None:
    maker = Texts(seed=11)
    codes = [maker.codes(int(n)) for n in maker.lengths(1_500)]
    copies = [maker.kinds[kind](text) for text in codes]
    texts = [text.astype("<u4").tobytes().decode("utf-32-le") for text in (*codes, *copies)]
    assert recall(true_pairs(texts, 0.8), linked(texts, 0.8)) >= LEAST_RECALL


@pytest.mark.parametrize("at_least", [0.7, 0.8])
def test_nothing_hangs_together_that_is_not_alike(linked: Linked, at_least: float) -> None:
    """Every component found is part of one of the truth."""
    texts = labelled(3_000, seed=5, share=0.5).texts
    truth = true_pairs(texts, at_least)
    first = {text: at for at, text in reversed(list(enumerate(texts)))}
    whole = dict(zip(*(column.tolist() for column in components(*truth[:2])), strict=True))
    found = linked(texts, at_least)
    assert len(found.post) > 500
    for post, cluster in zip(found.post.tolist(), found.cluster.tolist(), strict=True):
        assert whole[first[texts[post]]] == whole[first[texts[cluster]]]


def test_the_order_of_the_posts_changes_nothing(linked: Linked) -> None:
    texts = labelled(1_500, seed=6, share=0.5).texts
    order = np.random.default_rng(0).permutation(len(texts)).tolist()
    groups = []
    for given in (texts, [texts[at] for at in order]):
        members: dict[int, set[str]] = {}
        for post, cluster in zip(*linked(given, 0.7), strict=True):
            members.setdefault(cluster, set()).add(given[post])
        groups.append({frozenset(texts) for texts in members.values()})
    assert groups[0] == groups[1]


def test_a_ring_costs_no_more_than_its_members(load: Load) -> None:
    """Two thousand texts that share nearly every key are compared with a few others each."""
    connection = load([f"{TEXT * 8}{chr(0x4E00 + n)}" for n in range(2_000)])
    connection.execute(NO_LABELS)
    run_steps(connection, (BUCKETS, CONTENTS, near_pairs(0.8), HUBS, NEIGHBOURS))
    rows = connection.execute(
        "SELECT (SELECT count(*) FROM hubs), (SELECT count(*) FROM neighbours)"
    )
    hubs, neighbours = rows.fetchall()[0]
    assert 1_999 <= hubs <= 10 * 2_000
    assert 1_999 <= neighbours <= 2 * 10 * 2_000


def test_equal_contents_are_not_compared(load: Load) -> None:
    connection = load([TEXT] * 500)
    run_steps(connection, (BUCKETS, CONTENTS, near_pairs(0.8), HUBS))
    assert connection.execute("SELECT count(*) FROM hubs").fetchall() == [(0,)]


def test_own_copies_are_listed_with_their_number(load: Load) -> None:
    connection = load([TEXT, OTHER, TEXT, TEXT[1:], TEXT], accounts=[1, 1, 1, 2, 1])
    run_steps(connection, (BUCKETS, OWN_COPIES))
    rows = connection.execute("SELECT post, account, posts FROM own_copies ORDER BY post")
    assert rows.fetchall() == [(0, 1, 3), (2, 1, 3), (4, 1, 3)]


def test_members_are_the_equal_and_the_alike(load: Load) -> None:
    connection = load([TEXT, OTHER, TEXT, TEXT[1:], OTHER, TEXT[:20]], accounts=[1, 2, 3, 4, 2, 5])
    connection.execute(NO_LABELS)
    connection.execute("INSERT INTO labels VALUES (0, 0), (3, 0)")
    run_steps(connection, (BUCKETS, SHARING, MEMBERS, shared_members(2)))
    rows = connection.execute("SELECT post, account, cluster FROM members ORDER BY post")
    assert rows.fetchall() == [(0, 1, 0), (1, 2, 1), (2, 3, 0), (3, 4, 0), (4, 2, 1)]
    rows = connection.execute("SELECT post FROM shared_members ORDER BY post")
    assert rows.fetchall() == [(0,), (2,), (3,)]


@pytest.mark.parametrize("least", [2, 3, 5])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_member_that_counts_is_a_candidate(load: Load, seed: int, least: int) -> None:
    """Whichever of the pairs are alike: it is not known when candidates are listed."""
    chance = np.random.default_rng(seed)
    texts = labelled(1_500, seed=seed, share=0.6).texts
    texts = [*texts, *texts[:200], *texts[:100], *[TEXT] * 40]
    connection = load(texts, accounts=[*chance.integers(0, 60, len(texts) - 40), *[7] * 40])
    connection.execute(NO_LABELS)
    run_steps(connection, (BUCKETS, CONTENTS, SHARING, near_pairs(0.8), WANTED_TEXTS))
    run_steps(connection, (candidates(least), HUBS, NEIGHBOURS))
    pairs = connection.execute("FROM hubs UNION FROM neighbours ORDER BY ALL").fetchnumpy()
    alike = chance.random(len(pairs["left_post"])) < 0.4
    labels = components(pairs["left_post"][alike], pairs["right_post"][alike])
    connection.register("given_labels", labels._asdict())
    connection.execute("INSERT INTO labels SELECT post, cluster FROM given_labels")
    run_steps(connection, (MEMBERS, shared_members(least)))
    lost = "SELECT post FROM shared_members WHERE post NOT IN (SELECT post FROM candidates)"
    assert connection.execute(lost).fetchall() == []
    counts = "SELECT count(*), count(DISTINCT post) FROM {}"
    members, candidate, sharing = (
        connection.execute(counts.format(name)).fetchall()[0]
        for name in ("shared_members", "candidates", "sharing")
    )
    assert candidate[0] == candidate[1]
    # What one account repeats is no group.
    assert 300 < members[0] <= candidate[0] <= sharing[0] - 40
    compared = "SELECT post FROM candidates WHERE compared ORDER BY post"
    wanted = "SELECT post FROM wanted_texts ORDER BY post"
    assert connection.execute(compared).fetchall() == connection.execute(wanted).fetchall()


def test_a_chain_of_small_changes_hangs_together(linked: Linked) -> None:
    maker = Texts(seed=3)
    chain = [maker.codes(200)]
    for _ in range(30):
        chain.append(np.concatenate((chain[-1][4:], maker.codes(4))))
    found = linked([text.astype("<u4").tobytes().decode("utf-32-le") for text in chain], 0.8)
    assert found.cluster.tolist() == [0] * len(chain)
