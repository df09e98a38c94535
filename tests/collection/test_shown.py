from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.collection.markup import plain_text
from auditor.collection.shown import CHINA, count, instant

FETCHED = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)  # noon in China


@pytest.mark.parametrize(
    ("shown", "number"),
    [
        (0, 0),
        (12, 12),
        (12.0, 12),
        ("12", 12),
        ("1,024", 1024),
        ("1.2万", 12_000),
        ("12.3 万", 123_000),
        ("１２", 12),
        ("100万+", 1_000_000),
        ("3亿", 300_000_000),
        ("3.14亿", 314_000_000),
        ("5千", 5_000),
        ("10w", 100_000),
        ("1.5K", 1_500),
        ("2m", 2_000_000),
        ("", None),
        ("万", None),
        ("-3", None),
        (-3, None),
        (1.5, None),
        (True, None),
        (None, None),
        ("很多", None),
        ("1.2.3", None),
        ("9" * 40, None),
        ([], None),
    ],
)
def test_a_shown_count_is_read_or_left_out(shown: object, number: int | None) -> None:
    assert count(shown) == number


@given(st.integers(min_value=0, max_value=10**15))
def test_a_plain_count_is_itself(number: int) -> None:
    assert count(str(number)) == count(f"{number:,}") == count(number) == number


@pytest.mark.parametrize(
    ("shown", "moment"),
    [
        ("2026-03-05T10:00:00+08:00", "2026-03-05T02:00:00+00:00"),
        ("2026-03-05T10:00:00Z", "2026-03-05T10:00:00+00:00"),
        ("2026-03-05 10:00", "2026-03-05T02:00:00+00:00"),
        ("2026-03-05", "2026-03-04T16:00:00+00:00"),
        ("2026年3月5日 10:00", "2026-03-05T02:00:00+00:00"),
        ("2026/3/5", "2026-03-04T16:00:00+00:00"),
        ("Wed Oct 19 23:44:36 +0800 2022", "2022-10-19T15:44:36+00:00"),
        ("Wed, 19 Oct 2022 23:44:36 GMT", "2022-10-19T23:44:36+00:00"),
        ("Wed, 19 Oct 2022 23:44:36 -0000", "2022-10-19T23:44:36+00:00"),
        ("刚刚", "2026-11-21T04:00:00+00:00"),
        ("30秒前", "2026-11-21T03:59:30+00:00"),
        ("5分钟前", "2026-11-21T03:55:00+00:00"),
        ("3 小时前", "2026-11-21T01:00:00+00:00"),
        ("2天前", "2026-11-19T04:00:00+00:00"),
        ("今天 09:05", "2026-11-21T01:05:00+00:00"),
        ("昨天 10:00", "2026-11-20T02:00:00+00:00"),
        ("前天 23:59:58", "2026-11-19T15:59:58+00:00"),
        ("11-20", "2026-11-19T16:00:00+00:00"),
        ("11-20 08:30", "2026-11-20T00:30:00+00:00"),
        ("12月31日", "2025-12-30T16:00:00+00:00"),
        (1772355600, "2026-03-01T09:00:00+00:00"),
        (1772355600000, "2026-03-01T09:00:00+00:00"),
        ("", None),
        ("soon", None),
        ("13-45", None),
        ("2026-02-30", None),
        ("昨天 25:00", None),
        ("9999天前", "1999-07-07T04:00:00+00:00"),
        (0, None),
        (-5, None),
        (1e300, None),
        (float("nan"), None),
        (True, None),
        (None, None),
        ({}, None),
    ],
)
def test_a_shown_time_is_read_or_left_out(shown: object, moment: str | None) -> None:
    found = instant(shown, FETCHED)
    assert (found.astimezone(UTC).isoformat() if found else None) == moment


def test_a_time_without_a_zone_is_in_the_zone_of_the_site() -> None:
    found = instant("2026-03-05 10:00", FETCHED, timezone(timedelta(hours=1)))
    assert found is not None
    assert found.utcoffset() == timedelta(hours=1)


@example(67_768_036_191_676_796_929)
@given(st.text(max_size=30) | st.floats() | st.integers())
def test_no_time_is_too_odd_to_be_read_and_every_time_is_aware(shown: object) -> None:
    found = instant(shown, FETCHED, CHINA)
    assert found is None or found.tzinfo is not None


@pytest.mark.parametrize(
    "shown",
    [
        "0001-01-01T00:00:00+08:00",
        "9999-12-31T23:59:59+00:00",
        "9999-12-31T20:00:00-08:00",
        253_402_300_799_000,
    ],
)
def test_a_time_that_has_no_form_in_utc_or_in_china_is_none(shown: object) -> None:
    assert instant(shown, FETCHED) is None


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>资深<b>律师</b></p><p>第二段</p>", "资深律师\n第二段"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("&lt;script&gt; &amp; &#x4e2d;", "<script> & 中"),
        ("<script>alert(1)</script>x<style>p{}</style>", "x"),
        ("plain", "plain"),
        ("<p>unclosed", "unclosed"),
        ("", ""),
    ],
)
def test_html_becomes_the_text_a_reader_sees(html: str, text: str) -> None:
    assert plain_text(html) == text
