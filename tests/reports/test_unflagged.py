"""The lines of accounts without a finding are those that rows of the model give."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.model import AccountRow
from auditor.reports import unflagged_lines, write_accounts_csv

NAMES = ("小满", None, '带",号', "=1+1", "加微信13800138000", " 空 ", "a,b", "一\n二", "")
GAPS = ((), ("cue-contact:bio", "cue-title:bio"))


def sleeping_row(number: int) -> AccountRow:
    return AccountRow(
        run_id="r",
        platform="p",
        account_id=f"p:{number:03}",
        account_name=NAMES[number % len(NAMES)],
        account_url=None if number % 5 else f"https://example.org/?a=1,{number}",
        outcome="partial" if number % 2 else "audited",
        followers=None if number % 3 else number * 7,
        verified=None if number % 4 else "none",
        monetisation=(None, (), ("shop", "a|b"))[number % 3],
        not_evaluated=GAPS[number % 2],
    )


def columns(rows: list[AccountRow]) -> dict[str, list[Any]]:
    names = {"account": "account_id", "name": "account_name", "url": "account_url"}
    same = ("platform", "followers", "verified", "monetisation", "outcome", "not_evaluated")
    return {
        column: [getattr(row, name) for row in rows]
        for column, name in (names | dict(zip(same, same, strict=True))).items()
    }


@pytest.mark.parametrize("judged", [(), (0,), (7, 8, 9), (29,), (0, 3, 10, 20, 29), range(30)])
@pytest.mark.parametrize("together", [1, 4, 30])
def test_both_kinds_of_accounts_stand_in_one_order(
    tmp_path: Path, judged: tuple[int, ...], together: int
) -> None:
    rows = [sleeping_row(number) for number in range(30)]
    asleep = [row for number, row in enumerate(rows) if number not in judged]

    def batches() -> Iterator[dict[str, list[Any]]]:
        for start in range(0, len(asleep), together):
            yield columns(asleep[start : start + together])

    lines = unflagged_lines("r", (rows[number] for number in judged), batches())
    write_accounts_csv(tmp_path / "lines.csv", (), lines)
    write_accounts_csv(tmp_path / "rows.csv", rows)
    assert (tmp_path / "lines.csv").read_bytes() == (tmp_path / "rows.csv").read_bytes()
    assert "13800138000" not in (tmp_path / "lines.csv").read_text(encoding="utf-8")
