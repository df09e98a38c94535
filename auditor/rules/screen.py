"""The cheap pass: which rows of a column wake a rule, asked of all of them at once.

A row that sleeps costs a few operations of numpy a character and no value of Python's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.detectors import Match, Missing, Step, Subject, View
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
            hits = phrases[found.phrases] & ~screened.wakes[found.texts]
            spans = zip(found.texts[hits], found.starts[hits], found.ends[hits], strict=True)
            for index, start, end in spans:
                if not screened.wakes[index]:
                    screened.wakes[index] = may_count(blob.text(index), int(start), int(end))
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
    """Tell which sleeping rows hold a phrase on which a step itself is asked."""
    held = np.zeros(len(wakes), dtype=np.bool_)
    for name, scanner in compiled.asking.items():
        scopes: tuple[Scope, ...] = ("all", "name") if name == "name" else ("all",)
        for scope in scopes:
            for start, blob in folded_blobs(columns.get(name, ()), scope):
                held[start + scanner.standing(blob).texts] = True
    return held & ~wakes


def _ask(compiled: Compiled, columns: Mapping[str, Column], screened: Screened) -> None:
    """Ask steps themselves of the profiles that hold their words, and say so in ``screened``.

    Where one finds something the profile wakes. And a rule that finds no claim in the profile never
    comes to the last posts: those are read where all steps before them find something.
    All names that the steps look up are asked for at once: a thousand cost as much as ten alone.
    """
    asked = _asked_rows(compiled, columns, screened.wakes)
    rows = np.flatnonzero(asked | screened.reads).tolist()
    dossiers = [Dossier(account=account) for account in _profiles(columns, rows)]
    texts = known_texts(compiled, dossiers)
    known: dict[str, tuple[NameMatch, ...]] = {}
    subjects = {}
    for row, dossier in zip(rows, dossiers, strict=True):
        view = View(dossier, compiled.resources, _NO_TIME, known, texts)
        subjects[row] = (view, Subject("account", dossier.account))
    waking = [subjects[row] for row in np.flatnonzero(asked).tolist()]
    names = {name for step in compiled.asked for one in waking for name in step.names_asked(*one)}
    matches = compiled.resources.names.matches_batch(sorted(names))
    known.update(zip(sorted(names), matches, strict=True))
    screened.wakes[asked] = [any(_finds(step, *one) for step in compiled.asked) for one in waking]
    reading = [subjects[row] for row in np.flatnonzero(screened.reads).tolist()]
    screened.reads[screened.reads] = [
        any(_all_find(steps, *one) for steps in compiled.before_posts) for one in reading
    ]


def _finds(step: Step, view: View, subject: Subject) -> bool:
    found = step.hits(view, subject, Match())
    # What is missing is told of those that sleep too.
    return bool(found) and not isinstance(found, Missing)


def _all_find(steps: Iterable[Step], view: View, subject: Subject) -> bool:
    matches = [Match()]
    for step in steps:
        answers = [(match, step.hits(view, subject, match)) for match in matches]
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
