"""Credential numbers in a text: what a label introduces, however its digits are spaced or spelled.

A label must stand beside the number; only a resident number, a credit code and an S-number have
a form selective enough without one (specification, section 6).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from auditor.text.credentialforms import FormAnswer, credential_kinds, judge_form
from auditor.text.fold import Folded
from auditor.text.found import Found
from auditor.text.numbers import NUMERALS, SPELLED

QUALIFICATION: Final = "physician_qualification"
"""The kind that contains a resident number."""

LABELLED: Final = "credential"
"""What any other labelled number is called among the identifiers of a text."""

MAX_SIGNS: Final = 40
"""Letters and digits of a number; a longer run is no number of anybody."""

MIN_DIGITS: Final = 5
"""Years have fewer."""

MIN_SPELLED: Final = 3
"""Of fewer spelled digits in a run one may belong to a word: 张三111012."""

SURE_SIGNS: Final = 10
"""From so many on a number is no amount, and other words may stand before it."""

_LONG: Final = 7
"""A group of so many signs may be a number of its own."""

_TOKEN: Final = 5

_MARK: Final = r"[-‐‒–—―._·•~()\[\]【】「」〔〕]"
_BETWEEN: Final = rf"(?:[ ]?{_MARK}{{1,2}}[ ]?|[ ]{{1,2}})"
_RUN: Final = re.compile(
    rf"(?P<head>b2-|(?:[a-z]{_BETWEEN}?){{1,3}})?[0-9][0-9a-z]*(?:{_BETWEEN}[0-9][0-9a-z]*)*"
)
_NO_HEAD: Final = frozenset({"v", "vx", "wx", "qq", "tel", "mob", "no", "id", "icp", "sac"})
"""Letters before digits that belong to a contact or a label, and not to the number."""

# 张三 and 一起 are no digits: only a run of them is.
_SPELLED: Final = re.compile(rf"[{SPELLED}0-9](?:{_BETWEEN}?[{SPELLED}0-9]){{{MIN_DIGITS - 1},}}")
_LETTERS: Final = re.compile("(?!TZ)[A-Z]{2}")
_GROUP: Final = re.compile(r"[0-9a-z]+")
_PROVINCE: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_FILL: Final = (
    r"(?:编? ?[号码](?: ?码)?|为|是|no\.?|number"
    rf"|\([^()0-9]{{0,10}}\)|[{_PROVINCE}]|[\s:=()\[\]{{}}<>'\"“”‘’「」『』【】《》〔〕|/#_~·•.-])"
)
_SPACED: Final = "[ ·._-]?"
"""Signs that stand between the characters of a label so that a filter does not see it."""

_APART: Final = re.compile("[ ·._-]")
_LOOSE: Final = r"[^0-9a-z,，。;；!?！？\n]{0,6}"
_REACH: Final = 48
_QUALIFICATION_SIGNS: Final = 27
"""With a check digit inside; the 24 of the older form have none and need a label."""

_S_NUMBER: Final = re.compile(r"s[0-9]{4}[1-9][0-9]{2}(?:0[1-9]|1[0-2])[0-9]{4}(?![0-9a-z])")
_UNLABELLED: Final = re.compile(r"[0-9]{13}")
"""What an S-number and a qualification number have in common."""

_UNREAD: Final = re.compile(rf"[0-9{SPELLED}]{{13}}")
"""The same before spelled digits are read."""

_HIDDEN: Final = "*×✱＊#…●○■□█▇?xX某"
_COUNTED: Final = re.compile(r" ?(?:[年月日元万亿块人次个名位份%岁级条篇天+@]|小时|\.[a-z])")
_TELEPHONE: Final = re.compile(r"(?:86)?1[3-9][0-9]{9}|[48]00[0-9]{7}|0[1-9][0-9]{8,10}")
_DAY: Final = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])?")
_YEARS: Final = re.compile(r"(?:19|20)[0-9]{2}(?:19|20)[0-9]{2}")


@dataclass(frozen=True, slots=True)
class CredentialNumber:
    """A credential number and where it stands in the original text (``end`` exclusive).

    ``kinds`` are those that the label may introduce; ``label_start`` is where the label begins.
    ``readings`` are its plain forms, the longest first: groups at its end may not belong to it.
    ``whole`` is false where the page hides a part or other words stand before the number.
    """

    kinds: tuple[str, ...]
    start: int
    end: int
    label_start: int
    readings: tuple[str, ...]
    whole: bool

    def answer(self, kinds: tuple[str, ...] = ()) -> FormAnswer:
        """Compare with the published forms of the label's kinds, or of those among ``kinds``."""
        wanted = tuple(kind for kind in self.kinds if not kinds or kind in kinds)
        return judge_form(wanted, self.readings, whole=self.whole)


