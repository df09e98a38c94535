"""The lines of accounts without a finding: nine in ten rows of accounts.csv, so made in columns."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from auditor.model import AccountRow, Verified
from auditor.model.run import Outcome
from auditor.reports.cells import cell
from auditor.reports.columns import ACCOUNTS
from auditor.reports.editions import TRIAGE
from auditor.reports.lines import LINE_END, csv_lines
from auditor.text import mask_batch

_OWN = ("platform", "account_id", "account_name", "account_url")
"""The cells, side by side, that tell an account; its followers stand behind them."""

_FIRST, _FOLLOWERS = map(ACCOUNTS.header.index, (_OWN[0], "followers"))

_Kind = tuple[Outcome, Verified | None, tuple[str, ...] | None, tuple[str, ...]]


def unflagged_lines(
    run_id: str, judged: Iterable[AccountRow], sleeping: Iterable[Mapping[str, Sequence[Any]]]
) -> Iterator[str]:
    """Yield the lines of accounts without a finding, by account id, many at a time.

    Both inputs come in the order of their ids. ``judged`` are accounts that a rule looked at,
    ``sleeping`` the columns of the others, some rows at a time: account, platform, name, url,
    followers, verified, monetisation, outcome, not_evaluated.
    """
    looked_at = ((row.account_id, ACCOUNTS.row(TRIAGE.account(row))) for row in judged)
    coming = next(looked_at, None)
    kinds: dict[_Kind, tuple[str, str, str]] = {}
    for batch in sleeping:
        accounts, lines, at = batch["account"], _sleeping(run_id, batch, kinds), 0
        while coming is not None and coming[0] < accounts[-1]:
            place = bisect(accounts, coming[0], at)
            yield "".join(lines[at:place]) + csv_lines((coming[1],))
            coming, at = next(looked_at, None), place
        yield "".join(lines[at:])
    while coming is not None:
        yield csv_lines((coming[1],))
        coming = next(looked_at, None)


def _sleeping(
    run_id: str, batch: Mapping[str, Sequence[Any]], known: dict[_Kind, tuple[str, str, str]]
) -> list[str]:
    """Return the line of each account: those of one kind differ in five cells only."""
    shown = [None if some is None else tuple(some) for some in batch["monetisation"]]
    kinds = list(
        zip(batch["outcome"], batch["verified"], shown, batch["not_evaluated"], strict=True)
    )
    for kind in set(kinds) - known.keys():
        cells = _cells_of_kind(run_id, kind)
        behind = _FIRST + len(_OWN)
        known[kind] = (
            _joined(cells[:_FIRST]) + ",",
            f",{_joined(cells[behind:_FOLLOWERS])},",
            f",{_joined(cells[_FOLLOWERS + 1 :])}{LINE_END}",
        )
    names = mask_batch([name or "" for name in batch["name"]])
    own = (batch["platform"], batch["account"], names, batch["url"])
    told = csv_lines(zip(*(map(cell, column) for column in own), strict=True)).split(LINE_END)
    # The last line has its end as well.
    return [
        f"{head}{line}{middle}{cell(followers)}{tail}"
        for (head, middle, tail), line, followers in zip(
            map(known.__getitem__, kinds), told[:-1], batch["followers"], strict=True
        )
    ]


def _joined(cells: Sequence[str]) -> str:
    return csv_lines((cells,)).removesuffix(LINE_END)


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
