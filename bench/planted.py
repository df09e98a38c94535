"""What is planted among ordinary accounts, so that a run can be asked whether it was found.

Every case is invented after the examples of the rules. A truth names the account, the post where
there is one, and the rules of which one must speak: some rules give way to one that says more.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from auditor.text.checkdigits import is_resident_number
from bench.platform import Platform

SHARE = 0.005
"""Share of accounts with a planted case."""

REPEATS = 6
"""Posts with the same text of sixty characters and more, within a day."""

_NONE = {"verified": "none", "verified_label": "none"}
_TITLES = (
    "title-claim-unmatched | title-with-field-posts | title-with-finance-posts | "
    "title-with-news-posts | title-with-paid-posts | sells-under-title"
)


class Profile(NamedTuple):
    """Fields of an account that a case sets."""

    rules: str
    fields: Mapping[str, Any]


class Text(NamedTuple):
    """The text of one post that a case sets, and what that post sells."""

    rules: str
    text: str
    sells: str | None = None


@dataclass(frozen=True)
class Plan:
    """Cases by account number, by post number; ``repeats`` are accounts that repeat themselves."""

    profiles: Mapping[int, Profile] = field(repr=False)
    texts: Mapping[int, Text] = field(repr=False)
    repeats: frozenset[int] = field(repr=False)


Cities = Sequence[str]
Make = Callable[[random.Random, Cities], Profile | Text]


def plan_cases(platform: Platform, cities: Cities, share: float = SHARE) -> Plan:
    """Choose accounts for the cases, each case in turn; those without the posts for it are spared.

    ``cities`` are short names of prefectures.
    """
    dice = platform.shape.dice
    chosen = np.flatnonzero(dice.shares("planted", np.arange(platform.shape.accounts)) < share)
    profiles: dict[int, Profile] = {}
    texts: dict[int, Text] = {}
    repeats: set[int] = set()
    sizes = platform.sizes
    for turn, account in enumerate(chosen.tolist()):
        make = CASES[turn % len(CASES)]
        if make is None:
            if sizes[account] >= REPEATS:
                repeats.add(account)
            continue
        case = make(random.Random(platform.shape.seed * 7_919 + account), cities)
        if isinstance(case, Profile):
            profiles[account] = case
        elif sizes[account]:
            texts[int(platform.starts[account])] = case
    # Who repeats a text, or plants a post, has a page that was looked at and shows no mark.
    for account in (*repeats, *platform.accounts_of(np.array(sorted(texts), np.int64)).tolist()):
        profiles[account] = Profile("", _NONE)
    return Plan(profiles, texts, frozenset(repeats))


def _look_alike(rolls: random.Random, _: Cities) -> Profile:
    name = rolls.choice(("人民曰报", "入民日报", "新华杜", "中囯青年报", "中国青年扳", "央视新闽"))
    return Profile("name-look-alike | name-written-otherwise", {"name": name, "bio": None, **_NONE})


def _equal(rolls: random.Random, _: Cities) -> Profile:
    name = rolls.choice(("人民日报", "新华社", "光明日报", "中国青年报", "科技日报"))
    return Profile("name-equals-reference", {"name": name, "bio": "每天摘抄一段", **_NONE})


def _court(rolls: random.Random, cities: Cities) -> Profile:
    name = rolls.choice(cities) + rolls.choice(("中院", "法院"))
    rules = "name-place-organ | name-equals-reference"
    return Profile(rules, {"name": name, "bio": None, **_NONE})


def _news(rolls: random.Random, _: Cities) -> Profile:
    name = rolls.choice(("动态", "午间", "民生", "深度", "城乡")) + rolls.choice(("新闻", "新闻网"))
    return Profile("name-news-word", {"name": name, "bio": None, **_NONE})


def _title(rolls: random.Random, _: Cities) -> Profile:
    bio = rolls.choice(
        (
            "执业律师，民商事案件",
            "三甲医院心内科主任医师",
            "注册会计师，只聊报表",
            "执业药师，讲讲怎么吃药",
        )
    )
    return Profile(_TITLES, {"name": f"小满的第{rolls.randrange(2, 999)}天", "bio": bio, **_NONE})


def _occupation(rolls: random.Random, _: Cities) -> Profile:
    bio = rolls.choice(("国家二级心理咨询师，只做长程个案", "岸边律师事务所高级合伙人，只做刑案"))
    rules = f"occupation-claim-unmatched | {_TITLES}"
    return Profile(rules, {"name": f"小荷{rolls.randrange(2, 999)}号", "bio": bio, **_NONE})


def _official(rolls: random.Random, _: Cities) -> Profile:
    bio = rolls.choice(("人民日报官方账号，每天一条要闻", "本公众号由国家税务总局主办"))
    return Profile("bio-claims-official", {"name": "每日要闻速览", "bio": bio, **_NONE})


def _journalist(rolls: random.Random, _: Cities) -> Profile:
    bio = rolls.choice(("新华社记者，记录身边事", "人民日报体育部记者"))
    name = f"小满说事{rolls.randrange(2, 999)}"
    return Profile("bio-claims-journalist", {"name": name, "bio": bio, **_NONE})


def _contact(rolls: random.Random, _: Cities) -> Profile:
    name = rolls.choice(("兼职加微信banyan_{:04d}x", "老李修锁1380013{:04d}"))
    fields = {"name": name.format(rolls.randrange(10_000)), "bio": None, **_NONE}
    return Profile("contact-in-name", fields)


def _bundle(rolls: random.Random, _: Cities) -> Text:
    number, door = rolls.randrange(10_000), rolls.randrange(101, 999)
    text = f"姓名：陈某某，手机1380013{number:04d}，家住榕树路18号3栋2单元{door}室"
    return Text("personal-data-bundle", text)


def _resident(rolls: random.Random, _: Cities) -> Text:
    # Born in the first years of the last century, so that nobody has it.
    begun = f"110105{rolls.randrange(1900, 1906)}{rolls.randrange(1, 13):02d}"
    begun += f"{rolls.randrange(1, 29):02d}{rolls.randrange(1000):03d}"
    number = next(n for sign in "0123456789X" if is_resident_number(n := begun + sign))
    return Text("resident-number-shown", f"就是他，身份证{number}，大家记一下")


def _assured(rolls: random.Random, _: Cities) -> Text:
    return rolls.choice(
        (
            Text("cure-claim", "祖传膏药彻底根治颈椎病，三天见效", "goods"),
            Text("assured-pass", "教师编面试签约保过，考不过退学费", "course"),
            Text("assured-return", "跟着老师做股票稳赚不赔，想进的扫码进群", "course"),
        )
    )


CASES: tuple[Make | None, ...] = (
    _look_alike, _title, None, _bundle, _court, _official, _equal, _occupation,
    _resident, _news, _journalist, _contact, None, _assured,
)  # fmt: skip
"""The cases in turn; ``None`` is an account that publishes one text again and again."""
