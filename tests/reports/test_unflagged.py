"""The lines of accounts without a finding are those that rows of the model give."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model import AccountRow
from auditor.reports import Kind, Sleeping, unflagged_lines, write_accounts_csv
from auditor.reports.cells import cell
from auditor.reports.lines import csv_column, csv_lines

NAMES = (
    "小满",
    None,
    '带",号',
    "a\tb",
    "x\0y",
    "\ufeff=1",
    "㐀",
    "'x",
    "a\x85b",
    "=1+1",
    "加微信13800138000",
    " 空 ",
    "a,b",
    "一\n二",
    "",
)
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


def sleeping(rows: list[AccountRow]) -> Sleeping:
    names = {"account": "account_id", "name": "account_name", "url": "account_url"}
    names |= {"platform": "platform", "followers": "followers"}
    own = {column: pa.array([getattr(row, name) for row in rows]) for column, name in names.items()}
    own |= {name: own[name].cast(pa.string()) for name in ("name", "url")}
    own["followers"] = own["followers"].cast(pa.int64())
    kinds = [Kind(row.outcome, row.verified, row.monetisation, row.not_evaluated) for row in rows]
    known = sorted(set(kinds), key=repr)
    return Sleeping(own, known, np.array([known.index(kind) for kind in kinds], np.int64))


@pytest.mark.parametrize("judged", [(), (0,), (7, 8, 9), (29,), (0, 3, 10, 20, 29), range(30)])
@pytest.mark.parametrize("together", [1, 4, 30])
def test_both_kinds_of_accounts_stand_in_one_order(
    tmp_path: Path, judged: tuple[int, ...], together: int
) -> None:
    rows = [sleeping_row(number) for number in range(30)]
    asleep = [row for number, row in enumerate(rows) if number not in judged]

    batches = (
        sleeping(asleep[start : start + together]) for start in range(0, len(asleep), together)
    )
    lines = unflagged_lines("r", (rows[number] for number in judged), batches)
    write_accounts_csv(tmp_path / "lines.csv", (), lines)
    write_accounts_csv(tmp_path / "rows.csv", rows)
    assert (tmp_path / "lines.csv").read_bytes() == (tmp_path / "rows.csv").read_bytes()
    assert "13800138000" not in (tmp_path / "lines.csv").read_text(encoding="utf-8")


signs = st.sampled_from("a中一\u9fff\u3400,\"'=+-@\t\r\n \0\x07\x08\x7f\x85\x9f\u2028\u2029\ufeff")
texts_ = st.lists(st.text(signs | st.characters(codec="utf-8"), max_size=6) | st.none())


@given(texts_, st.sampled_from([pa.string(), pa.large_string()]), st.integers(0, 3))
def test_a_column_of_cells_is_written_as_cells_one_by_one(
    texts: list[str | None], form: pa.DataType, skipped: int
) -> None:
    found = csv_column(pa.array(texts, form).slice(skipped)).to_pylist()
    lines = (csv_lines(((cell(text), "|"),)) for text in texts[skipped:])
    assert found == [line.removesuffix(",|\r\n") for line in lines]
