"""The lists that travel with the program: what they cover, and that they name no innocent."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from auditor.names import NameIndex
from auditor.names.places import place_names
from auditor.names.sounds import readings
from auditor.references import SHIPPED, References, load_references
from auditor.references.checking import check_rows
from auditor.references.lines import load_placed_rows
from auditor.text import fold_name

ATOMIC_AT_LEAST = 3_500
ATOMIC = {
    "party": 60,
    "government": 900,
    "military": 200,
    "institution": 1_800,
    "media": 1_600,
    "company": 500,
    "group": 300,
    "charity": 100,
    "international": 150,
}
FILLING = frozenset({"organ", "modifier", "service", "topic", "news"})


def folded(text: str) -> str:
    return fold_name(text).text


@pytest.fixture(scope="module")
def shipped() -> References:
    return load_references([SHIPPED])


class Grammar:
    """Names that are a place with organ words behind it, or a brand before it."""

    def __init__(self, lists: References) -> None:
        self.places = place_names(
            lists.divisions, lists.former_divisions, lists.organ_words, folded
        )
        self.words = {folded(one.word) for one in lists.organ_words if one.class_ in FILLING}
        self.before = {folded(one.word) for one in lists.organ_words if one.class_ == "prefix"}
        self.brands = {folded(one.word) for one in lists.organ_words if one.class_ == "brand"}

    def makes(self, name: str) -> bool:
        text = folded(name)
        for start in (0, *(len(one) for one in self.before if text.startswith(one))):
            if any(self._filled(text[end:]) for end in self._places(text, start)):
                return True
        starts = (len(one) for one in self.brands if text.startswith(one))
        return any(len(text) in self._places(text, start) for start in starts)

    def _places(self, text: str, start: int) -> Iterator[int]:
        for end in range(start + 2, len(text) + 1):
            if text[start:end] in self.places:
                yield end
                yield from self._places(text, end)

    def _filled(self, text: str) -> bool:
        reached = {0}
        for start in range(len(text)):
            if start in reached:
                ends = range(start + 1, len(text) + 1)
                reached.update(end for end in ends if text[start:end] in self.words)
        return bool(text) and len(text) in reached


def test_more_bodies_than_agreed_are_no_place_with_an_organ_word(shipped: References) -> None:
    grammar = Grammar(shipped)
    atomic = [one for one in shipped.organisations if not grammar.makes(one.name)]
    kinds = Counter(one.kind for one in atomic)
    assert len(atomic) >= ATOMIC_AT_LEAST
    assert [kind for kind, least in ATOMIC.items() if kinds[kind] < least] == []


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("北京市公安局", True),
        ("平安北京", True),
        ("国家统计局北京调查总队", True),
        ("杭州日报", True),
        ("澎湃新闻", False),
        ("公安部交通管理局", False),
        ("清华大学", False),
    ],
)
def test_the_measure_tells_the_grammar_from_names(
    shipped: References, name: str, made: bool
) -> None:
    assert Grammar(shipped).makes(name) is made


def test_the_check_of_the_lists_finds_no_fault() -> None:
    found = check_rows(load_placed_rows([SHIPPED]), date(2026, 11, 25), sounds=readings)
    assert [one for one in found if one.severity == "fault"] == []
    # Each kind of note is explained in docs/references.md; a new kind here has to be, too.
    notes = Counter(one.kind for one in found)
    assert set(notes) == {"duplicate", "everyday", "near", "short", "stale", "unverified"}
    assert max(notes["duplicate"], notes["everyday"], notes["near"], notes["stale"]) < 30


@pytest.mark.parametrize(
    "names",
    [
        "国务院 外交部 教育部高等教育司 公安部交通管理局 最高人民法院第一巡回法庭 国家移民管理局",
        "火箭军 信息支援部队 网络空间部队 军事航天部队 联勤保障部队 武警部队 中国海警 东部战区",
        "央视新闻 侠客岛 玉渊谭天 长安街知事 澎湃新闻 上观新闻 红星新闻 大象新闻 湖南卫视 极目新闻",
        "清华大学 中国科学技术大学 北京协和医院 中国科学院物理研究所 上海证券交易所 国家开放大学",
        "中国石油 中国移动 工商银行 12306 学信网 国家反诈中心 国务院客户端 学习强国 交管12123",
        "全国总工会 九三学社 中国红十字会 壹基金 联合国 世界卫生组织 中国驻美国大使馆 中国警方在线",
    ],
)
def test_bodies_that_everybody_knows_are_there(shipped: References, names: str) -> None:
    forms = {text for one in shipped.organisations for text in (one.name, *one.short_names)}
    assert [name for name in names.split() if name not in forms] == []


@pytest.fixture(scope="module")
def index(shipped: References) -> NameIndex:
    return NameIndex.build(shipped)


def _coverage() -> dict[str, list[tuple[str, bool]]]:
    with (Path(__file__).parent / "data" / "coverage.csv").open(encoding="utf-8") as file:
        groups: dict[str, list[tuple[str, bool]]] = {}
        for row in csv.DictReader(file):
            groups.setdefault(row["about"], []).append((row["name"], row["answer"] == "yes"))
    return groups


COVERAGE = _coverage()


@pytest.mark.parametrize("about", COVERAGE)
def test_what_a_lawyer_would_look_for_is_answered_and_everyday_words_are_not(
    index: NameIndex, about: str
) -> None:
    wrong = [name for name, answer in COVERAGE[about] if bool(index.matches(name)) != answer]
    assert wrong == []


def test_every_row_says_what_its_source_is_worth(shipped: References) -> None:
    assert all(one.source and one.as_of for one in shipped.organisations)
    for one in shipped.organisations:
        assert "unverified" in one.source, one.name
        if one.domains:
            assert "domain unverified" in one.source, one.name


def test_a_short_name_of_two_characters_is_kept_for_few(shipped: References) -> None:
    # An organ word has to stand beside them; new ones are to be weighed one by one.
    short = {text for one in shipped.organisations for text in one.short_names if len(text) == 2}
    assert len(short) < 40
    assert short.isdisjoint({"清华", "北大", "人大", "协和", "平安", "健康", "中山", "东方"})


@pytest.mark.parametrize("name", ["襄樊市", "郫县", "即墨市", "崇明县", "徽州地区", "迪化市"])
def test_names_that_divisions_gave_up_are_there(shipped: References, name: str) -> None:
    assert name in {one.name for one in shipped.former_divisions}


def test_no_number_that_a_nickname_may_end_in_is_a_name(shipped: References) -> None:
    forms = {text for one in shipped.organisations for text in (one.name, *one.short_names)}
    assert {text for text in forms if text.isdigit()} <= {"12306", "12123", "12339", "12377"}
