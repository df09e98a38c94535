"""No credential number leaves a run in clear, in any table, page or edition."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.config import rulesets_directory
from auditor.reports import Edition, rewrite_reports
from auditor.runs.local import audit
from auditor.runs.request import AuditRequest

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TABLE = Path(__file__).parents[1] / "text" / "credentials.csv"
CLAIMS = ("执业律师", "三甲医院主任医师", "急诊护士", "高中数学教师", "证券投资顾问", "财经记者")
REGISTRY = (
    "profession,name,number,status,coverage,source,as_of\n"
    "law,李云开,11101201010123456,注销,甲市,register,2026-11-01\n"
    "law,李云开,110120101234,正常,甲市,register,2026-11-01\n"
    "medicine,李云开,110110000099999,正常,甲市,register,2026-11-01\n"
)


def numbers() -> list[tuple[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [(row["label"], row["number"]) for row in csv.DictReader(file)]


def spaced(number: str) -> str:
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


@pytest.fixture(scope="module")
def run_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Audit accounts that show every number of the table in name, bio, posts and list."""
    directory = tmp_path_factory.mktemp("credentials")
    dataset, lists = directory / "dataset", directory / "lists"
    dataset.mkdir()
    lists.mkdir()
    (lists / "registry.csv").write_text(REGISTRY, encoding="utf-8")
    accounts, posts = [], []
    for place, (label, number) in enumerate(numbers()):
        for claim, title in enumerate(CLAIMS):
            key = {"platform": "p", "account_id": f"a{place}x{claim}"}
            said = f"{title}，{label}：{spaced(number) if claim % 2 else number}"
            listed = {"kind": "lawyer_licence", "number": number, "holder": "李云开"}
            shown = {"name": "张小满律师", "bio": said, "verified": "none"}
            at = {"fetched_at": NOW.isoformat()}
            accounts.append({**key, **shown, **at, "credentials": [listed]})
            text = f"就是他，{label}{number}，大家记一下"
            posts.append({**key, **at, "post_id": "1", "text": text})
    for name, rows in (("accounts", accounts), ("posts", posts)):
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (dataset / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    shipped = rulesets_directory()
    out = directory / "run"
    request = AuditRequest(
        out=out,
        now=NOW,
        rules=(shipped,),
        references=(shipped / "references", lists),
        dataset=dataset,
        run_id="test",
    )
    assert sum(audit(request).findings_by_item.values()) > 100
    return out


@pytest.mark.parametrize("edition", ["triage", "shareable"])
def test_no_number_leaves_in_clear(run_directory: Path, edition: str) -> None:
    directory = run_directory
    if edition == "shareable":
        rewrite_reports(directory, edition=Edition("shareable", b"a key of 16 bytes"))
        directory = directory / "shareable"
    files = [path for path in directory.iterdir() if path.is_file()]
    assert {"findings.csv", "report.html"} <= {path.name for path in files}
    for path in files:
        text = path.read_text(encoding="utf-8")
        for _, number in numbers():
            if len(number) > 6:
                assert number not in text, (path.name, number)
                assert spaced(number) not in text, (path.name, number)
