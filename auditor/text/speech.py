"""Whose words a phrase is in: the subject before a verb of speech."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from auditor.text.selves import first_person
from auditor.text.sentences import clauses
from auditor.text.tables import alternation

# 跟我说, 告诉我, 听我说: in the first two the author is told something, in the last one speaks.
_TOLD: Final = re.compile(
    r"(?:跟|对|向|和|给|替|让|叫|同|告诉|提醒|问|劝|骗)(?:我们|我|咱们|咱|俺)"
)
_EMPTY: Final = "□ 还也又都就只"
_TURN: Final = re.compile(r"(?:但是|但|可是|可|而|不过|所以|因此|因为|其实|于是|反正)+我")


def is_reported(before: str, after: str) -> bool:
    """Tell whether a phrase between ``before`` and ``after`` is said by someone but the author.

    True as well where the phrase itself names the speaker: 医生说, 律师朋友告诉我.
    """
    if _pattern("speaks").match(_masked(after)):
        return True
    parts = clauses(_masked(before))
    if _TURN.match(parts[-1]):
        return False  # 他说不行，但我是医生
    return _pattern("hearsay").search("，".join(parts)) is not None or _other_speaks(parts)


def is_direct_speech(before: str) -> bool:
    """Tell whether another one's speech opened with a colon before the phrase: 他说：…."""
    head, colon, _ = before.replace("：", ":").rpartition(":")
    if not colon:
        return False
    opening = _pattern("opening").search(_masked(clauses(head)[-1]))
    return opening is not None and _is_other(opening.group("subject"))


def _other_speaks(parts: list[str]) -> bool:
    """Find the last verb of speech and judge its subject, which may stand a clause earlier."""
    for index in range(len(parts) - 1, -1, -1):
        verbs = list(_pattern("verb").finditer(parts[index]))
        if verbs:
            candidates = [parts[index][: verbs[-1].start()], *reversed(parts[:index])]
            subject = next((part for part in candidates if part.strip(_EMPTY)), "")
            return _is_other(subject)
    return False


def _is_other(subject: str) -> bool:
    subject = _TOLD.sub("", subject)
    return bool(subject.strip(_EMPTY)) and not _pattern("self").search(subject)


def _masked(text: str) -> str:
    return _pattern("not_speech").sub(lambda found: "□" * len(found.group()), text)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    verbs = alternation("text-speech-verbs")
    told = alternation("text-speech-verbs", "text-causative-verbs")
    patterns = {
        "verb": rf"(?<!的)(?:{verbs})",
        "opening": rf"^(?P<subject>.*)(?<!的)(?:{verbs}).{{0,4}}$",
        # 我妈, 我朋友: someone else although 我 stands there.
        "self": rf"(?:{first_person()})(?!的|家|们?(?:{alternation('text-relations')}))",
        "hearsay": alternation("text-hearsay") + r"|(?:^|，)据(?!我)",
        "not_speech": alternation("text-not-speech"),
        "speaks": rf"[^的，,。、：:\s]{{0,4}}?(?:{told})",
    }
    return re.compile(patterns[name])
