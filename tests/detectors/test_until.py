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

DAY = timedelta(days=1)
STEPS = (
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


@pytest.mark.parametrize("step", STEPS)
@given(
    days=st.integers(-40, 900),
    renamed=st.lists(st.integers(-40, 60), max_size=3),
    later=st.integers(0, 1200),
)
def test_before_until_a_step_says_the_same(
    step: AccountAge | RenamedWithin,
    days: int,
    renamed: list[int],
    later: int,
    compiled: Compiled,
) -> None:
    given_ = dossier(NOW - days * DAY, *(NOW - ago * DAY for ago in renamed))
    subject = Subject("account", given_.account)

    def asked(now: datetime) -> tuple[object, datetime | None]:
        view = View(given_, compiled.resources, now)
        return step.hits(view, subject, Match()), view.until

    said, until = asked(NOW)
    then = NOW + later * DAY / 2
    if until is None or then < until:
        assert asked(then)[0] == said


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
