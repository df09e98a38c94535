from __future__ import annotations

import csv
import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.reports.cells import (
    cell,
    guarded,
    is_formula,
    joined,
    one_line,
    split,
    storable,
    unguarded,
)

ANY_TEXT = st.text(st.characters(), max_size=60)  # lone surrogates and NUL too
SIGNS = "=+-@\t\r\n＝＋－＠"


@pytest.mark.parametrize("sign", list(SIGNS))
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u3000 ", "\ufeff", "\u200b", "'"])
def test_a_leading_sign_is_guarded_whatever_stands_before_it(sign: str, before: str) -> None:
    assert cell(f"{before}{sign}1+1").startswith("'")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("云岭日报", "云岭日报"),
        ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
        ("a=b", "a=b"),
        ("1-2", "1-2"),
        ("-5", "'-5"),
        ("'quoted'", "'quoted'"),
        ("'=1", "''=1"),
        ("first\r\nsecond", "first ⏎ second"),
        ("\n=1", "' ⏎ =1"),
        ("a\u2028b\x85c\x0bd", "a ⏎ b ⏎ c ⏎ d"),
        ("nul\x00here", "nul\ufffdhere"),
        ("half\ud83d", "half\ufffd"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("", ""),
    ],
)
def test_a_text_becomes_one_safe_line(text: str, expected: str) -> None:
    assert cell(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (-5, "-5"),
        (0, "0"),
        (92.0, "92.0"),
        (0.1, "0.1"),
        (math.nan, ""),
        (math.inf, ""),
        ((), ""),
        (("a", "b"), "a | b"),
        (("a | b", "c"), "a \\| b | c"),
        (("back\\slash",), "back\\\\slash"),
        (("", "a"), "a"),
        (("=1", "b"), "'=1 | b"),
    ],
)
def test_numbers_stay_numbers_and_lists_are_joined(value: object, expected: str) -> None:
    assert cell(value) == expected


@pytest.mark.parametrize("value", [True, False, {"a": 1}, b"bytes"])
def test_a_value_no_column_can_hold_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        cell(value)


@given(ANY_TEXT)
def test_every_cell_can_be_stored_and_holds_one_line(text: str) -> None:
    shown = cell(text)
    shown.encode("utf-8")
    assert "\x00" not in shown
    assert len(shown.splitlines()) <= 1


@given(ANY_TEXT)
def test_no_cell_of_text_is_a_formula(text: str) -> None:
    assert not is_formula(cell(text).removeprefix("'")) or cell(text).startswith("'")


@given(ANY_TEXT)
def test_the_guard_can_be_taken_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == one_line(text)


@given(ANY_TEXT)
def test_what_csv_reads_back_is_what_the_rule_says(text: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerow([cell(text), "end"])
    assert list(csv.reader(io.StringIO(file.getvalue(), newline=""))) == [[cell(text), "end"]]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=5))
def test_a_joined_list_splits_into_the_same_members(members: list[str]) -> None:
    assert split(joined(members)) == tuple(members)


@given(ANY_TEXT)
def test_replacing_what_cannot_be_stored_is_done_once(text: str) -> None:
    assert storable(storable(text)) == storable(text)
