"""How a title in a post is read: only what its author says of the author counts."""

from __future__ import annotations

import re

from auditor.text import Frame, fold, frame, sentence_span
from auditor.titles.clauses import Clause, clause_of, closes, in_time
from auditor.titles.readings import CLAIM, MENTION, Reading, Title
from auditor.titles.stating import REACH, YEARS, myself
from auditor.titles.words import TitleWords

_BYLINE = re.compile(
    r"(?:^|[\n。|｜ ])\s*(?:作者|文|图文|撰文|撰稿|主讲|主笔|执笔)"
    r"\s*[:：/／|｜]\s*[^\n。]{0,30}$"
)
_SIGNED = re.compile(
    r"(?:^|\n)\s*[—\-－–]{1,3}\s*[^\n—]{0,30}$|[。！!？?~～\s][—\-－–]{2,3}\s*[^\n—]{0,30}$"
)
_READ = 2_000
"""Characters of a post in which it says that it is a game, a play or a dream."""
_POSSESSED = re.compile(r"(?:我|你|自己|大家|人生|家里|朋友里|全家人?|全家)的\w{0,2}$")
_ATTACHED = ("本", "在家我是", "键盘", "朋友圈")
_OPENING = 14
"""Characters at the head of a post in which it says whose story it is."""
_SPEAKER = re.compile(r"([^，,。！!？?:：\s]{1,6})[:：]")
_DOING = re.compile(
    r"(?:.{0,4}?)(?:做|当|干)(?:了)?(?:[0-9一二三四五六七八九十两几多]{1,3}年)?(?:的)?"
)


def read_post(text: str, title: Title, known: TitleWords, headline: str = "") -> Reading:
    """Say whether the author of a post claims a title: of 我, in a by-line or a signature.

    A headline that says whose words follow (读者来信, 小说) speaks for the whole post.
    """
    said = frame(text, title.start, title.end)
    told = known.found("submissions", fold(headline).text)
    if said.quoted or told or _is_line(text, title, known):
        return Reading("quoted", told)
    clause = clause_of(text, title, known)
    if not _is_stated(text, title, clause, said, known):
        return Reading("quoted") if said.reported else MENTION
    return (
        _framed(said, signed=_signed(text, title, known))
        or _in_play(text, known)
        or _of_others(clause, known)
        or in_time(clause, title, known)
        or CLAIM
    )


def _is_stated(text: str, title: Title, clause: Clause, said: Frame, known: TitleWords) -> bool:
    """Tell whether a post states a title of its author: signed, or of 我 where the clause ends."""
    if _signed(text, title, known) or _worked(clause, known):
        return True
    # 我是护士长最头疼的病人 goes on.
    return said.about_self and closes(clause.after, known)


def _framed(said: Frame, *, signed: bool) -> Reading | None:
    if said.negated:
        return Reading("negated")
    if said.question:
        return Reading("asked")
    return Reading("quoted") if said.reported and not signed else None


def _in_play(text: str, known: TitleWords) -> Reading | None:
    """Read games, plays, dreams and lessons: 狼人杀我是法官."""
    word = known.found("not_really", fold(text[:_READ]).text)
    return Reading("nickname", word) if word else None


def _is_line(text: str, title: Title, known: TitleWords) -> bool:
    """Tell whether a title stands in a letter, or in somebody's line of a dialogue (他：我是…)."""
    head = fold(text[:_OPENING]).text
    if known.found("submissions", head):
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
    if myself().match(clause.before):
        return closes(clause.after, known)
    return bool(_DOING.fullmatch(clause.before) and YEARS.match(clause.after))


def _of_others(clause: Clause, known: TitleWords) -> Reading | None:
    """Read 我是医生的女儿, and titles of a team."""
    if word := known.opens("kin", clause.after.removeprefix("的")):
        return Reading("relation", word)
    if _POSSESSED.search(clause.before):
        return Reading("relation", "的")
    if clause.before.endswith(_ATTACHED):
        return MENTION  # 本记者报道：我家猫把鱼吃了 is a joke as often as not
    if word := known.opens("organisation", clause.after):
        return Reading("organisation", word)
    if clause.after.startswith("们"):
        return Reading("audience", "们")
    return None


def _signed(text: str, title: Title, known: TitleWords) -> bool:
    """Tell whether a title stands in a by-line or closes a signature."""
    head = text[max(0, title.start - REACH) : title.start]
    line = re.split(r"[\n。]", text[title.end : title.end + REACH + 1])[0]
    if len(line) > REACH or not closes(fold(line).text, known):
        return False
    if _BYLINE.search(head):
        return True
    rest = text[title.end + len(line) : title.end + len(line) + REACH]
    return _SIGNED.search(head) is not None and not rest.strip()
