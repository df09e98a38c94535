from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from auditor.text import (
    Identifier,
    credential_numbers,
    fold,
    fold_blob,
    holds_identifier,
    identifiers,
    identifiers_folded,
    may_hold_identifiers,
    switch_loops,
)
from auditor.text.addresses import HOUSES, PLACES, YARDS
from auditor.text.checkdigits import (
    is_luhn,
    is_old_resident_number,
    is_resident_number,
    is_uscc,
)

# Documented test values (GB 11643's example, card-network test numbers) and invented ones.
RESIDENT = "11010519491231002X"
USCC = "91110000600037341L"


def read_cases() -> list[tuple[str, str]]:
    with Path(__file__).with_name("identifiers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(row["kind"], row["text"].replace("{zwsp}", "\u200b")) for row in rows]


# The identifier stands in 〔〕; a text of the kind "none" holds none.
CASES = read_cases()


def split(marked: str) -> tuple[str, int, int]:
    start, end = marked.index("〔"), marked.index("〕") - 1
    return marked.replace("〔", "").replace("〕", ""), start, end


@pytest.mark.parametrize(("kind", "marked"), [case for case in CASES if case[0] != "none"])
def test_an_identifier_is_found_where_it_stands(kind: str, marked: str) -> None:
    text, start, end = split(marked)
    found = identifiers(text)
    assert [(item.kind, text[item.start : item.end]) for item in found] == [(kind, text[start:end])]
    assert (found[0].start, found[0].end) == (start, end)


@pytest.mark.parametrize("text", [text for kind, text in CASES if kind == "none"])
def test_what_only_resembles_an_identifier_is_none(text: str) -> None:
    assert identifiers(text) == ()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "张三 身份证 110105 19491231 002x 电话１３８-００１３-８０００",
            [("resident_id", RESIDENT), ("mobile", "13800138000")],
        ),
        ("13800138000/13900139000", [("mobile", "13800138000"), ("mobile", "13900139000")]),
        ("13800138000-13900139000", [("mobile", "13800138000"), ("mobile", "13900139000")]),
        ("京a·12345 QQ 123456", [("plate", "京A12345"), ("qq", "123456")]),
        ("微信13800138000，qq12345678", [("mobile", "13800138000"), ("qq", "12345678")]),
        (f"信用代码{USCC.lower()}", [("uscc", USCC)]),
    ],
)
def test_values_are_plain_and_in_order(text: str, values: list[tuple[str, str]]) -> None:
    assert [(item.kind, item.value) for item in identifiers(text)] == values


def test_a_number_in_an_address_of_mail_belongs_to_the_mail() -> None:
    (found,) = identifiers("13800138000@163.com")
    assert found == Identifier("email", 0, 19, "13800138000@163.com")


def check_resident(digits: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return digits + "10X98765432"[total % 11]


residents = st.builds(
    lambda place, born, order: check_resident(f"{place}{born:%Y%m%d}{order:03d}"),
    st.sampled_from(["110105", "310104", "440305", "510107"]),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.integers(1, 999),
)


@given(residents)
def test_every_resident_number_of_the_right_form_is_found(number: str) -> None:
    assert is_resident_number(number)
    assert [item.kind for item in identifiers(f"号码：{number}。")] == ["resident_id"]


@given(residents, st.integers(0, 16), st.integers(1, 9))
def test_a_resident_number_with_one_other_digit_is_none(number: str, at: int, by: int) -> None:
    other = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    assert not is_resident_number(other)


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ("11010519491231002X", True),
        ("11010518991231002X", False),
        ("11010519490231002X", False),
        ("1101051949123100", False),
        ("A1010519491231002X", False),
    ],
)
def test_resident_numbers_by_form(value: str, fits: bool) -> None:
    assert is_resident_number(value) is fits


@pytest.mark.parametrize(
    ("value", "fits"),
    [("110105491231002", True), ("110105491331002", False), ("990105491231002", False)],
)
def test_old_resident_numbers_by_form(value: str, fits: bool) -> None:
    assert is_old_resident_number(value) is fits


def with_check(body: str) -> str:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    return next(body + char for char in alphabet if is_uscc(body + char))


@pytest.mark.parametrize("head", ["91110000", "31110000", "A1110000", "N2370000", "Y1440000"])
def test_credit_codes_of_every_department_are_accepted(head: str) -> None:
    code = with_check(head + "600037341")
    assert [(item.kind, item.value) for item in identifiers(f"代码{code}，")] == [("uscc", code)]


@pytest.mark.parametrize("code", ["91110000600037341", "91110000600037341I", "B1110000600037341L"])
def test_credit_codes_of_another_form_are_none(code: str) -> None:
    assert not is_uscc(code)


@pytest.mark.parametrize(
    ("digits", "fits"),
    [("4111111111111111", True), ("4111111111111112", False), ("79927398713", True)],
)
def test_the_luhn_digit(digits: str, fits: bool) -> None:
    assert is_luhn(digits) is fits


JOINTS = ["，", " ", "电话", "-", "1", "138", "@", "微信：", "QQ", "。", "\u200b", "号楼", "室"]
with Path(__file__).with_name("credentials.csv").open(encoding="utf-8", newline="") as rows:
    LICENCES = [row["label"] + row["number"] for row in csv.DictReader(rows)]
PIECES = st.sampled_from([re.sub("[〔〕]", "", text) for _, text in CASES] + LICENCES + JOINTS)
MIXED = st.lists(PIECES, max_size=5).map("".join)
KINDS = (
    "resident_id", "uscc", "mobile", "landline", "bank_card", "plate", "email", "wechat", "qq",
    "address", "passport", "physician_qualification", "credential",
)  # fmt: skip


