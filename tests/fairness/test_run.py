"""A whole run over nothing but innocents: exit 0, no row, no rank, nothing urgent."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from auditor.config import rulesets_directory
from auditor.runs.local import audit
from auditor.runs.request import AuditRequest, AuditSummary

NOW = datetime(2026, 11, 22, tzinfo=UTC)
Rows = Callable[[str], list[tuple[str, str]]]
PETITION = (
    "关于请求尽快修复柳岸路积水路段的联名信：雨季以来柳岸路六次积水过膝，老人孩子出行困难，恳请区政府和水务部门"
    "现场查看，给出时间表，业主和租户都等着，签名接在后面，写楼号就行"
)


def people(rows: Rows, verified: str | None) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Yield every invented profile with its posts, and fifty people with one petition."""
    for _, text in rows("posts.txt"):
        yield {"name": "小满", "bio": "写字"}, [text]
    for _, line in rows("names.txt"):
        for name in line.split():
            yield {"name": name, "bio": "记录生活"}, []
    for number in range(50):
        yield {"name": f"柳岸路{number}号的邻居", "bio": "住了十年"}, [PETITION] * 6
    if verified is None:
        for _, line in rows("profiles_with_claim.txt"):
            name, _, bio = line.partition(" | ")
            yield {"name": name.strip(), "bio": bio.strip()}, []


def write_dataset(directory: Path, rows: Rows, verified: str | None) -> int:
    directory.mkdir()
    accounts, posts = [], []
    for number, (profile, texts) in enumerate(people(rows, verified)):
        key = {"platform": "p", "account_id": f"{number:04d}"}
        accounts.append({**key, **profile, "verified": verified})
        for index, text in enumerate(texts):
            shown = (NOW - timedelta(hours=index)).isoformat()
            posts.append({**key, "post_id": str(index), "text": text, "published_at": shown})
    for name, members in (("accounts", accounts), ("posts", posts)):
        lines = [json.dumps(member, ensure_ascii=False) for member in members]
        (directory / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(accounts)


def audited(dataset: Path, out: Path) -> AuditSummary:
    shipped = rulesets_directory()
    request = AuditRequest(
        out=out,
        now=NOW,
        rules=(shipped,),
        references=(shipped / "references",),
        dataset=dataset,
        fail_on="E4",
    )
    return audit(request)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize("verified", ["none", None])
def test_a_run_over_innocents_ends_with_nothing(
    rows: Rows, tmp_path: Path, verified: str | None
) -> None:
    count = write_dataset(tmp_path / "dataset", rows, verified)
    summary = audited(tmp_path / "dataset", tmp_path / "run")
    assert summary.exit_code == 0
    assert table(tmp_path / "run" / "findings.csv") == []
    assert (tmp_path / "run" / "findings.jsonl").read_text(encoding="utf-8") == ""
    accounts = table(tmp_path / "run" / "accounts.csv")
    assert len(accounts) == count
    for account in accounts:
        assert account["outcome"] in ("audited", "partial")  # some have no posts
        assert (account["rank"], account["priority"], account["findings"]) == ("", "", "0")
    for name in ("urgent.jsonl", "clusters.csv", "review.csv"):
        path = tmp_path / "run" / name
        if path.exists():
            assert len(path.read_text(encoding="utf-8-sig").splitlines()) <= 1, name


def test_the_report_over_innocents_names_none_of_them(rows: Rows, tmp_path: Path) -> None:
    write_dataset(tmp_path / "dataset", rows, "none")
    audited(tmp_path / "dataset", tmp_path / "run")
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    for _, line in rows("names.txt"):
        for name in line.split():
            assert len(name) < 4 or name not in page
