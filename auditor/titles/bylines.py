"""Whether a title inside a name is a person's by-line: 李岸律师 is one, 木头医生 is none.

A by-line has a person beside the title (a surname, a nickname), or a field of work before it, or
words of talk after it, and nothing else. Whatever else stands there makes the title a figure of
speech, a brand, a relation or a thing (律师函, 护士的女儿, 教授面馆).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile
from typing import Final, Literal

from auditor.text import fold, words
from auditor.titles.words import TitleWords

Side = Literal["none", "person", "work", "talk", "place", "other"]

_EDGE: Final = re.compile(r"[^\w]+|_")
_CALLING: Final = "小老阿"
_NICKNAME: Final = re.compile(rf"[{_CALLING}]\w{{1,2}}")
_WESTERN: Final = re.compile(r"[a-z]{2,12}[\u4e00-\u9fff]?")
_HONORIFICS: Final = ("先生", "女士", "小姐")
_LONGEST_NAME: Final = 3
_SIDES_THAT_FIT: Final = frozenset({"none", "person", "work", "talk", "place"})


def is_byline(name: str, start: int, end: int, known: TitleWords) -> bool:
    """Tell whether ``name[start:end]`` is a title in a by-line."""
    before = side_before(name, start, known)
    after = side_after(name, end, known, held=before == "person")
    if before not in _SIDES_THAT_FIT or after not in _SIDES_THAT_FIT:
        return False
    # 京城药师 and a bare 注册会计师 name a trade; a person or words of talk make it somebody's.
    return (
        before in ("person", "work")
        or after in ("person", "talk")
        or _stands_apart(name, start, end, known)
    )


def _stands_apart(name: str, start: int, end: int, known: TitleWords) -> bool:
    """Tell whether a title is a part of its own, beside a part that is a person: Dr.聂 主治医师."""
    edges = _EDGE.match(name[start - 1 : start]) and (
        end == len(name) or _EDGE.match(name[end : end + 1])
    )
    parts = _EDGE.split(fold(name[:start]).text) if edges else []
    return any(
        is_full_name(part, known) or part in known.words("surnames") or _is_nickname(part)
        for part in parts
        if part
    )


def side_before(name: str, start: int, known: TitleWords) -> Side:
    """Return what stands directly before a title in a name."""
    return _before(_EDGE.split(fold(name[:start]).text)[-1], known)


def side_after(name: str, end: int, known: TitleWords, *, held: bool) -> Side:
    """Return what stands behind a title; ``held`` says that a person stands before it."""
    head, *_ = [part for part in _EDGE.split(fold(name[end:]).text) if part] or [""]
    apart = bool(name[end : end + 1]) and _EDGE.match(name[end:]) is not None
    side = _after(head, known, held=held)
    if side == "other" and not held and _WESTERN.fullmatch(head):
        return "person"  # 注册护士Nina陈
    if side == "other" and apart and not held and _reads_as_name(head, known):
        return "person"  # 执业药师 米兰若
    return side


def _reads_as_name(text: str, known: TitleWords) -> bool:
    """Tell whether a part of its own may be a name, whatever words its characters make."""
    begins = text[:1] in known.words("surnames") or text[:2] in known.words("surnames")
    return begins and 1 < len(text) <= _LONGEST_NAME and (len(text) > 2 or len(words(text)) > 1)


def is_full_name(text: str, known: TitleWords) -> bool:
    """Tell whether a text is a surname with one or two characters more, and is no word."""
    surname = text[:2] if text[:2] in known.words("surnames") else text[:1]
    given = len(text) - len(surname)
    if surname not in known.words("surnames") or not 1 <= given < _LONGEST_NAME:
        return False
    # 申报通 begins with a surname and with a word.
    return words(text)[0].text == surname or (given == 2 and len(words(text)) == 1)


def _before(text: str, known: TitleWords) -> Side:
    if not text:
        return "none"
    # 皮肤科方医师, 物理裴教授: what follows the field of work is the person.
    works = [text.rfind(word) + len(word) for word in known.words("work") if word in text]
    rest = text[max(works, default=0) :]
    if not rest.removeprefix("的"):
        return "work"
    rest = rest.rpartition("的")[2] or rest
    if _WESTERN.fullmatch(rest) or _is_twice(rest):
        return "person"  # 雅思口语Yuki老师, 幼儿园沫沫老师
    parts = [word.text for word in words(rest)]
    run = "".join(reversed(_run(reversed(parts))))
    if run == rest and len(run) == 1 and run not in known.words("no_names"):
        return "person"  # 昝教授: a rare surname, or a nickname
    if _is_person(run, known) or _is_nickname(run) if run else _is_called(parts[-1], known):
        return "person"
    return "place" if parts[-1] in known.places else "other"


def _after(text: str, known: TitleWords, *, held: bool) -> Side:
    if not text:
        return "none"
    talk, work = known.words("talk"), known.words("work")
    owned = held and text.startswith("的") and text.endswith(tuple(talk | work))
    if owned or _talks(text, known, held=held):
        return "talk"  # 李医生的减重门诊, 方律师说法
    called = text[0] in _CALLING and text[1:2] in known.words("surnames")  # 小郭跑口
    if _is_twice(text) or called or _is_nickname(text):
        return "person"
    named = words(text)[0].text in known.words("surnames") or text.endswith(_HONORIFICS)
    # 文豪 and 文学社 are things.
    return "person" if named and len(words(text)) > 1 and _is_person(text, known) else "other"


def _talks(text: str, known: TitleWords, *, held: bool) -> bool:
    """Tell whether a word of talk stands first, as a word: 写 is none in 写错.

    Where nobody is named a single character is too little: 班主任在毕业册上写道.
    """
    first = words(text)[0].text
    told = first in known.words("talk") and (held or len(first) > 1)
    return told or len(known.opens("talk", text)) > 1


def _is_twice(text: str) -> bool:
    return len(text) == 2 and text[0] == text[1] and len(words(text)) == 2  # 程程, not 狗狗


def _is_nickname(text: str) -> bool:
    """Tell whether a text is 小 and a name: 小刘, 阿木木, not 小蜜蜂."""
    return _NICKNAME.fullmatch(text) is not None and (
        len(text) == 2 or len(words(text[1:])) > 1 or text[1] == text[2]
    )


def _run(parts: Iterable[str]) -> list[str]:
    """Return the single characters at the start: an unknown word, most often a person's name."""
    return list(takewhile(lambda part: len(part) == 1, parts))


def _is_person(text: str, known: TitleWords) -> bool:
    """Tell whether a text reads as a name: a surname and at most two characters more."""
    surnames = known.words("surnames")
    surname = text[:2] if text[:2] in surnames else text[0]
    return surname in surnames and len(text) - len(surname) < _LONGEST_NAME


def _is_called(word: str, known: TitleWords) -> bool:
    """Tell whether a word of the dictionary is a nickname, a bare surname or a known name.

    Of two characters that begin with a surname (钟表, 花草) most are things, of three most names.
    """
    surnames = known.words("surnames")
    if word in surnames or (_NICKNAME.fullmatch(word) and word[1:] in surnames):
        return True  # 小林, not 小区
    long = len(word) == _LONGEST_NAME and word[0] in surnames
    return long and word not in known.words("no_names")
