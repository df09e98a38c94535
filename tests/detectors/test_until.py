"""Until when an answer holds: what a detector asks of the time of the run is recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.detectors import Match, Subject, View
from auditor.detectors.history import RenamedWithin
from auditor.detectors.profile import AccountAge
from auditor.model import Account, Change, Dossier
from auditor.rules import Compiled, evaluate
from auditor.rules.examples import NOW
from tests.moments import EDGES, LAST, READ

DAY = timedelta(days=1)
ANY = st.sampled_from((*EDGES, NOW))
ASKED = st.sampled_from((*READ, NOW))
Step = AccountAge | RenamedWithin
STEPS: tuple[Step, ...] = (
    AccountAge(use="account_age", least_days=30),
    AccountAge(use="account_age", least_days=400),
    RenamedWithin(use="renamed_within", days=30),
)


def dossier(created: datetime | None, *renamed: datetime) -> Dossier:
    account = Account(platform="p", account_id="1", name="人民曰报", created_at=created)
    changes = tuple(
        Change(
            platform="p",
            account_id="1",
            field="name",
            before="小满",
            after="人民曰报",
            changed_at=at,
        )
        for at in renamed
    )
    return Dossier(account=account, changes=changes)


def asked(
    step: Step, compiled: Compiled, one: Dossier, now: datetime
) -> tuple[object, datetime | None]:
    """What a step says of an account at a time, and until when that holds."""
    view = View(one, compiled.resources, now)
    return step.hits(view, Subject("account", one.account), Match()), view.until


@pytest.mark.parametrize("step", STEPS)
@given(
    days=st.integers(-40, 900),
    renamed=st.lists(st.integers(-40, 60), max_size=3),
    later=st.integers(0, 1200),
)
def test_before_until_a_step_says_the_same(
    step: Step,
    days: int,
    renamed: list[int],
    later: int,
    compiled: Compiled,
) -> None:
    one = dossier(NOW - days * DAY, *(NOW - ago * DAY for ago in renamed))
    said, until = asked(step, compiled, one, NOW)
    then = NOW + later * DAY / 2
    if until is None or then < until:
        assert asked(step, compiled, one, then)[0] == said


@pytest.mark.parametrize("step", STEPS)
@given(created=ANY, renamed=st.lists(ANY, max_size=3), now=ASKED, then=ASKED)
def test_it_says_so_at_the_ends_of_the_calendar(
    step: Step,
    created: datetime,
    renamed: list[datetime],
    now: datetime,
    then: datetime,
    compiled: Compiled,
) -> None:
    one = dossier(created, *renamed)
    said, until = asked(step, compiled, one, now)
    if now <= then and (until is None or then < until):
        assert asked(step, compiled, one, then)[0] == said


@pytest.mark.parametrize(
    ("renamed", "now", "recent"),
    [
        (NOW, LAST, False),
        (LAST, NOW, False),
        (LAST, LAST, True),
        (LAST - 30 * DAY, LAST, True),
        (LAST - 31 * DAY, LAST, False),
    ],
)
def test_a_change_in_the_last_days_of_the_calendar_is_recent_then(
    renamed: datetime, now: datetime, recent: bool, compiled: Compiled
) -> None:
    said, _ = asked(STEPS[-1], compiled, dossier(None, renamed), now)
    assert bool(said) is recent


def test_who_asks_for_now_may_say_something_else_at_any_time(compiled: Compiled) -> None:
    view = View(dossier(None), compiled.resources, NOW)
    assert view.until is None
    assert view.now == view.until == NOW


def test_the_first_turn_counts_and_what_is_past_does_not(compiled: Compiled) -> None:
    view = View(dossier(None), compiled.resources, NOW)
    view.now_beside((NOW + 3 * DAY, NOW - DAY))
    assert view.until == NOW + 3 * DAY
    assert view.elapsed(NOW - 10 * DAY, 4 * DAY) == 2
    assert view.until == NOW + 2 * DAY
    assert view.elapsed(datetime.max.replace(tzinfo=UTC), 4000000 * DAY) == -1


def test_a_judgement_tells_until_when_it_holds(compiled: Compiled) -> None:
    assert evaluate(compiled, dossier(None), NOW).until is None
    young = evaluate(compiled, dossier(NOW - 1000 * DAY), NOW)
    assert young.findings
    assert young.until == NOW + 95 * DAY
