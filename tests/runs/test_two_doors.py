"""A finding implies that its account woke: the batch door and the single door always agree."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.model import Rejection
from auditor.rules import Compiled, evaluate
from auditor.runs.partition import audit_columns
from auditor.sources import dossier, open_dataset, read_partition, write_partitions

NOW = datetime(2026, 11, 21, tzinfo=UTC)
NAMES = (
    "人民曰报", "人 民 日 報", "人民日报", "央广新闻TB", "乌海中院", "动态新闻", "上海午报",
    "小满的阳台",
    "张律师说法", "老李修锁13800138000", "国安球迷老刘", "医学生日记", "=1+1", "🍠" * 40, "́e" * 30,
)  # fmt: skip
BIOS = (
    "记录生活",
    "执业律师，民商事",
    "非官方，读者自建",
    "三甲医院主任医师",
    "合作微信：banyan_2026x",
    "执业律师，律师执业证号：1110120101012345",
)
SELLING = (
    "今晚八点直播间上新秋冬厚款棉拖鞋和毛绒坐垫，前一百单包邮到家，颜色有米白浅灰和焦糖三种，"
    "尺码偏小半码，拿不准的姐妹可以先看置顶的尺码表再下单"
)
POSTS = (
    "今天种了葱",
    "就是他，身份证11010519491231002X，大家记一下",
    "姓名：陈某某，手机13800138000，家住榕树路18号3栋2单元501室",
    SELLING,
    "寻人：姓名陈某某，走失时穿蓝衣，见到请打13800138000",
    "本人律师执业证号1110120101012345，欢迎查询",
    "就是他，医师资格证书编码20101111011010519491231002X",
)
VERIFIED = (None, "none", "person", "media")

accounts = st.fixed_dictionaries(
    {
        "name": st.sampled_from(NAMES) | st.text(min_size=1, max_size=12),
        "bio": st.none() | st.sampled_from(BIOS) | st.text(max_size=20),
        "verified": st.sampled_from(VERIFIED),
        "verified_label": st.none() | st.sampled_from(("none", "人民日报官方账号", "执业律师")),
    }
)
posts = st.lists(st.sampled_from(POSTS) | st.text(min_size=1, max_size=30), max_size=8)
changes = st.none() | st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES))


def storable(value: Any) -> bool:
    if isinstance(value, str):
        return not any(ord(c) == 0 or 0xD800 <= ord(c) < 0xE000 for c in value)
    members = value.values() if isinstance(value, dict) else value or ()
    return all(map(storable, members))


def write_lines(path: Path, members: list[dict[str, Any]]) -> None:
    lines = [json.dumps(member, ensure_ascii=False) for member in members]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_dataset(directory: Path, drawn: list[tuple[Any, Any, Any]]) -> None:
    written: dict[str, list[dict[str, Any]]] = {"accounts": [], "posts": [], "changes": []}
    for number, (profile, texts, change) in enumerate(drawn):
        key = {"platform": "p", "account_id": str(number)}
        written["accounts"].append({**key, **profile})
        for place, text in enumerate(texts):
            at = (NOW - timedelta(minutes=place)).isoformat()
            written["posts"].append(
                {**key, "post_id": str(place), "text": text, "published_at": at}
            )
        if change:
            before, after = change
            changed = {"field": "name", "before": before, "after": after}
            written["changes"].append({**key, **changed, "changed_at": NOW.isoformat()})
    for kind, members in written.items():
        if members:
            write_lines(directory / f"{kind}.jsonl", members)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn=st.lists(st.tuples(accounts, posts, changes), min_size=1, max_size=8))
def test_both_doors_agree_on_any_accounts(
    compiled: Compiled, drawn: list[tuple[Any, Any, Any]]
) -> None:
    drawn = [entry for entry in drawn if storable(entry)] or [({"name": "小满"}, [], None)]
    rejected: list[Rejection] = []
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        write_dataset(directory, drawn)
        parts = write_partitions(open_dataset(directory), directory / "parts", 2, rejected.append)
        for part in parts:
            for columns in read_partition(part, rejected.append):
                batch = audit_columns(compiled, columns, NOW)
                rows = range(columns.accounts.num_rows)
                single = [evaluate(compiled, dossier(columns, row), NOW) for row in rows]
                assert batch.findings == [f for judged in single for f in judged.findings]
                assert [row.cues for row in batch.accounts] == [judged.cues for judged in single]
                gaps = [judged.not_evaluated for judged in single]
                assert [row.not_evaluated for row in batch.accounts] == gaps
