"""Of whom a title is said, and the word that decided it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.detectors import Subject, View
from auditor.detectors.scanned import PhraseSpan
from auditor.detectors.titles import MOST, TitleClaim, longest, uncovered
from auditor.model import Account, Dossier, Post
from auditor.rules import Compiled
from auditor.text import fold
from auditor.titles import Reading, differ, employers, may_state
from tests.titles.conftest import Labelled

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def titles(
    compiled: Compiled, field: str, text: str, name: str = "小满", bio: str = ""
) -> list[tuple[PhraseSpan, Reading]]:
    step = TitleClaim(use="title_claim")
    every = step.model_copy(update={"titles": tuple(f"@{one}" for one in step.known())})
    fields = {"name": name, "bio": bio, field: text} if field != "text" else {"name": name}
    account = Account.model_validate({"platform": "p", "account_id": "1", **fields})
    post = Post(platform="p", account_id="1", post_id="1", text=text or " ")
    view = View(Dossier(account=account, posts=(post,)), compiled.resources, NOW)
    subject = Subject("account", account, post=post, post_index=0)
    return list(every.readings(view, subject, field, text))


def readings(
    compiled: Compiled, field: str, text: str, name: str = "小满", bio: str = ""
) -> list[Reading]:
    return [reading for _, reading in titles(compiled, field, text, name, bio)]


@pytest.mark.parametrize(
    ("bio", "kind", "because"),
    [
        ("三甲医院心内科主任医师，讲讲脾胃那些事", "claim", ""),
        ("结果我成了一名急诊科医生", "claim", ""),
        ("本号由执业律师李榕运营", "claim", ""),
        ("李榕律师讲家事，也讲房产", "claim", ""),
        ("两位女律师合办的号", "claim", ""),
        ("前法官，现为执业律师", "claim", ""),
        ("作者：柳岸，执业律师", "claim", ""),
        ("💡三甲放射科医师💡看片子的人", "claim", ""),
        ("汇集200名律师", "organisation", "200名"),
        ("我们是一群考研老师", "organisation", "一群"),
        ("专业律师团队，收费透明", "organisation", "团队"),
        ("团结律师，服务律师", "audience", "团结"),
        ("怎么挑律师？风险代理靠谱吗", "asked", ""),
        ("律师、法官、法学生，都该读点闲书", "audience", ",都"),
        ("为企业成功助力的杰出商务律师", "audience", "为企业成功助力的杰出"),
        ("我爸当了一辈子乡村医生", "relation", "我爸"),
        ("护士的女儿，会做饭", "relation", "女儿"),
        ("主角章鱼是个什么都搞砸的教授", "nickname", "主角"),
        ("吉他老师，带你入门", "honorific", "吉他"),
        ("做过十年记者，已转行", "former", "做过"),
        ("想当一名医生", "trainee", ""),
        ("我不是医生，只是病人", "negated", ""),
        ("“主任医师”这四个字真难写", "quoted", ""),
        ("医生：多喝水。我：好", "quoted", ""),
    ],
)
def test_a_title_in_a_bio_is_read_with_the_word_that_decided(
    compiled: Compiled, bio: str, kind: str, because: str
) -> None:
    found = readings(compiled, "bio", bio)
    assert any(one.kind == kind and because in one.because for one in found), found
    assert ("claim" in {one.kind for one in found}) is (kind == "claim")


@pytest.mark.parametrize(
    ("name", "bio", "kind"),
    [
        ("张律师说法", "", "claim"),
        ("执业药师 米兰若", "", "claim"),
        ("Dr.聂 主治医师", "", "claim"),
        ("注册护士Nina陈", "", "claim"),
        ("小满的律-师日常", "我每天开庭", "claim"),
        ("执 业 律 师 · 李榕", "", "claim"),
        ("高中物理柳老师", "", "claim"),
        ("李榕老师", "", "claim"),
        ("李主任聊骨科", "", "claim"),
        ("呼叫医生", "呼叫医生旨在打通医患", "audience"),
        ("诊教授", "诊教授是某集团推出的平台", "organisation"),
        ("小麂医生", "互联网平台，全国8000名儿科医生在线", "organisation"),
        ("青年教师申报通", "", "nickname"),
        ("刘备教授", "", "nickname"),
        ("护士的女儿", "", "relation"),
        ("帮你找律师指南", "", "none"),
        ("Tony老师剪发", "", "none"),
        ("阿梅老师剪发", "", "honorific"),
        ("退休教师老周", "", "former"),
        ("规培医生小林", "", "trainee"),
        ("我真不是医生", "", "negated"),
    ],
)
def test_a_title_in_a_name_is_read_as_a_by_line_or_told_apart(
    compiled: Compiled, name: str, bio: str, kind: str
) -> None:
    kinds: set[str] = {one.kind for one in readings(compiled, "name", name, bio=bio)} or {"none"}
    assert kind in kinds
    assert ("claim" in kinds) is (kind == "claim")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我是一名急诊科医生，昨晚又没合眼。", "claim"),
        ("本人手术室护士，下班六点。", "claim"),
        ("做律师第六年，终于敢说不。", "claim"),
        ("先看合同。\n—— 柳岸，注册会计师", "claim"),
        ("作者：柳岸，执业律师\n合同三处要看。", "claim"),
        ("医生说我缺觉。", "mention"),
        ("他：我是心外科医生。我：哦。", "quoted"),
        ("网友投稿：我是一名护士，想说说。", "quoted"),
        ("我是护士的女儿。", "quoted"),
        ("当年我也是一名律师。", "former"),
        ("如果我是律师，我也会问。", "trainee"),
        ("看医生要挂号。", "mention"),
    ],
)
def test_a_title_in_a_post_counts_only_as_said_of_its_author(
    compiled: Compiled, text: str, kind: str
) -> None:
    found = readings(compiled, "text", text)
    assert (found[0].kind if found else "mention") == kind


@given(st.text(alphabet="律师医生我是们的，。、：“”不前 王\n👩", max_size=40))
def test_any_text_is_read_without_a_fault(compiled: Compiled, text: str) -> None:
    for field in ("bio", "text"):
        assert all(reading.kind for reading in readings(compiled, field, text))
    if text.strip():
        readings(compiled, "name", text)


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("榕溪骨伤医院", "青岫口腔医院", True),
        ("榕溪一医院", "榕溪市第一人民医院", False),
        ("岸边律师事务所", "榕溪岸边律师事务所", False),
        ("岸边律师事务所", "青岫医院", False),
        ("某医院", "青岫口腔医院", False),
    ],
)
def test_employers_differ_only_where_nothing_but_the_kind_is_shared(
    compiled: Compiled, one: str, other: str, answer: bool
) -> None:
    known = compiled.resources.title_words
    assert differ(one, other, known) is answer
    assert differ(other, one, known) is answer


def test_employers_are_read_from_running_text(compiled: Compiled) -> None:
    known = compiled.resources.title_words
    assert list(employers("榕溪骨伤医院主任医师，岸边律师事务所顾问", known)) == [
        "榕溪骨伤医院",
        "岸边律师事务所",
    ]


@pytest.mark.parametrize("unit", ["律师、", "律师，", "我是律师", "医生和"])
def test_a_text_of_nothing_but_titles_is_read_to_a_bound(compiled: Compiled, unit: str) -> None:
    """A row of 1,600 titles took longer than ten minutes; each costs the clause it stands in."""
    assert len(readings(compiled, "bio", (unit * 1600)[:4800])) <= MOST
    assert len(readings(compiled, "text", unit * 20_000)) <= MOST


def test_titles_inside_longer_ones_and_inside_other_words_are_left_out() -> None:
    def span(start: int, end: int) -> PhraseSpan:
        return PhraseSpan(f"{start}-{end}", (), start, end)

    spans = [span(0, 4), span(2, 4), span(1, 3), span(3, 6), span(8, 9), span(8, 12)]
    kept = longest(spans)
    assert [(one.start, one.end) for one in kept] == [(0, 4), (3, 6), (8, 12)]
    left = uncovered(kept, [span(2, 6), span(7, 12), span(0, 3)])
    assert [(one.start, one.end) for one in left] == [(0, 4)]


def test_a_post_in_which_a_title_is_claimed_is_never_passed_over(
    compiled: Compiled, labelled: Labelled
) -> None:
    told = [row["text"] for row in labelled("posts.csv")]
    told += [row["bio"] for row in labelled("profiles.csv")]
    claimed = [
        (fold(text).text, span.phrase)
        for text in told
        for span, reading in titles(compiled, "text", text)
        if reading.kind == "claim"
    ]
    assert len(claimed) > 30
    for text, title in claimed:
        spans = [found.span() for found in re.finditer(re.escape(title), text)]
        assert may_state(text, spans), (text, title)
