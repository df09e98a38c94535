"""Addresses down to the door: a street or estate followed by building, entrance or room."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from auditor.text.found import Found

DOOR_REACH: Final = 5
"""Characters of the number that a door begins with, at most."""

_NUMBER: Final = rf"[0-9a-z一二三四五六七八九十百零〇两甲乙丙丁东西南北]{{1,{DOOR_REACH}}}"
# 楼 and 层 alone are where offices are; a door needs one of the others.
_DOOR: Final = re.compile(
    rf"""(?P<first>{_NUMBER}(?:号楼|栋|幢|单元|室|座(?=[0-9a-z]{{1,4}}))
           |[0-9]{{1,3}}-[0-9]{{1,2}}-[0-9]{{3,4}}(?![0-9-]))
         (?:[ ,-]?{_NUMBER}(?:号楼|号|栋|幢|座|单元|门|层|楼|室|户|房)
           |[ -]?[0-9]{{3,4}}(?![0-9元万人]))*""",
    re.VERBOSE,
)
PLACES: Final = (
    *(
        "路",
        "街",
        "大道",
        "道",
        "巷",
        "弄",
        "胡同",
        "小区",
        "社区",
        "花园",
        "花苑",
        "苑",
        "家园",
        "新村",
    ),
    *(
        "村",
        "公寓",
        "嘉园",
        "雅园",
        "名城",
        "新城",
        "花城",
        "名府",
        "府",
        "庭",
        "园",
        "湾",
        "里",
        "坊",
    ),
    *("大厦", "广场", "公馆", "家属院", "大院", "宿舍", "国际", "华府"),
)
"""What the name of a street or an estate ends with."""

HOUSES: Final = ("号", "弄", "巷", "支路")
YARDS: Final = ("院", "大院", "内")
"""What may follow it: 幸福路18号院."""

_HOUSE: Final = rf"[0-9一二三四五六七八九十]{{1,5}}(?:{'|'.join(HOUSES)})(?:{'|'.join(YARDS)})?"
_PLACE: Final = re.compile(rf"(?:{'|'.join(PLACES)})(?:{_HOUSE})?[ ,]?$")

PLACE_ENDS: Final = "".join(sorted({word[-1] for word in (*PLACES, *HOUSES, *YARDS)}))
"""What ``_PLACE`` ends with, but for one space or comma and the end of a line."""

_NAME: Final = re.compile(r"(?:[\u4e00-\u9fff0-9]|(?<=[省市区县旗镇乡道州号])[ ])+[ ,]?$")
_LEADING: Final = re.compile(
    r"^.*(?:地址是|地址|住址|住在|家住|家在|位于|搬到|来自|寄到|送到|[住在到于址])"
)
_DIVISION: Final = r"[\u4e00-\u9fff]{1,8}?"
_DISTRICT: Final = re.compile(
    rf"(?:{_DIVISION}(?:省|自治区|市|州(?!市)|盟) ?)*"
    rf"(?:{_DIVISION}(?<![小社园校厂街片景])(?:区|县|旗|市) ?)?"
)
_REACH: Final = 40


def addresses(text: str) -> Iterator[Found]:
    """Yield the room-level addresses of a folded text."""
    for door in _DOOR.finditer(text):
        before = text[max(0, door.start() - _REACH) : door.start()]
        place, name = _PLACE.search(before), _NAME.search(before)
        if not place or not name:
            continue
        lead = _LEADING.match(name.group()[: max(0, place.start() - name.start())])
        start = door.start() - len(before) + name.start() + (lead.end() if lead else 0)
        yield Found("address", start, door.end(), text[start : door.end()])


def district_length(address: str) -> int:
    """Return how many characters of a folded address name it down to the district."""
    found = _DISTRICT.match(address)
    return len(found.group().rstrip()) if found else 0
