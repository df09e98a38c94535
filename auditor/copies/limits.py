"""From when on copies across accounts are listed: numbers a lawyer may read and change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from auditor.errors import RulesetError
from auditor.text.tables import read_rows


@dataclass(frozen=True)
class Limits:
    """The values of ``rulesets/tables/copies.csv``, which gives each its unit and its reason."""

    least_characters: int
    least_likeness: float
    least_accounts: int
    hours: int
    left_out_share: float
    work_share: float
    least_runs: int


@cache
def limits() -> Limits:
    """Return the packaged limits.

    Raises:
        RulesetError: a row is missing, or its value is no number.
    """
    rows = {row["name"]: row["value"] for row in read_rows("copies")}
    try:
        return Limits(
            least_characters=int(rows["least_characters"]),
            least_likeness=float(rows["least_likeness"]),
            least_accounts=int(rows["least_accounts"]),
            hours=int(rows["hours"]),
            left_out_share=float(rows["left_out_share"]),
            work_share=float(rows["work_share"]),
            least_runs=int(rows["least_runs"]),
        )
    except (KeyError, ValueError) as fault:
        raise RulesetError(
            f"a limit is missing or no number ({fault})", "tables/copies.csv"
        ) from fault
