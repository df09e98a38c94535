"""Points that say which of equal rows to look at first; they order rows and make none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.detectors import Match, Missing, Subject, View
from auditor.rules.schema import RankPart, RankTable

NOT_COLLECTED = "not_collected"
"""Stands in place of points where what a part looks at was not collected; it adds nothing."""


@dataclass(frozen=True, slots=True)
class Points:
    """The sum of the parts that an account shows; ``reasons`` are ``part:points``."""

    total: int
    reasons: tuple[str, ...]


def points_of(tables: Sequence[RankTable], view: View) -> Points | None:
    """Return the points of an account, or nothing when no table is loaded."""
    if not tables:
        return None
    subject = Subject("account", view.dossier.account)
    told = [(part.id, _points(part, view, subject)) for table in tables for part in table.parts]
    return Points(
        total=sum(points for _, points in told if isinstance(points, int)),
        reasons=tuple(f"{name}:{points}" for name, points in told if points),
    )


def _points(part: RankPart, view: View, subject: Subject) -> int | str:
    found = part.step.hits(view, subject, Match())
    if isinstance(found, Missing):
        return NOT_COLLECTED
    if not found:
        return 0
    score = found[0].score_value
    return part.points * round(score or 0) if part.each == "score" else part.points
