"""Runs over a store remember: what is new, what is open since when, and who opted out."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from auditor.config import rulesets_directory
from auditor.model import Account
from auditor.runs import local
from auditor.runs.local import audit
from auditor.runs.request import AuditRequest
from auditor.store import open_store, records
from tests.runs.stopping import stopped

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def request_for(db: str, out: Path, now: datetime, **more: Any) -> AuditRequest:
    shipped = rulesets_directory()
    given = {"rules": (shipped,), "references": (shipped / "references",), "db": db, **more}
    return AuditRequest(out=out, now=now, **given)


@pytest.fixture
def db(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_store(url) as store:
        for number, name in enumerate(("人民曰报", "小满的阳台", "乌海中院")):
            account = Account(
                platform="p", account_id=str(number), name=name, verified="none", fetched_at=NOW
            )
            store.save_account(account)
    return url


def findings(directory: Path) -> list[dict[str, Any]]:
    text = (directory / "findings.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_a_second_run_calls_what_it_knows_open_and_keeps_the_first_date(
    db: str, tmp_path: Path
) -> None:
    first = audit(request_for(db, tmp_path / "one", NOW))
    assert {row["delta"] for row in findings(first.run_directory)} == {"new"}
    later = NOW + timedelta(days=1)
    second = audit(request_for(db, tmp_path / "two", later, fail_on="E4"))
    rows = findings(second.run_directory)
    assert {row["delta"] for row in rows} == {"open"}
    assert {row["first_seen"] for row in rows} == {"2026-11-21T08:00:00+08:00"}
    assert {row["last_seen"] for row in rows} == {"2026-11-22T08:00:00+08:00"}
    # Nothing is new, so nothing fails.
    assert second.exit_code == 0
    with (second.run_directory / "accounts.csv").open(encoding="utf-8-sig", newline="") as handle:
        accounts = list(csv.DictReader(handle))
    assert {row["new_findings"] for row in accounts} == {"0"}
    assert sum(int(row["findings"]) for row in accounts) == len(rows) == 2


def test_the_store_keeps_the_run_and_its_findings(db: str, tmp_path: Path) -> None:
    summary = audit(request_for(db, tmp_path / "one", NOW, run_id="night-1"))
    with open_store(db) as store:
        assert [run.run_id for run in store.list_runs()] == ["night-1"]
        assert len(list(store.list_findings("night-1"))) == summary.counts["findings"] == 2


def test_an_account_that_opted_out_appears_nowhere(db: str, tmp_path: Path) -> None:
    own = tmp_path / "references"
    own.mkdir()
    (own / "optout.csv").write_text(
        "platform,account_id,source,as_of\np,0,letter of 2026-11-01,2026-11-01\n", encoding="utf-8"
    )
    shipped = rulesets_directory() / "references"
    summary = audit(request_for(db, tmp_path / "one", NOW, references=(shipped, own)))
    assert summary.counts["opted_out"] == 1
    for path in summary.run_directory.iterdir():
        if path.suffix in (".csv", ".jsonl", ".html"):
            assert "人民曰报" not in path.read_text(encoding="utf-8-sig"), path.name


PASSING = ("run.json", "report.html")
"""What tells of times."""


def bytes_of(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}


def killed_at(
    place: object, name: str, request: AuditRequest, monkeypatch: pytest.MonkeyPatch
) -> dict[str, bytes]:
    """End a run where it would call ``place.name``; return the files that it had written."""
    stopped(request, monkeypatch, name, place)
    return bytes_of(request.out)


@pytest.mark.parametrize("run_id", [None, "nightly"])
@pytest.mark.parametrize("earlier", [0, 1])
@pytest.mark.parametrize(
    ("place", "name"),
    [(local, "record_run"), (records, "save_findings"), (local, "remove_work")],
)
def test_a_run_killed_about_its_record_is_not_compared_with_itself(
    db: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: object,
    name: str,
    earlier: int,
    run_id: str | None,
) -> None:
    """Whether or not each night has the same id, and whatever was recorded before the kill."""
    for number in range(earlier):
        audit(request_for(db, tmp_path / f"night-{number}", NOW, run_id=run_id))
        with open_store(db) as store:
            name_of = Account(platform="p", account_id="9", name="央視新聞", verified="none")
            store.save_account(name_of.model_copy(update={"fetched_at": NOW}))
    later = NOW + timedelta(days=1)
    request = request_for(db, tmp_path / "out", later, run_id=run_id)
    before = killed_at(place, name, request, monkeypatch)
    audit(request)
    after = bytes_of(request.out)
    assert {each: data for each, data in after.items() if each not in PASSING} == {
        each: data for each, data in before.items() if each not in PASSING
    }
    deltas = [row["delta"] for row in findings(request.out)]
    assert sorted(deltas) == sorted(["new", "open", "open"] if earlier else ["new", "new"])
    # Whoever comes next finds what this run found, whole.
    audit(request_for(db, tmp_path / "next", later, run_id="next"))
    assert {row["delta"] for row in findings(tmp_path / "next")} == {"open"}