@given(MIXED)
def test_identifiers_never_overlap_and_lie_in_the_text(text: str) -> None:
    end = 0
    for item in identifiers(text):
        assert end <= item.start < item.end <= len(text)
        end = item.end


@given(MIXED)
def test_the_check_of_unfolded_text_misses_nothing(text: str) -> None:
    assert identifiers(text) == identifiers_folded(fold(text))


@given(MIXED)
def test_whether_a_text_holds_a_kind_is_told_by_its_identifiers(text: str) -> None:
    folded = fold(text)
    held = {item.kind for item in identifiers_folded(folded)}
    assert [kind for kind in KINDS if holds_identifier(folded.text, {kind})] == [
        kind for kind in KINDS if kind in held
    ]
    assert holds_identifier(folded.text, KINDS) is bool(held)


def may_hold(texts: list[str], *kinds: str) -> list[bool]:
    folded = [fold(text).text for text in texts]
    blob = fold_blob("".join(folded), np.array([len(text) for text in folded], dtype=np.intp))
    worth: list[bool] = may_hold_identifiers(blob, kinds).tolist()
    return worth


@given(st.lists(st.one_of(MIXED, st.text(max_size=20)), max_size=6))
def test_the_check_of_a_batch_misses_nothing(texts: list[str]) -> None:
    held = [{item.kind for item in identifiers(text)} for text in texts]
    for kind in KINDS:
        worth = may_hold(texts, kind)
        assert len(worth) == len(texts)
        assert all(may or kind not in kinds for may, kinds in zip(worth, held, strict=True))


MARKS = st.sampled_from([*[""] * 15, *" -—.·~()【〕（\u200b"])
DIGITS = st.sampled_from("0123456789" * 8 + "一二九①⑨０９ab")
NUMBER = st.lists(st.tuples(DIGITS, MARKS), min_size=8, max_size=20)
LABELS = st.sampled_from(["执业证号：", "教师资格证 ", "医师资格证编号(", "记者证", "证书编号："])


@settings(max_examples=400)
@given(LABELS, NUMBER.map(lambda pairs: "".join(map("".join, pairs))), st.booleans())
def test_a_text_that_shows_a_credential_number_is_read(label: str, number: str, by: bool) -> None:
    # Whoever is passed over here is told to show no number (detectors.shown).
    text = fold(f"{label}{number}。")
    assume(credential_numbers(text))
    assert identifiers_folded(text)
    switch_loops(by)
    try:
        assert may_hold(["", text.text, "号"], *KINDS)[1]
    finally:
        switch_loops(False)


HOUSED = [f"{place}18{house}{yard}" for place in ("路", "村") for house in HOUSES for yard in YARDS]
BETWEEN = st.sampled_from(["", " ", ",", "，", "\n", " \n", "\r\n", ",\n", "。", "  ", "\u200b"])
DOORS = st.sampled_from(
    ["号楼", "栋", "幢", "单元", "室", "座1", "-2-501", "-12-501", "栋2单元501室"]
)


@settings(max_examples=500)
@given(
    st.sampled_from(["", "幸福", "住在幸福", "3栋"]),
    st.sampled_from([*PLACES, *HOUSED]),
    BETWEEN,
    st.text(st.sampled_from("0123456789ab一二十甲东"), min_size=1, max_size=7),
    DOORS,
)
def test_the_check_of_a_batch_misses_no_address(
    before: str, place: str, between: str, number: str, door: str
) -> None:
    text = f"{before}{place}{between}{number}{door}"
    assume(any(item.kind == "address" for item in identifiers(text)))
    assert may_hold(["", text, "室"], "address")[1]
    switch_loops(True)
    try:
        assert may_hold(["", text, "室"], "address")[1]
    finally:
        switch_loops(False)


@pytest.mark.parametrize(
    ("kind", "text", "may"),
    [
        ("address", "幸福小区3栋", True),
        ("address", "幸福小区 \n3栋", True),
        ("address", "周三室友在小区", False),
        ("address", "小区里完了一单元单词", False),
        ("address", "三室", False),
        ("mobile", "今天天气真好", False),
        ("mobile", "", False),
        ("mobile", "一共3个人，2023年", False),
        ("mobile", "电话13800138000", True),
        ("mobile", "一三八零零一三八零零零", True),
        ("mobile", "138 0013 8000", True),
        ("mobile", "138年0013月8000", False),
        ("resident_id", "电话13800138000", False),
        ("credential", "证号 11101", True),
        ("credential", "1月20日", False),
        ("email", "ok啦", False),
        ("email", "小明艾特qq点com", True),
        ("wechat", "banyan", True),
        ("wechat", "ok_1", False),
        ("address", "住幸福里3号楼", True),
        ("address", "住3号楼", False),
        ("address", "6-2-501", True),
        ("address", "在教室里", False),
        ("address", "10月1号去", False),
        ("plate", "京a12345", True),
        ("plate", "去北京", False),
    ],
)
def test_the_check_of_a_batch_spares_ordinary_posts(kind: str, text: str, may: bool) -> None:
    # Beside it stand texts that would make one number with it.
    assert may_hold(["138", text, "0000"], kind)[1] is may


def test_no_text_holds_an_identifier_of_no_kind() -> None:
    assert may_hold(["电话13800138000", "a@b.cn"]) == [False, False]
    assert may_hold([], *KINDS) == []


@given(st.text("1380 -x", min_size=200, max_size=2_000))
def test_long_runs_of_digits_are_handled(text: str) -> None:
    assume(text.strip())
    identifiers(text)
