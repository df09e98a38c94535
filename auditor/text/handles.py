"""Identifiers that a label introduces or a form shows: e-mail, WeChat, QQ, passport, plate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from auditor.text.found import Found
from auditor.text.tables import alternation, word_list

_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# Ordinary plates carry at most two letters; new-energy ones a letter at either end of six.
_PLATE: Final = re.compile(
    rf"""[{_PROVINCES}][a-hj-np-z](?P<dot>[·.• ]?)
         (?=[a-z0-9]*[0-9][a-z0-9]*[0-9])
         (?:[a-hjk][a-hj-np-z0-9][0-9]{{4}} | [0-9]{{5}}[a-hjk]
          | (?![a-z]{{3}})[a-hj-np-z0-9]{{4}}[a-hj-np-z0-9挂学警港澳])
         (?![a-z0-9-]|[ ]?[元万亿块])""",
    re.VERBOSE,
)

# Both signs, and how they are written to be missed by a filter.
_AT: Final = re.compile(r"@|艾特|[(\[{]at[)\]}]| at |#")
_LOCAL: Final = re.compile(r"[a-z0-9_%+-](?:[a-z0-9._%+-]{0,62}[a-z0-9_%+-])?[ ]?\Z")
_DOMAIN: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}\.)+[a-z]{2,12}(?![a-z0-9])")
_PROVIDER: Final = re.compile(
    r"""[ ]?(?:qq|163|126|sina|sohu|139|189|foxmail|gmail|outlook|hotmail|aliyun|yeah)
        [ ]?(?:\.|点|[(\[]dot[)\]])[ ]?(?:com|cn|net)(?![a-z0-9])""",
    re.VERBOSE,
)

_MARK: Final = r"(?:号码|号|id)?(?P<mark>[ ]*(?:[:=]|是|为)?[ ]*)"
_COUNTED: Final = r"(?![ ]?[元块万亿人次年月日个版级岁名粉条位只+%])"
_VALUES: Final = {
    "wechat": re.compile(
        rf"""{_MARK}(?P<value>[a-z][-_a-z0-9]{{5,19}}(?![-_a-z0-9@]|\.[a-z0-9])
             | [1-9][0-9]{{5,10}}(?![0-9a-z]){_COUNTED})""",
        re.VERBOSE,
    ),
    "qq": re.compile(
        rf"(?:号码|[号群码])?(?P<mark>[ ]*(?:[:=]|是|为)?[ ]*)"
        rf"(?P<value>[1-9][0-9]{{4,10}})(?![0-9a-z]|\.[a-z0-9]){_COUNTED}"
    ),
    "passport": re.compile(
        r"(?P<mark>[^0-9a-z]{0,6})(?P<value>[eg][a-hj-np-z0-9][0-9]{7})(?![0-9a-z])"
    ),
}
_OWN_FORM: Final = re.compile(r"(?<![a-z0-9])wxid_[a-z0-9]{6,20}(?![a-z0-9])")
_NOT_AN_ID: Final = re.compile(r"https?|www|android|iphone|official|windows|wechat|weixin")


def handles(text: str) -> Iterator[Found]:
    """Yield the labelled identifiers of a folded text."""
    if "wxid_" in text:
        for found in _OWN_FORM.finditer(text):
            yield Found("wechat", found.start(), found.end(), found.group())
    pattern, kinds = _labels()
    for label in pattern.finditer(text):
        kind = kinds[label.group()]
        before = text[label.start() - 1 : label.start()]
        # qq and vx end longer words too; a label stands by itself.
        if before.isascii() and before.isalpha() and label.group()[0].isascii():
            continue
        value = _VALUES[kind].match(text, label.end())
        if value and (kind != "wechat" or _is_wechat(label.group(), value)):
            yield Found(kind, *value.span("value"), _plain(kind, value["value"]))


def _plain(kind: str, value: str) -> str:
    return value.upper() if kind == "passport" else value


def _is_wechat(label: str, value: re.Match[str]) -> bool:
    """Without a colon, an id needs what no English word has: 微信 android is none."""
    written = value["value"]
    if _NOT_AN_ID.match(written) or written.startswith("id_"):
        return False
    marked = value["mark"].strip() != "" and len(label) > 1
    return marked or re.search(r"[0-9_-]", written) is not None


@cache
def _labels() -> tuple[re.Pattern[str], dict[str, str]]:
    # No look-behind in front: literal first characters let the search skip ahead.
    names = {"wechat": "text-wechat-labels", "qq": "text-qq-labels"}
    names["passport"] = "text-passport-labels"
    kinds = {word: kind for kind, name in names.items() for word in word_list(name)}
    return re.compile(alternation(*names.values())), kinds


def emails(text: str) -> Iterator[Found]:
    """Yield the e-mail addresses of a folded text, 艾特 and (at) for the sign among them."""
    for sign in _AT.finditer(text):
        domain = _DOMAIN.match(text, sign.end()) if sign.group() == "@" else None
        domain = domain or _PROVIDER.match(text, sign.end())
        local = domain and _LOCAL.search(text, max(0, sign.start() - 65), sign.start())
        if domain and local:
            span = local.start(), domain.end()
            yield Found("email", *span, text[slice(*span)])


def plates(text: str) -> Iterator[Found]:
    """Yield the number plates of a folded text."""
    for found in _PLATE.finditer(text):
        value = found.group().replace(found["dot"] or " ", "").upper()
        yield Found("plate", found.start(), found.end(), value)
