"""Which texts wake a rule: the cheap pass over columns that spares all other accounts.

A finding implies that its account, and the post it is about, woke; a property test holds it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditor.rules.compile import Compiled
from auditor.text import (
    Folded,
    content_batch,
    fold_batch,
    identifiers_folded,
    may_hold_identifiers,
)


def waking_phrases(compiled: Compiled, lexicons: frozenset[str]) -> frozenset[int]:
    """Return the phrases of the automaton that belong to one of the lists."""
    scanner = compiled.resources.scanner
    return frozenset(
        index for index in range(len(scanner)) if lexicons.intersection(scanner.lexicons(index))
    )


@dataclass(frozen=True)
class Texts:
    """Texts of one column; what is missing or empty sleeps. ``folded`` is by position."""

    count: int
    folded: Mapping[int, Folded]


def folded_texts(texts: Sequence[str | None]) -> Texts:
    """Fold a column once; scanning, identifiers and copies read the same folded texts."""
    present = [index for index, text in enumerate(texts) if text]
    folded = fold_batch([texts[index] or "" for index in present])
    return Texts(len(texts), dict(zip(present, folded, strict=True)))


def awake_texts(
    compiled: Compiled, texts: Texts, lexicons: frozenset[str], kinds: frozenset[str]
) -> list[bool]:
    """Tell for each text whether a phrase of the lists or an identifier of the kinds is in it."""
    awake = [False] * texts.count
    if lexicons and texts.folded:
        phrases = waking_phrases(compiled, lexicons)
        scan = compiled.resources.scanner.scan_batch
        found = scan([folded.text for folded in texts.folded.values()])
        for index, hits in zip(texts.folded, found, strict=True):
            awake[index] = any(hit.phrase in phrases for hit in hits)
    if kinds:
        may_hold = may_hold_identifiers([folded.text for folded in texts.folded.values()])
        for (index, folded), possible in zip(texts.folded.items(), may_hold, strict=True):
            if possible and not awake[index]:
                awake[index] = any(item.kind in kinds for item in identifiers_folded(folded))
    return awake


def awake_profiles(
    compiled: Compiled, columns: Mapping[str, Sequence[str | None]], count: int
) -> list[bool]:
    """Tell for each account whether its profile alone wakes a rule."""
    plan = compiled.plan
    awake = [False] * count
    for name, values in columns.items():
        lexicons = plan.profile_lexicons.get(name, frozenset())
        kinds = plan.identifiers.get(name, frozenset())
        if lexicons or kinds:
            found = awake_texts(compiled, folded_texts(values), lexicons, kinds)
            awake = [old or new for old, new in zip(awake, found, strict=True)]
        if name in plan.fields:
            awake = [old or bool(value) for old, value in zip(awake, values, strict=True)]
    if plan.names:
        names = compiled.resources.names
        for index, value in enumerate(columns.get("name", ())):
            awake[index] = awake[index] or (value is not None and bool(names.matches(value)))
    return awake


def awake_posts(
    compiled: Compiled,
    columns: Mapping[str, Sequence[str | None]],
    spans: Sequence[tuple[int, int]],
    count: int,
) -> list[bool]:
    """Tell for each post whether it wakes a rule; ``spans`` are the accounts' ranges of posts."""
    plan = compiled.plan
    awake = [False] * count
    for name, values in columns.items():
        lexicons = plan.post_lexicons.get(name, frozenset())
        kinds = plan.identifiers.get(name, frozenset())
        repeats = plan.repeats if name == "text" else ()
        if not (lexicons or kinds or repeats):
            continue
        texts = folded_texts(values)
        found = awake_texts(compiled, texts, lexicons, kinds)
        awake = [old or new for old, new in zip(awake, found, strict=True)]
        for posts, characters in repeats:
            for index in repeated(texts, spans, posts, characters):
                awake[index] = True
    return awake


def repeated(
    texts: Texts, spans: Sequence[tuple[int, int]], posts: int, characters: int
) -> Iterator[int]:
    """Yield the posts whose content their account published at least ``posts`` times.

    Only accounts with that many texts of that length have any reduced to its content.
    """
    for start, end in spans:
        # Taking characters off never makes a text longer.
        long = [
            index
            for index in range(start, end)
            if index in texts.folded and len(texts.folded[index].text) >= characters
        ]
        if len(long) < posts:
            continue
        keys = content_batch([texts.folded[index].text for index in long])
        counts = Counter(keys)
        yield from (index for index, key in zip(long, keys, strict=True) if counts[key] >= posts)
