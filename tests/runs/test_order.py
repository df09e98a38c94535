"""The order and the pieces in which posts come change no byte, of groups of copies neither."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.config import rulesets_directory
from auditor.reports.reading import read_clusters_csv
from auditor.rules import Compiled
from auditor.rules.examples import NOW
from auditor.runs.local import audit
from auditor.sources import blocks, parquet, slices
from auditor.text import switch_loops
from tests.runs.doors import request_for
from tests.runs.nights import Row, Town, tables_of

SIGNS = "棉拖鞋毛绒坐垫前一百单包邮到家颜色米白浅灰焦糖尺码偏小半码拿不准的姐妹可以先看置顶表再下"
ACCOUNTS = 9


def near_copies(draw: random.Random, count: int) -> list[str]:
    """One text in forms that differ by some signs each: many are as like to one as to another."""
    text = "".join(draw.choice(SIGNS) for _ in range(90))
    forms = [text]
    for _ in range(count):
        changed = list(draw.choice(forms))
        for _ in range(draw.randrange(4)):
            changed[draw.randrange(len(changed))] = draw.choice(SIGNS)
        forms.append("".join(changed))
    return forms


def posts_of(draw: random.Random, families: int) -> list[Row]:
    """Posts of some accounts; few times, so that many are published at one moment."""
    texts = [text for _ in range(families) for text in near_copies(draw, draw.randrange(6, 14))]
    texts += [draw.choice(texts) for _ in range(12)]
    rows: list[Row] = []
    for number, text in enumerate(texts):
        at = NOW - timedelta(minutes=draw.randrange(6))
        row: Row = {"platform": "p", "account_id": str(draw.randrange(ACCOUNTS)), "text": text}
        row["post_id"] = str(number)
        row["published_at"] = None if draw.randrange(12) == 0 else at.isoformat()
        rows.append(row)
    # Two accounts say one thing again and again, with and without small changes.
    own = [("8", text) for text in near_copies(draw, 7)] + [("own", texts[0])] * 6
    for number, (account, text) in enumerate(own):
        at = NOW - timedelta(minutes=draw.randrange(6))
        row = {"platform": "p", "account_id": account, "post_id": f"own-{number}", "text": text}
        rows.append({**row, "published_at": at.isoformat()})
    return rows


def town_of(directory: Path, form: str, posts: Sequence[Row], pieces: int) -> Town:
    """The posts in so many files."""
    town = Town(directory, form)
    town.accounts = [
        {"platform": "p", "account_id": str(n), "name": f"小店{n}"} for n in range(ACCOUNTS)
    ]
    size = -(-len(posts) // pieces)
    for piece, start in enumerate(range(0, len(posts), size)):
        town.posts[f"part-{piece}"] = list(posts[start : start + size])
    town.write()
    return town


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32),
    form=st.sampled_from(("jsonl", "parquet", "csv")),
    pieces=st.integers(1, 4),
    together=st.sampled_from((1, 3, 8_192)),
    a_slice=st.sampled_from((1, 5, 131_072)),
    looped=st.booleans(),
)
def test_neither_order_nor_pieces_nor_loops_change_a_table(
    compiled: Compiled,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    form: str,
    pieces: int,
    together: int,
    a_slice: int,
    looped: bool,
) -> None:
    draw = random.Random(seed)
    posts = posts_of(draw, 4)
    with tempfile.TemporaryDirectory() as name, monkeypatch.context() as patch:
        place = Path(name)
        town_of(place / "one", "jsonl", posts, 1)
        whole = audit(request_for(compiled, place / "one", place / "whole")).run_directory
        draw.shuffle(posts)
        town_of(place / "two", form, posts, pieces)
        for module in (blocks, parquet):
            patch.setattr(module, "ROWS", together)
        patch.setattr(slices, "ROWS", a_slice)
        # As in a process that has met a whole slice.
        switch_loops(looped)
        try:
            again = audit(request_for(compiled, place / "two", place / "again")).run_directory
        finally:
            switch_loops(False)
        assert tables_of(again) == tables_of(whole)


def test_two_workers_over_shuffled_slices_write_the_same(
    compiled: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(7)
    posts = posts_of(draw, 12)
    town_of(tmp_path / "one", "parquet", posts, 1)
    whole = audit(request_for(compiled, tmp_path / "one", tmp_path / "whole")).run_directory
    rows = list(read_clusters_csv(whole / "clusters.csv"))
    kinds = {row.kind for row in rows}
    assert len({row.cluster_id for row in rows}) > 6
    assert kinds == {"copies-across-accounts", "near-text-repeated", "same-text-repeated"}
    shipped = rulesets_directory()
    more: dict[str, Any] = {
        "workers": 2,
        "rules": (shipped,),
        "references": (shipped / "references",),
    }
    monkeypatch.setattr(slices, "ROWS", 5)
    draw.shuffle(posts)
    town_of(tmp_path / "two", "jsonl", posts, 3)
    again = audit(request_for(compiled, tmp_path / "two", tmp_path / "again", **more)).run_directory
    assert tables_of(again) == tables_of(whole)
