"""The cheap pass over columns: what it reads, and that it answers each row as if it stood alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model import Account, Dossier, Post
from auditor.rules import Compiled, Judgement, evaluate
from auditor.rules.blobs import folded_blobs
from auditor.rules.screen import screen_profiles, screen_texts
from auditor.text import BLOB, fold, fold_name

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TEXTS = [
    "今天种了葱", None, "", "我是执业律师", "保过班，不过退款", "住榕树路18号3栋2单元501室",
    "身份证11010519491231002X", "\u200b\u200b", "央視新聞\ufe0f", "𠮷野家",
]  # fmt: skip
ROWS = st.lists(st.none() | st.sampled_from(TEXTS) | st.text("律 师医生1-号栋", max_size=9))


def table(texts: list[str | None]) -> pa.Table:
    return pa.table({"text": pa.array(texts, pa.string())})


def written(texts: list[str | None]) -> list[pa.Array | pa.ChunkedArray]:
    """The same column in every form that Arrow may hand it over."""
    plain = pa.array(texts, pa.string())
    middle = len(texts) // 2
    parts = pa.concat_tables([table(texts[:middle]), table(texts[middle:])])
    within = table(["律师", *texts, "医生"]).slice(1, len(texts)).column("text")
    others = (plain.cast(pa.large_string()), plain.dictionary_encode())
    return [plain, *others, parts.column("text"), within, *within.chunks]


@given(ROWS)
def test_every_form_of_a_column_holds_the_same_texts(texts: list[str | None]) -> None:
    expected = [fold(text or "").text for text in texts]
    for column in [texts, *written(texts)]:
        assert [b.text(i) for _, b in folded_blobs(column) for i in range(len(b))] == expected


def test_a_long_column_comes_in_pieces_with_the_row_of_each() -> None:
    texts = ["短", "长" * BLOB, "", "尾", "长" * (2 * BLOB), "终"]
    parts = pa.concat_tables([table(list(texts[:2])), table(list(texts[2:]))])
    for column in (texts, pa.array(texts), parts.column("text")):
        pieces = list(folded_blobs(column, "name"))
        assert len(pieces) > 2
        told = {start + i: blob.text(i) for start, blob in pieces for i in range(len(blob))}
        assert told == {row: fold_name(text).text for row, text in enumerate(texts)}


@given(ROWS)
def test_a_row_wakes_as_if_it_stood_alone(compiled: Compiled, texts: list[str | None]) -> None:
    for field in ("text", "title", "name", "bio", "verified_label", "handle"):
        whole = screen_texts(compiled, field, pa.array(texts, pa.string()))
        alone = [screen_texts(compiled, field, [text]) for text in texts]
        assert whole.wakes.tolist() == [one.wakes[0] for one in alone]
        assert whole.reads.tolist() == [one.reads[0] for one in alone]


@pytest.mark.parametrize(
    ("field", "text", "wakes", "reads"),
    [
        ("bio", "执业律师，民商事", False, True),
        ("bio", "读书会主办", True, False),
        ("name", "律-师", False, True),
        ("bio", "律-师", False, False),
        ("text", "我是律师", True, False),
        ("text", "文｜沈如许律师", True, False),
        ("text", "做律师第六年", True, False),
        ("text", "我从小就是想当律师", True, False),
        ("text", "我说律师来村里拍了一天", False, False),
        ("text", "我陪老妈找律师", False, False),
        ("text", "记者从医院获悉，律师已到场", False, False),
        ("text", "律师说签约保过", True, False),
        ("text", "住榕树路18号3栋2单元501室", True, False),
        ("text", "电话13800138000", False, False),
        ("bio", "电话13800138000", True, False),
        ("handle", "律师", False, False),
        ("text", "", False, False),
    ],
)
def test_a_text_wakes_by_what_a_rule_looks_for_first(
    compiled: Compiled, field: str, text: str, wakes: bool, reads: bool
) -> None:
    screened = screen_texts(compiled, field, [text])
    assert (screened.wakes[0], screened.reads[0]) == (wakes, reads)


SAID = (
    "我是", "我从小就想当的", "本人", "本", "作为一名", "身为", "做了三年", "干", "职业：", "现任:",
    "我，现任", "我、  是", "咱们", "作者：", "文 |", "——", "－", "记者", "律师", "主治医师",
    "医 生", "第六年", "这一行", "，", "。", "\n", " ", "\u200b", "”", "“", "听说", "的", "张三",
    "日", "签约保过", "课程", "加微信", "根治", "颈椎病", "点击购物车", "住榕树路18号3栋2单元501室",
)  # fmt: skip
WRITTEN = st.lists(st.sampled_from(SAID), max_size=9).map("".join).filter(str.strip)


def judged(compiled: Compiled, account: Account, texts: Sequence[str], seen: int = 9) -> Judgement:
    posts = tuple(
        Post(platform="p", account_id="1", post_id=str(index), text=text, commerce=())
        for index, text in enumerate(texts)
    )
    return evaluate(compiled, Dossier(account=account, posts=posts, posts_seen=seen), NOW)


@settings(deadline=None, max_examples=300)
@given(texts=st.lists(WRITTEN, max_size=3), name=WRITTEN, bio=WRITTEN)
def test_a_finding_implies_that_it_woke(
    compiled: Compiled, texts: list[str], name: str, bio: str
) -> None:
    """What sleeps adds nothing: no row, no cue, nothing silenced."""
    shown = {"name": name.strip()[:40], "bio": bio, "verified": "none", "verified_label": "none"}
    account = Account.model_validate({"platform": "p", "account_id": "1", **shown})
    woke = screen_texts(compiled, "text", texts).wakes
    columns = {field: [value] for field, value in shown.items()}
    profile = screen_profiles(compiled, columns, 1).wakes[0]
    whole = judged(compiled, account, texts)
    if profile or woke.any():
        kept = [text for text, is_awake in zip(texts, woke, strict=True) if is_awake]
        few = judged(compiled, account, kept)
        assert (few.fired, few.silenced, few.cues) == (whole.fired, whole.silenced, whole.cues)
    else:
        assert (whole.fired, whole.silenced, whole.cues) == ((), (), ())


@pytest.mark.parametrize(
    ("name", "bio", "label", "wakes"),
    [
        ("阿葱", "种葱", "阿葱官方账号", False),
        ("阿葱", None, "阿葱官方账号", False),
        ("阿葱", "种葱", "人民日报官方账号", True),
        ("阿葱", None, "人民日报官方账号", True),
        ("阿葱", "种葱", "阿葱，乌海市公安局官方账号", True),
        ("阿葱", "种葱", "隶属于人民日报", True),
        ("阿葱", "种葱", "隶属于阿葱工作室", False),
        (None, None, "人民日报官方账号", True),
        ("阿葱", "人民日报官方账号", "阿葱官方账号", True),
        ("执业律师阿葱", "种葱", "阿葱官方账号", True),
    ],
)
def test_the_words_of_a_mark_wake_where_they_name_a_body(
    compiled: Compiled, name: str | None, bio: str | None, label: str, wakes: bool
) -> None:
    shown = {"name": name, "bio": bio, "verified_label": label}
    beside: list[str | None] = [None, "小满", label]
    columns = {field: [*beside, value] for field, value in shown.items()}
    assert screen_profiles(compiled, columns, 4).wakes[3] == wakes
    arrow = {field: pa.array([value], pa.string()) for field, value in shown.items()}
    assert screen_profiles(compiled, arrow, 1).wakes.tolist() == [wakes]


MARKED = (
    "官方", "官方账号", "官方微博", "人民日报", "新华社", "乌海市", "公安局", "中院", "法院",
    "发布", "隶属于", "主管", "授权", "主办", "运营", "阿葱", "的", "本号由", "旗下", "，", "、",
    " ", "转自", "粉丝", "不是", "“", "”",
)  # fmt: skip
MARKS = st.none() | st.lists(st.sampled_from(MARKED), max_size=6).map("".join).filter(str.strip)


@settings(deadline=None, max_examples=300)
@given(rows=st.lists(st.tuples(MARKS, MARKS, MARKS), min_size=1, max_size=4))
def test_a_finding_about_a_mark_implies_that_it_woke(
    compiled: Compiled, rows: list[tuple[str | None, str | None, str | None]]
) -> None:
    """However many profiles are screened at once, and whatever they lack."""
    fields = ("name", "bio", "verified_label")
    columns = dict(zip(fields, map(list, zip(*rows, strict=True)), strict=True))
    woke = screen_profiles(compiled, columns, len(rows)).wakes
    for is_awake, row in zip(woke, rows, strict=True):
        shown = {"verified": "organisation", **dict(zip(fields, row, strict=True))}
        account = Account.model_validate({"platform": "p", "account_id": "1", **shown})
        found = judged(compiled, account, ())
        assert is_awake or (found.fired, found.silenced, found.cues) == ((), (), ())


def test_a_profile_wakes_by_any_of_its_fields_and_by_its_name(compiled: Compiled) -> None:
    columns = {
        "name": pa.array(["人民曰报", "小满", "小满", None]),
        "bio": pa.array([None, "执业律师", "种葱", "执业律师"]),
    }
    screened = screen_profiles(compiled, columns, 4)
    assert screened.wakes.tolist() == [True, True, False, True]
    assert screened.reads.tolist() == [False, True, False, True]
    assert not screen_profiles(compiled, {}, 2).wakes.any()
    plain = screen_profiles(compiled, {"name": ["阿葱"], "bio": [None]}, 1)
    assert not plain.wakes.any()
    assert not plain.reads.any()


@pytest.mark.parametrize(
    ("shown", "reads"),
    [
        ({"name": "小满·执-业-律-师", "bio": "种葱"}, True),
        ({"name": "小满", "bio": "执业律师，民商事"}, True),
        ({"name": "张律师说法", "bio": None}, True),
        ({"name": "小满", "bio": "律师函收藏家"}, False),
        ({"name": "小满", "bio": "前记者，现在开面馆"}, False),
        ({"name": "小满", "bio": "和护士姐姐合租"}, False),
        ({"name": "小满", "bio": None}, False),
    ],
)
def test_last_posts_are_read_only_beside_a_claim(
    compiled: Compiled, shown: dict[str, str | None], reads: bool
) -> None:
    columns = {field: [value] for field, value in shown.items()}
    screened = screen_profiles(compiled, columns, 1)
    assert screened.reads.tolist() == [reads]
    assert screened.wakes[0] or not reads


@pytest.mark.parametrize(
    ("name", "bio", "wakes"),
    [
        ("小满", "医生妈妈带娃日记", False),
        ("备考教师资格证", "律师函收藏家", False),
        ("陈医生讲故事", "种葱", False),
        ("林桦律师团", None, False),
        ("小满", "执业律师，民商事", True),
        ("小满·执-业-律-师", None, True),
        (None, "三甲医院心内科主任医师", True),
        ("小满", "国家二级心理咨询师，只做长程个案", True),
    ],
)
def test_a_title_in_a_profile_wakes_where_it_is_claimed(
    compiled: Compiled, name: str | None, bio: str | None, wakes: bool
) -> None:
    """What others say of a profession, or of others, leaves the account asleep."""
    columns = {"name": [None, "小满", name], "bio": ["种葱", None, bio]}
    assert screen_profiles(compiled, columns, 3).wakes.tolist() == [False, False, wakes]


TOPICAL = "颈椎病患者要少低头，高血压患者要按时量血压，孩子发烧先量体温再看医生，血糖高的人少吃甜的"


@settings(deadline=None, max_examples=100)
@given(name=WRITTEN, bio=st.none() | WRITTEN, count=st.sampled_from((3, 9, 10, 30)))
def test_posts_that_are_not_read_could_add_nothing(
    compiled: Compiled, name: str, bio: str | None, count: int
) -> None:
    """Neither where the profile makes no claim, nor of an account with too few posts."""
    shown = {"name": name.strip()[:40], "bio": bio, "verified": "none", "verified_label": "none"}
    account = Account.model_validate({"platform": "p", "account_id": "1", **shown})
    texts = [f"{TOPICAL}{index}" for index in range(count)]
    columns = {field: [value] for field, value in shown.items()}
    reads = screen_profiles(compiled, columns, 1).reads[0]
    if reads and count >= compiled.plan.recent.fewest:
        return
    sleeping = [not woke for woke in screen_texts(compiled, "text", texts).wakes]
    assert all(sleeping)
    whole, few = (judged(compiled, account, some, seen=count) for some in (texts, []))
    assert (few.fired, few.silenced, few.open) == (whole.fired, whole.silenced, whole.open)


def test_the_last_posts_of_a_claim_are_what_a_row_is_made_of(compiled: Compiled) -> None:
    shown = {"name": "小满", "bio": "三甲医院主任医师", "verified": "none"}
    account = Account.model_validate({"platform": "p", "account_id": "1", **shown})
    texts = [f"{TOPICAL}{index}" for index in range(30)]
    read = judged(compiled, account, texts, seen=30)
    unread = judged(compiled, account, [], seen=30)
    assert "title-with-field-posts" in (*read.fired, *read.silenced)
    assert "title-with-field-posts" not in (*unread.fired, *unread.silenced)
