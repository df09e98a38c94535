"""Which texts wake a rule: the cheap pass over columns that spares all other accounts.

A finding implies that its account, and the post it is about, woke; a property test holds it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from auditor.rules.compile import Compiled
from auditor.text import content, fold_batch, identifiers

REPEATED = 2
"""Copies that wake a text; the rule's own minimum is never lower."""


def waking_phrases(compiled: Compiled, lexicons: frozenset[str]) -> frozenset[int]:
    """Return the phrases of the automaton that belong to one of the lists."""
    scanner = compiled.resources.scanner
    return frozenset(
        index for index in range(len(scanner)) if lexicons.intersection(scanner.lexicons(index))
    )


def awake_texts(
    compiled: Compiled, texts: Sequence[str | None], lexicons: frozenset[str], kinds: frozenset[str]
) -> list[bool]:
    """Tell for each text whether a phrase of the lists or an identifier of the kinds is in it."""
    awake = [False] * len(texts)
    present = [(index, text) for index, text in enumerate(texts) if text]
    if lexicons and present:
        phrases = waking_phrases(compiled, lexicons)
        folded = fold_batch([text for _, text in present])
        found = compiled.resources.scanner.scan_batch([item.text for item in folded])
        for (index, _), hits in zip(present, found, strict=True):
            awake[index] = any(hit.phrase in phrases for hit in hits)
    if kinds:
        for index, text in present:
            awake[index] = awake[index] or any(item.kind in kinds for item in identifiers(text))
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
            found = awake_texts(compiled, values, lexicons, kinds)
            awake = [old or new for old, new in zip(awake, found, strict=True)]
        if name in plan.fields:
            awake = [old or bool(v) for old, v in zip(awake, values, strict=True)]
    if plan.names:
        names = compiled.resources.names
        for index, value in enumerate(columns.get("name", ())):
            awake[index] = awake[index] or (value is not None and bool(names.matches(value)))
    return awake


def awake_posts(
    compiled: Compiled, columns: Mapping[str, Sequence[str | None]], count: int
) -> list[bool]:
    """Tell for each post whether its own text or title wakes a rule."""
    plan = compiled.plan
    awake = [False] * count
    for name, values in columns.items():
        lexicons = plan.post_lexicons.get(name, frozenset())
        kinds = plan.identifiers.get(name, frozenset())
        if lexicons or kinds:
            found = awake_texts(compiled, values, lexicons, kinds)
            awake = [old or new for old, new in zip(awake, found, strict=True)]
    return awake


def repeated_posts(texts: Sequence[str | None], spans: Collection[tuple[int, int]]) -> list[bool]:
    """Tell for each post whether its account posted the same content again.

    ``spans`` are the accounts' ranges of posts. Only texts of a length that another text of the
    account roughly shares are reduced to their content, so that ordinary accounts cost little.
    """
    awake = [False] * len(texts)
    for start, end in spans:
        if end - start < REPEATED:
            continue
        keys = {index: content(texts[index] or "") for index in range(start, end)}
        counts = Counter(key for key in keys.values() if key)
        for index, key in keys.items():
            awake[index] = bool(key) and counts[key] >= REPEATED
    return awake
