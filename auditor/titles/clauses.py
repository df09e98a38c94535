"""The clause around a title, and how the title is said in it.

Bios are lists, so commas, bars and spaces end a clause. A title that closes its clause is claimed
(三甲医院主任医师，) unless a word of the clause says that it is somebody else's, past, or to come.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from unicodedata import category

from auditor.text import Frame, fold, frame, on_word_boundaries, sentence_span
from auditor.titles.bylines import is_full_name
from auditor.titles.readings import CLAIM, MENTION, Reading, Title
from auditor.titles.words import TitleWords

_ENDS = "，,。；;：:！!？?｜|/／\n 、▏·～~•—"
_ROW = ("、", "/", "／")
_JOINTS = ("、", "和", "与", "及")
_LONGEST_ROW = 8
_LONGEST_TAIL = 60
_TAKEN_UP = 12
_LONGEST_LABEL = 8
_MODIFIERS = 3
_LONGEST_NAME = 4
_LONGEST = 24
"""Characters that may stand before a title in its clause: a firm, a department, ranks."""

# 十二位医生, 23万医生, 两名律师: more than one person; 一名 and 一位 are the author.
COUNTED = re.compile(
    r"(?:(?:[0-9]{2,}|[2-9二两三四五六七八九十百千万数几多余])[余多]?(?:[万位名]|个(?!月|年))"
    r"|[0-9]{2,}[+余多])[^的家人]{0,8}$"
)
_MANY = re.compile(r"(?<!过)(?:[0-9]{2,}|[三四五六七八九十百千]{1,4})[余多]?[位名]")
_GROUP = re.compile(r"一[群支帮]")
_PAIR = re.compile(r"[两2二]\s?[位个名]|夫妻|夫妇|姐妹|兄弟|俩")
# 急诊护士一枚 closes its clause as well, and so does 执业律师（北京）.
_ONE = re.compile(
    r"^(?:一[名位枚个只]|第?[0-9]{1,2}年"
    r"|[(（\[【][^)）\]】]{0,20}[)）\]】])+"
)
_ORNAMENT = re.compile(r"[^\w]+$")
# 为企业成功助力的杰出律师: a firm speaks of its own.
_SERVING = re.compile(r"[为给替帮陪让和跟找问由].{2,}")
# 律师、法官，都该读点闲书; 医生、护士共一百一十六人.
_VERSUS = re.compile("×")
_TAKEN = re.compile(r"[,，]都|共.{0,8}[人名位]")
_PLURAL = "们"
FORMER = ("前", "原", "前任")
"""Words directly before a title that make it one of the past."""
_NOT_YET = ("准", "预备", "未来")
_PARENTS = ("爸", "妈", "爹", "娘")
_OURS = ("我们", "咱们", "俺们")


class Clause(NamedTuple):
    """The folded words before and after a title in its clause, and how its sentence is framed.

    ``own`` says that the sentence states it of its author in so many words (我是, 作为). ``row`` is
    ``before`` with the members of a row that precede (护士、医生), ``follows`` the members that
    follow; ``asked`` says that a question mark follows, ``speaks`` that a colon does (医生：多喝),
    ``labelled`` that a label of the author opens the sentence (主讲人：…). ``whole`` is the clause
    with its title, ``label`` what stands before a colon in front of it (爸：骨科医生).
    """

    before: str
    after: str
    said: Frame
    own: bool
    row: str
    asked: bool
    follows: str
    speaks: bool
    labelled: bool
    whole: str
    label: str

    @property
    def around(self) -> str:
        """The clause with a sign where the title stands."""
        return f"{self.before}□{self.after}"


def clause_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the clause around a span, end exclusive."""
    first, last = sentence_span(text, start, end)
    while start > first and not _ends_clause(text[start - 1]):
        start -= 1
    while end < last and not _ends_clause(text[end]):
        end += 1
    return start, end


def _ends_clause(character: str) -> bool:
    """Tell whether a sign ends a clause of a bio; a picture between two entries does."""
    return character in _ENDS or (not character.isascii() and category(character) == "So")


