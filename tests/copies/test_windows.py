"""Windows over times: where each ends, at both ends of the calendar too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.copies import window_ends
from auditor.copies.windows import crowded
from tests.moments import EDGES

START = datetime(2026, 11, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


@given(st.lists(st.integers(0, 30)), st.integers(0, 30))
def test_a_window_ends_after_the_last_time_within_reach(hours: list[int], reach: int) -> None:
    hours.sort()
    ends = list(window_ends([START + at * HOUR for at in hours], reach * HOUR))
    assert ends == [sum(other <= at + reach for other in hours) for at in hours]


@pytest.mark.parametrize("reach", [HOUR, timedelta.max])
def test_windows_end_at_the_ends_of_the_calendar(reach: timedelta) -> None:
    times = sorted([*EDGES, *EDGES])
    ends = list(window_ends(times, reach))
    wanted = [sum(other - at <= reach for other in times) for at in times]
    assert ends == wanted
    assert ends[-1] == len(times)


@given(st.lists(st.integers(-30, 30)), st.integers(2, 4), st.integers(0, 30))
def test_a_time_is_in_a_crowd_where_as_many_lie_within_reach(
    times: list[int], least: int, reach: int
) -> None:
    found = crowded(np.array(times, np.int64), least, reach)
    spans = range(-60, 31)
    assert found.tolist() == [
        any(
            begin <= at <= begin + reach
            and sum(begin <= other <= begin + reach for other in times) >= least
            for begin in spans
        )
        for at in times
    ]
