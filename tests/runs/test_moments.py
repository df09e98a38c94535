"""Input dated at an end of the calendar, or a run that is: nobody fails, nobody is overlooked."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model import Dossier
from auditor.rules import Compiled, evaluate
from auditor.rules.examples import NOW
from auditor.rules.explain import explain
from auditor.rules.sentences import local_time, readable_time
from auditor.runs.local import audit
from auditor.runs.told import micros
from tests.moments import EDGES, FIRST, LAST, READ
from tests.runs.doors import request_for

TEXT = (
    "今晚八点直播间上新秋冬厚款棉拖鞋和毛绒坐垫，前一百单包邮到家，颜色有"
    "米白浅灰和焦糖三种，尺码偏小半码，拿不准的可以先看置顶的尺码表再下单"
)
ANY = st.sampled_from((*EDGES, NOW))
OWN = {"platform": "p", "account_id": "1"}


def dossier(at: list[datetime]) -> Dossier:
    """An account with all that bears a time; each of its times is the next of ``at``."""
    times = iter(at)
    turns = (("name", "新华社", "人民曰报"), ("name", "人民曰报", "新华社"), ("avatar", "a", "b"))
    account = {
        **OWN,
        "name": "人民曰报",
        "bio": "前央视记者，主任医师，持有执业证书",
        "created_at": next(times),
        "fetched_at": next(times),
        "verified": "person",
        "verified_label": "记者",
        "credentials": ({"kind": "physician", "valid_until": "9999-12"},),
    }
    posts = [
        {**OWN, "post_id": str(n), "text": TEXT, "published_at": posted, "fetched_at": next(times)}
        for n, posted in zip(range(6), times, strict=False)
    ]
    changes = [
        {**OWN, "field": field, "before": before, "after": after, "changed_at": next(times)}
        for field, before, after in turns
    ]
    return Dossier.model_validate(
        {"account": account, "posts": posts, "changes": changes, "posts_seen": len(posts)}
    )


@given(st.lists(ANY, min_size=20, max_size=20), st.sampled_from((*READ, NOW)))
def test_no_time_makes_an_account_fail(
    compiled: Compiled, times: list[datetime], now: datetime
) -> None:
    judged = evaluate(compiled, dossier(times), now)
    assert judged.findings
    assert judged.until is None or micros(judged.until) >= micros(now)
    assert list(explain(compiled, dossier(times), now))


@pytest.mark.parametrize("at", [NOW, *EDGES])
def test_an_account_of_any_year_is_judged_as_one_of_today(compiled: Compiled, at: datetime) -> None:
    def rules(when: datetime) -> set[str]:
        one = dossier([NOW, NOW, *[when] * 18])
        return {finding.rule_id for finding in evaluate(compiled, one, NOW).findings}

    assert rules(at) == rules(NOW)
    assert {"same-text-repeated", "near-text-repeated"} & rules(at)


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (FIRST, "0001-01-01T08:00:00+08:00"),
        (EDGES[5], "0001-01-01T00:00:00+08:00"),
        (LAST, "9999-12-31T23:59:59+08:00"),
        (LAST - timedelta(hours=8), "9999-12-31T23:59:59+08:00"),
        (NOW, "2026-11-01T08:00:00+08:00"),
    ],
)
def test_a_time_is_told_in_the_calendar_of_the_output(at: datetime, shown: str) -> None:
    assert local_time(at) == shown
    assert readable_time(at, "en") == shown[:16].replace("T", " ")


def written(directory: Path, at: str) -> Path:
    """Six accounts that share one text; the first posted it again and again, once at ``at``."""
    accounts = [{**OWN, "account_id": str(n), "name": f"小店{n}"} for n in range(6)]
    usual = (NOW - timedelta(hours=1)).isoformat()
    keys = [(n, "a") for n in range(6)] + [(0, f"b{n}") for n in range(6)]
    posts: list[dict[str, Any]] = [
        {**OWN, "account_id": str(n), "post_id": f"{n}{which}", "text": TEXT, "published_at": usual}
        for n, which in keys
    ]
    posts[0]["published_at"] = at  # the others of its account are copies of it within an hour
    directory.mkdir()
    for name, rows in (("accounts", accounts), ("posts", posts)):
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        (directory / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    return directory


def cells(path: Path, *names: str) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return [tuple(row[name] for name in names) for row in csv.DictReader(handle)]


@pytest.mark.parametrize("now", [READ[0], NOW, READ[-1]])
@pytest.mark.parametrize("at", READ)
def test_one_post_at_an_end_of_the_calendar_ends_no_run(
    compiled: Compiled, tmp_path: Path, at: datetime, now: datetime
) -> None:
    data = written(tmp_path / "data", at.isoformat())
    request = request_for(compiled, data, tmp_path / "run", now=now, kept=tmp_path / "kept")
    summary = audit(request)
    assert (summary.exit_code, summary.warnings) == (0, ())
    run = summary.run_directory
    assert cells(run / "findings.csv", "account_id", "rule_id") == [("p:0", "same-text-repeated")]
    groups = cells(run / "clusters.csv", "kind", "accounts_at_once")
    assert ("copies-across-accounts", "6") in groups
