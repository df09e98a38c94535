"""The checks of the lists, over small lists written for each case."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from auditor.errors import RulesetError
from auditor.references.checking import Concern, check_rows, summarised
from auditor.references.lines import load_placed_rows
from auditor.references.neighbours import neighbours

TODAY = date(2026, 11, 25)
HEADER = "name,kind,short_names,source,as_of,valid_until,withdrawn\n"
SOURCE = "hand,2026-10,,"


def write(directory: Path, name: str, text: str) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / name
    path.write_text(text, encoding="utf-8")
    return path


SOUNDS = {"护": "hu", "户": "hu", "局": "ju"}


def sounds(sign: str) -> frozenset[str]:
    return frozenset({SOUNDS[sign]} if sign in SOUNDS else ())


def checked(*directories: Path, stale_after: int = 550) -> tuple[Concern, ...]:
    return check_rows(load_placed_rows(directories), TODAY, stale_after, sounds)


def of_rows(tmp_path: Path, *rows: str) -> tuple[Concern, ...]:
    write(tmp_path, "organisations.csv", HEADER + "".join(f"{row}\n" for row in rows))
    return checked(tmp_path)


def told(concerns: tuple[Concern, ...], *beside: str) -> list[tuple[str, str, int]]:
    return [
        (one.severity, one.kind, int(one.where.rpartition(":")[2]))
        for one in concerns
        if one.kind not in {"unverified", *beside}
    ]


def test_two_rows_of_different_bodies_give_nothing(tmp_path: Path) -> None:
    rows = (f"云泽日报,media,云泽报,{SOURCE}", f"云泽市疾控中心,institution,,{SOURCE}")
    assert of_rows(tmp_path, *rows) == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("云泽日报,media,", "云泽日报,group,"),
        ("云泽日报,media,云报社", "云泽晚报社,media,云报社"),
        ("云泽日报,media,", "云泽报业集团,media,云泽日报"),
        ("云泽日报,media,云泽报社", "云泽报社,company,"),
        ("云泽日报,media,", "云澤日報,media,"),
        ("云泽日报,media,", "ＣＮ云泽日报,media,云·泽·日·报"),
    ],
)
def test_a_name_of_two_rows_is_a_fault_of_the_later_one(
    tmp_path: Path, first: str, second: str
) -> None:
    found = of_rows(tmp_path, f"{first},{SOURCE}", f"{second},{SOURCE}")
    assert told(found) == [("fault", "duplicate", 3)]
    assert "line 2" in found[0].what


def test_a_duplicate_of_two_kinds_names_both(tmp_path: Path) -> None:
    found = of_rows(tmp_path, f"云泽日报,media,,{SOURCE}", f"云泽日报,group,,{SOURCE}")
    assert found[0].what == "“云泽日报” is the name in line 2 too, as group and media"


def test_a_short_name_that_repeats_the_name_is_a_fault(tmp_path: Path) -> None:
    found = of_rows(tmp_path, f"云泽日报,media,云泽日報,{SOURCE}")
    assert told(found) == [("fault", "duplicate", 2)]


def test_a_row_that_replaces_a_row_below_it_stands_once(tmp_path: Path) -> None:
    write(tmp_path / "base", "organisations.csv", f"{HEADER}云泽日报,media,,{SOURCE}\n")
    write(tmp_path / "own", "organisations.csv", f"{HEADER}云泽日报,media,云泽报,{SOURCE}\n")
    assert checked(tmp_path / "base", tmp_path / "own") == ()


def test_a_withdrawn_row_is_not_looked_at(tmp_path: Path) -> None:
    rows = (f"云泽日报,media,,{SOURCE}", "云泽日报,group,,hand,2026-10,,yes")
    assert of_rows(tmp_path, *rows) == ()


@pytest.mark.parametrize("name", ["云泽", "云泽市", "旧泽县"])
def test_a_bare_division_is_nobodys_name(tmp_path: Path, name: str) -> None:
    head = "code,level,name,short_name,ambiguous,source,as_of\n"
    write(tmp_path, "divisions.csv", f"{head}990100,city,云泽市,云泽,,hand,2026-10\n")
    head = "name,province,level,last_year,source,as_of\n"
    write(tmp_path, "divisions_former.csv", f"{head}旧泽县,云州省,county,1999,hand,2026-10\n")
    found = of_rows(tmp_path, f"云泽日报,media,{name},{SOURCE}")
    assert told(found, "short") == [("fault", "place", 2)]


@pytest.mark.parametrize(
    "cell",
    ["云泽\u200b日报", "云泽日报 ", " 云泽日报", "云泽  日报", "云泽\u3000日报", "云泽\xa0日报"],
)
def test_what_cannot_be_seen_in_a_cell_is_a_fault(tmp_path: Path, cell: str) -> None:
    found = of_rows(tmp_path, f"{cell},media,,{SOURCE}")
    assert told(found) == [("fault", "untidy", 2)]
    assert "\u200b" not in found[0].right


def test_untidy_members_of_a_json_list_are_seen(tmp_path: Path) -> None:
    row = '{"name": "云泽日报", "kind": "media", "short_names": ["云\u200b泽报"], '
    write(tmp_path, "organisations.jsonl", row + '"source": "hand", "as_of": "2026-10"}\n')
    assert told(checked(tmp_path)) == [("fault", "untidy", 1)]


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("阳光", "fault"),
        ("生活", "fault"),
        ("瞭望", "note"),
        ("半月谈", "note"),
        ("和平", "fault"),
        ("焦点访谈", None),
        ("塔斯社", None),
        ("外交部", None),
        ("央视", None),
        ("云泽日报", None),
    ],
)
def test_an_everyday_word_is_a_fault_when_people_use_it_often(
    tmp_path: Path, name: str, severity: str | None
) -> None:
    found = told(of_rows(tmp_path, f"{name},media,,{SOURCE}"), "short")
    assert found == ([(severity, "everyday", 2)] if severity else [])


def test_a_word_that_ends_as_bodies_do_is_no_everyday_word(tmp_path: Path) -> None:
    row = f"教育部,government,,{SOURCE}"
    assert told(of_rows(tmp_path, row)) == [("fault", "everyday", 2)]
    head = "word,kind,level,class,strength,source,as_of\n"
    write(tmp_path, "organ_words.csv", f"{head}宣传部,party,all,organ,strong,hand,2026-10\n")
    assert told(checked(tmp_path)) == []


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("云", "fault"),
        ("···", "fault"),
        ("云报", "note"),
        ("云·报", "note"),
        ("云泽报", None),
    ],
)
def test_names_of_two_characters_are_noted_and_shorter_ones_protect_nobody(
    tmp_path: Path, name: str, severity: str | None
) -> None:
    found = told(of_rows(tmp_path, f"云泽日报,media,{name},{SOURCE}"), "everyday")
    assert found == ([(severity, "short", 2)] if severity else [])


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("云泽С报", "fault"),  # Cyrillic
        ("云泽Τ台", "fault"),  # Greek
        ("⺠众日报", "fault"),  # a radical
        ("云泽⽇报", "fault"),  # another
        ("云泽不日报".replace("不", "\uf967"), "fault"),  # a compatibility form
        ("云泽ニ日报", "note"),  # kana
        ("Правда", None),
        ("ニュース", None),
        ("云泽TV台", None),
        ("云泽·日报 2", None),
    ],
)
def test_names_of_several_scripts_are_told(tmp_path: Path, name: str, severity: str | None) -> None:
    found = told(of_rows(tmp_path, f"{name},media,,{SOURCE}"))
    assert found == ([(severity, "mixed", 2)] if severity else [])


PERSONS = "name,aliases,kind,source,as_of\n"


@pytest.mark.parametrize(
    ("person", "told_of_it"),
    [
        ("陈云泽,云泽日报", [("note", "duplicate")]),
        ("云泽日报,", [("note", "duplicate")]),
        ("陈云泽,阳光太阳", []),
        ("陈云泽,生活", [("fault", "everyday")]),
        ("阳光,", []),
    ],
)
def test_names_of_persons_are_looked_at_with_those_of_bodies(
    tmp_path: Path, person: str, told_of_it: list[tuple[str, str]]
) -> None:
    write(tmp_path, "persons.csv", f"{PERSONS}{person},official,hand,2026-10\n")
    found = of_rows(tmp_path, f"云泽日报,media,,{SOURCE}")
    assert [(one.severity, one.kind) for one in found if one.kind != "short"] == told_of_it


@pytest.mark.parametrize(
    ("second", "notes"),
    [("云泽环境保户基金会", 1), ("云泽环境保定基金会", 0), ("云泽环境护基金会", 1)],
)
def test_names_that_one_slip_turns_into_each_other_are_noted(
    tmp_path: Path, second: str, notes: int
) -> None:
    rows = (f"云泽环境保护基金会,charity,,{SOURCE}", f"{second},charity,,{SOURCE}")
    found = of_rows(tmp_path, *rows)
    assert [(one.severity, one.kind) for one in found] == [("note", "near")] * notes


def test_characters_of_the_look_alike_table_are_slips_too(tmp_path: Path) -> None:
    head = "found,expected,similarity,source,as_of\n"
    write(tmp_path, "glyphs.csv", f"{head}木,本,0.9,hand,2026-10\n")
    rows = (f"云泽资本协会,group,,{SOURCE}", f"云泽资木协会,group,,{SOURCE}")
    assert [one.kind for one in of_rows(tmp_path, *rows)] == ["near"]


def test_what_was_a_name_once_grows_not_stale(tmp_path: Path) -> None:
    head = "name,province,level,last_year,source,as_of\n"
    write(tmp_path, "divisions_former.csv", f"{head}旧泽县,云州省,county,1999,hand,2020\n")
    assert checked(tmp_path) == ()


@pytest.mark.parametrize(
    ("names", "pairs"),
    [
        (("云泽铁路一局", "云泽铁路二局"), 0),
        (("云泽能源报", "云泽能源网"), 0),
        (("东泽文物保护中心", "西泽文物保护中心"), 0),
        (("云东泽大学", "云西泽大学", "云南泽大学"), 0),
        (("云泽报", "云泽网"), 0),
        (("云泽文物保护中心", "云泽文物保户中心"), 1),
        (("云泽文物保护中心", "云泽文物护中心"), 1),
        (("云泽文物保护中心", "云泽文物保护保护中心"), 0),
    ],
)
def test_neighbours_are_slips_of_the_pen_only(names: tuple[str, ...], pairs: int) -> None:
    assert len(tuple(neighbours(names, lambda _, __: True))) == pairs


@pytest.mark.parametrize(
    ("cells", "after", "count"),
    [
        ("hand,2026-10,,", 550, 0),
        ("hand,2024-10,,", 550, 1),
        ("hand,2025,,", 550, 0),
        ("hand,2024,,", 550, 1),
        ("hand,2026-10-01,,", 30, 1),
        ("hand,2026-10,2026-11-24,", 550, 1),
        ("hand,2026-10,2026-11-25,", 550, 0),
    ],
)
def test_old_and_ended_rows_are_noted(tmp_path: Path, cells: str, after: int, count: int) -> None:
    write(tmp_path, "organisations.csv", f"{HEADER}云泽日报,media,,{cells}\n")
    found = checked(tmp_path, stale_after=after)
    assert told(found) == [("note", "stale", 2)] * count


def test_unverified_sources_are_counted_by_list(tmp_path: Path) -> None:
    rows = ('云泽日报,media,,"memory, unverified",2026-10,,', f"云泽晨报,media,,{SOURCE}")
    (one,) = of_rows(tmp_path, *rows)
    assert (one.severity, one.kind, one.count) == ("note", "unverified", 1)
    assert one.what == "the source of 1 of 2 rows reads unverified"


def test_a_word_that_stands_twice_in_its_class_is_noted(tmp_path: Path) -> None:
    head = "word,kind,level,class,strength,source,as_of\n"
    same = "广电TV,media,all,news,strong,hand,2026-10\n广电tv,media,all,news,weak,hand,2026-10\n"
    other = "广电TV,media,all,organ,strong,hand,2026-10\n"
    write(tmp_path, "organ_words.csv", head + same + other)
    assert told(checked(tmp_path)) == [("note", "duplicate", 3)]


def test_faults_come_first_and_notes_of_a_kind_are_joined(tmp_path: Path) -> None:
    found = of_rows(
        tmp_path,
        "云泽日报,media,,hand,2020,,",
        "云泽晨报,media,,hand,2020,,",
        f"云泽日报,group,,{SOURCE}",
    )
    assert told(found) == [("fault", "duplicate", 4), ("note", "stale", 2), ("note", "stale", 3)]
    fault, note = summarised(found)
    assert fault == found[0]
    assert (note.kind, note.count) == ("stale", 2)
    assert note.what.startswith("2 entries, the first in line 2: “云泽日报”")


def test_a_list_that_does_not_load_is_no_finding(tmp_path: Path) -> None:
    path = write(
        tmp_path, "organisations.csv", "name,kind,source,as_of\n云泽日报,paper,hand,2026\n"
    )
    with pytest.raises(RulesetError, match=f"{path}:2: kind: "):
        load_placed_rows([tmp_path])


@pytest.mark.parametrize(("today", "after"), [(date(1, 1, 2), 550), (TODAY, 10**9)])
def test_nothing_is_stale_before_the_calendar_begins(
    tmp_path: Path, today: date, after: int
) -> None:
    write(tmp_path, "organisations.csv", f"{HEADER}云泽日报,media,云泽报,{SOURCE}\n")
    rows = load_placed_rows([tmp_path])
    assert not [one for one in check_rows(rows, today, after, sounds) if one.kind == "stale"]
