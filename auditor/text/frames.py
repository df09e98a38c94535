"""Who speaks in the sentence of a hit, and how: negated, quoted, asked, reported, about the author.

Rules of surface form over word lists (``rulesets/lexicons/text-frames.yml``), judged on one
sentence and cheap enough to run on every hit. They are signs, not a parse: irony and long
embedded clauses are beyond them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from auditor.text.fold import fold
from auditor.text.quotations import is_quoted
from auditor.text.selves import is_about_self
from auditor.text.sentences import clause_after, clause_before, sentence_span
from auditor.text.speech import is_direct_speech, is_reported
from auditor.text.tables import alternation

_GAP: Final = 6
"""Characters between a negation and what it negates: 不是(什么正规的)医生."""

_CLOSERS: Final = "”’」』）)》〉]】\"' 。.~～"
_COPULA: Final = re.compile(r"是|作为|身为|担任|当")


@dataclass(frozen=True, slots=True)
class Frame:
    """How the sentence that was hit is framed.

    ``negated``: the phrase is denied. ``quoted``: it stands in quotation marks, a title, a quoted
    line or a repost. ``question``: it is asked, not stated. ``reported``: the words, or the act of
    speaking, are someone else's. ``about_self``: the author says that the author is it.
    ``supposed``: wished, supposed or compared (想当, 如果, 像).
    """

    negated: bool = False
    quoted: bool = False
    question: bool = False
    reported: bool = False
    about_self: bool = False
    supposed: bool = False


def frame(text: str, start: int, end: int, *, profile: bool = False) -> Frame:
    """Judge the sentence around ``text[start:end]``.

    With ``profile`` the text is a name or a bio, where a phrase that stands alone between
    separators (主治医师｜科普) says what its author is.
    """
    first, last = sentence_span(text, start, end)
    before, hit, after = (
        fold(part).text for part in (text[first:start], text[start:end], text[end:last])
    )
    about_self = is_about_self(before, after, profile=profile)
    return Frame(
        negated=_negated(before, after),
        quoted=is_quoted(text, start, end) or is_direct_speech(before),
        question=_question(before, hit, after, about_self=about_self),
        reported=not _attached(before) and is_reported(before, after),
        about_self=about_self,
        supposed=_supposing().search(clause_before(before)) is not None,
    )


def _attached(before: str) -> bool:
    """Tell whether the author takes the phrase on directly: 本医生说, 作为医生建议."""
    return (
        re.search(r"(?<![日基根版课标成原书])(?:本|作为|身为|我这个|我们|我等)$", before)
        is not None
    )


def _negated(before: str, after: str) -> bool:
    if _patterns().negated_after.match(after):
        return True
    clause = _patterns().not_negating.sub(_blank, clause_before(before))
    found = _patterns().negator.search(clause)
    if not found or _patterns().breaks.search(found.group("gap")):
        return False
    if found.group("negator") == "不是" and re.search(r"吗[?!]*$", after.rstrip(_CLOSERS)):
        return False  # 我不是医生吗？ asserts
    return _patterns().outer.search(clause[: found.start()]) is None


def _question(before: str, hit: str, after: str, *, about_self: bool) -> bool:
    inside = clause_before(before) + hit + clause_after(after)
    inside = _patterns().not_asking.sub(_blank, inside)
    if _patterns().asking.search(inside) or re.search(r"[吗么]$", clause_after(after)):
        return True
    if _patterns().asking.match(before):
        return True
    if not about_self and _patterns().asking_words.search(inside):
        return True
    if not after.rstrip(_CLOSERS).endswith("?"):
        return False
    # 我是医生，你信吗？ states the first clause and asks the second.
    in_last_clause = clause_after(after) == after.rstrip(_CLOSERS + "?!")
    return in_last_clause or not _COPULA.search(clause_before(before))


def _blank(found: re.Match[str]) -> str:
    return "□" * len(found.group())


@dataclass(frozen=True, slots=True)
class _Patterns:
    negator: re.Pattern[str]
    negated_after: re.Pattern[str]
    not_negating: re.Pattern[str]
    outer: re.Pattern[str]
    breaks: re.Pattern[str]
    asking: re.Pattern[str]
    asking_words: re.Pattern[str]
    not_asking: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    negators = alternation("text-negators")
    return _Patterns(
        # The last negation before the hit: no other one in the gap.
        negator=re.compile(rf"(?P<negator>{negators})(?P<gap>(?:(?!{negators}).){{0,{_GAP}}})$"),
        negated_after=re.compile(alternation("text-negators-after")),
        not_negating=re.compile(alternation("text-not-negating")),
        outer=re.compile(rf"(?:{alternation('text-negators-outer')}).?$"),
        breaks=re.compile(alternation("text-negation-breaks")),
        asking=re.compile(alternation("text-question-marks")),
        asking_words=re.compile(alternation("text-question-words")),
        not_asking=re.compile(
            # 无论医生怎么想 asks nothing, wherever the question word stands.
            rf"{alternation('text-not-asking')}"
            rf"|(?:不管|无论|不论).{{0,12}}?(?:{alternation('text-question-words')})"
        ),
    )


@cache
def _supposing() -> re.Pattern[str]:
    return re.compile(alternation("text-suppositions"))
