"""Nights over a store, and nights with a history: what comes after judging is as in a full run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from auditor.rules import Compiled
from auditor.rules.examples import NOW
from auditor.runs import worker
from auditor.runs.local import audit
from auditor.runs.request import AuditRequest
from auditor.sources import import_dataset
from tests.runs.doors import request_for
from tests.runs.nights import Nights, Row, Town, record_of, reuse_of, tables_of
from tests.runs.test_nights import SHOP, post, shop


@pytest.fixture
def nights(tmp_path: Path, compiled: Compiled) -> Nights:
    """A few shops that copy one another, one of them with a paper's name."""
    posts = [post(n, 100 + n, SHOP if n % 2 else SHOP.replace("八点", "九点")) for n in range(7)]
    town = Town(tmp_path / "town", accounts=[shop(n) for n in range(8)], posts={"a": posts})
    return Nights(town, tmp_path, compiled)


def night(nights: Nights, dataset: Path | None, name: str, **more: Any) -> Row:
    """Audit over two equal databases, with a memory and without; compare, and return the counts."""
    runs = {}
    for way, kept in (("whole", None), ("after", nights.kept)):
        out = nights.place / f"{way}-{name}"
        given = {"db": f"sqlite:///{nights.place / way}.db", "kept": kept, "now": nights.now}
        request = request_for(nights.compiled, nights.place, out, **given, **more)
        runs[way] = audit(at(request, dataset)).run_directory
    assert tables_of(runs["after"]) == tables_of(runs["whole"])
    assert record_of(runs["after"]) == record_of(runs["whole"])
    return reuse_of(runs["after"])


def at(request: AuditRequest, dataset: Path | None) -> AuditRequest:
    """The request over another input; its rules stay ready."""
    there = replace(request, dataset=dataset)
    worker._ready.request = there
    return there


def imported(nights: Nights) -> None:
    """Bring the dataset into both databases, the same bytes."""
    nights.town.write()
    whole = nights.place / "whole.db"
    import_dataset(f"sqlite:///{whole}", [nights.town.directory])
    shutil.copyfile(whole, nights.place / "after.db")


def a_profile_changes(nights: Nights) -> None:
    row = nights.town.accounts[5]
    nights.town.accounts[5] = {**row, "bio": "只卖拖鞋", "fetched_at": nights.now.isoformat()}


def a_post_comes(nights: Nights) -> None:
    nights.town.posts["b"] = [post(3, 7, "打烊了")]


@pytest.mark.parametrize("change", [None, a_profile_changes, a_post_comes])
def test_nights_over_a_store_end_as_full_runs_do(
    change: Callable[[Nights], None] | None, nights: Nights
) -> None:
    imported(nights)
    first = night(nights, None, "1")
    assert first["judged_accounts"]
    nights.passes(hours=1)
    if change is not None:
        change(nights)
        imported(nights)
    told = night(nights, None, "2")
    assert told["reused_groups"] == first["new_groups"]
    assert told["judged_accounts"] == (change is not None)


def test_a_history_is_told_as_a_full_run_tells_it(nights: Nights) -> None:
    nights.town.write()
    for number in range(3):
        told = night(nights, nights.town.directory, str(number))
        assert bool(told["reused_accounts"]) == bool(number)
        rows = (nights.place / f"after-{number}" / "findings.jsonl").read_text(encoding="utf-8")
        assert ('"delta": "open"' in rows or '"delta":"open"' in rows) == bool(number)
        nights.now += timedelta(days=1)
    assert nights.now == NOW + timedelta(days=3)
