from __future__ import annotations

from pathlib import Path

import pytest

from auditor.collection.fuse import Challenges, read_challenges, refused_by_status
from auditor.errors import RulesetError

SHIPPED = Path(__file__).parents[2] / "rulesets" / "collection" / "challenge_pages.csv"


@pytest.fixture(name="shipped", scope="module")
def _shipped() -> Challenges:
    return read_challenges(SHIPPED.read_text(encoding="utf-8"), SHIPPED.name)


@pytest.mark.parametrize(
    ("status", "retry_after", "refused"),
    [
        *((status, None, True) for status in (401, 403, 407, 412, 418, 429, 432, 461, 471)),
        (403, "10", True),
        (429, "10", False),
        *((status, None, False) for status in (200, 301, 304, 404, 410, 500, 503)),
    ],
)
def test_a_refusal_is_told_from_an_error(
    status: int, retry_after: str | None, *, refused: bool
) -> None:
    assert bool(refused_by_status(status, retry_after)) is refused


@pytest.mark.parametrize(
    "body",
    [
        "<html><title>Just a moment...</title></html>",
        "<title lang='zh'>\n 安全验证 </title>",
        "<script>window._cf_chl_opt={}</script>",
        '{"ok":-100,"url":"https://m.weibo.cn/captcha"}',
    ],
)
def test_a_challenge_page_is_known_by_its_title_or_markup(shipped: Challenges, body: str) -> None:
    assert shipped.mark_of(body)


@pytest.mark.parametrize(
    "body",
    [
        "<title>验证码是怎么来的 - 张三</title><p>今天讲讲验证码和安全验证。</p>",
        "<title>登录</title><p>环境异常</p>",
        "<p>I am not a robot</p>",
        "",
    ],
)
def test_a_page_that_only_speaks_of_challenges_is_none(shipped: Challenges, body: str) -> None:
    assert shipped.mark_of(body) is None


@pytest.mark.parametrize(
    "body",
    [
        "<p>环境异常</p><p>完成验证后即可继续访问</p>",
        "<h1>Please verify you are human</h1>",
        "<div>请先登录</div>",
    ],
)
def test_a_short_page_without_what_was_asked_for_is_judged_by_its_text(
    shipped: Challenges, body: str
) -> None:
    assert shipped.mark_of(body) is None
    assert shipped.likely_mark_of(body)


def test_a_long_page_is_not_judged_by_its_text(shipped: Challenges) -> None:
    assert shipped.likely_mark_of("<p>请先登录</p>" + "很长的正文" * 1000) is None
    assert shipped.likely_mark_of("<script>captcha()</script><p>empty</p>") is None


@pytest.mark.parametrize(
    ("url", "door"),
    [
        ("https://example.com/login?next=/u/1", True),
        ("https://example.com/auth/sign_in", True),
        ("https://passport.example.com/visitor", True),
        ("https://example.com/u/login-fan", False),
        ("https://example.com/@passport.fan", False),
        ("https://example.com/u/1", False),
    ],
)
def test_a_redirect_to_a_login_page_is_known(shipped: Challenges, url: str, *, door: bool) -> None:
    assert shipped.is_door(url) is door


def test_faults_of_the_table_come_all_at_once_with_their_lines() -> None:
    table = "place,mark,source,as_of\nnowhere,x,s,2026\ntitle,,s,2026\ntitle,x,s,2026\n"
    with pytest.raises(RulesetError) as caught:
        read_challenges(table, "t.csv")
    assert [line.split(" ")[0] for line in caught.value.message.splitlines()] == [
        "t.csv:2:",
        "t.csv:3:",
    ]
