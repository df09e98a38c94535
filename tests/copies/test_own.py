"""Copies within one account: the same pairs as the database's, and what wakes is enough."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.copies import (
    BUCKETS,
    CONTENTS,
    LONGEST,
    OWN_COPIES,
    Crowd,
    Sketches,
    jaccards,
    near_groups,
    near_pairs,
    own,
    run_steps,
    sketch,
)
from auditor.copies.own import candidate_pairs, distinct_contents, in_crowds, sharing
from bench.copy_truth import true_pairs
from bench.labelled_copies import labelled
from tests.copies.conftest import Load

TEXT = "岸边的渡船每天早上六点开船票在码头买老人和孩子免票下雨刮风停航一天"


def test_the_pairs_are_those_of_the_database(load: Load) -> None:
    texts = labelled(1_500, seed=4, share=0.6).texts
    found = sketch(texts, 20)
    distinct, equals = distinct_contents(found)
    left, right = candidate_pairs(found, distinct, np.bincount(equals), 0.8)
    connection = load(texts)
    run_steps(connection, (BUCKETS, CONTENTS, near_pairs(0.8)))
    rows = connection.execute("SELECT left_post, right_post FROM near_pairs").fetchall()
    here = {
        frozenset((texts[distinct[one]], texts[distinct[other]]))
        for one, other in zip(left.tolist(), right.tolist(), strict=True)
    }
    assert here == {frozenset((texts[one], texts[other])) for one, other in rows}


def test_own_copies_are_those_of_the_database(load: Load) -> None:
    texts = labelled(1_500, seed=4, share=0.6).texts
    accounts = np.arange(1_500) % 7
    connection = load(texts, accounts=accounts.tolist(), least_characters=3)
    run_steps(connection, (BUCKETS, OWN_COPIES))
    rows = dict(connection.execute("SELECT post, posts FROM own_copies").fetchall())
    keys = sketch(texts, 3).keys
    counts: dict[int, int] = {}
    for account in range(7):
        places = np.flatnonzero(accounts == account)
        shared = places[sharing(keys[:, places])].tolist()
        counts |= dict.fromkeys(shared, len(shared))
    assert counts == rows


def groups_of(texts: Sequence[str], at_least: float) -> set[frozenset[int]]:
    return {frozenset(group) for group in near_groups(texts, at_least, 20)}


def test_groups_hold_what_is_alike_and_what_is_equal() -> None:
    changed = TEXT.replace("六", "七")
    other = TEXT[::-1]
    texts = [TEXT, "短", other, changed, TEXT, other, TEXT[:24]]
    assert groups_of(texts, 0.8) == {frozenset({0, 3, 4}), frozenset({2, 5})}
    assert groups_of(texts, 1.0) == {frozenset({0, 4}), frozenset({2, 5})}


def test_every_group_hangs_together_by_pairs_that_are_alike() -> None:
    texts = sorted(set(labelled(1_000, seed=8, share=0.6).texts))
    truth = true_pairs(texts, 0.8)
    for group in groups_of(texts, 0.8):
        inside = [
            {one, other}
            for one, other in zip(truth.left.tolist(), truth.right.tolist(), strict=True)
            if one in group and other in group
        ]
        reached = {min(group)}
        for _ in group:
            reached |= {end for pair in inside if pair & reached for end in pair}
        assert reached == group


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 6))
def test_a_group_implies_that_all_of_it_wakes(seed: int, least_posts: int) -> None:
    """What sleeps changes no group: both doors see the same."""
    texts = [text for text in labelled(40, seed=seed, share=0.7).texts if len(text) >= 20]
    shared = np.flatnonzero(sharing(sketch(texts, 20).keys)).tolist()
    awake = shared if len(shared) >= least_posts else []
    whole = {group for group in groups_of(texts, 0.8) if len(group) >= least_posts}
    woken = groups_of([texts[at] for at in awake], 0.8)
    assert whole == {
        frozenset(awake[at] for at in group) for group in woken if len(group) >= least_posts
    }


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4), st.randoms(use_true_random=False))
def test_what_stands_in_no_crowd_changes_no_group(seed: int, least: int, chance: Random) -> None:
    """Who sleeps may be given or left out: both doors see the same."""
    texts = [text for text in labelled(60, seed=seed, share=0.8).texts if len(text) >= 20]
    times = np.array([chance.randrange(60) for _ in texts], np.int64)
    standing = in_crowds(sketch(texts, 20).keys, np.arange(len(texts)), Crowd(times, least, 6))
    given_ = [at for at in range(len(texts)) if standing[at] or chance.random() < 0.5]
    whole = near_groups(texts, 0.8, 20, Crowd(times, least, 6))
    some = near_groups([texts[at] for at in given_], 0.8, 20, Crowd(times[given_], least, 6))
    assert [[given_[at] for at in group] for group in some] == whole
    assert standing[[at for group in whole for at in group]].all()


def test_a_text_out_of_time_links_no_others() -> None:
    # Each is like the next, the first and the last are not; the middle one is a month older.
    first, last = f"{TEXT}初一初二初三", f"{TEXT[6:]}初一初二初三初四初五"
    middle = f"{TEXT[3:]}初一初二初三初四"
    texts, times = [first, first, middle, last, last], np.array([0, 1, 720, 2, 3], np.int64)
    likeness = jaccards([first, middle, first], [middle, last, last])
    near = float(min(likeness[:2]))
    assert likeness[2] < near
    assert near_groups(texts, near, 20) == [[0, 1, 2, 3, 4]]
    assert near_groups(texts, near, 20, Crowd(times, 2, 24)) == [[0, 1], [3, 4]]
    assert near_groups(texts, near, 20, Crowd(times, 3, 24)) == [[0, 1], [3, 4]]
    assert near_groups(texts, near, 20, Crowd(times, 5, 24)) == []


def test_a_crowd_whose_members_leave_is_none() -> None:
    # 0, 1 and 2 lie within reach, but nothing is like 2; without it the others are two.
    keys, contents = sketch([TEXT, TEXT[::-1]], 20).keys, np.array([0, 0, 1, 0])
    times = np.array([0, 5, 6, 100], np.int64)
    assert not in_crowds(keys, contents, Crowd(times, 3, 10)).any()
    assert in_crowds(keys, contents, Crowd(times, 2, 10)).tolist() == [1, 1, 0, 0]
    # As if each had a content of its own.
    apart = keys[:, contents]
    assert in_crowds(apart, np.arange(4), Crowd(times, 2, 10)).tolist() == [1, 1, 0, 0]


def test_an_account_of_many_posts_is_read_whole_columns_at_a_time() -> None:
    texts = [f"{TEXT}{chr(0x4E00 + n)}" for n in range(5_000)]
    assert [len(group) for group in near_groups(texts, 0.8, 20)] == [5_000]


def test_a_text_that_stands_often_is_sketched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sketched: list[str] = []

    def told(contents: Sequence[str], least_characters: int) -> Sketches:
        sketched.extend(contents)
        return sketch(contents, least_characters)

    monkeypatch.setattr(own, "sketch", told)
    often, near, alone = TEXT, f"{TEXT}了", "".join(reversed(TEXT))
    texts = [often, "短", alone, *[often, near] * 500]
    assert near_groups(texts, 0.8, 20) == [[0, *range(3, 1_003)]]
    assert sorted(sketched) == sorted({*texts})


def test_no_posts_have_no_groups() -> None:
    assert near_groups([], 0.8, 20) == []
    assert near_groups(["短"], 0.8, 20) == []
    assert sharing(sketch([], 20).keys).size == 0
    nobody = Crowd(np.empty(0, np.int64), 2, 1)
    assert (
        near_groups([], 0.8, 20, nobody)
        == near_groups(["短"], 0.8, 20, Crowd(np.zeros(1, np.int64), 2, 1))
        == []
    )


def test_a_whole_book_is_compared_with_nothing() -> None:
    book = "".join(chr(0x4E00 + n * n % 5_003) for n in range(LONGEST + 1))
    assert near_groups([book, book], 0.8, 20) == []
    assert near_groups([book[1:], book[1:]], 0.8, 20) == [[0, 1]]
