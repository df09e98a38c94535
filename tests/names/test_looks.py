"""The look-alike table: every row means what its columns say, and every script is in it."""

from __future__ import annotations

import csv
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


@pytest.mark.parametrize(
    ("script", "found", "expected"),
    [
        ("Han", "曰", "日"),
        ("Han", "巿", "市"),
        ("Han", "末", "未"),
        ("Han, rare", "刋", "刊"),
        ("kana", "ロ", "口"),
        ("kana", "ニ", "二"),
        ("kana", "エ", "工"),
        ("Latin", "l", "i"),
        ("Latin, with a stroke", "ø", "o"),
        ("Cyrillic", "а", "a"),
        ("Cyrillic", "о", "o"),
        ("Greek", "γ", "y"),
        ("digits", "0", "o"),
    ],
)
def test_every_script_is_covered(
    table: dict[tuple[str, str], LookAlike], script: str, found: str, expected: str
) -> None:
    assert (found, expected) in table, script


@pytest.mark.parametrize("name", ["⼈民日报", "人民⽇报", "人⺠日报", "人民日报\ufe00"])
def test_radicals_and_compatibility_forms_are_folded_and_need_no_row(
    references: References, name: str
) -> None:
    assert NameIndex.build(references).matches(name)[0].value == "人民日报"


@pytest.mark.parametrize("pair", [("口", "日"), ("日", "田"), ("人", "大"), ("工", "王")])
def test_what_nobody_takes_for_the_other_is_left_out(
    table: dict[tuple[str, str], LookAlike], pair: tuple[str, str]
) -> None:
    assert pair not in table


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
