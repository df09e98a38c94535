"""Numbers of people in folded text: resident number, bank card, mobile, landline, credit code.

Forms: specification, section 6. A *run* is digits in groups with separators between them; a
number is one or several whole groups, so that a number never begins inside a longer one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from auditor.text.checkdigits import (
    is_luhn,
    is_old_resident_number,
    is_resident_number,
    is_uscc,
)
from auditor.text.found import Found
from auditor.text.tables import alternation

_MARK: Final = r"[-‐‒–—―._·•~)]"
_BETWEEN: Final = rf"(?: ?{_MARK} ?| {{1,2}})"
_RUN: Final = re.compile(rf"[0-9]+(?:{_BETWEEN}[0-9]+)*(?:{_BETWEEN}?x(?![0-9a-z]))?")
_GROUP: Final = re.compile(r"[0-9]+x?|x")
_USCC: Final = re.compile(r"[1-9any][0-9]{7}[0-9a-hj-np-rtuwxy]{10}(?![0-9a-z])")
_ADDRESS_OF_PAGE: Final = re.compile(r"(?:https?://|www\.)(?!wa\.me|api\.whatsapp)[!-~]+")
_AFTER_AMOUNT: Final = re.compile(r" ?(?:[元万亿美]|\.[0-9]{1,2}(?![0-9]))")

SPELLED: Final = "〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖⓪①②③④⑤⑥⑦⑧⑨❶❷❸❹❺❻❼❽❾"
"""Digits spelled so that a filter does not see them: 一三八, ①③⑧. One to one, so spans stay."""

NUMERALS: Final = str.maketrans(SPELLED, "00123456789" + "1123456789" + "0123456789" + "123456789")
LEAST_DIGITS: Final = 10
"""Digits, spelled ones too, of the shortest number."""

_LONG_RUN: Final = re.compile(rf"[0-9{SPELLED}](?:{_BETWEEN}?[0-9{SPELLED}]){{{LEAST_DIGITS - 1}}}")

_MOBILE_SHAPES: Final = frozenset(
    {(11,), (13,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (3, 2, 2, 2, 2), (3, 4, 2, 2), (1,) * 11}
)
_LANDLINE_SHAPES: Final = frozenset(
    {(a, *rest) for a in (3, 4) for rest in ((7,), (8,), (4, 4), (3, 4))} | {(11,), (12,), (10,)}
)
_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE: Final = re.compile(r"0(?:10|2[0-9])[2-8][0-9]{7}|0[3-9][0-9]{2}[2-8][0-9]{6,7}")
_CONTACT_TOKEN: Final = re.compile(r"(?:tel|phone|call|mobile|mob|vx?|wx|qq|weixin|wechat|m|t)?")
_LONGEST_LABEL: Final = 10
_TOKEN_BEFORE: Final = re.compile(r"[0-9a-z_]+\Z")
_TOKEN_AFTER: Final = re.compile(rf"[0-9a-z_]{{1,{_LONGEST_LABEL}}}")


class _Group(NamedTuple):
    digits: str
    start: int
    end: int


def numbers(text: str) -> Iterator[Found]:
    """Yield the numbers of a folded text, the more selective kinds first."""
    if not _LONG_RUN.search(text):
        return
    yield from _numbers(text)
    digits = text.translate(NUMERALS)
    if digits != text:
        yield from _numbers(digits)


def credit_codes(text: str) -> Iterator[Found]:
    """Yield the unified social credit codes of a folded text."""
    for found in _USCC.finditer(text):
        before = text[found.start() - 1 : found.start()]
        # Checked here, not by a look-behind, which would keep the search from skipping ahead.
        if is_uscc(found.group()) and not (before.isascii() and before.isalnum()):
            yield Found("uscc", found.start(), found.end(), found.group().upper())


def _numbers(text: str) -> Iterator[Found]:
    pages = [found.span() for found in _ADDRESS_OF_PAGE.finditer(text)]
    runs = [run.span() for run in _RUN.finditer(text) if run.end() - run.start() >= 10]
    split = [
        [_Group(part.group(), part.start(), part.end()) for part in _GROUP.finditer(text, *run)]
        for run in runs
    ]
    on_page = [_inside(start, pages) for start, _ in runs]
    for form in _FORMS:
        for groups, linked in zip(split, on_page, strict=True):
            if form.kind == "resident_id" or not linked:
                yield from _windows(text, form, groups)


def _inside(position: int, spans: Sequence[tuple[int, int]]) -> bool:
    index = bisect_right(spans, (position, position)) - 1
    return any(low <= position < high for low, high in spans[max(0, index) : index + 2])


def _windows(text: str, form: _Form, groups: Sequence[_Group]) -> Iterator[Found]:
    """Try every sequence of whole groups as one number of a kind."""
    longest = max(form.lengths)
    for first, group in enumerate(groups):
        if group.digits[0] not in form.heads:
            continue
        size = 0
        for last in range(first, len(groups)):
            size += len(groups[last].digits)
            if size > longest:
                break
            if size not in form.lengths:
                continue
            window = groups[first : last + 1]
            value = form.judge(text, window)
            if value:
                # A single group may hold more before the number: 86 of the country.
                start = window[0].start if len(window) > 1 else window[0].end - len(value)
                yield Found(form.kind, start, window[-1].end, value)


def _digits(groups: Sequence[_Group]) -> str:
    return "".join(group.digits for group in groups)


def _resident(text: str, groups: Sequence[_Group]) -> str:
    value = _digits(groups)
    if len(value) == 15:
        fits = is_old_resident_number(value)
        return value if fits and _preceded(text, groups, "text-document-labels", 12) else ""
    # A physician's qualification number of 27 characters ends in one (specification, section 6).
    if len(value) == 27 and len(groups) == 1:
        value = value[9:]
    if not is_resident_number(value) or _followed_by_code(text, groups):
        return ""
    if is_uscc(value) and re.search(
        r"(?:信用代码|税号)[^0-9]{0,4}$", text[max(0, groups[0].start - 12) : groups[0].start]
    ):
        return ""
    return value.upper()


def _bank_card(text: str, groups: Sequence[_Group]) -> str:
    value = _digits(groups)
    shape = tuple(len(group.digits) for group in groups)
    spaced = len(shape) > 1 and set(shape[:-1]) == {4} and shape[-1] <= 4
    if not (len(shape) == 1 or spaced or (shape[0] == 6 and len(shape) == 2)):
        return ""
    if not 16 <= len(value) <= 19 or not value.isdecimal() or not is_luhn(value):
        return ""
    if _in_code(text, groups) or _is_order(text, groups):
        return ""
    if value.startswith("62"):
        return value
    # One in ten post ids of 16 digits passes the check: without 62 a card needs a sign that it is.
    sign = spaced or _preceded(text, groups, "text-card-labels", 14)
    return value if value[0] in "45" and len(value) == 16 and sign else ""


def _mobile(text: str, groups: Sequence[_Group]) -> str:
    value = _digits(groups)
    if len(value) == 13 and len(groups) == 1 and value.startswith("86"):
        value = value[2:]
    if not _MOBILE.fullmatch(value):
        return ""
    shape = tuple(len(group.digits) for group in groups)
    if shape not in _MOBILE_SHAPES or _in_code(text, groups):
        return ""
    if _AFTER_AMOUNT.match(text, groups[-1].end) and len(groups) == 1:
        return ""
    return "" if _is_order(text, groups) else value


def _landline(text: str, groups: Sequence[_Group]) -> str:
    value = _digits(groups)
    if not _LANDLINE.fullmatch(value):
        return ""
    shape = tuple(len(group.digits) for group in groups)
    if shape not in _LANDLINE_SHAPES or _in_code(text, groups):
        return ""
    return "" if _is_order(text, groups) else value


class _Form(NamedTuple):
    """A kind of number: first digits and lengths, which cost nothing to check, and its judge."""

    kind: str
    heads: str
    lengths: frozenset[int]
    judge: Callable[[str, Sequence[_Group]], str]


_FORMS: Final = (
    _Form("resident_id", "123456789", frozenset({15, 18, 27}), _resident),
    _Form("bank_card", "456", frozenset({16, 17, 18, 19}), _bank_card),
    _Form("mobile", "18", frozenset({11, 13}), _mobile),
    _Form("landline", "0", frozenset({10, 11, 12}), _landline),
)


def _in_code(text: str, groups: Sequence[_Group]) -> bool:
    """Tell whether letters touch the number that are no label: JD13800138000, 0x…, a hash."""
    start = groups[0].start
    before = _TOKEN_BEFORE.search(text, max(0, start - _LONGEST_LABEL), start)
    return (
        before is not None and not _CONTACT_TOKEN.fullmatch(before.group())
    ) or _followed_by_code(text, groups)


def _followed_by_code(text: str, groups: Sequence[_Group]) -> bool:
    after = _TOKEN_AFTER.match(text, groups[-1].end)
    return after is not None and not _CONTACT_TOKEN.fullmatch(after.group())


def _is_order(text: str, groups: Sequence[_Group]) -> bool:
    """Tell whether the label directly before the number is that of an order or a parcel."""
    start = groups[0].start
    return _order_label().search(text, max(0, start - 12), start) is not None


def _preceded(text: str, groups: Sequence[_Group], words: str, reach: int) -> bool:
    start = groups[0].start
    return _words(words).search(text, max(0, start - reach), start) is not None


@cache
def _order_label() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternation('text-order-labels')})[^0-9a-z]{{0,3}}\Z")


@cache
def _words(name: str) -> re.Pattern[str]:
    return re.compile(alternation(name))
