"""How a title in a post is read: only what its author says of the author counts."""

from __future__ import annotations

import re

from auditor.text import fold, frame, sentence_span
from auditor.titles.clauses import Clause, clause_of, closes, in_time
from auditor.titles.readings import CLAIM, MENTION, Reading, Title
from auditor.titles.words import TitleWords

_BYLINE = re.compile(
    r"(?:^|[\n。|｜ ])\s*(?:作者|文|图文|撰文|撰稿|主讲|主笔|执笔)"
    r"\s*[:：/／|｜]\s*[^\n。]{0,30}$"
)
_SIGNED = re.compile(
    r"(?:^|\n)\s*[—\-－–]{1,3}\s*[^\n—]{0,30}$|[。！!？?~～\s][—\-－–]{2,3}\s*[^\n—]{0,30}$"
)
_REACH = 60
_MINE = "我的"
_OPENING = 14
"""Characters at the head of a post in which it says whose story it is."""
_SPEAKER = re.compile(r"([^，,。！!？?:：\s]{1,6})[:：]")
_MYSELF = re.compile(r"(?:本人|鄙人|在下|俺)(?!的)")
_DOING = re.compile(
    r"(?:.{0,4}?)(?:做|当|干)(?:了)?(?:[0-9一二三四五六七八九十两几多]{1,3}年)?(?:的)?"
)
_YEARS = re.compile(
    r"第?[0-9一二三四五六七八九十两几多]{1,3}年|这一行|这行|这些年|的第一天|的第[0-9一二三四五六七八九十]+"
)


def read_post(text: str, title: Title, known: TitleWords) -> Reading:
    """Say whether the author of a post claims a title: of 我, in a by-line or a signature."""
    said = frame(text, title.start, title.end)
    if said.quoted or _is_line(text, title, known):
        return Reading("quoted")
    clause = clause_of(text, title, known)
    signed = _signed(text, title, known)
    if not signed and not said.about_self and not _worked(clause, known):
        return Reading("quoted") if said.reported else MENTION
    if said.negated:
        return Reading("negated")
    if said.question or (said.reported and not signed):
        return Reading("asked" if said.question else "quoted")
    return _of_others(clause, known) or in_time(clause, title, known) or CLAIM


def _is_line(text: str, title: Title, known: TitleWords) -> bool:
    """Tell whether a title stands in a letter, or in somebody's line of a dialogue (他：我是…)."""
    head = fold(text[:_OPENING]).text
    if known.found("submissions", head) and not known.found("author", head):
        return True
    first, _ = sentence_span(text, title.start, title.end)
    speaker = _SPEAKER.match(text, first)
    return (
        speaker is not None
        and speaker.end() <= title.start
        and not known.closes("author", fold(speaker.group(1)).text)
    )


def _worked(clause: Clause, known: TitleWords) -> bool:
    """Read 本人心内科主治医师 and 做律师第六年: the author, though no 我是 stands there."""
    if _MYSELF.match(clause.before):
        return closes(clause.after, known)
    return bool(_DOING.fullmatch(clause.before) and _YEARS.match(clause.after))


def _of_others(clause: Clause, known: TitleWords) -> Reading | None:
    """Read 我是医生的女儿, and titles of a team."""
    if word := known.opens("kin", clause.after.removeprefix("的")):
        return Reading("relation", word)
    if clause.before.endswith(_MINE):
        return Reading("relation", _MINE)
    if word := known.opens("organisation", clause.after):
        return Reading("organisation", word)
    if clause.after.startswith("们"):
        return Reading("audience", "们")
    return None


def _signed(text: str, title: Title, known: TitleWords) -> bool:
    """Tell whether a title stands in a by-line or closes a signature."""
    head = text[max(0, title.start - _REACH) : title.start]
    line = re.split(r"[\n。]", text[title.end :])[0]
    if not closes(fold(line).text, known):
        return False
    if _BYLINE.search(head):
        return True
    return _SIGNED.search(head) is not None and not text[title.end + len(line) :].strip()
