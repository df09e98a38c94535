"""Posts of the invented platform as Arrow columns, all that an export has."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.sources.schemas import SCHEMAS
from bench.clauses import Pool, Words, replaced
from bench.columns import Draws, same, times
from bench.people import FIRST_ID, PLATFORM
from bench.planted import REPEATS, Plan
from bench.platform import Copies, Numbers, Platform
from bench.texts import Writer

FIRST_POST = 5_000_000_000_000_000
DAYS = 75
START = int(datetime(2026, 9, 1, tzinfo=UTC).timestamp())
_WORDS = pa.list_(pa.string())
_HOUR, _DAY = 3_600, 86_400
_IMAGES = [f"i/{number}.jpg" for number in range(999)]
_KINDS = ("text", "text", "image", "video", "article")


class Rows:
    """Makes batches of posts: the same rows whatever the order in which they are asked for."""

    def __init__(self, platform: Platform, plan: Plan, words: Words, pool: Pool) -> None:
        self.platform = platform
        self._plan = plan
        self._dice = platform.shape.dice
        self._pool = pool
        self._writer = Writer(self._dice, pool)
        self._words = words
        self._places = words.slots["place"]
        accounts = np.arange(platform.shape.accounts)
        self._ids = pa.array(FIRST_ID + accounts).cast(pa.string())
        self._single = np.array(sorted(plan.texts), np.int64)
        self._repeats = np.array(sorted(plan.repeats), np.int64)

    def batch(self, posts: Numbers) -> tuple[pa.RecordBatch, Copies]:
        """Return the rows of these posts, and which of them are copies."""
        accounts = self.platform.accounts_of(posts)
        nth = posts - self.platform.starts[accounts]
        repeats = np.flatnonzero(np.isin(accounts, self._repeats) & (nth < REPEATS))
        single = np.flatnonzero(np.isin(posts, self._single))
        free = np.ones(len(posts), dtype=bool)
        free[repeats] = free[single] = False
        copies = self.platform.copies(posts, free)
        texts = self._writer.texts(posts, copies)
        said = self._words.composed("repeat", self._words.book["repeats"], accounts[repeats])
        texts = replaced(texts, repeats, said)
        own = [self._plan.texts[post] for post in posts[single].tolist()]
        texts = replaced(texts, single, pa.array([case.text for case in own], pa.string()))
        seconds = self._dice.below("time", posts, DAYS * _DAY)
        begun = (self._dice.shares("group time", copies.groups) * (DAYS - 8) * _DAY).astype(
            np.int64
        )
        seconds[copies.places] = begun + seconds[copies.places] // 10
        begun = (self._dice.shares("repeat time", accounts[repeats]) * DAYS * _DAY).astype(np.int64)
        seconds[repeats] = begun + nth[repeats] * _HOUR
        columns = self._columns(posts, accounts, texts, seconds, free)
        sold = pa.array([[case.sells] if case.sells else [] for case in own], _WORDS)
        columns["commerce"] = replaced(columns["commerce"], single, sold)
        schema = SCHEMAS["posts"]
        return pa.record_batch([columns[name] for name in schema.names], schema=schema), copies

    def _columns(
        self,
        posts: Numbers,
        accounts: Numbers,
        texts: pa.StringArray,
        seconds: Numbers,
        free: NDArray[np.bool_],
    ) -> dict[str, pa.Array]:
        count = len(posts)
        draw = Draws(self._dice, posts)
        ids = pa.array(FIRST_POST + posts).cast(pa.string())
        kinds = draw.below("kind", len(_KINDS))
        openers = self._pool.clauses.slice(0, self._pool.openers)
        shown = seconds + START
        return {
            "platform": same(PLATFORM, count),
            "account_id": self._ids.take(pa.array(accounts)),
            "post_id": ids,
            "text": texts,
            "kind": pa.array(_KINDS, pa.string()).take(pa.array(kinds)),
            "title": draw.taken("title", openers, kinds != _KINDS.index("article")),
            "published_at": times(shown, free & (draw.shares("no time") < 0.01)),
            "edited_at": times(shown + _HOUR, draw.shares("edited") > 0.02),
            "state": same("live", count, draw.shares("state") < 0.3),
            "source_label": same("none", count, draw.shares("source") < 0.8),
            "labels": draw.lists("labels", ["original", "advertisement"], 0.5, 0.1),
            "location": draw.taken("location", self._places, draw.shares("place") < 0.85),
            "views": draw.counts("views", 6.0, 2.0),
            "likes": draw.counts("likes", 2.0, 1.8),
            "reposts": draw.counts("reposts", 0.5, 1.5),
            "comments": draw.counts("comments", 1.0, 1.5),
            "reply_to": self._refs(posts, ~free | (draw.shares("reply") > 0.04)),
            "repost_of": self._refs(posts, ~free | (draw.shares("repost") > 0.1)),
            "mentions": draw.lists("mentions", self._places, 0.5, 0.15),
            "images": draw.lists("images", _IMAGES, 0.3, 0.5),
            "cover": same("i/c.jpg", count, kinds != _KINDS.index("video")),
            "links": draw.lists("links", ["http://t.cn/a", "http://t.cn/b"], 0.6, 0.03),
            "commerce": draw.lists("commerce", ["goods", "course", "tips"], 0.55, 0.05),
            "url": pc.binary_join_element_wise("https://bench.example/p/", ids, ""),
            "fetched_at": times(shown + 6 * _DAY, draw.shares("fetched") < 0.02),
        }

    def _refs(self, posts: Numbers, unseen: NDArray[np.bool_]) -> pa.Array:
        """Return references to other posts, null where ``unseen``."""
        rows = np.flatnonzero(~unseen)
        others = self._dice.below("other", posts[rows], self.platform.shape.posts)
        owners = self._ids.take(pa.array(self.platform.accounts_of(others)))
        ids = pa.array(FIRST_POST + others).cast(pa.string())
        refs = pa.StructArray.from_arrays(
            [same(PLATFORM, len(rows)), owners, ids], names=["platform", "account_id", "post_id"]
        )
        places = np.zeros(len(posts), np.int64)
        places[rows] = np.arange(len(rows))
        return refs.take(pa.array(places, mask=unseen))
