"""Names that regulators published, and one of every technique; each with its reason."""

from __future__ import annotations

import pytest

from auditor.names import TIERS, WAYS, NameIndex

PUBLISHED = [
    # Named in regulators' bulletins (specification, sections 4.1 and 5).
    ("人民曰报", "B", "glyph", "人民日报"),
    ("入民日报", "B", "glyph", "人民日报"),
    ("人民报网", "B", "inserted", "人民网"),
    ("中纪委巡视组", "X", "equal", "中纪委巡视组"),
    ("央广新闻TB", "C", "affix", "央广新闻"),
    ("中国红军指挥部", "D", "state_organ", "中国红军指挥部"),
    ("乌海中院", "D", "place_organ", "乌海中院"),
    ("内蒙古人事考试就业平台", "C", "affix", "内蒙古人事考试"),
    ("鄂尔多斯讯", "D", "place_service", "鄂尔多斯讯"),
    ("包头办事宝", "D", "place_service", "包头办事宝"),
    ("鄂尔e多斯每日资讯", "D", "place_service", "鄂尔多斯每日资讯"),
    ("动态新闻", "G", "news_word", "新闻"),
    ("上海午报", "D", "place_news", "上海午报"),
    ("安徽省教育考试招生院", "B", "reordered", "安徽省教育招生考试院"),
    ("日照文旅推荐官", "D", "place_organ", "日照文旅"),
    ("邮政精选", "C", "commerce", "邮政"),
    ("联参智库服务", "C", "affix", "联参"),
    ("联勤保障", "X", "equal", "联勤保障"),
]
TECHNIQUES = [
    ("人.民.日.报", "A", "folded", "人民日报"),
    ("央視新聞", "A", "folded", "央视新闻"),
    ("人民日报\u200b", "A", "folded", "人民日报"),
    ("人民曰報网", "B", "glyph", "人民日报"),
    ("入民曰报", "B", "glyph", "人民日报"),
    ("新华杜", "B", "glyph", "新华社"),
    ("囯务院", "A", "folded", "国务院"),
    ("人民日暴", "B", "homophone", "人民日报"),
    ("人民日日报", "B", "doubled", "人民日报"),
    ("人民x日报", "B", "inserted", "人民日报"),
    ("人民*报", "B", "masked", "人民日报"),
    ("人民＊报", "B", "masked", "人民日报"),
    ("人民曰报官方", "B", "glyph", "人民日报"),
    ("人日民报", "B", "reordered", "人民日报"),
    ("国家市场监管局", "B", "dropped", "国家市场监管总局"),
    ("国家税务局", "B", "dropped", "国家税务总局"),
    ("国家安全", "B", "dropped", "国家安全部"),
    ("国家能源举报中心", "C", "affix", "国家能源局"),
    ("人民日报官方", "C", "affix", "人民日报"),
    ("东部战区发布厅官方", "C", "affix", "东部战区"),
    ("国安局", "C", "affix", "国安"),
    ("凤冈县人民政俯", "D", "place_organ", "凤冈县人民政俯"),
    ("北京巿公安局", "B", "glyph", "北京市公安局"),
    ("郑州市保密局", "D", "place_organ", "郑州市保密局"),
    ("湖南省长沙市岳麓区教育局", "D", "place_organ", "岳麓区教育局"),
    ("西咸新区发布", "D", "place_service", "西咸新区发布"),
    ("平安云阳", "D", "brand_place", "云阳平安"),
    ("和静融媒", "D", "place_news", "和静融媒"),
    ("中国网警", "D", "state_organ", "中国网警"),
    ("第1财经", "B", "latin", "第一财经"),
    ("央shi新闻", "B", "latin", "央视新闻"),
    ("合肥市市场监督管局", "D", "place_organ", "合肥市市场监督管局"),
    ("人民ribao", "B", "latin", "人民日报"),
    ("大河日报", "B", "inserted", "大河报"),
    ("海峡都市报泉州发布", "C", "unit", "海峡都市报"),
    ("海口8报", "B", "latin", "海口日报"),
    ("人民日扌及", "B", "split", "人民日报"),
    ("澎拜新闻", "B", "glyph", "澎湃新闻"),
    ("北京市气象局局", "B", "doubled", "北京市气象局"),
    ("浙江气象局", "B", "dropped", "浙江省气象局"),
    ("官微山西省民政厅", "C", "affix", "山西省民政厅"),
    ("红拾字会募捐办", "B", "homophone", "红十字会"),
    ("人民日报AI主播", "C", "unit", "人民日报"),
    ("教育部备案核验处", "C", "unit", "教育部"),
    ("清华大学招生办李老师", "C", "unit", "清华大学"),
    ("国家电网电费退补", "C", "unit", "国家电网"),
    ("东华理工大学官方", "C", "affix", "东华理工大学"),
    ("南方网新闻网", "C", "affix", "南方网"),
    ("最高人民检察总院", "B", "inserted", "最高人民检察院"),
    ("国家税务总局江苏", "C", "unit", "国家税务总局"),
    ("豫南征兵工作站", "D", "place_service", "豫南征兵工作站"),
    ("低保申领受理处", "D", "function_desk", "低保申领受理处"),
    ("城乡养老金调整通告", "D", "function_desk", "养老金调整通告"),
    ("交警支队快报", "D", "function_desk", "交警支队快报"),
]


