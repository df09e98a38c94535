"""The words of a finding: verification in its three states, times, and the filled templates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from auditor.model import Account, is_shown
from auditor.rules.compile import Language
from auditor.rules.schema import Bilingual
from auditor.text import mask

CHINA = timezone(timedelta(hours=8))
MACHINE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
CHECK_FIRST = Bilingual(zh="请先核对认证。", en="Please check the verification first.")

KINDS: dict[str, Bilingual] = {
    "person": Bilingual(zh="个人认证", en="person"),
    "organisation": Bilingual(zh="机构认证", en="organisation"),
    "media": Bilingual(zh="媒体认证", en="media"),
    "government": Bilingual(zh="政务认证", en="government"),
    "unknown": Bilingual(zh="种类未知的认证", en="of unknown kind"),
}


def local_time(moment: datetime) -> str:
    """Return ISO 8601 in +08:00 with seconds, as all output is (contracts, section 2)."""
    return moment.astimezone(CHINA).isoformat(timespec="seconds")


def readable_time(moment: datetime | None, language: Language) -> str:
    """Return a time for a sentence: minutes, +08:00; or that none was recorded."""
    if moment is None:
        return "采集时间未记录" if language == "zh" else "an unrecorded time"
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def verification_sentence(account: Account, language: Language) -> str:
    """Return which of the three states verification is in (fairness, section 2)."""
    zh = language == "zh"
    if account.verified is None:
        return "认证信息未采集" if zh else "verification was not collected"
    if account.verified == "none":
        return "页面未显示认证" if zh else "the page showed no verification"
    if is_shown(account.verified_label) and account.verified_label:
        label = mask(account.verified_label)
        return f"认证标识为“{label}”" if zh else f"the mark reads “{label}”"
    kind = KINDS[account.verified]
    return (
        f"页面显示{kind.zh}，文字未采集"
        if zh
        else f"the page shows a mark ({kind.en}) without its text"
    )


def filled(template: str, values: Mapping[str, str]) -> str:
    """Fill a template; every value is masked, so no identifier reaches a sentence in clear."""
    return template.format_map({key: _shown(value) for key, value in values.items()})


def _shown(value: str) -> str:
    """Return a value masked; a machine's time as people read it, in the zone of all other times."""
    if MACHINE_TIME.fullmatch(value):
        return readable_time(datetime.fromisoformat(value), "en")
    return mask(value)
