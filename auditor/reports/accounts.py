"""The lines of accounts without a finding: nine in ten rows of accounts.csv, so made in columns."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.model import AccountRow, Verified
from auditor.model.run import Outcome
from auditor.reports.columns import ACCOUNTS
from auditor.reports.editions import TRIAGE
from auditor.reports.lines import LINE_END, csv_column, csv_lines, joined_lines, text_of
from auditor.text import mask_batch

_OWN = ("platform", "account_id", "account_name", "account_url")
"""The cells, side by side, that tell an account; its followers stand behind them."""

_FIRST, _FOLLOWERS = map(ACCOUNTS.header.index, (_OWN[0], "followers"))


class Kind(NamedTuple):
    """What is said of many accounts in the same words."""

    outcome: Outcome
    verified: Verified | None
    monetisation: tuple[str, ...] | None
    not_evaluated: tuple[str, ...]


class Sleeping(NamedTuple):
    """Accounts that no rule had to judge, in the order of their ids.

    ``own`` are columns: platform, account, name, url (strings), followers (int64); ``kind`` is the
    place of each account's kind among ``kinds``.
    """

    own: Mapping[str, pa.Array]
    kinds: Sequence[Kind]
    kind: NDArray[np.int64]


def unflagged_lines(
    run_id: str, judged: Iterable[AccountRow], sleeping: Iterable[Sleeping]
) -> Iterator[bytes | memoryview]:
    """Yield the lines of accounts without a finding in UTF-8, by account id, many at a time.

    Both inputs come in the order of their ids; ``judged`` are accounts that a rule looked at.
    """
    looked_at = ((row.account_id, ACCOUNTS.row(TRIAGE.account(row))) for row in judged)
    coming = next(looked_at, None)
    for batch in sleeping:
        accounts, lines, at = batch.own["account"].to_pylist(), _lines(run_id, batch), 0
        while coming is not None and coming[0] < accounts[-1]:
            place = bisect(accounts, coming[0], at)
            yield text_of(lines, at, place)
            yield csv_lines((coming[1],)).encode()
            coming, at = next(looked_at, None), place
        yield text_of(lines, at)
    while coming is not None:
        yield csv_lines((coming[1],)).encode()
        coming = next(looked_at, None)


def _lines(run_id: str, batch: Sleeping) -> pa.Array:
    """Return the line of each account: those of one kind differ in five cells only."""
    kinds = (_around(run_id, kind) for kind in batch.kinds)
    head, middle, tail = (
        pa.array(texts, pa.string()).take(pa.array(batch.kind))
        for texts in zip(*kinds, strict=True)
    )
    own = batch.own
    names = mask_batch(pc.fill_null(own["name"], "").to_pylist())
    shown = (own["platform"], own["account"], pa.array(names, pa.string()), own["url"])
    followers = pc.fill_null(own["followers"].cast(pa.string()), "")
    return joined_lines((head, *map(csv_column, shown), middle, followers, tail))


def _around(run_id: str, kind: Kind) -> tuple[str, str, str]:
    """Return what stands before, between and behind the cells that are an account's own."""
    row = AccountRow(run_id=run_id, platform="", account_id="", **kind._asdict())
    cells = ACCOUNTS.row(row)
    behind = _FIRST + len(_OWN)
    head, middle = _joined(cells[:_FIRST]), _joined(cells[behind:_FOLLOWERS])
    return head, middle, _joined(cells[_FOLLOWERS + 1 :])


def _joined(cells: Sequence[str]) -> str:
    return csv_lines((cells,)).removesuffix(LINE_END)