def credential_numbers(folded: Folded) -> tuple[CredentialNumber, ...]:
    """Return the labelled credential numbers of a folded text, and S-numbers, by position."""
    return tuple(_placed(folded, item) for item in _numbers(_digits(folded.text)))


def _placed(folded: Folded, item: CredentialNumber) -> CredentialNumber:
    """Return a number at its place in the original text."""
    start, end = folded.span(item.start, item.end)
    label = folded.span(item.label_start, item.label_start + 1)[0]
    return replace(item, start=start, end=end, label_start=label)


def labelled(text: str, digits: int) -> tuple[list[Found], list[Found]]:
    """Return the credential numbers of a folded text as identifiers: licences, then all others.

    The others are introduced as what ``identifiers`` also knows by itself (身份证, 手机).
    ``digits`` is how many stand in the text, spelled ones too.
    """
    licences: list[Found] = []
    others: list[Found] = []
    # Reading spelled digits makes no label (none holds a digit): what lacks both has no number.
    if digits < MIN_DIGITS or not (_has_label(text) or _UNREAD.search(text)):
        return licences, others
    for item in _numbers(_digits(text)):
        is_one = judge_form((QUALIFICATION,), item.readings) == "of_form"
        kind = QUALIFICATION if is_one else LABELLED
        found = Found(kind, item.start, item.end, item.readings[0])
        is_licence = is_one or any(credential_kinds()[one].professions for one in item.kinds)
        (licences if is_licence else others).append(found)
    return licences, others


def _digits(text: str) -> str:
    """Return a folded text with long runs of spelled digits as digits; the length stays."""
    return _SPELLED.sub(_as_digits, text)


def _as_digits(run: re.Match[str]) -> str:
    spelled = sum(sign in SPELLED for sign in run.group())
    return run.group().translate(NUMERALS) if spelled >= MIN_SPELLED else run.group()


def _numbers(text: str) -> Iterator[CredentialNumber]:
    """Yield the numbers of a folded text; offsets are folded ones."""
    # One quick look spares nearly every text the others.
    if not (_has_label(text) or _UNLABELLED.search(text)):
        return
    for run in _RUN.finditer(text):
        start = run.start()
        before = text[start - 1 : start]
        head = run["head"] or ""
        if _APART.sub("", head) in _NO_HEAD:
            start += len(head)
        elif before.isascii() and before.isalnum():
            # No.ZY00123456: what begins inside a word ends at its last sign, if there is one.
            start += head.rfind(".") + 1 or len(head)
        number = _number(text, start, run.end())
        if number is not None:
            yield number


def _has_label(text: str) -> bool:
    return _labels()[0][3].search(text) is not None


def _number(text: str, start: int, end: int) -> CredentialNumber | None:
    """Return the number that begins a run, where a label stands before or right behind it."""
    if sum(map(str.isdecimal, text[start : min(end, start + 3 * MAX_SIGNS)])) < MIN_DIGITS:
        return None
    label = _label(text, start, end)
    if label is None:
        return None
    kinds, label_start, near = label
    groups, readings = _read(text, kinds, _groups(text, start, end))
    if not groups or not _is_number(text, kinds, groups, readings[0]):
        return None
    if not near and len(readings[0]) < SURE_SIGNS:
        return None
    last = groups[-1][1]
    hidden = _is_hidden(text, start, last, readings[0])
    return CredentialNumber(kinds, start, last, label_start, readings, near and not hidden)


