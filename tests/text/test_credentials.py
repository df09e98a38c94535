"""Credential numbers: forms as the specification allows them, labels, disturbance and masking."""

from __future__ import annotations

import csv
import re
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.text import (
    credential_kinds,
    credential_numbers,
    fold,
    identifiers,
    judge_form,
    kinds_named,
    kinds_of,
    mask,
    mask_value,
    plain_number,
)
from auditor.text.credentialforms import form_pattern

with Path(__file__).with_name("credentials.csv").open(encoding="utf-8", newline="") as table:
    ROWS = [tuple(row.values()) for row in csv.DictReader(table)]

KINDS = (
    "resident_id", "uscc", "lawyer_licence", "law_firm_licence", "legal_qualification",
    "physician_practice", "physician_qualification", "nurse", "pharmacist", "teacher",
    "press_card", "counsellor", "sac_practitioner", "futures_practitioner", "fund_practitioner",
    "news_licence", "icp", "mobile", "landline", "bank_card", "plate", "passport", "qq", "wechat",
)  # fmt: skip
NOT_JUDGED = ("legal_qualification", "nurse", "pharmacist", "counsellor", "fund_practitioner")


def test_the_table_holds_the_24_kinds_of_the_specification() -> None:
    assert tuple(credential_kinds()) == KINDS
    assert {kind for kind, *_ in ROWS} == set(KINDS)


@pytest.mark.parametrize(("kind", "case", "label", "number", "answer"), ROWS)
def test_a_number_is_compared_with_its_published_form(
    kind: str, case: str, label: str, number: str, answer: str
) -> None:
    del case, label
    # Only a WeChat id holds signs that belong to it.
    plain = number.upper() if kind == "wechat" else plain_number(number)
    assert credential_kinds()[kind].answer(plain) == answer


@pytest.mark.parametrize("kind", NOT_JUDGED)
def test_no_form_of_an_unverified_kind_is_judged(kind: str) -> None:
    assert credential_kinds()[kind].forms == ()


def shown(label: str, number: str) -> str:
    return f"简介｜{label}{number}，其他说明"


@pytest.mark.parametrize(("kind", "case", "label", "number", "answer"), ROWS)
def test_no_labelled_number_stays_in_clear(
    kind: str, case: str, label: str, number: str, answer: str
) -> None:
    del kind, case, answer
    masked = mask(shown(label, number))
    assert number not in masked
    assert "*" in masked
    assert mask(masked) == masked


WIDE = str.maketrans("0123456789ABSXZ", "０１２３４５６７８９ＡＢＳＸＺ")
SPELLED = str.maketrans("0123456789", "〇一二三四五六七八九")
LICENCES = [
    (label, number)
    for kind, _, label, number, _ in ROWS
    if credential_kinds()[kind].professions and len(number) >= 10
]
disturbed = st.sampled_from(
    [
        lambda number: number.translate(WIDE),
        lambda number: number.lower(),
        lambda number: number.translate(SPELLED),
        lambda number: " ".join(re.findall(".{1,4}", number)),
        lambda number: "-".join(re.findall(".{1,5}", number)),
        "\u200b".join,
        lambda number: f"（{number[:4]}）{number[4:]}",
        lambda number: f"【{number}】",
        " ".join,
    ]
)
separators = st.sampled_from(
    ["", "：", ": ", "号：", "为", " 编号 ", "（甲市）", "\n", "号码是", "No."]
)
labels = st.sampled_from([str, " ".join, lambda label: label.translate(WIDE), lambda x: f"本人{x}"])


@example(("执业药师注册证号", "ZY00123456"), str, "No.", str)
@given(st.sampled_from(LICENCES), disturbed, separators, labels)
def test_no_labelled_number_stays_in_clear_however_it_is_written(
    pair: tuple[str, str], write: object, between: str, spell: object
) -> None:
    label, number = pair
    assert callable(write)
    assert callable(spell)
    text = f"{spell(label)}{between}{write(number)}。欢迎核对"
    digits = re.sub("[^0-9]", "", number)
    left = "".join(sign for sign in mask(text).translate(WIDE_BACK) if sign.isdecimal())
    assert digits not in left
    assert len(left) <= 6
    assert len(mask(text)) == len(text)


WIDE_BACK = {
    **{
        ord(wide): ord(plain)
        for plain, wide in zip("0123456789", "０１２３４５６７８９", strict=True)
    },
    **{
        ord(han): ord(plain)
        for plain, han in zip("0123456789", "〇一二三四五六七八九", strict=True)
    },
}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("律师执业证号：11101201010123456", "of_form"),
        ("执业证号 1110 1201 0101 23456 13800138000", "of_form"),
        ("执业证号：１１１０１２０１０１０１２３４５６", "of_form"),
        ("执 业 证 号：11101201010123456", "of_form"),
        ("11101201010123456（律师执业证号）", "of_form"),
        ("律师执业证（甲市）11101201010123456", "of_form"),
        ("律师执业证号：1110 1201 0101 2345", "not_of_form"),
        ("律师执业证号：1110120101012345 13800138000", "not_of_form"),
        ("律师执业证号：111012010xxxx3456", "not_judged"),
        ("律师执业证号：11101201****", "not_judged"),
        ("律师执业证持有人王小满1110120101012345", "not_judged"),
        ("S0570512045678", "of_form"),
    ],
)
def test_a_labelled_number_is_read(text: str, answer: str) -> None:
    (found,) = credential_numbers(fold(text))
    assert found.answer() == answer


