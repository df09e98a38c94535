from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from auditor.collection.robots import read_robots, unreachable

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PAGE = "https://example.com/u/1"


@pytest.mark.parametrize(
    ("status", "body", "state", "allowed"),
    [
        (200, b"", "allowed", True),
        (200, b"User-agent: *\nDisallow: /", "allowed", False),
        (200, b"User-agent: *\nDisallow: /u/", "allowed", False),
        (200, b"User-agent: *\nDisallow: /x", "allowed", True),
        (200, b"User-agent: *\nDisallow: /\nAllow: /u/", "allowed", True),
        (200, b"User-agent: auditor\nDisallow: /\n\nUser-agent: *\nAllow: /", "allowed", False),
        (200, b"User-agent: auditor\nAllow: /\n\nUser-agent: *\nDisallow: /", "allowed", True),
        (200, b"User-agent: OtherBot\nDisallow: /", "allowed", True),
        (200, b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /", "allowed", False),
        (200, b"<html>not found</html>", "allowed", True),
        (200, b"\xff\xfe\x00rubbish\x00", "allowed", True),
        (204, b"", "allowed", True),
        (301, b"", "unreachable", False),
        (400, b"", "no_file", True),
        (401, b"", "no_file", True),
        (403, b"", "no_file", True),
        (404, b"User-agent: *\nDisallow: /", "no_file", True),
        (410, b"", "no_file", True),
        (429, b"", "unreachable", False),
        (500, b"User-agent: *\nAllow: /", "unreachable", False),
        (503, b"", "unreachable", False),
    ],
)
def test_an_answer_means_what_rfc_9309_says(
    status: int, body: bytes, state: str, *, allowed: bool
) -> None:
    robots = read_robots(status, body, NOW)
    assert robots.state == state
    assert robots.allows(PAGE) is allowed


@pytest.mark.parametrize(
    ("body", "delay"),
    [
        (b"User-agent: *\nCrawl-delay: 4", 4.0),
        (b"User-agent: *\nCrawl-delay: 0.5", 0.5),
        (b"User-agent: *\nCrawl-delay: 0", None),
        (b"User-agent: *\nCrawl-delay: -3", None),
        (b"User-agent: *\nCrawl-delay: soon", None),
        (b"User-agent: *\nCrawl-delay: nan", None),
        (b"User-agent: *\nCrawl-delay: inf", None),
        (b"User-agent: other\nCrawl-delay: 9", None),
        (b"User-agent: auditor\nCrawl-delay: 7\n\nUser-agent: *\nCrawl-delay: 1", 7.0),
    ],
)
def test_an_asked_gap_is_read(body: bytes, delay: float | None) -> None:
    assert read_robots(200, body, NOW).crawl_delay_seconds == delay


def test_no_answer_allows_nothing() -> None:
    assert not unreachable(NOW).allows(PAGE)


def test_a_copy_lasts_a_day() -> None:
    robots = read_robots(404, b"", NOW)
    assert robots.is_fresh(NOW + timedelta(hours=23, minutes=59))
    assert not robots.is_fresh(NOW + timedelta(hours=24))


def test_the_sum_of_the_bytes_stands_for_the_copy() -> None:
    digest = read_robots(200, b"User-agent: *\n", NOW).sha256
    assert digest == "fd89345af6aca5dab85f2aa6a830e270a362b1fa6b5f19607ddd773a081ed651"
