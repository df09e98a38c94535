"""Marks: every guard has a text that needs it, and an ordinary selling text has none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.config import rulesets_directory
from auditor.copies import LISTS, Limits, Marks, names_first, runs
from auditor.rules import load_ruleset

SONG = "月光照着榕树的根河水带走白天的人谁在桥上等一封信等到灯火一盏一盏熄了又亮"
SHOP = "今晚八点直播间上新秋冬厚款棉拖鞋和毛绒坐垫，前一百单包邮到家，颜色有米白浅灰和焦糖三种"


@pytest.fixture(scope="module")
def marks() -> Marks:
    lexicons = load_ruleset([rulesets_directory()]).lexicons
    return Marks({name: lexicons[name].words for name in LISTS}, [SONG], LIMITS)


LIMITS = Limits(60, 0.8, 5, 24, 0.5, 0.8, 5)

# Word lists that no text of the pieces below can hold.
PLAIN = Marks(dict.fromkeys(LISTS, ("zzzz",)), [SONG], LIMITS)

CASES = [
    ("哈哈哈" * 40, "none", False, ("monotone",)),
    ("哈哈哈笑" * 40, "none", False, ("monotone",)),
    (SHOP, None, False, ()),
    (SHOP, "none", False, ()),
    (SHOP, "person", False, ()),
    (SHOP, "organisation", False, ()),
    (SHOP, "government", False, ("government",)),
    (SHOP, "media", False, ("media",)),
    (SHOP, "none", True, ("repost",)),
    (f"来源：榕城晚报。{SHOP}", "none", False, ("attributed",)),
    (f"转自@小棉拖的杂货铺 {SHOP}", "none", False, ("attributed",)),
    (f"{SHOP}（侵删）", "none", False, ("attributed",)),
    ("寻人启事：爷爷今早在菜场走失，穿灰色外套", "none", False, ("appeal", "public_text")),
    ("水滴筹：孩子烧伤，手术费还差很多，谢谢大家", "none", False, ("appeal",)),
    ("我们三百户业主联名：电梯停了三个月", "none", False, ("petition",)),
    ("欠薪八个月，要求补发工资", "none", False, ("petition",)),
    ("特此通知，供水服务站", "none", False, ("public_text",)),
    ("第一条 为了规范道路通行，根据中华人民共和国有关规定", "none", False, ("public_text",)),
    ("我参与了话题的投票", "none", False, ("public_text",)),
    ("早安，又是新的一天", "none", False, ("public_text",)),
    (f"{SONG[:30]}！", "none", False, ("public_text",)),
    (f"{SONG[:9]}，{SHOP}", "none", False, ()),
]


@pytest.mark.parametrize(("text", "verified", "repost", "expected"), CASES)
def test_a_post_bears_the_marks_of_what_it_is(
    marks: Marks, text: str, verified: str | None, repost: bool, expected: tuple[str, ...]
) -> None:
    assert marks.of([text], [verified], [repost]) == [expected]


def test_posts_of_a_batch_are_marked_as_alone(marks: Marks) -> None:
    texts, verified, reposts, expected = zip(*CASES, strict=True)
    assert marks.of(texts, verified, reposts) == list(expected)


pieces = st.lists(
    st.builds(
        lambda text, start, length: text[start : start + length],
        st.sampled_from((SONG, "棉拖鞋坐垫米白浅灰焦糖厚款包邮毛绒", "哈笑" * 20)),
        st.integers(0, 30),
        st.integers(1, 40),
    ),
    min_size=1,
    max_size=6,
)


@given(pieces)
def test_excerpts_and_long_laughter_are_told_by_all_runs_of_a_text(some: list[str]) -> None:
    text = "".join(some)
    own, work = runs(text), runs(SONG)
    expected = "public_text" if len(own & work) >= LIMITS.work_share * len(own) else None
    expected = "monotone" if len(own) < LIMITS.least_runs else expected
    assert PLAIN.of([text], ["none"], [False]) == [(expected,) if expected else ()]


@pytest.mark.parametrize(
    ("text", "credited"),
    [
        ("说得好@小棉拖的杂货铺 大家去看", True),
        ("说得好＠小棉拖的杂货铺", True),
        ("说得好﹫小棉拖的杂货铺", True),
        ("说得好@cotton_shop", True),
        ("小棉拖的杂货铺说得好", False),
        ("说得好@别人", False),
        ("说得好", False),
    ],
)
def test_a_text_credits_whom_it_names_behind_an_at(text: str, credited: bool) -> None:
    assert names_first(text, ["小棉拖的杂货铺", "cotton_shop", None, ""]) == credited


def test_one_character_names_nobody() -> None:
    assert not names_first("@a", ["a"])
