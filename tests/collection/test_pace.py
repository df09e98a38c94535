from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collection.pace import HostPace, retry_after_seconds

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_the_first_request_need_not_wait() -> None:
    assert HostPace(2.0).wait_seconds(0.0) == 0.0


@given(
    gap=st.floats(0, 100),
    asked=st.floats(0, 100),
    chance=st.floats(0, 1),
    parked=st.floats(0, 100),
)
def test_chance_a_host_and_parking_only_ever_lengthen_the_gap(
    gap: float, asked: float, chance: float, parked: float
) -> None:
    pace = HostPace(gap)
    pace.answered(1000.0, chance)
    pace.lengthen(asked)
    pace.park(1000.0 + parked)
    wait = pace.wait_seconds(1000.0)
    assert wait >= max(gap, asked, parked) - 1e-9
    assert wait <= max(1.25 * max(gap, asked), parked) + 1e-9


def test_a_gap_learnt_after_the_answer_counts_from_that_answer() -> None:
    pace = HostPace(0.1)
    pace.answered(10.0, 0.0)
    pace.lengthen(3.0)
    assert pace.wait_seconds(10.0) == pytest.approx(3.0)


def test_a_shorter_wish_changes_nothing() -> None:
    pace = HostPace(5.0)
    pace.park(50.0)
    pace.lengthen(1.0)
    pace.park(20.0)
    assert (pace.gap_seconds, pace.wait_seconds(45.0)) == (5.0, 5.0)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("4", 4.0),
        (" 120 ", 120.0),
        ("0", 0.0),
        ("Sat, 21 Nov 2026 12:00:30 GMT", 30.0),
        ("Sat, 21 Nov 2026 11:59:00 GMT", 0.0),
        ("Sat, 21 Nov 2026 12:01:00 -0000", 60.0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, NOW) == seconds


@given(st.text(max_size=40))
def test_no_header_is_too_odd_to_be_read(header: str) -> None:
    seconds = retry_after_seconds(header, NOW)
    assert seconds is None or seconds >= 0
