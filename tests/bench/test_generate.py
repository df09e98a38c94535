"""The generator: the same seed gives the same bytes, and what it plants is there."""

import csv
import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.sources.schemas import SCHEMAS
from auditor.text import content_batch, fold_batch
from bench.dice import Dice
from bench.generate import Choices, write_dataset
from bench.platform import Platform, Shape
from bench.texts import LONGEST, SHORTEST

SHAPE = Shape(posts=6_000, accounts=300)
PLANTED = Choices(planted=0.2)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made")
    write_dataset(path, SHAPE, PLANTED)
    return path


Row = dict[str, Any]


def parquet(*paths: Path) -> list[Row]:
    tables: list[Any] = [pq.read_table(path) for path in paths]
    return [row for table in tables for row in table.to_pylist()]


@pytest.fixture(scope="module")
def posts(dataset: Path) -> list[Row]:
    return parquet(dataset / "posts.parquet")


def digests(directory: Path) -> dict[str, str]:
    return {
        path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_same_seed_gives_the_same_bytes(dataset: Path, tmp_path: Path) -> None:
    write_dataset(tmp_path, SHAPE, PLANTED)
    assert digests(tmp_path) == digests(dataset)


def post_id(row: Row) -> str:
    return str(row["post_id"])


def test_another_seed_gives_others(dataset: Path, tmp_path: Path) -> None:
    write_dataset(tmp_path, Shape(6_000, 300, seed=8), PLANTED)
    assert not set(digests(tmp_path).values()) & set(digests(dataset).values())


def test_every_order_and_parting_holds_the_same_rows(posts: list[Row], tmp_path: Path) -> None:
    write_dataset(tmp_path, SHAPE, PLANTED._replace(order="account", files=3))
    parts = [parquet(path) for path in sorted((tmp_path / "posts").glob("*.parquet"))]
    by_account = [row for part in parts for row in part]
    owners = [row["account_id"] for row in posts]
    assert [len(part) for part in parts] == [2_000] * 3
    assert [row["account_id"] for row in by_account] == sorted(owners)
    assert owners != sorted(owners)
    assert sorted(by_account, key=post_id) == sorted(posts, key=post_id)


def test_jsonl_and_csv_hold_the_same_texts(tmp_path: Path) -> None:
    for form in ("parquet", "jsonl", "csv"):
        write_dataset(tmp_path / form, Shape(400, 20), Choices(form=form))
    texts = [row["text"] for row in parquet(tmp_path / "parquet/posts.parquet")]
    lines = (tmp_path / "jsonl/posts.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == texts
    assert [row["text"] for row in rows(tmp_path / "csv/posts.csv")] == texts


def test_the_columns_are_those_of_an_export(posts: list[Row], dataset: Path) -> None:
    accounts = parquet(dataset / "accounts.parquet")
    assert list(posts[0]) == list(SCHEMAS["posts"].names)
    assert list(accounts[0]) == list(SCHEMAS["accounts"].names)
    assert len({row["post_id"] for row in posts}) == SHAPE.posts
    known = {row["account_id"] for row in accounts}
    assert len(known) == SHAPE.accounts
    assert known >= {row["account_id"] for row in posts}


@pytest.mark.parametrize("name", ["published_at", "title", "views", "mentions", "repost_of", "url"])
def test_a_column_has_values_and_nulls_as_in_an_export(name: str, posts: list[Row]) -> None:
    shares = {"published_at": 0.99, "title": 0.2, "views": 0.9, "mentions": 0.5, "repost_of": 0.1,
              "url": 1.0}  # fmt: skip
    seen = sum(row[name] is not None for row in posts) / len(posts)
    assert abs(seen - shares[name]) < 0.03


def test_lengths_are_those_of_the_measured_corpus(posts: list[Row], dataset: Path) -> None:
    planted = {row["post_id"] for row in rows(dataset / "truth/planted.csv")}
    lengths = np.array([len(row["text"]) for row in posts if row["post_id"] not in planted])
    assert lengths.min() >= SHORTEST
    assert lengths.max() <= LONGEST
    assert 60 <= np.median(lengths) <= 85
    assert 105 <= lengths.mean() <= 140
    assert 300 <= np.percentile(lengths, 95) <= 460


def test_texts_are_varied(posts: list[Row], dataset: Path) -> None:
    copies = {row["post_id"] for row in rows(dataset / "truth/copies.csv")}
    texts = [row["text"] for row in posts if row["post_id"] not in copies]
    assert len(set(texts)) > 0.97 * len(texts)
    grams = {text[at : at + 3] for text in texts for at in range(len(text) - 2)}
    assert len(grams) > 100_000


def test_one_account_may_hold_a_third() -> None:
    sizes = Platform.of(Shape(30_000, 1_000, largest=1 / 3)).sizes
    assert sizes.sum() == 30_000
    assert sizes.max() == 10_000
    assert np.sort(sizes)[-2] < 1_500


def test_a_million_posts_are_spread_as_in_the_corpus() -> None:
    platform = Platform.of(Shape(1_000_000, 50_000))
    assert platform.sizes.max() == 16_371
    assert platform.sizes.sum() == 1_000_000


@pytest.mark.parametrize("kind", ["exact", "prefix", "suffix", "characters", "turned", "tail"])
def test_copies_are_labelled_by_how_they_differ(kind: str, posts: list[Row], dataset: Path) -> None:
    texts = {row["post_id"]: row["text"] for row in posts}
    groups: dict[str, dict[str, list[str]]] = {}
    for row in rows(dataset / "truth/copies.csv"):
        members = groups.setdefault(row["cluster"], {})
        members.setdefault(row["edit"], []).append(texts[row["post_id"]])
    pairs = [
        (whole, other)
        for members in groups.values()
        for whole in members.get("exact", [])[:1]
        for other in members.get(kind, [])
    ]
    assert pairs
    for whole, other in pairs:
        if kind == "exact":
            assert other == whole
        elif kind == "prefix":
            assert other.endswith(whole) or len(other) == LONGEST
        elif kind == "suffix":
            assert other.startswith(whole)
        elif kind == "characters":
            assert len(other) == len(whole)
        elif kind == "turned":
            assert sorted(other) == sorted(whole)
        else:
            assert other[:10] == whole[:10]


def test_repeats_are_the_same_text_often_enough_and_within_a_day(
    posts: list[Row], dataset: Path
) -> None:
    owners = {
        row["account_id"].partition(":")[2]
        for row in rows(dataset / "truth/planted.csv")
        if row["rules"] == "same-text-repeated"
    }
    assert owners
    for owner in owners:
        own = [row for row in posts if row["account_id"] == owner]
        texts = [row["text"] for row in own]
        often = max(set(texts), key=texts.count)
        times = [row["published_at"] for row in own if row["text"] == often]
        content = content_batch([folded.text for folded in fold_batch([often])])[0]
        assert len(content) >= 60
        assert len(times) >= 5
        assert max(times) - min(times) <= timedelta(hours=24)


@given(count=st.integers(1, 5_000), seed=st.integers(0, 9))
def test_shuffling_is_a_permutation(count: int, seed: int) -> None:
    turned = Dice(seed).shuffled("order", np.arange(count), count)
    assert sorted(turned.tolist()) == list(range(count))


@given(rows_=st.lists(st.integers(0, 2**40), min_size=1, max_size=50, unique=True))
def test_a_row_draws_the_same_in_any_company(rows_: list[int]) -> None:
    dice = Dice(7)
    together = dice.words("text", np.array(rows_))
    alone = [dice.words("text", np.array([row]))[0] for row in rows_]
    assert together.tolist() == [int(word) for word in alone]
