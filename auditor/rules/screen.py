"""The cheap pass: which rows of a column wake a rule, asked of all of them at once.

A row that sleeps costs a few operations of numpy a character and no value of Python's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import compress

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.detectors import Found, Match, Missing, Step, Subject, View
from auditor.model import Account, Dossier
from auditor.names import NameMatch
from auditor.rules.blobs import Column, folded_blobs
from auditor.rules.compile import Compiled
from auditor.rules.known import known_texts
from auditor.text import FoldedBlob, Scope, holds_identifier, may_hold_identifiers

Flags = NDArray[np.bool_]

PROFILE_TEXTS = ("name", "handle", "bio", "verified_label", "organisation")
"""The fields of a profile in which words are looked for."""

_NO_TIME = datetime.min.replace(tzinfo=UTC)
"""Never asked for by a step that words alone decide."""


@dataclass(frozen=True)
class Screened:
    """What the cheap pass says of rows: which wake, and which ask for their account's last posts.

    The second are those in which a rule that reads sleeping posts finds what it looks for first.
    """

    wakes: Flags
    reads: Flags

    @classmethod
    def asleep(cls, count: int) -> Screened:
        """Return ``count`` rows that neither wake nor ask for posts."""
        return cls(np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_))

    def add(self, other: Screened, start: int = 0) -> None:
        """Take in what another pass says of the rows from ``start`` on."""
        self.wakes[start : start + len(other.wakes)] |= other.wakes
        self.reads[start : start + len(other.reads)] |= other.reads


def screen_texts(compiled: Compiled, field: str, column: Column) -> Screened:
    """Tell for each row of a field, of posts or profiles, whether its text wakes a rule."""
    screened = Screened.asleep(len(column))
    if compiled.plan.looks_at(field):
        for start, blob in folded_blobs(column):
            screened.add(screen_blob(compiled, field, blob), start)
    if field == "name":
        # A phrase may stand there with signs in between: 律-师, 医▪生.
        for start, blob in folded_blobs(column, "name"):
            screened.add(_with_phrases(compiled, field, blob), start)
    return screened


def screen_blob(compiled: Compiled, field: str, blob: FoldedBlob) -> Screened:
    """Tell for each text of a field, folded, whether a phrase or an identifier in it wakes."""
    screened = _with_phrases(compiled, field, blob)
    kinds = compiled.plan.identifiers.get(field, frozenset())
    if kinds:
        asked = may_hold_identifiers(blob, kinds) & ~screened.wakes
        for index in np.flatnonzero(asked).tolist():
            screened.wakes[index] = holds_identifier(blob.text(index), kinds)
    return screened


def _with_phrases(compiled: Compiled, field: str, blob: FoldedBlob) -> Screened:
    screened = Screened.asleep(len(blob))
    waking = compiled.waking(field)
    if waking is not None:
        found = waking.scanner.standing(blob)
        screened.wakes[found.texts[waking.wakes[found.phrases]]] = True
        screened.reads[found.texts[waking.reads[found.phrases]]] = True
        for may_count, phrases in waking.doubted:
            hits = np.flatnonzero(phrases[found.phrases] & ~screened.wakes[found.texts])
            hits = hits[may_count.many(blob, found.texts[hits], found.starts[hits])]
            rows, of_hit = np.unique(found.texts[hits], return_inverse=True)
            spans: list[list[tuple[int, int]]] = [[] for _ in rows]
            places = (of_hit.tolist(), found.starts[hits].tolist(), found.ends[hits].tolist())
            for at, start, end in zip(*places, strict=True):
                spans[at].append((start, end))
            texts = blob.take(rows).texts()
            screened.wakes[rows] = list(map(may_count.one, texts, spans))
    return screened


def screen_profiles(compiled: Compiled, columns: Mapping[str, Column], count: int) -> Screened:
    """Tell for each account whether its profile alone wakes a rule; ``columns`` are its fields."""
    plan = compiled.plan
    screened = Screened.asleep(count)
    for name, column in columns.items():
        if plan.looks_at(name):
            screened.add(screen_texts(compiled, name, column))
        if name in plan.fields:
            screened.wakes[[bool(value) for value in _values(column)]] = True
    names = [value or "" for value in _values(columns.get("name", ()))]
    if plan.names and names:
        matches = compiled.resources.names.matches_batch(names)
        screened.wakes[[bool(found) for found in matches]] = True
    if plan.closed and compiled.resources.references.closed_accounts:
        listed = compiled.resources.listed
        screened.wakes[[bool(name) and bool(listed.closed(name)) for name in names]] = True
    _ask(compiled, columns, screened)
    return screened


def _asked_rows(compiled: Compiled, columns: Mapping[str, Column], wakes: Flags) -> Flags:
    """Tell which sleeping rows (columns) hold a phrase of each step that is asked itself (rows)."""
    held = np.zeros((len(compiled.asked), len(wakes)), dtype=np.bool_)
    for name, asking in compiled.asking.items():
        scopes: tuple[Scope, ...] = ("all", "name") if name == "name" else ("all",)
        for scope in scopes:
            for start, blob in folded_blobs(columns.get(name, ()), scope):
                found = asking.scanner.standing(blob)
                for flags, phrases in zip(held, asking.phrases, strict=True):
                    flags[start + found.texts[phrases[found.phrases]]] = True
    return held & ~wakes


def _ask(compiled: Compiled, columns: Mapping[str, Column], screened: Screened) -> None:
    """Ask steps themselves of the profiles that hold their words, and say so in ``screened``.

    Where one finds something the profile wakes. And a rule that finds no claim in the profile never
    comes to the last posts: those are read where all steps before them find something.
    All names that the steps look up are asked for at once: a thousand cost as much as ten alone.
    """
    held = _asked_rows(compiled, columns, screened.wakes)
    rows = np.flatnonzero(held.any(axis=0) | screened.reads)
    dossiers = [Dossier(account=account) for account in _profiles(columns, rows.tolist())]
    texts = known_texts(compiled, dossiers)
    known: dict[str, tuple[NameMatch, ...]] = {}
    looks = [
        (View(one, compiled.resources, _NO_TIME, known, texts), Subject("account", one.account))
        for one in dossiers
    ]
    asked = [list(compress(compiled.asked, flags)) for flags in held.T[rows].tolist()]
    names: set[str] = set()
    for look, steps in zip(looks, asked, strict=True):
        names.update(*(step.names_asked(*look) for step in steps))
    matches = compiled.resources.names.matches_batch(sorted(names))
    known.update(zip(sorted(names), matches, strict=True))
    screened.wakes[rows] = [
        woke or any(_finds(step, *look) for step in steps)
        for look, steps, woke in zip(looks, asked, screened.wakes[rows].tolist(), strict=True)
    ]
    screened.reads[rows] = [
        reads and any(_all_find(steps, *look) for steps in compiled.before_posts)
        for look, reads in zip(looks, screened.reads[rows].tolist(), strict=True)
    ]


def _finds(step: Step, view: View, subject: Subject) -> bool:
    # What is missing is told of those that sleep too.
    found = _first(step, view, subject)
    return bool(found) and not isinstance(found, Missing)


def _first(step: Step, view: View, subject: Subject) -> Found:
    """Return what a step finds first of all; two questions about one profile ask it once."""
    return view.kept((step, "first"), lambda: step.hits(view, subject, Match()))


def _all_find(steps: Sequence[Step], view: View, subject: Subject) -> bool:
    """Tell whether steps find something one after the other; none do at once."""
    matches = [Match()]
    for place, step in enumerate(steps):
        answers = [
            (match, step.hits(view, subject, match) if place else _first(step, view, subject))
            for match in matches
        ]
        matches = [
            match.extended(hit)
            for match, found in answers
            if not isinstance(found, Missing)
            for hit in found
        ]
    return bool(matches)


def _profiles(columns: Mapping[str, Column], rows: list[int]) -> Iterator[Account]:
    """Yield the profiles of rows, as far as words are looked for in them."""
    texts = [(name, columns[name]) for name in PROFILE_TEXTS if name in columns]
    shown = [(name, _values(column)) for name, column in texts]
    for row in rows:
        read = {name: column[row] or None for name, column in shown}
        yield Account.model_validate({"platform": "-", "account_id": "-", **read})


def _values(column: Column) -> list[str | None]:
    if isinstance(column, (pa.Array, pa.ChunkedArray)):
        return column.to_pylist()
    return list(column)
