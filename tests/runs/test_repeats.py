"""One account that repeats one text very often: told with exact numbers, and held once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.model import Post
from auditor.reports.reading import read_clusters_csv
from auditor.rules import Compiled
from auditor.rules.examples import NOW
from auditor.sources import slices
from tests.runs.doors import batch_door, dossiers_of, single_door
from tests.runs.test_across import SHOP

COPIES = 20_000
WITHIN = timedelta(hours=24)


def dataset(directory: Path, apart: timedelta) -> Path:
    directory.mkdir()
    times = [NOW - apart * place for place in range(COPIES)]
    # Every hundredth is written a little otherwise; its content characters are the same.
    texts = [f"{SHOP}！" if place % 100 == 0 else SHOP for place in range(COPIES)]
    posts = pa.table(
        {
            "platform": ["p"] * COPIES,
            "account_id": ["0"] * COPIES,
            "post_id": [str(place) for place in range(COPIES)],
            "text": texts,
            "published_at": pa.array(times, pa.timestamp("us", tz="UTC")),
        }
    )
    pq.write_table(posts, directory / "posts.parquet", row_group_size=1_000)
    accounts = pa.table({"platform": ["p"], "account_id": ["0"], "name": ["小店"]})
    pq.write_table(accounts, directory / "accounts.parquet")
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
