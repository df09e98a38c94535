"""The cells of accounts without a finding: nine in ten rows of accounts.csv, so made in columns."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from auditor.model import AccountRow, Verified
from auditor.model.run import Outcome
from auditor.reports.cells import cell
from auditor.reports.columns import ACCOUNTS
from auditor.reports.editions import TRIAGE
from auditor.text import mask_batch

_PLATFORM, _ID, _NAME, _URL, _FOLLOWERS = (
    ACCOUNTS.header.index(name)
    for name in ("platform", "account_id", "account_name", "account_url", "followers")
)

_Kind = tuple[Outcome, Verified | None, tuple[str, ...] | None, tuple[str, ...]]


def unflagged_cells(
    run_id: str, judged: Iterable[AccountRow], sleeping: Iterable[Mapping[str, Sequence[Any]]]
) -> Iterator[list[str]]:
    """Yield the cells of accounts without a finding, by account id.

    Both inputs come in the order of their ids. ``judged`` are accounts that a rule looked at,
    ``sleeping`` the columns of the others, some rows at a time: account, platform, name, url,
    followers, verified, monetisation, outcome, not_evaluated.
    """
    rows = ((row.account_id, ACCOUNTS.row(TRIAGE.account(row))) for row in judged)
    return (cells for _, cells in heapq.merge(rows, _sleeping(run_id, sleeping)))


def _sleeping(
    run_id: str, batches: Iterable[Mapping[str, Sequence[Any]]]
) -> Iterator[tuple[str, list[str]]]:
    # Accounts of one kind differ in five cells only; the others are made once.
    known: dict[_Kind, list[str]] = {}
    for batch in batches:
        shown = [None if some is None else tuple(some) for some in batch["monetisation"]]
        kinds = zip(batch["outcome"], batch["verified"], shown, batch["not_evaluated"], strict=True)
        names = mask_batch([name or "" for name in batch["name"]])
        own = (batch["platform"], batch["account"], names, batch["url"], batch["followers"])
        columns = [map(cell, column) for column in own]
        for account, kind, values in zip(
            batch["account"], kinds, zip(*columns, strict=True), strict=True
        ):
            if kind not in known:
                known[kind] = _cells_of_kind(run_id, kind)
            cells = known[kind].copy()
            cells[_PLATFORM], cells[_ID], cells[_NAME], cells[_URL], cells[_FOLLOWERS] = values
            yield account, cells


def _cells_of_kind(run_id: str, kind: _Kind) -> list[str]:
    outcome, verified, surfaces, gaps = kind
    return ACCOUNTS.row(
        AccountRow(
            run_id=run_id,
            platform="",
            account_id="",
            outcome=outcome,
            verified=verified,
            monetisation=surfaces,
            not_evaluated=gaps,
        )
    )
