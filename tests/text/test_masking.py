from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.text import identifiers, mask, mask_name_inner, mask_person, mask_value

with Path(__file__).with_name("identifiers.csv").open(encoding="utf-8", newline="") as table:
    TEXTS = [re.sub("[〔〕]", "", row["text"]) for row in csv.DictReader(table)]
JOINTS = ["，", " ", "电话", "-", "1", "138", "@", "微信：", "QQ", "。", "\u200b", "号楼", "室"]
MIXED = st.lists(st.sampled_from(TEXTS + JOINTS), max_size=5).map("".join)


def personal(text: str) -> list[str]:
    return [item.kind for item in identifiers(text)]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("身份证11010519491231002X。", "身份证1****************X。"),
        ("110105 19491231 002X", "1******************X"),
        ("１１０１０５１９４９１２３１００２Ｘ", "１****************Ｘ"),
        ("电话13800138000", "电话138******00"),
        ("电话138-0013-8000", "电话138********00"),
        ("１３８００１３８０００", "１３８******００"),
        ("+86 13800138000", "+86 138******00"),
        ("010-62345678", "010*******78"),
        ("卡6222021234567890128", "卡62***************28"),
        ("京A·12345", "京******5"),
        ("abc.d@example.com", "ab*************om"),
        ("微信：abc_123", "微信：a*****3"),
        ("QQ：12345678", "QQ：12****78"),
        ("QQ：12345", "QQ：1***5"),
        ("护照号：E12345678", "护照号：E1*****78"),
        ("住北京市朝阳区建国路88号3号楼501室", "住北京市朝阳区*************"),
        ("住杭州市文三路12号阳光公寓2幢302室", "住杭州市****************"),
        ("幸福小区3栋501", "*********"),
        ("信用代码91110000600037341L", "信用代码91**************1L"),
        ("没有可遮的。", "没有可遮的。"),
        ("", ""),
    ],
)
def test_what_may_be_shown_of_an_identifier(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("kind", "value", "masked"),
    [
        ("mobile", "13800138000", "138******00"),
        ("resident_id", "11010519491231002X", "1****************X"),
        ("plate", "京A12345", "京*****5"),
        ("qq", "12345", "1***5"),
        ("uscc", "91110000600037341L", "91**************1L"),
        ("address", "北京市朝阳区建国路88号3号楼501室", "北京市朝阳区" + "*" * 13),
    ],
)
def test_one_value_is_masked_by_its_kind(kind: str, value: str, masked: str) -> None:
    assert mask_value(kind, value) == masked


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_identifiable_is_left(text: str) -> None:
    assert personal(mask(text)) == []


@given(MIXED)
def test_masking_leaves_nothing_keeps_the_length_and_needs_no_second_time(text: str) -> None:
    masked = mask(text)
    assert personal(masked) == []
    assert len(masked) == len(text)
    assert mask(masked) == masked


@given(st.text("0123456789xX -*@.微信qqQ：京A号室栋路区13800138000", max_size=60))
def test_masking_dense_text_leaves_nothing(text: str) -> None:
    masked = mask(text)
    assert personal(masked) == []
    assert len(masked) == len(text)


@given(MIXED)
def test_masking_changes_only_what_was_found_or_left(text: str) -> None:
    assert all(after in (before, "*") for before, after in zip(text, mask(text), strict=True))


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张", "张*"),
        ("欧阳小明", "欧阳*"),
        ("欧阳", "*"),
        ("Ann", "A*"),
        ("", "*"),
    ],
)
def test_a_private_person_keeps_the_family_name(name: str, masked: str) -> None:
    assert mask_person(name) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [("瑶瑶姑", "瑶*姑"), ("温州巡查", "温**查"), ("瑶姑", "瑶*"), ("瑶", "瑶*"), ("", "")],
)
def test_an_account_name_keeps_its_ends(name: str, masked: str) -> None:
    assert mask_name_inner(name) == masked
