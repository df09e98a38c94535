"""Texts of posts: their lengths, their clauses, and what sets copies apart."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bench.clauses import Pool, joined, replaced
from bench.dice import Dice, Words, as_below, mixed
from bench.platform import EDITS, Copies, Numbers

SHORTEST, LONGEST = 20, 800
"""Characters of a post: it begins with two clauses of ten at least, and what is longer is cut."""

MEDIAN, SPREAD = 71.0, 1.03
"""Of the measured corpus (median 71, mean 121, 95th percentile 370): log-normal."""

_STEP = np.uint64(0xD6E8FEB86659FD93)
_COPIED = 40.0
_SIGNS = "的了是在有和就不人都一上也很到说要去你会着没看好自这"


class Writer:
    """Writes posts from a pool of clauses; a post's text follows from its key alone."""

    def __init__(self, dice: Dice, pool: Pool) -> None:
        self._dice = dice
        self._pool = pool
        lengths = pc.utf8_length(pool.clauses).to_numpy(zero_copy_only=False)
        self._opener = float(lengths[: pool.openers].mean())
        self._other = float(lengths.mean())

    def counts(self, what: str, rows: NDArray[Any], least: float = 0.0) -> Numbers:
        """Return how many clauses a text has whose length is drawn for ``rows``."""
        drawn = MEDIAN * np.exp(SPREAD * self._dice.normal(what, rows))
        begun = 2 * self._opener
        lengths = np.clip(drawn, max(least, begun), LONGEST - 2 * self._other)
        return 2 + np.rint((lengths - begun) / self._other).astype(np.int64)

    def texts(self, posts: Numbers, copies: Copies) -> pa.StringArray:
        """Write a batch of posts; ``copies`` share the text of their group but for their edit."""
        keys = self._dice.words("text", posts)
        counts = self.counts("length", posts)
        own = keys.copy()
        keys[copies.places] = self._dice.words("group", copies.groups)
        edits = np.full(len(posts), -1, dtype=np.int64)
        edits[copies.places] = copies.edits
        counts[copies.places] = self.counts("group length", copies.groups, _COPIED)
        added = (edits == EDITS.index("prefix")) | (edits == EDITS.index("suffix"))
        texts = self._written(keys, own, counts + added, edits)
        return self._changed(texts, posts, np.flatnonzero(edits == EDITS.index("characters")))

    def _written(self, keys: Words, own: Words, counts: Numbers, edits: Numbers) -> pa.StringArray:
        rows = np.repeat(np.arange(len(counts)), counts)
        places = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        drawn = keys[rows]
        copied = np.flatnonzero(np.repeat(edits > 0, counts))
        if copied.size:
            _edit(drawn, places, copied, rows, own, counts, edits)
        bits = mixed(drawn + places.astype(np.uint64) * _STEP)
        pool = self._pool
        indices = as_below(bits, len(pool))
        first = np.flatnonzero(places < 2)
        indices[first] = as_below(bits[first], pool.openers)
        texts = joined(pool.clauses, indices, counts)
        longest = pc.max(pc.utf8_length(texts)).as_py() or 0
        return pc.utf8_slice_codeunits(texts, 0, LONGEST) if longest > LONGEST else texts

    def _changed(self, texts: pa.StringArray, posts: Numbers, places: Numbers) -> pa.StringArray:
        """Replace one to six in a hundred characters of the texts at these places."""
        changed = []
        for text, post in zip(
            texts.take(pa.array(places)).to_pylist(), posts[places].tolist(), strict=True
        ):
            rolls = random.Random(post * 31 + self._dice.seed)
            signs = list(text)
            for at in rolls.sample(
                range(len(signs)), max(1, len(signs) * rolls.randint(1, 6) // 100)
            ):
                signs[at] = rolls.choice(_SIGNS)
            changed.append("".join(signs))
        return replaced(texts, places, pa.array(changed, pa.string()))


def _edit(
    drawn: Words,
    places: Numbers,
    copied: Numbers,
    rows: Numbers,
    own: Words,
    counts: Numbers,
    edits: Numbers,
) -> None:
    """Set the clauses of copies apart from those of their group, in place."""
    row = rows[copied]
    edit, count, place = edits[row], counts[row], places[copied]
    lone = own[row]
    key = drawn[copied]
    prefix = edit == EDITS.index("prefix")
    suffix = (edit == EDITS.index("suffix")) & (place == count - 1)
    tail = (edit == EDITS.index("tail")) & (place >= np.ceil(0.75 * count)) & (place > 0)
    turned = edit == EDITS.index("turned")
    # A prefix is no opener: its place is one that no text reaches.
    place = np.where(prefix, np.where(place == 0, LONGEST, place - 1), place)
    place = np.where(turned, (place + np.maximum(1, count // 3)) % count, place)
    lonely = (prefix & (place == LONGEST)) | suffix | tail
    drawn[copied] = np.where(lonely, lone, key)
    places[copied] = place
