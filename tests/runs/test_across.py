"""Copies across accounts in a whole run: listed with what speaks against them, never a finding."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pytest

from auditor.errors import OutputError
from auditor.model import ClusterRow
from auditor.references.rows import OptOut
from auditor.reports.reading import read_clusters_csv
from auditor.rules import Compiled
from auditor.rules.examples import NOW
from auditor.runs import across, copying, fetching, stages, worker
from auditor.runs.local import audit
from auditor.sources import slices
from tests.runs.doors import request_for

SHOP = (
    "今晚八点直播间上新秋冬厚款棉拖鞋和毛绒坐垫，前一百单包邮到家，颜色有米白浅灰和焦糖三种，"
    "尺码偏小半码，拿不准的姐妹可以先看置顶的尺码表再下单，错过今晚要等下个月"
)
PETITION = (
    "榕树路小区电梯停运已经三个月，我们三百户业主联名请住建部门督促物业尽快修好，老人每天爬十二楼，"
    "上周又有人在楼梯上摔伤送医，恳请各位邻居一起签字转达"
)
LAUGHTER = "哈哈" * 60


def post(account: int, text: str, minutes: int, **more: Any) -> dict[str, Any]:
    at = (NOW - timedelta(minutes=minutes)).isoformat()
    key = {"platform": "p", "account_id": str(account), "post_id": f"{account}-{minutes}"}
    return {**key, "text": text, "published_at": at, **more}


POSTS = [
    *(post(n, SHOP if n % 2 else SHOP.replace("八点", "九点"), 100 - n) for n in range(6)),
    post(3, SHOP, 5),
    post(6, f"转自别处：{SHOP}", 4),
    post(7, f"@小店0 家的：{SHOP}", 3),
    post(8, SHOP, 2, repost_of={"platform": "p", "account_id": "0", "post_id": "0-100"}),
    post(20, SHOP, 1),
    *(post(n, PETITION, 60 + n) for n in range(9, 16)),
    *(post(n, LAUGHTER, 200 + n) for n in range(6)),
    *(post(n, f"阳台种菜第{n}天，{chr(0x4E00 + n) * 80}", 300 + n) for n in range(6)),
]


def dataset(directory: Path, posts: list[dict[str, Any]]) -> Path:
    directory.mkdir()
    accounts = [{"platform": "p", "account_id": str(n), "name": f"小店{n}"} for n in range(21)]
    for name, rows in (("accounts", accounts), ("posts", posts)):
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        (directory / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return directory


def clusters(compiled: Compiled, data: Path, out: Path, **more: Any) -> list[ClusterRow]:
    run = audit(request_for(compiled, data, out, **more)).run_directory
    assert (run / "findings.jsonl").read_text(encoding="utf-8") == ""
    return list(read_clusters_csv(run / "clusters.csv"))


def left_out(compiled: Compiled, platform: str, account: str) -> Compiled:
    entry = OptOut(platform=platform, account_id=account, source="a letter", as_of="2026-11-01")
    references = replace(compiled.resources.references, optout=(entry,))
    return replace(compiled, resources=replace(compiled.resources, references=references))


def test_a_run_may_leave_them_out(compiled: Compiled, tmp_path: Path) -> None:
    data = dataset(tmp_path / "d", POSTS)
    assert clusters(compiled, data, tmp_path / "run", copies=False) == []


def test_a_group_is_listed_with_what_speaks_against_and_petitions_are_not(
    compiled: Compiled, tmp_path: Path
) -> None:
    rows = clusters(left_out(compiled, "p", "20"), dataset(tmp_path / "d", POSTS), tmp_path / "run")
    assert len({row.cluster_id for row in rows}) == 1
    assert {row.post_id: (row.role, row.against) for row in rows} == {
        "p:0:0-100": ("earliest_collected", ()),
        "p:1:1-99": ("later", ()),
        "p:2:2-98": ("later", ()),
        "p:3:3-97": ("later", ()),
        "p:4:4-96": ("later", ()),
        "p:5:5-95": ("later", ()),
        "p:3:3-5": ("own_copy", ()),
        "p:6:6-4": ("later", ("attributed",)),
        "p:7:7-3": ("later", ("names_first",)),
    }
    assert {row.accounts_at_once for row in rows} == {6}
    assert all(0.8 <= (row.similarity or 0) <= 1 for row in rows)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_rows_hang_on_nothing_but_the_posts(
    workers: int, compiled: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = clusters(compiled, dataset(tmp_path / "one", POSTS), tmp_path / "whole")
    monkeypatch.setattr(slices, "ROWS", 4)
    again = dataset(tmp_path / "two", [*POSTS[::-1], POSTS[0]])
    # A worker of its own compiles its own rules.
    more: dict[str, Any] = {}
    if workers == 2:
        from auditor.config import rulesets_directory

        shipped = rulesets_directory()
        more = {"workers": 2, "rules": (shipped,), "references": (shipped / "references",)}
    assert clusters(compiled, again, tmp_path / "again", **more) == whole
    assert len(whole) == 10


def test_members_are_found_among_the_candidates(
    compiled: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    plain = slices.fetch_rows

    def told(each: slices.Slice, *args: Any) -> Iterator[pa.RecordBatch]:
        read.append(each.path.name)
        return plain(each, *args)

    for room in ("candidates", "copying", "fetching"):
        monkeypatch.setattr(f"auditor.runs.{room}.fetch_rows", told)
    assert clusters(compiled, dataset(tmp_path / "d", POSTS), tmp_path / "out")
    # Posts once, for judging too, then what was laid down: for the texts, and for the members.
    posts = [name for name in read if name.startswith("posts")]
    assert len(posts) == 1
    assert [name for name in read if name == copying.CANDIDATES] == [copying.CANDIDATES] * 2


def test_what_one_account_repeats_is_not_read(
    compiled: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    plain = slices.write_batches

    def told(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
        held = list(batches)
        read.append(sum(batch.num_rows for batch in held))
        plain(path, schema, held)

    monkeypatch.setattr("auditor.runs.candidates.write_batches", told)
    posts = [post(1, SHOP, minutes) for minutes in range(4)]
    assert clusters(compiled, dataset(tmp_path / "d", posts), tmp_path / "out") == []
    assert not sum(read)


def test_a_member_that_is_gone_is_told(
    compiled: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = worker.copied_task

    def damaged(path: Path) -> None:
        rows = path.parent.parent / fetching.FETCHED / path.name / copying.CANDIDATES
        whole = list(slices.read_batches(rows))
        slices.write_batches(rows, whole[0].schema, [batch.slice(1) for batch in whole])
        plain(path)

    monkeypatch.setattr(across, "copied_task", damaged)
    with pytest.raises(OutputError, match="lacks 1 rows"):
        clusters(compiled, dataset(tmp_path / "d", POSTS), tmp_path / "out")


@pytest.mark.parametrize(
    ("room", "stage"), [(stages, "fetch_task"), (stages, "judge_task"), (across, "copied_task")]
)
def test_a_run_killed_among_copies_goes_on(
    room: ModuleType,
    stage: str,
    compiled: Compiled,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = dataset(tmp_path / "d", POSTS)
    whole = clusters(compiled, data, tmp_path / "whole")
    monkeypatch.setattr(slices, "ROWS", 4)

    def dies(path: Path) -> None:
        del path
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(room, stage, dies)
        with pytest.raises(KeyboardInterrupt):
            clusters(compiled, data, tmp_path / "again")
    assert clusters(compiled, data, tmp_path / "again") == whole
