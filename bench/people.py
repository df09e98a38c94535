"""Accounts of the invented platform as Arrow columns: nicknames, bios, marks and counts."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from auditor.sources.schemas import SCHEMAS
from bench.clauses import Words, replaced
from bench.columns import Draws, hidden, same, times
from bench.planted import Plan
from bench.platform import Numbers, Platform

PLATFORM = "bench"
FIRST_ID = 1_000_000_000
SEEN = int(datetime(2026, 11, 20, 2, tzinfo=UTC).timestamp())
"""When the accounts were looked at."""

# Measured over 5,970 public accounts: 41.6 % show no bio, 1.3 % have a word of a title in the bio
# and 1.1 % in the name (bench/README.md).
_NO_BIO, _TITLED_BIO, _TITLED_NAME = 0.416, 0.0115, 0.0095
_DAY = 86_400
_BY_TITLE = [
    (1.0, f"surname {title} {tail}")
    for title in ("律师", "医生", "大夫", "记者")
    for tail in ("说", "的日常", "讲故事")
]
_OF_MARKS = ("none", None, "person", "organisation")


def account_key(number: int) -> str:
    """Return the account's id as text."""
    return str(FIRST_ID + number)


class People:
    """Makes batches of accounts."""

    def __init__(self, platform: Platform, plan: Plan, words: Words) -> None:
        self._sizes = platform.sizes
        self._plan = plan
        self._words = words
        self._planted = np.array(sorted(plan.profiles), np.int64)

    def batch(self, numbers: Numbers) -> pa.RecordBatch:
        """Return the rows of these accounts; planted ones as their plan says."""
        batch = self._ordinary(numbers)
        places = np.flatnonzero(np.isin(numbers, self._planted))
        rows = batch.take(pa.array(places)).to_pylist()
        for row, number in zip(rows, numbers[places].tolist(), strict=True):
            row.update(self._plan.profiles[number].fields)
        new = pa.RecordBatch.from_pylist(rows, schema=batch.schema)
        columns = [
            replaced(old, places, own) for old, own in zip(batch.columns, new.columns, strict=True)
        ]
        return pa.record_batch(columns, schema=batch.schema)

    def _ordinary(self, numbers: Numbers) -> pa.RecordBatch:
        draw = Draws(self._words.dice, numbers)
        count = len(numbers)
        ids = pa.array(FIRST_ID + numbers).cast(pa.string())
        names, marks = self._names(draw, numbers)
        label = pc.if_else(
            pa.array(marks == 2),
            pc.binary_join_element_wise(names, "，执业资格已认证", ""),
            pc.binary_join_element_wise(names, "官方账号", ""),
        )
        handles = pc.binary_join_element_wise("u", ids, "")
        ages = _DAY * (100 + draw.below("age", 4_000))
        regions = self._words.slots["place"]
        looked = SEEN + draw.below("seen", 7_200)
        columns = {
            "platform": same(PLATFORM, count),
            "account_id": ids,
            "name": names,
            "handle": hidden(handles, draw.shares("handle") < 0.5),
            "bio": self._bios(draw, numbers),
            "url": pc.binary_join_element_wise("https://bench.example/u/", ids, ""),
            "avatar": pc.binary_join_element_wise("https://bench.example/a/", ids, ""),
            "verified": pa.array(_OF_MARKS, pa.string()).take(pa.array(marks)),
            "verified_label": pc.if_else(
                pa.array(marks >= 2), label, pa.array(["none", None, "", ""]).take(pa.array(marks))
            ),
            "field": pa.array([None, "none", "education", "finance"]).take(
                pa.array(draw.chosen("field", [60.0, 34.0, 3.0, 3.0]))
            ),
            "followers": draw.counts("followers", 5.0, 2.0),
            "following": draw.counts("following", 4.5, 1.0),
            "posts_count": pa.array(self._sizes[numbers]),
            "region": draw.taken("region", regions, draw.shares("no region") < 0.5),
            "mcn": same("none", count, draw.shares("mcn") < 0.9),
            "contacts": draw.lists("contacts", ["见简介"], 0.3, 0.0),
            "shops": draw.lists("shops", ["小店"], 0.4, 0.05),
            "monetisation": draw.lists("monetisation", ["ads", "shop", "live_gifts"], 0.4, 0.2),
            "created_at": times(looked - ages, draw.shares("no age") < 0.3),
            "fetched_at": times(looked, None),
        }  # fmt: skip
        schema = SCHEMAS["accounts"]
        arrays = [columns.get(field.name, pa.nulls(count, field.type)) for field in schema]
        return pa.record_batch(arrays, schema=schema)

    def _names(self, draw: Draws, numbers: Numbers) -> tuple[pa.StringArray, Numbers]:
        """Return names, and which mark the pages show: none, not looked at, person, organisation.

        An account that calls itself by a title shows a mark that says the same, or nobody looked.
        """
        names = self._words.composed("name", self._words.book["names"], numbers)
        marks = draw.chosen("mark", [62.0, 23.0, 10.0, 5.0])
        places = np.flatnonzero(draw.shares("titled name") < _TITLED_NAME)
        titled = self._words.composed("titled name", _BY_TITLE, numbers[places])
        marks[places] = np.where(marks[places] == 1, 1, 2)
        return replaced(names, places, titled), marks

    def _bios(self, draw: Draws, numbers: Numbers) -> pa.StringArray:
        bios = self._words.composed("bio", self._words.book["bios"], numbers)
        shares = draw.shares("bio")
        places = np.flatnonzero((shares >= _NO_BIO) & (shares < _NO_BIO + _TITLED_BIO))
        said = draw.taken("said", self._words.book["titled_bios"].split())
        return hidden(replaced(bios, places, said.take(pa.array(places))), shares < _NO_BIO)
