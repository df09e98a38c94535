"""A finding implies that its account woke: the batch door and the single door always agree."""

from __future__ import annotations

import json
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.rules import Compiled, evaluate
from auditor.rules.examples import NOW
from tests.runs.doors import batch_door, dossiers_of, single_door, woken

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


def assert_doors_agree(compiled: Compiled, directory: Path) -> list[str]:
    """Return the rules that spoke, the same through both doors."""
    batch = batch_door(compiled, directory, directory / "run")
    dossiers = dossiers_of(compiled, directory, list(batch.accounts))
    assert batch.findings == single_door(compiled, dossiers, directory / "single.jsonl")
    for dossier in dossiers:
        row, judged = batch.accounts[dossier.account.key], evaluate(compiled, dossier, NOW)
        assert (row.cues, row.not_evaluated) == (judged.cues, judged.not_evaluated)
    return [finding.rule_id for finding in batch.findings.values()]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn=st.lists(st.tuples(accounts, posts, changes), min_size=1, max_size=8))
def test_both_doors_agree_on_any_accounts(
    compiled: Compiled, drawn: list[tuple[Any, Any, Any]]
) -> None:
    drawn = [entry for entry in drawn if storable(entry)] or [({"name": "小满"}, [], None)]
    with tempfile.TemporaryDirectory() as name:
        write_dataset(Path(name), drawn)
        assert_doors_agree(compiled, Path(name))


LAW = "公司违法解除，劳动者可以申请劳动仲裁，主张赔偿金，举证责任在用人单位。"
MEDICINE = "糖化血红蛋白反映三个月的血糖，老年患者先防低血糖，规范用药。"
CLAIMS = ("执业律师，民商事案件", "三甲医院心内科主任医师", "记录生活", "律师函收藏", None)
field_posts = st.fixed_dictionaries(
    {
        "text": st.sampled_from(
            (LAW, MEDICINE, "今天种了葱", "膏药彻底根治颈椎病，三天见效", *POSTS)
        ),
        "published_at": st.none() | st.integers(0, 5_000),
        "commerce": st.none() | st.sampled_from(([], ["goods"], ["tips"], ["paid_consultation"])),
        "state": st.none() | st.sampled_from(("live", "deleted")),
    }
)
field_accounts = st.fixed_dictionaries(
    {
        "name": st.sampled_from(("张律师说法", "小满的诊室", "小满")),
        "bio": st.sampled_from(CLAIMS),
        "verified": st.sampled_from(VERIFIED),
        "field": st.sampled_from((None, "none", "法律")),
    }
)


def write_posts(directory: Path, drawn: list[tuple[Any, list[Any]]]) -> None:
    held, published = [], []
    for number, (profile, texts) in enumerate(drawn):
        key = {"platform": "p", "account_id": str(number)}
        held.append({**key, **profile})
        for place, text in enumerate(texts):
            minutes = text["published_at"]
            at = None if minutes is None else (NOW - timedelta(minutes=minutes)).isoformat()
            published.append({**key, **text, "post_id": str(place), "published_at": at})
    write_lines(directory / "accounts.jsonl", held)
    write_lines(directory / "posts.jsonl", published)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    drawn=st.lists(
        st.tuples(field_accounts, st.lists(field_posts, max_size=45)), min_size=1, max_size=4
    )
)
def test_both_doors_count_the_same_last_posts(
    compiled: Compiled, drawn: list[tuple[Any, list[Any]]]
) -> None:
    """Posts that wake nothing are counted beside a claimed title, by both doors alike."""
    with tempfile.TemporaryDirectory() as name:
        write_posts(Path(name), drawn)
        assert_doors_agree(compiled, Path(name))


def test_sleeping_posts_beside_a_title_are_counted_by_the_batch_door(
    compiled: Compiled, tmp_path: Path
) -> None:
    post = {"text": LAW, "commerce": None, "state": None}
    texts = [{**post, "published_at": minutes} for minutes in range(40)]
    profile = {"name": "张律师说法", "bio": "执业律师，民商事案件", "verified": "none"}
    write_posts(tmp_path, [(profile, texts)])
    assert "title-with-field-posts" in assert_doors_agree(compiled, tmp_path)


def test_the_last_posts_are_read_beside_a_title_alone(compiled: Compiled, tmp_path: Path) -> None:
    """An account without a title word costs the scan, whatever its posts are about."""
    post = {"text": LAW, "commerce": None, "state": None}
    texts = [{**post, "published_at": minutes} for minutes in range(40)]
    title, other = {"name": "张律师说法", "bio": "记录"}, {"name": "人民曰报", "bio": "记录"}
    write_posts(tmp_path, [(title, texts), (other, texts)])
    with woken(compiled, tmp_path, tmp_path / "run") as tables:
        listed = tables.rows("SELECT wakes, reads FROM listed ORDER BY account").to_pylist()
        assert listed == [{"wakes": True, "reads": True}, {"wakes": True, "reads": False}]
        assert not tables.rows("FROM woken_posts").num_rows
        assert tables.rows("FROM wanted_posts").num_rows == compiled.plan.recent.count