def clause_of(text: str, title: Title, known: TitleWords) -> Clause:
    """Return the clause of a title."""
    first, last = clause_span(text, title.start, title.end)
    return Clause(
        fold(text[first : title.start]).text,
        fold(text[title.end : last]).text,
        frame(text, title.start, title.end, profile=True),
        frame(text, title.start, title.end).about_self,
        fold(text[_row_start(text, first) : title.start]).text,
        text[last : last + 1] in ("?", "？"),
        fold(text[title.end : _row_end(text, last)]).text,
        text[title.end : title.end + 1] in (":", "："),
        _is_labelled(text, title, known),
        fold(text[first:last]).text,
        _label(text, first),
    )


def _label(text: str, start: int) -> str:
    """Return the word before a colon that stands right before a clause; empty for none."""
    if text[start - 1 : start] not in (":", "："):
        return ""
    first, _ = clause_span(text, start - 1, start - 1)
    return fold(text[first : start - 1]).text


def _row_end(text: str, end: int) -> int:
    """Return where a row of words joined by 、 or / ends, and a clause that takes it up (都是…)."""
    for _ in range(_LONGEST_ROW):
        if text[end : end + 1] not in _ROW:
            break
        end += 1
        while end < len(text) and not _ends_clause(text[end]):
            end += 1
    if text[end + 1 : end + 2] == "都":
        return min(len(text), end + _TAKEN_UP)
    return end


def _row_start(text: str, start: int) -> int:
    """Return where a row of words joined by 、 or / begins."""
    for _ in range(_LONGEST_ROW):
        if start <= 1 or text[start - 1] not in _ROW:
            break
        start -= 1
        while start > 0 and not _ends_clause(text[start - 1]):
            start -= 1
    return start


def read_clause(text: str, title: Title, titles: Mapping[int, Title], known: TitleWords) -> Reading:
    """Say of whom a title in a bio is said; ``titles`` are all that stand in the text, by start."""
    clause = clause_of(text, title, known)
    return (
        _framed(clause)
        or in_time(clause, title, known)
        or _of_many(text, clause, known)
        or _of_others(clause, known)
        or _placed(text, title, titles, clause, known)
    )


def _framed(clause: Clause) -> Reading | None:
    said = clause.said
    if (said.quoted and not clause.labelled) or (clause.speaks and not clause.own):
        return Reading("quoted")
    if said.negated:
        return Reading("negated")
    if said.question or (clause.asked and not clause.own):
        return Reading("asked")
    return None


def _is_labelled(text: str, title: Title, known: TitleWords) -> bool:
    """Tell whether a label of the author opens the sentence: 主讲人：霍一鸣老师 is no speech."""
    first, _ = sentence_span(text, title.start, title.end)
    label = re.split("[:：]", fold(text[first : title.start]).text)[0]
    return len(label) <= _LONGEST_LABEL and bool(known.closes("author", label))


def in_time(clause: Clause, title: Title, known: TitleWords) -> Reading | None:
    """Read titles of the past and of the future; 现在是 before the title makes it present."""
    if known.found("still", clause.before):
        return None
    if word := known.found("former", clause.around):
        return Reading("former", word)
    if (word := known.closes("before", clause.before)) in FORMER:
        return Reading("former", word)
    if clause.said.supposed or clause.before.endswith(_NOT_YET):
        return Reading("trainee")
    # 法考授课老师 teaches what others study.
    but = "teaching" if title.profession == "education" else ""
    if word := known.found("trainee", clause.around, but=but):
        return Reading("trainee", word)
    return None


def _of_others(clause: Clause, known: TitleWords) -> Reading | None:
    """Read titles of somebody's kin, of those who are spoken to, and of third persons."""
    if word := known.opens("kin", clause.after.removeprefix("的")):
        return Reading("relation", word)
    return None if clause.own else _of_third_persons(clause, known)


def _of_third_persons(clause: Clause, known: TitleWords) -> Reading | None:
    if word := known.found("kin", clause.row) or known.found("kin", clause.label):
        return Reading("relation", word)
    if clause.label in _PARENTS:
        return Reading("relation", clause.label)
    if word := known.found("figures", clause.whole):
        return Reading("nickname", word)
    by_line = clause.labelled or is_full_name(clause.before, known)
    if clause.said.reported and not by_line:
        return Reading("quoted")
    word = _audience(clause, known)
    return Reading("audience", word) if word else None


