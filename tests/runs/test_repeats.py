"""One account that repeats one text very often: told with exact numbers, and held once."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.model import Post
from auditor.reports.reading import read_clusters_csv
from auditor.rules import Compiled
from auditor.rules.examples import NOW
from auditor.sources import slices
from tests.runs.doors import batch_door, dossiers_of, single_door, woken
from tests.runs.test_across import SHOP

COPIES = 20_000
WITHIN = timedelta(hours=24)


def dataset(directory: Path, apart: timedelta) -> Path:
    directory.mkdir()
    times: list[datetime | None] = [NOW - apart * place for place in range(COPIES)]
    # Every hundredth is written a little otherwise; its content characters are the same.
    texts = [f"{SHOP}！" if place % 100 == 0 else SHOP for place in range(COPIES)]
    write_said(directory, texts, times)
    return directory


@pytest.mark.parametrize("seconds", [4, 7])
def test_all_copies_count_and_both_doors_say_so(
    seconds: int, compiled: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "ROWS", 3_000)
    data = dataset(tmp_path / "d", timedelta(seconds=seconds))
    batch = batch_door(compiled, data, tmp_path / "run")
    (dossier,) = dossiers_of(compiled, data, ["p:0"])
    assert batch.findings == single_door(compiled, [dossier], tmp_path / "single.jsonl")
    (finding,) = batch.findings.values()
    inside = min(COPIES, WITHIN // timedelta(seconds=seconds) + 1)
    assert finding.rule_id == "same-text-repeated"
    assert finding.sample_n == inside
    rows = list(read_clusters_csv(tmp_path / "run" / "clusters.csv"))
    assert len(rows) == len({row.post_id for row in rows}) == inside
    assert {row.size for row in rows} == {inside}
    # Equal texts are one in memory, and a post is the same whether or not it names what it lacks.
    assert len({id(post.text) for post in dossier.posts}) == 2
    assert len({id(post.model_fields_set) for post in dossier.posts}) == 1
    whole = {name: getattr(dossier.posts[0], name) for name in Post.model_fields}
    assert Post.model_validate(whole) == dossier.posts[0]


NEARLY = [SHOP.replace("姐妹", each) for each in ("姐妹", "朋友", "兄弟", "各位", "大家")]


@pytest.mark.parametrize("texts", [[SHOP] * 5, NEARLY], ids=["equal", "nearly equal"])
@pytest.mark.parametrize(
    ("apart", "undated", "wakes"),
    [
        (WITHIN / 4, 0, True),
        (WITHIN / 4 + timedelta(microseconds=1), 0, False),
        (timedelta(days=30), 0, False),
        (timedelta(minutes=1), 1, False),
    ],
    ids=["within a day to the last moment", "a moment longer", "over months", "one has no date"],
)
def test_an_account_wakes_where_its_copies_lie_within_the_time_that_a_rule_asks(
    texts: list[str],
    apart: timedelta,
    undated: int,
    wakes: bool,
    compiled: Compiled,
    tmp_path: Path,
) -> None:
    """Who says good morning every day sleeps: the rules would find nothing there."""
    times: list[datetime | None] = [NOW - apart * place for place in range(5)]
    times[:undated] = [None] * undated
    write_said(tmp_path, texts, times)
    with woken(compiled, tmp_path, tmp_path / "woken") as tables:
        assert tables.rows("FROM awake").num_rows == wakes
        assert tables.rows("FROM wanted_posts").num_rows == 5 * wakes
    batch = batch_door(compiled, tmp_path, tmp_path / "run")
    dossiers = dossiers_of(compiled, tmp_path, ["p:0"])
    assert batch.findings == single_door(compiled, dossiers, tmp_path / "single.jsonl")
    assert bool(batch.findings) == wakes


def write_said(directory: Path, texts: list[str], times: list[datetime | None]) -> None:
    posts = pa.table(
        {
            "platform": ["p"] * len(texts),
            "account_id": ["0"] * len(texts),
            "post_id": [str(place) for place in range(len(texts))],
            "text": texts,
            "published_at": pa.array(times, pa.timestamp("us", tz="UTC")),
        }
    )
    pq.write_table(posts, directory / "posts.parquet", row_group_size=1_000)
    accounts = pa.table({"platform": ["p"], "account_id": ["0"], "name": ["小满"]})
    pq.write_table(accounts, directory / "accounts.parquet")