def _label(text: str, start: int, end: int) -> tuple[tuple[str, ...], int, bool] | None:
    """Return the kinds, the start of the label, and whether it stands right beside the number."""
    low = max(0, start - _REACH)
    patterns, kinds = _labels()
    for pattern, near in ((patterns[0], True), (patterns[1], False)):
        found = pattern.search(text, low, start)
        if found:
            return kinds[_APART.sub("", found["label"])], found.start(), near
    behind = patterns[2].match(text, end)
    if behind:
        return kinds[_APART.sub("", behind["label"])], start, True
    if _S_NUMBER.match(text, start):
        return ("sac_practitioner",), start, True
    if end - start == _QUALIFICATION_SIGNS and text[start:end].isalnum():
        fits = judge_form((QUALIFICATION,), (text[start:end].upper(),)) == "of_form"
        return ((QUALIFICATION,), start, True) if fits else None
    return None


@cache
def _labels() -> tuple[tuple[re.Pattern[str], ...], dict[str, tuple[str, ...]]]:
    """Return the patterns of a label before, loosely before, behind and at all; and its kinds."""
    kinds: dict[str, tuple[str, ...]] = {}
    for one in credential_kinds().values():
        for word in one.labels:
            label = _APART.sub("", word)
            kinds[label] = (*kinds.get(label, ()), one.kind)
    ordered = sorted(kinds, key=lambda word: (-len(word), word))
    words = "|".join(_SPACED.join(map(re.escape, word)) for word in ordered)
    label = rf"(?P<label>{words})"
    patterns = (
        re.compile(rf"{label}{_FILL}{{0,10}}+\Z"),
        re.compile(rf"{label}{_LOOSE}\Z"),
        re.compile(rf" ?[(\[【]{label}(?:号码|编号|编码|号|码)?[)\]】]"),
        re.compile(words),
    )
    return patterns, kinds


def _groups(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the groups of a number, as many as one number may have signs."""
    groups: list[tuple[int, int]] = []
    signs = 0
    for part in _GROUP.finditer(text, start, end):
        signs += part.end() - part.start()
        if signs > MAX_SIGNS:
            break
        groups.append(part.span())
    return groups


def _read(
    text: str, kinds: tuple[str, ...], groups: list[tuple[int, int]]
) -> tuple[list[tuple[int, int]], tuple[str, ...]]:
    """Return the groups of a number and what they may say, the longest reading first.

    Behind a long first group, or before a group as long as a telephone number, the number may end.
    """
    sizes = [last - first for first, last in groups]
    ends = [
        place + 1
        for place, size in enumerate(sizes)
        if place + 1 == len(sizes) or sizes[place + 1] >= _LONG or (not place and size > _LONG)
    ]
    parts = [text[first:last].upper() for first, last in groups]
    told = {end: "".join(parts[:end]) for end in ends}
    wanted = (*kinds, QUALIFICATION)
    fitting = [end for end in ends if judge_form(wanted, (told[end],)) == "of_form"]
    # Nothing fits: the number ends where it has signs enough for one.
    enough = (end for end in ends if len(told[end]) > _LONG)
    count = max(fitting, default=next(enough, ends[-1] if ends else 0))
    while count < len(groups) and sizes[count] < _LONG:
        count += 1
    told[count] = "".join(parts[:count])
    return groups[:count], tuple(told[end] for end in sorted(told, reverse=True) if end <= count)


def _is_number(
    text: str, kinds: tuple[str, ...], groups: list[tuple[int, int]], value: str
) -> bool:
    """Tell dates, amounts and telephone numbers from what may be a credential number."""
    if sum(map(str.isdecimal, value)) < MIN_DIGITS:
        return False
    # The quick looks over many texts see ten digits, or five signs in a row.
    if len(value) < SURE_SIGNS and max(last - first for first, last in groups) < _TOKEN:
        return False
    if len(value) < SURE_SIGNS and _COUNTED.match(text, groups[-1][1]):
        return False
    if judge_form(kinds, (value,)) == "of_form":
        return True
    return not (_TELEPHONE.fullmatch(value) or _DAY.fullmatch(value) or _YEARS.fullmatch(value))


def _is_hidden(text: str, start: int, end: int, value: str) -> bool:
    around = text[start - 1 : start] + text[end : end + 1]
    # Of two letters nobody knows whether they belong to the number.
    return (
        "XX" in value
        or _LETTERS.match(value) is not None
        or any(sign in _HIDDEN for sign in around)
    )
