"""Ledger lines, crawls, runs and findings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from auditor.errors import InputError, OutputError
from auditor.model import CrawlSummary, FetchOutcome, Finding, Run
from auditor.store import Store

START = datetime(2026, 1, 1, tzinfo=UTC)


def line(number: int, run_id: str = "r", spider: str = "profiles") -> FetchOutcome:
    return FetchOutcome(
        run_id=run_id,
        spider=spider,
        subject="page",
        outcome="robots_refused",
        at=START - timedelta(days=number),
        url=f"https://weibo.example/{number}",
        status=403,
        reason="机器人协议",
        robots_sha256="0" * 64,
    )


def run(run_id: str = "r1", **fields: object) -> Run:
    plain = {
        "run_id": run_id,
        "schema_version": "1",
        "tool_version": "0.1.0",
        "command": ("audit",),
        "now": "2026-01-01T00:00:00+08:00",
        "started_at": "2026-01-01T00:00:00+08:00",
    }
    return Run.model_validate({**plain, **fields})


def finding(name: str, **fields: object) -> Finding:
    plain = {
        "finding_id": name,
        "priority": 2,
        "rule_id": "name-look-alike",
        "rule_version": "1",
        "item_ids": ("SM23-2.1.a",),
        "class_": "fact",
        "evidence_grade": "E1",
        "strength": "strong",
        "platform": "weibo",
        "account_id": "weibo:1",
        "fact_zh": "名称",
        "fact_en": "name",
        "score_value": 0.5,
    }
    return Finding.model_validate({**plain, **fields})


def test_the_ledger_keeps_its_lines_in_the_order_they_came(store: Store) -> None:
    lines = [line(1), line(2, "r2"), line(3, spider="mastodon"), line(1)]
    for each in lines:
        store.record_outcome(each)
    assert list(store.list_outcomes()) == lines
    assert list(store.list_outcomes("profiles")) == [lines[0], lines[1], lines[3]]
    assert list(store.list_outcomes(run_id="r2")) == [lines[1]]


def test_a_resumed_crawl_replaces_its_record(store: Store) -> None:
    summary = CrawlSummary(exit_code=130, run_id="c1", spider="profiles", failures=(line(1),))
    store.save_crawl(summary)
    store.save_crawl(summary.model_copy(update={"exit_code": 0}))
    assert [row.exit_code for row in store.list_crawls()] == [0]


def test_a_run_is_replaced_and_keeps_its_findings(store: Store) -> None:
    store.save_run(run("r2", started_at="2026-01-02T00:00:00+08:00"))
    store.save_run(run())
    store.save_findings("r1", [finding("b"), finding("a", priority=1)])
    store.save_run(run(exit_code=3))
    assert store.load_run("r1").exit_code == 3
    assert [row.run_id for row in store.list_runs()] == ["r1", "r2"]
    assert list(store.list_findings("r1")) == [finding("b"), finding("a", priority=1)]
    assert list(store.list_findings("r2")) == []


def test_a_finding_saved_again_keeps_its_place(store: Store) -> None:
    store.save_run(run())
    store.save_findings("r1", [finding("c"), finding("a")])
    upheld = finding("c", status="upheld")
    store.save_findings("r1", [finding("b"), upheld])
    assert list(store.list_findings("r1")) == [upheld, finding("a"), finding("b")]


def test_findings_that_come_in_parts_are_one_list(store: Store) -> None:
    store.save_run(run())
    store.save_run(run("r2"))
    rows = [
        finding(f"f{n * 7 % 40:02d}", citation_zh=f"第{n % 3}条", first_seen=f"2026-01-{n:02d}")
        for n in range(1, 40)
    ]
    store.save_findings("r1", rows)
    for start in range(0, len(rows), 10):
        store.save_findings("r2", rows[start : start + 10])
        store.save_findings("r2", rows[max(0, start - 9) : start + 5])
    store.save_findings("r2", [])
    assert list(store.list_findings("r1")) == list(store.list_findings("r2")) == rows
    seen = dict(store.list_first_seen("r2"))
    assert seen == {row.finding_id: row.first_seen for row in rows}
    assert dict(store.list_first_seen("none")) == {}


def test_a_finding_without_a_first_time_has_none(store: Store) -> None:
    store.save_run(run())
    store.save_findings("r1", [finding("a"), finding("a", rank_points=0)])
    assert list(store.list_first_seen("r1")) == [("a", None)]
    assert list(store.list_findings("r1")) == [finding("a", rank_points=0)]


def test_findings_of_an_unknown_run_are_refused(store: Store) -> None:
    with pytest.raises(InputError, match="holds no run r9") as caught:
        store.save_findings("r9", [finding("a")])
    assert str(caught.value).startswith(f"{store.where}: ")
    with pytest.raises(InputError, match="holds no run r9"):
        store.load_run("r9")


def test_references_between_tables_are_enforced(store: Store) -> None:
    with (
        pytest.raises(OutputError, match=r"FOREIGN KEY constraint failed|fk_finding_run"),
        store._writing() as writer,
    ):
        writer.exec_driver_sql(
            "INSERT INTO finding VALUES ('none', 'a', 0, 'w:1', 'r', 1, 'new', 'new', '{}', NULL)"
        )


def test_a_thousand_findings_are_written_and_read_in_order(store: Store) -> None:
    store.save_run(run())
    names = [f"f{number * 7919 % 10007:05d}" for number in range(1_200)]
    store.save_findings("r1", [finding(name) for name in names])
    assert [row.finding_id for row in store.list_findings("r1")] == names
