"""How a title in the name, and in the bio, of a profile is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from auditor.text import Frame, fold, frame, on_word_boundaries
from auditor.titles.bylines import is_byline, is_full_name, side_after, side_before
from auditor.titles.clauses import COUNTED, FORMER, clause_span, read_clause
from auditor.titles.readings import CLAIM, MENTION, Reading, ReadingKind, Title
from auditor.titles.words import TitleWords

_LONGEST_GIVEN_NAME = 3
_MANY: tuple[tuple[str, ReadingKind], ...] = (
    ("organisation", "organisation"),
    ("associations", "organisation"),
    ("audience", "audience"),
)
_TELLS = re.compile(r"旨在|致力|是[^，。,]{0,30}?(?:平台|品牌|公司|集团|机构|项目|app)")
_SELF = re.compile(r"我(?!们|的医生|的律师|的老师)|本人")
_BY_NAME: tuple[tuple[str, ReadingKind], ...] = (("former", "former"), ("figures", "nickname"))
_OTHERS: tuple[tuple[str, ReadingKind], ...] = (
    ("figures", "nickname"),
    ("organisation", "organisation"),
    ("associations", "organisation"),
    ("former", "former"),
    ("trainee", "trainee"),
    ("audience", "audience"),
)
_DOING = ("做", "当", "是")
_ONE = ("一个", "一名", "一位", "一枚", "一只")


def read_bio(
    text: str, title: Title, titles: Mapping[int, Title], name: str, known: TitleWords
) -> Reading:
    """Say of whom a title in a bio is said."""
    reading = read_clause(text, title, titles, known)
    if reading.kind != "claim":
        return reading
    first, last = clause_span(text, title.start, title.end)
    whole = fold(f"{name}\n{text}").text
    return (
        _courtesy(title, fold(f"{name}\n{text[first:last]}").text, whole, known)
        or _given_up(fold(f"{name}\n{text[title.end :]}").text, whole, known)
        or _of_name(fold(name).text, known)
        or _of_body(text, title, name, known)
        or reading
    )


def _given_up(rest: str, whole: str, known: TitleWords) -> Reading | None:
    """Read what is said elsewhere: that the title is held no longer, or not yet."""
    word = known.found("given_up", rest)
    return Reading("former", word) if word and not known.found("held_yet", whole) else None


def _of_body(text: str, title: Title, name: str, known: TitleWords) -> Reading | None:
    """Read the bio of a body, by its name, where no full name stands beside the title."""
    word = known.closes("bodies", fold(name).text)
    if not word or frame(text, title.start, title.end).about_self:
        return None
    first, last = clause_span(text, title.start, title.end)
    beside = (fold(text[first : title.start]).text, fold(text[title.end : last]).text)
    named = any(is_full_name(part, known) for part in beside)
    return None if named else Reading("organisation", word)


def _of_name(name: str, known: TitleWords) -> Reading | None:
    """Read a name that says what the bio leaves open: 退休老军医的小院, 刘备教授."""
    for role, kind in _BY_NAME:
        if word := known.found(role, name):
            return Reading(kind, word)
    return None


def read_name(name: str, title: Title, bio: str, known: TitleWords) -> Reading:
    """Say whether a name claims a title: in a by-line, or borne out by the bio."""
    framed = frame(name, title.start, title.end, profile=True)
    own = frame(name, title.start, title.end).about_self and not framed.negated
    held = side_before(name, title.start, known) in ("person", "work")
    whole = fold(f"{name}\n{bio}").text
    return (
        _courtesy_in_name(name, title, bio, whole, known)
        or _framed(framed, held=held)
        or (None if own else _of_others(name, title, known))
        or _given_up(whole, whole, known)
        or (CLAIM if own else _by_line(name, title, bio, held, known))
    )


def _courtesy_in_name(
    name: str, title: Title, bio: str, whole: str, known: TitleWords
) -> Reading | None:
    # 唐迟老师 and nothing else: a full name, and no bio that says what is taught.
    alone = not bio and title.end == len(name)
    if alone and is_full_name(fold(name[: title.start]).text, known):
        return None
    return _courtesy(title, whole, whole, known)


def _framed(said: Frame, *, held: bool) -> Reading | None:
    """Read the frame of a name; behind a person 说 is a by-line and no report."""
    for framed, kind in (
        (said.quoted, "quoted"),
        (said.negated, "negated"),
        (said.question, "asked"),
        (said.supposed, "trainee"),
        (said.reported and not held, "quoted"),
    ):
        if framed:
            return Reading(cast("ReadingKind", kind))
    return None


def _by_line(name: str, title: Title, bio: str, held: bool, known: TitleWords) -> Reading:
    if is_byline(name, title.start, title.end, known):
        named = held or side_after(name, title.end, known, held=held) == "person"
        return _of_brand(name, bio) or _of_many(bio, title, known, named=named) or CLAIM
    before = fold(name[: title.start]).text
    if title.end == len(name) and (before.endswith(_DOING) or before.startswith(_ONE)):
        return CLAIM
    return _borne_out(name, title, bio, known)


def _courtesy(title: Title, beside: str, whole: str, known: TitleWords) -> Reading | None:
    """Read 老师, 主任 and 分析师, which are anybody's unless a word of the trade is beside."""
    phrase = fold(title.phrase).text
    if phrase in known.words("teachers"):
        if word := known.found("crafts", whole):
            return Reading("honorific", word)
        return None if known.found("teaching", beside) else Reading("honorific")
    if phrase in known.words("chiefs") and (word := known.found("offices", whole)):
        return Reading("honorific", word)
    for role, setting in (("analysts", "investing"), ("chiefs", "medical")):
        if phrase in known.words(role):
            return None if known.found(setting, beside) else Reading("honorific")
    return None


