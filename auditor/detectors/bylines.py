"""Whether a title inside a name is a person's by-line: 李岸律师 is one, 木头医生 is none.

A by-line has a person beside the title (a surname, a nickname), or a field of work before it, or
words of talk after it, and nothing else. Whatever else stands there makes the title a figure of
speech, a brand, a relation or a thing (律师函, 护士的女儿, 教授面馆).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, Literal

from auditor.text import fold, words

Side = Literal["none", "person", "work", "talk", "place", "other"]

_EDGE: Final = re.compile(r"[^\w]+|_")
_CALLING: Final = "小老阿"
_NICKNAME: Final = re.compile(rf"[{_CALLING}]\w{{1,2}}")
_HONORIFICS: Final = ("先生", "女士", "小姐")
_LONGEST_NAME: Final = 3
_SIDES_THAT_FIT: Final = frozenset({"none", "person", "work", "talk", "place"})


@dataclass(frozen=True, slots=True)
class BylineWords:
    """Word lists, looked up whole: surnames, fields of work, words of talk, names of places."""

    surnames: frozenset[str]
    work: frozenset[str]
    talk: frozenset[str]
    places: frozenset[str]


def is_byline(name: str, start: int, end: int, known: BylineWords) -> bool:
    """Tell whether ``name[start:end]`` is a title in a by-line."""
    before = _before(_EDGE.split(fold(name[:start]).text)[-1], known)
    after = _after(_EDGE.split(fold(name[end:]).text)[0], known, held=before == "person")
    if before not in _SIDES_THAT_FIT or after not in _SIDES_THAT_FIT:
        return False
    # 京城药师 and a bare 注册会计师 name a trade; a person or words of talk make it somebody's.
    return before in ("person", "work") or after in ("person", "talk")


def names_holder(name: str, start: int, known: BylineWords) -> bool:
    """Tell whether a person or a field of work stands directly before the title."""
    return _before(_EDGE.split(fold(name[:start]).text)[-1], known) in ("person", "work")


def _before(text: str, known: BylineWords) -> Side:
    if not text:
        return "none"
    # 皮肤科方医师, 物理裴教授: what follows the field of work is the person.
    works = [text.rfind(word) + len(word) for word in known.work if word in text]
    rest = text[max(works, default=0) :]
    if not rest:
        return "work"
    parts = [word.text for word in words(rest)]
    run = "".join(reversed(_run(reversed(parts))))
    if _is_person(run, known) or _NICKNAME.fullmatch(run) if run else _is_called(parts[-1], known):
        return "person"
    return "place" if parts[-1] in known.places else "other"


def _after(text: str, known: BylineWords, *, held: bool) -> Side:
    if not text:
        return "none"
    owned = held and text.startswith("的") and text.endswith(tuple(known.talk | known.work))
    if owned or _talks(text, known):
        return "talk"  # 李医生的减重门诊, 方律师说法
    twice = len(text) == 2 and text[0] == text[1]  # 程程
    called = text[0] in _CALLING and text[1:2] in known.surnames  # 小郭跑口
    if twice or called or _NICKNAME.fullmatch(text):
        return "person"
    named = len(words(text)) > 1 or text.endswith(_HONORIFICS)  # 文豪 and 文学社 are things
    return "person" if named and _is_person(text, known) else "other"


def _talks(text: str, known: BylineWords) -> bool:
    """Tell whether a word of talk stands first, as a word: 写 is none in 写错."""
    first = words(text)[0].text
    return first in known.talk or any(len(w) > 1 and text.startswith(w) for w in known.talk)


def _run(parts: Iterable[str]) -> list[str]:
    """Return the single characters at the start: an unknown word, most often a person's name."""
    return list(takewhile(lambda part: len(part) == 1, parts))


def _is_person(text: str, known: BylineWords) -> bool:
    """Tell whether a text reads as a name: a surname and at most two characters more."""
    surname = text[:2] if text[:2] in known.surnames else text[0]
    return surname in known.surnames and len(text) - len(surname) < _LONGEST_NAME


def _is_called(word: str, known: BylineWords) -> bool:
    """Tell whether a word of the dictionary is a nickname, a bare surname or a known name.

    Of two characters that begin with a surname (钟表, 花草) most are things, of three most names.
    """
    if word in known.surnames or (_NICKNAME.fullmatch(word) and word[1:] in known.surnames):
        return True  # 小林, not 小区
    return len(word) == _LONGEST_NAME and word[0] in known.surnames
