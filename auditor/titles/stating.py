"""Which titles in posts their authors can claim at all; most posts that name one end here.

What ``posts.read_post`` takes for a claim needs a first person, a by-line, a dash before a
signature or 做律师第六年 near the title. It is asked of one title, and of many posts in one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from auditor.text import (
    LABEL_REACH,
    LISTED_REACH,
    LISTED_SIGNS,
    FoldedBlob,
    Loop,
    compiles,
    first_person,
    may_be_about_self,
    self_reach,
    word_list,
)

Places = NDArray[np.intp]
Flags = NDArray[np.bool_]

REACH: Final = 60
"""Characters around a title in which a by-line or a signature may stand."""

YEARS: Final = re.compile(
    r"第?[0-9一二三四五六七八九十两几多]{1,3}年|这一行|这行|这些年|的第一天|的第[0-9一二三四五六七八九十]+"
)

# Of what by-lines and signatures need, in a folded text; of 做律师第六年 its verb and its length.
_ROLES: Final = ("作者", "文", "撰稿", "主讲", "主笔", "执笔")
_ASIDE: Final = ":/|"
_DASHES: Final = "—–-"
_TO_TITLE: Final = 40
_AUTHOR: Final = re.compile(
    rf"(?:(?:{'|'.join(_ROLES)})\s*[{_ASIDE}]|[{_DASHES}]).{{0,{_TO_TITLE}}}$", re.DOTALL
)
_BESIDE_AUTHOR: Final = re.compile(f"[{_ASIDE}{_DASHES}]")
_VERBS: Final = "做当干"
_VERB: Final = re.compile(f"[{_VERBS}]")
_DONE: Final = 10

_MYSELF: Final = ("本人", "鄙人", "在下", "俺")
"""Words of the first person that reach a title from anywhere before it."""

_AS: Final = ("作为", "身为", "我")
"""What takes the place of a first person; 我 as well, whatever the list holds."""

_NEVER: Final = 1 << 20
"""Further away than any sign counts."""

_OWN: Final = ord("本")
_SELF, _FAR, _SECOND, _LISTED, _ASIDE_SIGN, _DASH, _ROLE_END, _COLON, _LABEL_END, _DOING, _SPACE = (
    1 << bit for bit in range(11)
)
_PERSON: Final = _SELF | _FAR | _SECOND


@cache
def myself() -> re.Pattern[str]:
    """Return the words by which the author speaks of the author alone."""
    return re.compile(rf"(?:{first_person(*_MYSELF)})(?!的)")


def may_state(text: str, spans: Iterable[tuple[int, int]]) -> bool:
    """Tell whether a folded post can claim one of the titles at ``spans``; ``False`` is certain.

    A post of a million characters may name a hundred thousand: what stands anywhere before one is
    looked for once, all else near each.
    """
    found = myself().search(text)
    behind = found.end() if found else len(text) + 1
    return any(behind <= start or _may_claim(text, start, end) for start, end in spans)


def _may_claim(text: str, start: int, end: int) -> bool:
    head = text[max(0, start - REACH) : start]
    return (
        may_be_about_self(text, start)
        # What stands behind such a word tells against it (的): there it is the title.
        or head.endswith(_MYSELF)
        or (_BESIDE_AUTHOR.search(head) is not None and _AUTHOR.search(head) is not None)
        or (_VERB.search(head[-_DONE:]) is not None and YEARS.match(text, end) is not None)
    )


def may_be_stated(blob: FoldedBlob, texts: Places, starts: Places) -> Flags:
    """Tell for each of many titles whether ``may_state`` may say so; ``False`` is certain.

    ``texts`` are indexes of folded posts, ``starts`` count from the beginning of each. A post is
    read once up to its last title, however many it names. Without compiled loops all may.
    """
    if not compiles():
        return np.ones(len(texts), np.bool_)
    order = np.lexsort((starts, texts))
    found = np.zeros(len(order), np.bool_)
    ordered = texts[order]
    _look_back(
        blob.codes,
        (ordered, blob.starts[ordered], blob.starts[ordered] + starts[order]),
        _signs(),
        _pairs(),
        self_reach(),
        found,
    )
    may = np.empty_like(found)
    may[order] = found
    return may


@Loop
def _look_back(
    codes: NDArray[np.uint32],
    titles: tuple[Places, Places, Places],
    signs: NDArray[np.uint16],
    pairs: NDArray[np.uint32],
    reach: int,
    found: Flags,
) -> None:
    """Write True for each title that may be claimed.

    ``titles`` are their texts, where each text and where each title begins, in this order;
    ``signs`` tells what a character is part of, ``pairs`` (first, second, whether it is of
    ``_MYSELF``) what two of them are.
    """
    texts, begins, ends = titles
    text, place, last = -1, 0, 0
    far = known = labelled = False
    me = listed = beside = doing = apart = 0
    for title in range(len(ends)):
        begin, end = begins[title], ends[title]
        if texts[title] != text:
            text, place, last = texts[title], begin, 0
            far = known = labelled = False
            me = listed = beside = doing = begin - _NEVER
        while place < end:
            sign = signs[codes[place]]
            person = _person(codes, sign, pairs, begin, place) if sign & _PERSON else 0
            if person:
                me, known, far = place, True, far or person == _FAR
            listed = place if sign & _LISTED else listed
            doing = place if sign & _DOING else doing
            if sign & _DASH or (sign & _ASIDE_SIGN and last & _ROLE_END):
                beside = place
            if sign & _COLON:
                # The last colon counts.
                labelled = place > begin and signs[codes[place - 1]] & _LABEL_END != 0
                apart = 0
            if not sign & _SPACE:
                apart += not sign & _COLON
                last = sign
            place += 1
        found[title] = (
            far
            or end - me <= reach
            or (end > begin and codes[end - 1] == _OWN)
            or (known and end - listed <= LISTED_REACH)
            or (labelled and apart <= LABEL_REACH)
            or end - beside <= _TO_TITLE + 1
            or end - doing <= _DONE
        )


@Loop
def _person(
    codes: NDArray[np.uint32], sign: int, pairs: NDArray[np.uint32], begin: int, place: int
) -> int:
    """Return whether a word of the first person begins or ends here, as 0, _SELF or _FAR."""
    if sign & (_SELF | _FAR):
        return sign & _FAR or _SELF
    for row in range(len(pairs)):
        if place > begin and pairs[row, 0] == codes[place - 1] and pairs[row, 1] == codes[place]:
            return _FAR if pairs[row, 2] else _SELF
    return 0


@cache
def _signs() -> NDArray[np.uint16]:
    """Return what each code point is part of, as bits."""
    words = (*word_list("text-self"), *_AS, *_MYSELF)
    members = {
        _SELF: {word for word in words if len(word) == 1},
        _FAR: {word for word in _MYSELF if len(word) == 1},
        _SECOND: {word[1] for word in words if len(word) > 1},
        _LISTED: set(LISTED_SIGNS),
        _ASIDE_SIGN: set(_ASIDE),
        _DASH: set(_DASHES),
        _ROLE_END: {word[-1] for word in _ROLES},
        _COLON: {":"},
        _LABEL_END: {word[-1] for word in word_list("text-self-labels")},
        _DOING: set(_VERBS),
        _SPACE: {chr(code) for code in range(0x3001) if chr(code).isspace()},
    }
    table = np.zeros(0x110000, np.uint16)
    for bit, characters in members.items():
        table[list(map(ord, characters))] |= np.uint16(bit)
    return table


@cache
def _pairs() -> NDArray[np.uint32]:
    """Return the beginnings of words of two characters or more, and whether one is far-reaching."""
    words = (*word_list("text-self"), *_AS, *_MYSELF)
    begun = sorted({word[:2] for word in words if len(word) > 1})
    far = {word[:2] for word in _MYSELF}
    return np.array([(*map(ord, pair), pair in far) for pair in begun], np.uint32)