@pytest.mark.parametrize(
    "text",
    [
        "执业证13800138000",
        "有执业证 13800138000 咨询",
        "执业证，电话 010-62345678",
        "执业律师，热线400-123-4567",
        "律师执业证 400-123-4567",
        "执业证2019年取得",
        "律师执业证 2019-05-01 取得",
        "律师执业证 20190501",
        "律师执业证 2010-2020",
        "考教师资格证 12800元",
        "教师资格证10000人报名",
        "订单号11101201010123456",
        "11101201010123456",
        "S0570512005678",
        "律师执业证查询12348",
        "",
    ],
)
def test_what_only_stands_near_a_label_is_no_credential_number(text: str) -> None:
    assert credential_numbers(fold(text)) == ()


def test_a_number_behind_two_labels_is_read_as_the_nearer_kind() -> None:
    found = credential_numbers(fold("期货从业资格号F3055799，投资咨询号Z0016156"))
    assert [one.readings for one in found] == [("F3055799",), ("Z0016156",)]


@pytest.mark.parametrize(
    ("label", "profession", "number", "answer"),
    [
        ("执业证号", "law", "11101201010123456", "of_form"),
        ("执业证号", "law", "110110000012345", "not_of_form"),
        ("执业证号", "medicine", "110110000012345", "of_form"),
        ("执业证号", "nursing", "110110000012345", "not_judged"),
        ("资格证号", "education", "20101100131000123", "of_form"),
        ("资格证号", "law", "20101100131000123", "not_judged"),
    ],
)
def test_what_a_common_label_means_is_told_by_the_profession(
    label: str, profession: str, number: str, answer: str
) -> None:
    (found,) = credential_numbers(fold(f"{label}：{number}"))
    assert found.answer(kinds_of(profession)) == answer


@pytest.mark.parametrize(
    "text",
    [
        "医师资格证书编码：20101111011010519491231002X",
        "医师资格证书编码：2010 1111 0 110105 19491231 002X",
        "医师资格证书编码：201011110110105491231002",
        "执业医师证：201011110110105491231002",
        "20101111011010519491231002X",
    ],
)
def test_a_number_that_holds_a_resident_number_is_masked_as_a_whole(text: str) -> None:
    assert [item.kind for item in identifiers(text)] == ["physician_qualification"]
    assert not re.search(r"\d", mask(text))


def test_24_digits_without_a_label_are_nobodys() -> None:
    assert identifiers("单据201011110110105491231002") == ()


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("lawyer_licence", ("lawyer_licence",)),
        ("律师执业证", ("lawyer_licence",)),
        ("教师资格证书编号", ("teacher",)),
        ("honorary member", ()),
    ],
)
def test_a_listed_credential_names_its_kind(name: str, kinds: tuple[str, ...]) -> None:
    assert kinds_named(name) == kinds


def test_an_unknown_kind_is_not_judged() -> None:
    assert judge_form(("honorary member",), ("123",)) == "not_judged"
    assert judge_form((), ("123",)) == "not_judged"


def test_a_form_of_unknown_parts_is_refused() -> None:
    with pytest.raises(Exception, match="no part of a form"):
        form_pattern("digits:4 colour")


def test_a_masked_number_keeps_its_ends_and_a_qualification_none() -> None:
    assert mask_value("credential", "11101201010123456") == "11" + "*" * 13 + "56"
    assert mask_value("physician_qualification", "201011110110105491231002") == "*" * 24


@pytest.mark.parametrize(
    "piece", ["1", "执业证号123456789 ", "(1)", "执业证号", "s0570512045678 ", "执业证1 ", "一"]
)
def test_ten_times_the_text_costs_some_ten_times_as_much(piece: str) -> None:
    text = (piece * (300_000 // len(piece) + 1))[:300_000]
    # What looks back over the whole text costs a hundred times as much.
    assert _cpu_seconds(text) < 40 * max(_cpu_seconds(text[:30_000]), 0.002)


def _cpu_seconds(text: str) -> float:
    spent = []
    for _ in range(2):
        started = time.process_time()
        identifiers(text)
        spent.append(time.process_time() - started)
    return min(spent)


def test_no_label_holds_a_digit_so_that_reading_spelled_ones_makes_none() -> None:
    labels = [label for one in credential_kinds().values() for label in one.labels]
    assert labels
    assert not [label for label in labels if any(sign in "0123456789" for sign in label)]