def _of_others(name: str, title: Title, known: TitleWords) -> Reading | None:
    """Read names of an organisation, of kin, of those who seek or were, and of figures."""
    before, after = fold(name[: title.start]).text, fold(name[title.end :]).text
    but = "teaching" if title.profession == "education" else ""
    for role, kind in _OTHERS:
        if word := known.found(role, f"{before}□{after}", but=but if role == "trainee" else ""):
            return Reading(kind, word)
    if word := known.opens("kin", after.removeprefix("的")):
        return Reading("relation", word)
    if after.startswith("们"):
        return Reading("audience", "们")
    word = known.closes("before", before)
    if word and on_word_boundaries(name, title.start - len(word), title.start):
        return Reading("former" if word in FORMER else "audience", word)
    return None


def _of_brand(name: str, bio: str) -> Reading | None:
    """Read a bio that tells what the name is: 呼叫医生旨在…, 诊教授是…推出的平台."""
    text, called = fold(bio).text, fold(name).text
    # No pattern of the name: to compile one takes longer than to read all the rest.
    at = text.find(called)
    while at >= 0:
        if told := _TELLS.match(text, at + len(called)):
            return Reading("organisation", text[at : told.end()])
        at = text.find(called, at + 1)
    return None


def _of_many(bio: str, title: Title, known: TitleWords, *, named: bool) -> Reading | None:
    """Read a bio that counts its professionals, or speaks of an organisation or to an audience."""
    folded = fold(bio).text
    at = folded.find(fold(title.phrase).text)
    if at >= 0 and (counted := COUNTED.search(folded[:at])):
        return Reading("organisation", counted.group())
    if named:
        return None
    for role, kind in _MANY:
        if word := known.found(role, folded):
            return Reading(kind, word)
    return None


def _borne_out(name: str, title: Title, bio: str, known: TitleWords) -> Reading:
    """Read a title beside no person by the bio: a workplace bears it out."""
    folded = fold(bio).text
    if name[title.end :].startswith("的") and _SELF.search(folded):
        return CLAIM  # 基金经理的下午茶, and 我 in the bio
    talks = side_after(name, title.end, known, held=False) == "talk"
    if len(name) - title.end > _LONGEST_GIVEN_NAME and not talks:
        return MENTION
    for role, kind in (*_MANY, ("former", "former"), ("trainee", "trainee")):
        if word := known.found(role, folded):
            return Reading(kind, word)
    return CLAIM if known.found("workplaces", folded) else Reading("nickname")
