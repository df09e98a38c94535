"""The words of a finding: verification in its three states, times, and the filled templates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from auditor.model import Account, in_china, is_shown, minute_in_china
from auditor.rules.compile import Language
from auditor.rules.schema import Bilingual
from auditor.text import mask

MACHINE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
CHECK_FIRST = Bilingual(zh="请先核对认证。", en="Please check the verification first.")

KINDS: dict[str, Bilingual] = {
    "person": Bilingual(zh="个人认证", en="person"),
    "organisation": Bilingual(zh="机构认证", en="organisation"),
    "media": Bilingual(zh="媒体认证", en="media"),
    "government": Bilingual(zh="政务认证", en="government"),
    "unknown": Bilingual(zh="种类未知的认证", en="of unknown kind"),
}

GUARDS: dict[str, Bilingual] = {
    "G-ALLOW": Bilingual(
        zh="参照表把该账号列为该机构自己的账号", en="the list names the account as the body's own"
    ),
    "G-VERIFIED": Bilingual(
        zh="认证文字与所比对的机构相符", en="the verification names the body compared with"
    ),
    "G-FAN": Bilingual(
        zh="自称非官方、爱好者、读者或戏仿",
        en="it calls itself unofficial, a fan, a reader, a parody",
    ),
    "G-CRITIC": Bilingual(
        zh="名称带有批评者或当事人的用语",
        en="the name carries a word of critics or persons concerned",
    ),
    "G-OPERATOR": Bilingual(
        zh="运营主体含有地名或机构名称的一部分",
        en="the operator's name holds the place or a part of the body's name",
    ),
    "G-DOMAIN": Bilingual(
        zh="简介列有该机构或政府的网站", en="the bio gives a site of the body or of the state"
    ),
    "G-PLACE": Bilingual(zh="地名为多地共有", en="several places share the name"),
    "G-REGION": Bilingual(zh="所示地区与地名相符", en="the region shown fits the place"),
    "G-NEIGHBOUR": Bilingual(zh="与另一所列机构同样接近", en="another listed body is equally near"),
    "G-AGE": Bilingual(zh="账号创建已久", en="the account is of long standing"),
    "G-QUOTED": Bilingual(
        zh="简介中有此类用语，但系引用或否定", en="such words stand in the bio, quoted or denied"
    ),
    "G-TIME": Bilingual(
        zh="改名前已与同一参照相符", en="the name before the change matched the same body"
    ),
    "G-REGISTRY": Bilingual(
        zh="运营方的名录摘录中有相符的登记", en="the operator's extract has an entry that agrees"
    ),
    "G-OWNPII": Bilingual(zh="作者本人的信息", en="the author's own data"),
    "G-PUBPII": Bilingual(zh="寻人、求助或营业联系", en="an appeal or the contact of a business"),
    "G-SUPERVISE": Bilingual(
        zh="投诉、求助，或涉及在任公职人员", en="a complaint or appeal, or an official in office"
    ),
    "G-SAMPLE": Bilingual(zh="示例号码", en="a sample number"),
    "G-SAMENAME": Bilingual(zh="作者另有账号", en="the author has another account"),
    "G-TOLD": Bilingual(zh="另一行已经说明", en="another row tells of it"),
    "G-COPY": Bilingual(zh="可公开转载的文本", en="a text that anybody may repeat"),
    "G-NEWS": Bilingual(
        zh="媒体或政务认证，或转述新闻", en="a mark of media or government, or news that is retold"
    ),
    "G-REFUTE": Bilingual(zh="提醒或辟谣", en="it warns or refutes"),
    "G-EXPERIENCE": Bilingual(
        zh="本人或家人的经历", en="the own story of the author or the family"
    ),
    "G-FICTION": Bilingual(zh="玩笑、比喻或虚构", en="a joke, a figure of speech or fiction"),
    "G-CREDENTIAL": Bilingual(zh="页面显示有资质材料", en="the page shows a credential"),
}
"""What a guard stands for, in words, for ``explain``; a guard of the operator's own has its id."""


def local_time(moment: datetime) -> str:
    """Return ISO 8601 in +08:00 with seconds, as all output is (contracts, section 2)."""
    return in_china(moment).isoformat(timespec="seconds")


def readable_time(moment: datetime | None, language: Language) -> str:
    """Return a time for a sentence: minutes, +08:00; or that none was recorded."""
    if moment is None:
        return "采集时间未记录" if language == "zh" else "an unrecorded time"
    return minute_in_china(moment)


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
    if account.verified_label is None:
        return (
            f"页面显示{kind.zh}，文字未采集"
            if zh
            else f"the page shows a mark ({kind.en}); its text was not collected"
        )
    return (
        f"页面显示{kind.zh}，未显示文字"
        if zh
        else f"the page shows a mark ({kind.en}) without a text"
    )


def filled(template: str, values: Mapping[str, str]) -> str:
    """Fill a template; every value is masked, so no identifier reaches a sentence in clear."""
    return template.format_map({key: _shown(value) for key, value in values.items()})


def _shown(value: str) -> str:
    """Return a value masked; a machine's time as people read it, in the zone of all other times."""
    if MACHINE_TIME.fullmatch(value):
        return readable_time(datetime.fromisoformat(value), "en")
    return mask(value)
