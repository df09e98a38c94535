"""Which texts wake a rule: the cheap pass over columns that spares all other accounts.

A finding implies that its account, and the post it is about, woke; a property test holds it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from auditor.copies import own_copies, sketch
from auditor.rules.compile import Compiled
from auditor.text import (
    Folded,
    Scope,
    content_batch,
    fold_batch,
    identifiers_folded,
    may_hold_identifiers,
)

CHUNK = 16_384
"""Posts folded and scanned at a time; memory stays flat however many an account has."""


@dataclass(frozen=True)
class Texts:
    """Texts of one column; what is missing or empty sleeps. ``folded`` is by position."""

    count: int
    folded: Mapping[int, Folded]


def folded_texts(texts: Sequence[str | None], scope: Scope = "all") -> Texts:
    """Fold a column once; scanning, identifiers and copies read the same folded texts."""
    present = [index for index, text in enumerate(texts) if text]
    folded = fold_batch([texts[index] or "" for index in present], scope)
    return Texts(len(texts), dict(zip(present, folded, strict=True)))


@dataclass(frozen=True)
class Woken:
    """What the cheap pass says of rows: which wake, and which ask for their account's last posts.

    The second are those in which a rule that reads sleeping posts finds what it looks for first.
    """

    awake: list[bool]
    reads: list[bool]

    @classmethod
    def asleep(cls, count: int) -> Woken:
        """Return ``count`` rows that neither wake nor ask for posts."""
        return cls([False] * count, [False] * count)

    def add(self, other: Woken, start: int = 0) -> None:
        """Take in what another pass says of the rows from ``start`` on."""
        for index, (wakes, reads) in enumerate(zip(other.awake, other.reads, strict=True), start):
            self.awake[index] = self.awake[index] or wakes
            self.reads[index] = self.reads[index] or reads


def awake_texts(
    compiled: Compiled, texts: Texts, name: str, lexicons: frozenset[str], kinds: frozenset[str]
) -> Woken:
    """Tell for each text of a column whether a phrase of the lists or an identifier is in it."""
    woken = Woken.asleep(texts.count)
    awake = woken.awake
    recent = compiled.plan.recent.lexicons.get(name, frozenset())
    if (lexicons or recent) and texts.folded:
        scanner = compiled.waking(lexicons | recent)
        found = scanner.scan_batch([folded.text for folded in texts.folded.values()])
        for index, hits in zip(texts.folded, found, strict=True):
            lists = {name for hit in hits for name in scanner.lexicons(hit.phrase)}
            awake[index] = not lexicons.isdisjoint(lists)
            woken.reads[index] = not recent.isdisjoint(lists)
    if kinds:
        may_hold = may_hold_identifiers([folded.text for folded in texts.folded.values()])
        for (index, folded), possible in zip(texts.folded.items(), may_hold, strict=True):
            if possible and not awake[index]:
                awake[index] = any(item.kind in kinds for item in identifiers_folded(folded))
    return woken


def awake_profiles(
    compiled: Compiled, columns: Mapping[str, Sequence[str | None]], count: int
) -> Woken:
    """Tell for each account whether its profile alone wakes a rule."""
    plan = compiled.plan
    woken = Woken.asleep(count)
    awake = woken.awake
    for name, values in columns.items():
        lexicons = plan.profile_lexicons.get(name, frozenset())
        kinds = plan.identifiers.get(name, frozenset())
        if lexicons or kinds or name in plan.recent.lexicons:
            woken.add(awake_texts(compiled, folded_texts(values), name, lexicons, kinds))
        if name == "name" and lexicons:
            # A phrase may stand there with signs in between: 律-师, 医▪生.
            squeezed = folded_texts(values, "name")
            woken.add(awake_texts(compiled, squeezed, name, lexicons, frozenset()))
        if name in plan.fields:
            awake[:] = [old or bool(value) for old, value in zip(awake, values, strict=True)]
    names = [value or "" for value in columns.get("name", ())]
    if plan.names and names:
        matches = compiled.resources.names.matches_batch(names)
        awake[:] = [old or bool(new) for old, new in zip(awake, matches, strict=True)]
    if plan.closed:
        listed = compiled.resources.listed
        for index, value in enumerate(columns.get("name", ())):
            awake[index] = awake[index] or (value is not None and bool(listed.closed(value)))
    return woken


Chunk = tuple[int, Mapping[str, Sequence[str | None]]]
"""The first row of a chunk, and its texts by field."""


def awake_posts(
    compiled: Compiled,
    chunks: Iterable[Chunk],
    lengths: Sequence[int],
    spans: Sequence[tuple[int, int]],
) -> Woken:
    """Tell for each post whether it wakes a rule.

    ``chunks`` hold all posts in order; ``lengths`` are those of their texts in characters;
    ``spans`` are the accounts' ranges of posts.
    """
    plan = compiled.plan
    woken = Woken.asleep(len(lengths))
    copies = Copies(lengths, spans, plan.repeats)
    near_copies = NearCopies(lengths, spans, plan.near_repeats)
    for start, columns in chunks:
        for name, values in columns.items():
            lexicons = plan.post_lexicons.get(name, frozenset())
            kinds = plan.identifiers.get(name, frozenset())
            texts = folded_texts(values)
            woken.add(awake_texts(compiled, texts, name, lexicons, kinds), start)
            if name == "text":
                copies.add(texts, start)
                near_copies.add(texts, start)
    for index in chain(copies.repeated(), near_copies.repeated()):
        woken.awake[index] = True
    return woken


class Copies:
    """Finds the posts whose content their account published often enough for a rule on copies.

    Only texts of accounts with enough texts of the asked length are reduced to their content, and
    of that a digest is kept, so that an account with a million posts fits in memory.
    """

    def __init__(
        self,
        lengths: Sequence[int],
        spans: Sequence[tuple[int, int]],
        repeats: Sequence[tuple[int, int]],
    ) -> None:
        self._spans = spans
        self._least = min((posts for posts, _ in repeats), default=0)
        self.candidates = candidates(lengths, spans, repeats)
        self._digests: dict[int, bytes] = {}

    def add(self, texts: Texts, start: int) -> None:
        """Take in the candidates of one chunk that begins at ``start``."""
        chosen = [index for index in texts.folded if start + index in self.candidates]
        for index, key in zip(
            chosen, content_batch([texts.folded[index].text for index in chosen]), strict=True
        ):
            self._digests[start + index] = blake2b(key.encode(), digest_size=16).digest()

    def repeated(self) -> Iterator[int]:
        """Yield the posts whose content stands at least as often as a rule asks."""
        for start, end in self._spans if self.candidates else ():
            own = {i: self._digests[i] for i in range(start, end) if i in self._digests}
            counts = Counter(own.values())
            yield from (i for i, digest in own.items() if counts[digest] >= self._least)


class NearCopies:
    """Finds the posts that may be near-copies of one another within their account.

    Of each text of an account with enough of the asked length the keys of its sketch are kept: what
    shares no key with another text of its account is compared with none.
    """

    def __init__(
        self,
        lengths: Sequence[int],
        spans: Sequence[tuple[int, int]],
        repeats: Sequence[tuple[int, int]],
    ) -> None:
        self._starts = [start for start, _ in spans]
        self._least = min((posts for posts, _ in repeats), default=0)
        self._characters = min((least for _, least in repeats), default=0)
        self._candidates = candidates(lengths, spans, repeats)
        self._posts: list[int] = []
        self._keys: list[NDArray[np.int64]] = []

    def add(self, texts: Texts, start: int) -> None:
        """Take in the candidates of one chunk that begins at ``start``."""
        chosen = [index for index in texts.folded if start + index in self._candidates]
        contents = content_batch([texts.folded[index].text for index in chosen])
        found = sketch(contents, self._characters) if chosen else None
        if found is not None:
            self._posts += [start + chosen[row] for row in found.rows.tolist()]
            self._keys.append(found.keys)

    def repeated(self) -> Iterator[int]:
        """Yield the posts that share a key, of accounts with as many such as a rule asks for."""
        if not self._posts:
            return
        posts = np.array(self._posts)
        accounts = np.searchsorted(self._starts, posts, side="right")
        counts = own_copies(accounts, np.concatenate(self._keys, axis=1))
        yield from posts[counts >= self._least].tolist()


def candidates(
    lengths: Sequence[int], spans: Sequence[tuple[int, int]], repeats: Sequence[tuple[int, int]]
) -> set[int]:
    """Return the posts of the asked length, of accounts that have as many such as a rule asks."""
    chosen: set[int] = set()
    posts = min((posts for posts, _ in repeats), default=0)
    characters = min((least for _, least in repeats), default=0)
    for start, end in spans if repeats else ():
        # Folding and taking characters off never make a text longer.
        long = [i for i in range(start, end) if lengths[i] >= characters]
        if len(long) >= posts:
            chosen.update(long)
    return chosen
