"""What the check says of a register extract."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from auditor.errors import RulesetError
from auditor.references.checking import Concern, check_rows
from auditor.references.lines import load_placed_rows
from auditor.references.registry import PROFESSIONS, is_active, is_ended

HEADER = "profession,name,number,holder,status,coverage,source,as_of\n"
LICENCE = "11101201010123456"


def checked(tmp_path: Path, *rows: str) -> tuple[Concern, ...]:
    lines = "".join(f"{row},甲省个人会员,甲省律师协会,2026-11-01\n" for row in rows)
    (tmp_path / "registry.csv").write_text(HEADER + lines, encoding="utf-8")
    return check_rows(load_placed_rows([tmp_path]), date(2026, 11, 25))


def told(concerns: tuple[Concern, ...]) -> list[tuple[str, str, int]]:
    return [(one.severity, one.kind, int(one.where.rpartition(":")[2])) for one in concerns]


@pytest.mark.parametrize(
    ("row", "concern"),
    [
        (f"law,王小满,{LICENCE},,正常", None),
        (f"law,甲所,{LICENCE},王小满,", None),
        ("nursing,王小满,2021-4400,,已注册", None),
        (f"lawyer,王小满,{LICENCE},,正常", ("fault", "profession", 2)),
        (f"Law,王小满,{LICENCE},,正常", ("fault", "profession", 2)),
        (f"law,王小满,{LICENCE},,待定", ("note", "status", 2)),
        ("law,王小满,1110120101012345,,正常", ("note", "number", 2)),
        ("law,王小满,1.11012E+16,,正常", ("fault", "number", 2)),
        ("law,王小满,11101201010123456.0,,正常", ("fault", "number", 2)),
    ],
)
def test_a_row_of_an_extract_is_looked_at(
    tmp_path: Path, row: str, concern: tuple[str, str, int] | None
) -> None:
    assert told(checked(tmp_path, row)) == ([concern] if concern else [])


def test_a_number_of_two_people_is_a_fault_however_it_is_written(tmp_path: Path) -> None:
    found = checked(
        tmp_path, f"law,王小满,{LICENCE},,正常", "law,李云开,1110 1201 0101 23456,,正常"
    )
    assert told(found) == [("fault", "duplicate", 3)]
    assert "line 2" in found[0].what


def test_two_professions_may_use_one_number(tmp_path: Path) -> None:
    rows = ("medicine,王小满,110110000012345,,正常", "nursing,李云开,110110000012345,,正常")
    assert checked(tmp_path, *rows) == ()


def test_no_concern_holds_a_number(tmp_path: Path) -> None:
    found = checked(
        tmp_path, "law,王小满,1110120101012345,,正常", "law,李云开,1110120101012345,,正常"
    )
    assert len(found) == 3
    assert all("1110120101012345" not in one.what + one.right for one in found)


def test_an_extract_without_its_date_does_not_load(tmp_path: Path) -> None:
    (tmp_path / "registry.csv").write_text(
        f"profession,name,number,coverage,source\nlaw,王小满,{LICENCE},甲省,甲\n", encoding="utf-8"
    )
    with pytest.raises(RulesetError, match="as_of"):
        load_placed_rows([tmp_path])


@pytest.mark.parametrize(
    ("status", "active", "ended"),
    [
        ("", True, False),
        ("正常", True, False),
        (" 正常 ", True, False),
        ("Active", True, False),
        ("注销", False, True),
        ("註銷", False, True),
        ("待定", False, False),
        ("非正常", False, False),
    ],
)
def test_words_of_status_are_read_whole(status: str, active: bool, ended: bool) -> None:
    assert (is_active(status), is_ended(status)) == (active, ended)


def test_the_professions_are_those_of_the_titles() -> None:
    from auditor.detectors.titles import PROFESSIONS as CLAIMED

    assert tuple(PROFESSIONS) == CLAIMED
