"""Repeated texts: when the tally of copies within an account tells that there are too few."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from auditor.copies import LONGEST
from auditor.detectors import Match, Subject, View
from auditor.detectors.copies import RepeatedText
from auditor.model import Account, Dossier, Post
from auditor.rules import Compiled
from auditor.rules.examples import NOW
from tests.moments import EDGES

TEXT = (
    "今晚八点直播间上新秋冬厚款棉拖鞋和毛绒坐垫，前一百单包邮到家，颜色有"
    "米白浅灰和焦糖三种，尺码偏小半码，拿不准的可以先看置顶的尺码表再下单"
)


TIMES = [NOW - timedelta(minutes=ago) for ago in range(5)]


def counted(
    compiled: Compiled,
    step: RepeatedText,
    text: str,
    times: list[datetime],
    alike: int | None = None,
) -> list[int | None]:
    """How many posts each hit counts, of posts with one text at these times."""
    own = {"platform": "p", "account_id": "1"}
    posts = tuple(
        Post.model_validate({**own, "post_id": str(place), "text": text, "published_at": at})
        for place, at in enumerate(times)
    )
    account = Account.model_validate(own)
    dossier = Dossier(account=account, posts=posts, posts_seen=len(posts), posts_alike=alike)
    found = step.hits(View(dossier, compiled.resources, NOW), Subject("account", account), Match())
    assert isinstance(found, list)
    return [hit.sample_n for hit in found]


@pytest.mark.parametrize(
    ("text", "least", "alike", "found"),
    [
        (TEXT, 60, None, True),
        (TEXT, 60, 5, True),
        (TEXT, 60, 4, False),
        (TEXT[:40], 30, 0, True),
        ("书" * 3 + TEXT * (LONGEST // 60), 60, 0, True),
    ],
    ids=["no tally", "enough", "too few", "too short to be counted", "too long to be counted"],
)
def test_a_tally_of_copies_ends_the_search_only_where_it_counts_all(
    compiled: Compiled, text: str, least: int, alike: int | None, found: bool
) -> None:
    step = RepeatedText(use="repeated_text", min_characters=least)
    assert bool(counted(compiled, step, text, TIMES, alike)) is found


@pytest.mark.parametrize("least_likeness", [1.0, 0.8])
@pytest.mark.parametrize("edge", EDGES)
def test_a_post_of_any_year_hides_no_copies(
    compiled: Compiled, edge: datetime, least_likeness: float
) -> None:
    step = RepeatedText(use="repeated_text", least_likeness=least_likeness)
    assert counted(compiled, step, TEXT, [edge, *TIMES]) == [5]
    assert counted(compiled, step, TEXT, [edge] * 6) == [6]
