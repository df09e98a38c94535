"""The columns of every table, in the order of the contracts (section 4), by field of the model.

A field that ends in an underscore loses it in the file (``class_`` is the column ``class``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Generic, TypeVar, get_args

from auditor.model import (
    AccountRow,
    ClusterRow,
    CoverageRow,
    Finding,
    Rejection,
    RuleRow,
    SourceRow,
    Value,
)
from auditor.reports.cells import NONE, cell

V = TypeVar("V", bound=Value)


@dataclass(frozen=True, slots=True)
class Table(Generic[V]):
    """The name of a file, the value that one row holds, and the fields that are its columns."""

    filename: str
    model: type[V]
    fields: tuple[str, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """Column names, in order."""
        return tuple(name.rstrip("_") for name in self.fields)

    def row(self, value: V) -> list[str]:
        """Return the cells of one row."""
        values = _values(self.fields)(value)
        cells = list(map(cell, values))
        for place in _nullable_places(self.model, self.fields):
            if values[place] == ():
                cells[place] = NONE
        return cells

    def is_list(self, name: str) -> bool:
        """Tell whether a field holds several members."""
        return name in _lists(self.model)

    def is_nullable_list(self, name: str) -> bool:
        """Tell whether an empty list differs from *not collected* in this field."""
        return name in _nullable_lists(self.model)

    def unknown(self, name: str) -> dict[str, str | None]:
        """Return what an empty cell means: the default, or nothing where the model has none."""
        definition = self.model.model_fields[name]
        if not definition.is_required():
            return {}
        return {name: None if type(None) in get_args(definition.annotation) else ""}


@cache
def _lists(model: type[Value]) -> frozenset[str]:
    fields = model.model_fields.items()
    return frozenset(name for name, field in fields if "tuple" in str(field.annotation))


@cache
def _nullable_lists(model: type[Value]) -> frozenset[str]:
    def is_nullable(name: str) -> bool:
        """Tell whether a field may be empty."""
        return type(None) in get_args(model.model_fields[name].annotation)

    return frozenset(filter(is_nullable, _lists(model)))


@cache
def _nullable_places(model: type[Value], fields: tuple[str, ...]) -> tuple[int, ...]:
    nullable = _nullable_lists(model)
    return tuple(place for place, name in enumerate(fields) if name in nullable)


@cache
def _values(fields: tuple[str, ...]) -> attrgetter[tuple[object, ...]]:
    return attrgetter(*fields)


def _fields(model: type[Value]) -> tuple[str, ...]:
    return tuple(model.model_fields)


FINDINGS = Table("findings.csv", Finding, _fields(Finding))
ACCOUNTS = Table("accounts.csv", AccountRow, _fields(AccountRow))
CLUSTERS = Table("clusters.csv", ClusterRow, _fields(ClusterRow))
RULES = Table("rules.csv", RuleRow, _fields(RuleRow))
REJECTED = Table("rejected.csv", Rejection, _fields(Rejection))
SOURCES = Table("sources.csv", SourceRow, _fields(SourceRow))

# The contract's columns come first; what the model adds (the notice and whether it still
# stands) follows them, so that a reader by position keeps working.
_ADDED = ("notice_id", "validity")
COVERAGE = Table(
    "coverage.csv",
    CoverageRow,
    (*(name for name in _fields(CoverageRow) if name not in _ADDED), *_ADDED),
)

REVIEW_HEADER = (
    "priority",
    "account_name",
    "verified_label",
    "followers",
    "fact_zh",
    "quote",
    "reference_value",
    "reference_url",
    "counter_evidence",
    "not_evaluated",
    "question_zh",
    "decision",
    "reason",
    "account_url",
    "finding_id",
)
"""What a person needs for thirty seconds with one row."""


def review_row(row: Finding) -> list[str]:
    """Return the cells of one row of review.csv; a printed source has no ``reference_url``."""
    source = row.reference_source or ""
    values = (
        row.priority,
        row.account_name,
        row.verified_label,
        row.followers,
        row.fact_zh,
        row.quote,
        row.reference_value,
        source if source.startswith(("https://", "http://")) else None,
        row.counter_evidence,
        row.not_evaluated,
        row.question_zh,
        row.decision,
        row.decision_reason,
        row.account_url,
        row.finding_id,
    )
    return [cell(value) for value in values]