def _audience(clause: Clause, known: TitleWords) -> str:
    """Return the words by which a clause speaks to, or of, the holders of a title."""
    if clause.after.startswith(_PLURAL) and not clause.before.endswith(_OURS):
        return _PLURAL
    if known.found("author", clause.before):
        return ""
    if taken := _TAKEN.search(clause.follows):
        return taken.group()
    return known.found("audience", _PAIR.sub("", f"{clause.row}□{clause.follows}"))


def _of_many(text: str, clause: Clause, known: TitleWords) -> Reading | None:
    """Read titles of a firm or a team; two who keep an account together claim for themselves."""
    if counted := COUNTED.search(clause.before):
        kept = _PAIR.search(clause.before) and known.found("together", text)
        return None if kept else Reading("organisation", counted.group())
    word = _group(clause, known)
    if not word and not (clause.own or known.found("author", clause.row)):
        many = _MANY.search(clause.before)
        beside = f"{clause.row}□{clause.after}"
        word = many.group() if many else known.found("organisation", beside)
    return Reading("organisation", word) if word else None


def _group(clause: Clause, known: TitleWords) -> str:
    """Return what makes even 我们是… a group's: 一群律师, 律师团队."""
    if group := _GROUP.search(clause.before):
        return group.group()
    return known.opens("organisation", clause.after) or known.opens("associations", clause.after)


def _placed(
    text: str, title: Title, titles: Mapping[int, Title], clause: Clause, known: TitleWords
) -> Reading:
    """Read a title by its place in the clause."""
    named = is_full_name(clause.before, known)
    still = known.found("still", clause.before)
    if not (named or still) and (word := _directly_before(text, title, clause, known)):
        return Reading("audience", word)
    if clause.own or (named and known.opens("talk", clause.after)):
        return CLAIM  # 我是律师, 沈如许律师讲家事
    if other := _SERVING.match(clause.before) or _VERSUS.search(clause.before):
        return Reading("audience", other.group())
    short = len(clause.before) <= _LONGEST
    if not (short and closes(clause.after, known) and _row_closes(text, title, titles)):
        return MENTION
    account = "" if named else known.found("accounts", fold(text).text)
    return Reading("organisation", account) if account else CLAIM


def _directly_before(text: str, title: Title, clause: Clause, known: TitleWords) -> str:
    """Return a word that ends where the title begins, and is a word: 学 is none in 大学教授."""
    before, end = clause.before, title.start
    for _ in range(_MODIFIERS):
        if word := known.closes("before", before):
            # Folding drops signs, never characters of these words: lengths agree up to the title.
            start = end - len(word)
            return word if start >= 0 and on_word_boundaries(text, start, end) else ""
        modifier = known.closes("work", before)
        if not modifier:
            break
        before, end = before.removesuffix(modifier), end - len(modifier)
    return ""


def closes(after: str, known: TitleWords) -> bool:
    """Tell whether a title closes its clause: behind it only its holder's name, and a tail."""
    if len(after) > _LONGEST_TAIL:
        return False
    rest = strip_tail(after, known)
    return not rest or any(
        is_full_name(rest[:length], known) and not strip_tail(rest[length:], known)
        for length in range(2, _LONGEST_NAME + 1)
    )


def strip_tail(after: str, known: TitleWords) -> str:
    """Return what follows a title without signs, counts, brackets and words of its account."""
    while True:
        rest = _ORNAMENT.sub("", _ONE.sub("", after)).lstrip("的")
        if word := known.opens("tails", rest):
            rest = rest[len(word) :]
        if rest == after:
            return rest
        after = rest


def _row_closes(text: str, title: Title, titles: Mapping[int, Title]) -> bool:
    """Tell whether titles in a row (律师、法官、检察官都在用) close their clause together."""
    for _ in range(_LONGEST_ROW):
        following = titles.get(title.end + 1)
        if text[title.end : title.end + 1] not in _JOINTS or following is None:
            break
        title = following
        if title.end < clause_span(text, title.start, title.end)[1] - 1:
            return False
    return True