@pytest.mark.parametrize(("name", "tier", "way", "value"), PUBLISHED)
def test_a_published_name_is_matched_with_its_reason(
    index: NameIndex, name: str, tier: str, way: str, value: str
) -> None:
    best = index.matches(name)[0]
    assert (best.tier, best.way, best.value) == (tier, way, value)


@pytest.mark.parametrize(("name", "tier", "way", "value"), TECHNIQUES)
def test_a_technique_is_named(index: NameIndex, name: str, tier: str, way: str, value: str) -> None:
    best = index.matches(name)[0]
    assert (best.tier, best.way, best.value) == (tier, way, value)


@pytest.mark.parametrize("name", [t[0] for t in PUBLISHED + TECHNIQUES])
def test_matches_are_of_one_tier_and_complete(index: NameIndex, name: str) -> None:
    matches = index.matches(name)
    assert len({match.tier for match in matches}) <= 1
    for match in matches:
        assert match.tier in TIERS
        assert match.way in WAYS
        assert match.kind
        assert match.steps
        start, end = match.span
        assert 0 <= start < end <= len(name)
        assert (match.reference is None) == (match.tier in "DG")
        if match.tier == "B":
            assert match.differing
        assert match.score_value is None or 0 <= match.score_value <= 100


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("人民曰报", ("glyph:曰→日@2", "equal:人民日报")),
        ("人民日日报", ("doubled:日→@3", "equal:人民日报")),
        ("央視新聞", ("fold:traditional", "equal:央视新闻")),
        ("央广新闻TB", ("equal:央广新闻", "affix:tb")),
        ("日照文旅推荐官", ("place:日照", "organ:文旅", "affix:推荐官")),
        ("动态新闻", ("news:新闻",)),
        ("国家安全", ("dropped:→部@4", "equal:国家安全部")),
    ],
)
def test_steps_say_how_the_match_was_made(
    index: NameIndex, name: str, steps: tuple[str, ...]
) -> None:
    assert index.matches(name)[0].steps == steps


def test_a_look_alike_carries_its_measured_likeness(index: NameIndex) -> None:
    (match,) = index.matches("人民曰报")
    (difference,) = match.differing
    assert (difference.index, difference.found, difference.expected) == (3, "曰", "日")
    assert difference.reason == "glyph"
    assert difference.similarity > 0.9
    assert match.score_value == 75.0


@pytest.mark.parametrize(
    ("name", "places", "weak"),
    [
        ("朝阳区公安局", 2, False),
        ("朝阳公安局", 4, False),
        ("志丹公安局", 1, True),
        ("日照文旅推荐官", 1, True),
        ("和静融媒", 1, True),
        ("乌海中院", 1, False),
    ],
)
def test_a_place_is_counted_and_a_doubtful_one_is_weak(
    index: NameIndex, name: str, places: int, weak: bool
) -> None:
    (match,) = index.matches(name)
    assert match.tier == "D"
    assert (match.places, match.doubt) == (places, "everyday" if weak else "")


@pytest.mark.parametrize(
    ("name", "span", "text"),
    [("官方·人民日报", (3, 7), "人民日报"), ("央广 新闻TB", (0, 5), "央广 新闻")],
)
def test_spans_count_the_original_name(
    index: NameIndex, name: str, span: tuple[int, int], text: str
) -> None:
    match = index.matches(name)[0]
    assert match.span == span
    assert name[slice(*match.span)] == text


@pytest.mark.parametrize(
    ("name", "tier", "value", "why_not"),
    [
        ("中科院物理所", "E", "中科院", "neutral"),
        ("人民日报读者老王", "N", "人民日报", "somebody"),
        ("新华社区", "N", "新华社", "boundary"),
        ("吉林大叔", "F", "吉林大学", "unexplained"),
    ],
)
def test_what_is_set_aside_makes_no_match_and_says_why(
    index: NameIndex, name: str, tier: str, value: str, why_not: str
) -> None:
    assert index.matches(name) == ()
    aside = index.aside(name)
    assert (tier, value, why_not) in {(one.tier, one.value, one.why_not) for one in aside}


def test_nothing_is_set_aside_where_a_match_answers(index: NameIndex) -> None:
    assert index.aside("人民曰报") == ()
