"""The look-alike table: every row means what its columns say, and every script is in it."""

from __future__ import annotations

import csv
import unicodedata
from itertools import product
from pathlib import Path

import pytest

from auditor.config import rulesets_directory
from auditor.names import NameIndex
from auditor.names.parts import shared_part
from auditor.references import References
from auditor.references.rows import LookAlike
from auditor.text import fold_name

TABLES = rulesets_directory() / "tables"
MEASURED = ("Noto CJK (OFL)", "Noto CJK (OFL); char-similar (MIT)")


def rows(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def table(references: References) -> dict[tuple[str, str], LookAlike]:
    return {(row.found, row.expected): row for row in references.look_alikes}


def test_a_character_never_stands_for_itself_and_no_pair_stands_twice(
    references: References, table: dict[tuple[str, str], LookAlike]
) -> None:
    assert len(table) == len(references.look_alikes) > 4_000
    assert not [pair for pair in table if pair[0] == pair[1]]


def test_a_measured_row_has_both_figures_and_goes_by_the_higher(
    table: dict[tuple[str, str], LookAlike],
) -> None:
    for row in table.values():
        if row.source not in MEASURED:
            continue
        assert row.similarity_em is not None
        assert row.similarity_box is not None
        assert row.similarity == pytest.approx(max(row.similarity_em, row.similarity_box))


def test_a_measured_row_reaches_the_threshold_that_its_strokes_ask_for(
    table: dict[tuple[str, str], LookAlike],
) -> None:
    for row in table.values():
        if row.source in MEASURED:
            # 0.78 does where Unicode lists the pair as well, 0.70 where the strokes are the same.
            least = 0.70 if row.strokes == 0 else 0.78 if row.strokes is not None else 0.86
            assert row.similarity >= least, (row.found, row.expected)


def test_what_a_person_decided_stands_in_the_table(
    table: dict[tuple[str, str], LookAlike],
) -> None:
    # Names arrive folded, so that s and S are one row.
    arriving = {(fold_name(found).text, expected) for found, expected in table}
    for row in rows("glyphs-hand.csv"):
        pairs = [(row["found"], row["expected"])]
        pairs += [(row["expected"], row["found"])] if row["ways"] == "both" else []
        for pair in pairs:
            assert row["reason"]
            held = (fold_name(pair[0]).text, fold_name(pair[1]).text) in arriving
            assert held is (row["decision"] == "add"), pair


COVERED = {
    "Han": "曰日 日曰 巿市 末未 士土 土士 千干 治冶 社杜 人入 电申 候侯 今令 日目",
    "Han, rare": "刋刊 罔网 扱报 埸场 屮中 冮江",
    "Han, one part apart": "缓援 拜湃 渐浙 俏消 汶汉 州洲 洲州 阔阅 挽晚 插播",
    "Han, alike as traditional forms": "纲网 钊剑 束东 闲闻",
    "kana": "ロ口 ニ二 カ力 エ工 タ夕 ク夕 ト卜 ハ八 へ八 ヘ八 ー一 ミ三 チ千 オ才 ル儿",
    "bopomofo": "ㄏ厂 ㄖ日 ㄪ万 ㄒ丁 ㄬ广 ㆺ十",
    "Hangul": "ㅁ口 ㅅ人 ㅏ卜 ㅡ一",
    "Latin": "Il li 1l l1 1i mn nm uv vu",
    "Latin, with a stroke": "øo đd łl ħh",
    "Cyrillic": "аa еe оo рp сc хx уy Вb Нh Кk Мm Тt ѕs іi јj",
    "Cyrillic for strokes": "Ш山 Ф中 П门 Т丁",
    "Greek": "Αa Βb Εe Ηh Ιi Κk Μm Νn Οo Ρp Τt Χx Υy Ζz γy νv",
    "digits": "0o O0 1l l1 S5 5s 8b b8 9g q9 6b З3 Ч4 б6",
    "numerals": "Ⅱ二 Ⅲ三 Ⅲ川 〇口",
    "letters for strokes": "0口 B日 T丁 Z乙 H工",
}


@pytest.mark.parametrize(("script", "pairs"), COVERED.items())
def test_every_script_is_covered(
    table: dict[tuple[str, str], LookAlike], script: str, pairs: str
) -> None:
    arriving = {(fold_name(found).text, expected) for found, expected in table}
    missing = [pair for pair in pairs.split() if (fold_name(pair[0]).text, pair[1]) not in arriving]
    assert not missing, script


RADICALS = (range(0x2E80, 0x2FD6), range(0xF900, 0xFA6E), range(0x2F800, 0x2FA1E))
# Twelve of the compatibility block are ordinary characters that nothing folds to.
ORDINARY = "﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩"


@pytest.mark.parametrize("span", RADICALS)
def test_no_radical_and_no_compatibility_form_needs_a_row(
    table: dict[tuple[str, str], LookAlike], span: range
) -> None:
    assigned = [one for one in map(chr, span) if unicodedata.category(one) != "Cn"]
    staying = {one for one in assigned if fold_name(one).text == one}
    assert staying <= set(ORDINARY)
    assert not {found for found, _ in table} & (set(assigned) - staying)


@pytest.mark.parametrize("name", ["⼈民日报", "人民⽇报", "人⺠日报", "人民日报\ufe00"])
def test_radicals_and_compatibility_forms_are_folded(index: NameIndex, name: str) -> None:
    assert index.matches(name)[0].value == "人民日报"


ABSENT = {
    "a stroke more that everybody sees": "口日 日田 人大 工王 于十 十干 下不 山巾 元无",
    "another numeral": "十千 千十 二三 一二 17 38 06",
    "both make everyday words in the same place": "学字 字学 会合 远运 水木 成咸",
    "both stand in names of places": "阴阳 阳阴 汉汶 郏郑",
    "a part of the other": "央英 英央",
    "alike as small letters only": "ce ec",
    "alike only as traditional forms": "轮输 开闻 宝实 买贾 卓车",
    "an outline alone": "コ口 ホ本",
    "a word for a low thing": "妓技 棺馆 诈作",
}


@pytest.mark.parametrize(("why", "pairs"), ABSENT.items())
def test_what_nobody_takes_for_the_other_is_left_out(
    table: dict[tuple[str, str], LookAlike], why: str, pairs: str
) -> None:
    assert not [pair for pair in pairs.split() if (pair[0], pair[1]) in table], why


def test_every_decision_is_written_out_and_none_contradicts_another() -> None:
    decided: dict[tuple[str, str], str] = {}
    for row in rows("glyphs-hand.csv"):
        pair = (row["found"], row["expected"])
        assert len(pair[0]) == len(pair[1]) == 1 != len(set(pair))
        assert (row["decision"], row["ways"]) in product(("add", "reject"), ("one", "both"))
        assert row["source"]
        assert row["as_of"]
        figure = float(row["similarity"] or "nan")
        assert 0.5 <= figure <= 1 if row["decision"] == "add" else row["similarity"] == ""
        for one in {pair, pair[::-1]} if row["ways"] == "both" else {pair}:
            assert decided.setdefault(one, row["decision"]) == row["decision"], one


def test_only_what_is_mistaken_by_itself_is_added_for_names_of_three_characters(
    table: dict[tuple[str, str], LookAlike],
) -> None:
    added = [row for row in rows("glyphs-hand.csv") if float(row["similarity"] or 0) > 0.8]
    han = {row["found"] + row["expected"] for row in added if row["expected"] > "\u2fff"}
    assert han == {"扱报", "网罔", "埸场", "刋刊"}


@pytest.mark.parametrize(
    ("name", "reference", "found", "expected"),
    [
        ("中国新闻纲", "中国新闻网", "纲", "网"),
        ("中國新聞綱", "中国新闻网", "纲", "网"),
        ("澎拜新闻网", "澎湃新闻网", "拜", "湃"),
        ("四Ⅲ日报", "四川日报", "ⅲ", "川"),
        ("ル童医院报", "", "", ""),
        ("CGTM", "CGTN", "m", "n"),
        ("CGТN", "CGTN", "т", "t"),
        ("ECTV", "", "", ""),
        ("CGTV", "", "", ""),
        ("大纲", "", "", ""),
        ("珍珠日报", "", "", ""),
    ],
)
def test_a_pair_is_told_with_the_characters_that_differ(
    index: NameIndex, name: str, reference: str, found: str, expected: str
) -> None:
    matches = [match for match in index.matches(name) if match.way == "glyph"]
    assert [match.value for match in matches[:1]] == [reference] * bool(reference)
    for match in matches[:1]:
        (difference,) = match.differing
        assert (difference.found, difference.expected) == (found, expected)
        assert difference.reason == "glyph"
        assert 0.7 <= difference.similarity <= 1


@pytest.mark.parametrize(
    ("found", "expected", "shares"),
    [
        ("拜", "湃", True),
        ("瑞", "端", True),
        ("缓", "援", True),
        ("院", "浣", True),
        ("日", "报", False),
        ("甲", "乙", False),
        ("a", "b", False),
        ("京", "京", True),
    ],
)
def test_characters_share_a_part_by_their_strokes(found: str, expected: str, shares: bool) -> None:
    assert (shared_part(found, expected) > 0) is shares
    assert shared_part(found, expected) == shared_part(expected, found) <= 1


def test_the_table_names_its_inputs() -> None:
    text = (TABLES / "glyphs.json").read_text(encoding="utf-8")
    for word in ("NotoSansCJK-Regular.ttc", "sha256", "char-similar", "thresholds"):
        assert word in text
    assert Path(TABLES / "strokes.csv").stat().st_size < 1_000_000
