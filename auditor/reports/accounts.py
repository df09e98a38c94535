"""The cells of accounts without a finding: nine in ten rows of accounts.csv, so made in columns."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from auditor.model import AccountRow
from auditor.reports.cells import cell
from auditor.reports.columns import ACCOUNTS
from auditor.reports.editions import TRIAGE
from auditor.text import mask_batch

_PLATFORM, _ID, _NAME, _URL, _FOLLOWERS = (
    ACCOUNTS.header.index(name)
    for name in ("platform", "account_id", "account_name", "account_url", "followers")
)


def unflagged_cells(
    run_id: str, judged: Iterable[AccountRow], sleeping: Iterable[Sequence[Mapping[str, Any]]]
) -> Iterator[list[str]]:
    """Yield the cells of accounts without a finding, by account id.

    Both inputs come in the order of their ids. ``judged`` are accounts that a rule looked at,
    ``sleeping`` the fields of the others, some at a time: account, platform, name, url, followers,
    verified, monetisation, outcome, not_evaluated.
    """
    rows = ((row.account_id, ACCOUNTS.row(TRIAGE.account(row))) for row in judged)
    return (cells for _, cells in heapq.merge(rows, _sleeping(run_id, sleeping)))


def _sleeping(
    run_id: str, batches: Iterable[Sequence[Mapping[str, Any]]]
) -> Iterator[tuple[str, list[str]]]:
    # Accounts of one kind differ in five cells only; the others are made once.
    known: dict[tuple[object, ...], list[str]] = {}
    for rows in batches:
        names = mask_batch([row["name"] or "" for row in rows])
        for row, name in zip(rows, names, strict=True):
            shown = row["monetisation"]
            surfaces = None if shown is None else tuple(shown)
            kind = (row["outcome"], row["not_evaluated"], row["verified"], surfaces)
            if kind not in known:
                known[kind] = _cells_of_kind(run_id, row, surfaces)
            cells = known[kind].copy()
            cells[_PLATFORM] = cell(row["platform"])
            cells[_ID] = cell(row["account"])
            cells[_NAME] = cell(name)
            cells[_URL] = cell(row["url"])
            cells[_FOLLOWERS] = cell(row["followers"])
            yield row["account"], cells


def _cells_of_kind(
    run_id: str, row: Mapping[str, Any], surfaces: tuple[str, ...] | None
) -> list[str]:
    return ACCOUNTS.row(
        AccountRow(
            run_id=run_id,
            platform="",
            account_id="",
            outcome=row["outcome"],
            verified=row["verified"],
            monetisation=surfaces,
            not_evaluated=row["not_evaluated"],
        )
    )
