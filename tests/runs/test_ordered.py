"""Findings on their way to the reports: the database orders them as Python would."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import OutputError
from auditor.model import AccountRow, Finding
from auditor.names import TIERS
from auditor.runs.ordered import Ordered, Sorter, read_sorted
from auditor.runs.ranking import STRENGTHS, account_order, finding_place

Accounts = list[tuple[AccountRow, list[Finding]]]


def account_with(name: str, cues: int, rows: list[dict[str, Any]]) -> tuple[AccountRow, list[Any]]:
    common: dict[str, Any] = {"rule_version": "1", "item_ids": (), "class_": "fact"}
    common |= {"platform": "p", "account_id": name, "fact_zh": "", "fact_en": ""}
    findings = [
        Finding(**common, finding_id=f"{name}{place}", **row) for place, row in enumerate(rows)
    ]
    marks = tuple(map(str, range(cues)))
    row = AccountRow(platform="p", account_id=name, outcome="audited", findings=1, cues=marks)
    return row, findings


columns = st.fixed_dictionaries(
    {
        "priority": st.integers(1, 3),
        "rule_id": st.sampled_from(["a-rule", "b-rule", "name-Z"]),
        "strength": st.sampled_from(sorted(STRENGTHS)),
        "evidence_grade": st.sampled_from(["E1", "E2"]),
        "name_tier": st.sampled_from([*TIERS, None]),
        "rank_points": st.one_of(st.none(), st.integers(0, 3)),
        "followers": st.one_of(st.none(), st.integers(0, 2**62)),
        "post_id": st.one_of(st.none(), st.text("帖a\U00020000", max_size=2)),
        "span_start": st.one_of(st.none(), st.integers(0, 3)),
    }
)
# Above the characters of two bytes in UTF-16 and below them: every engine must compare code points.
names = st.text("Aa\u00e9、中\uff21\U0001f600", min_size=1, max_size=3)
accounts = st.lists(
    st.builds(account_with, names, st.integers(0, 2), st.lists(columns, min_size=1, max_size=4)),
    unique_by=lambda account: account[0].account_id,
    max_size=8,
)


def in_order(given_: Accounts, directory: Path) -> tuple[list[Finding], list[AccountRow]]:
    ordered = Ordered(directory)
    ordered.write(given_)
    # Every report reads them for itself.
    assert list(ordered.findings()) == list(ordered.findings())
    return list(ordered.findings()), list(ordered.accounts())


@settings(deadline=None, max_examples=40)
@given(given_=accounts)
def test_findings_and_accounts_stand_as_the_formula_of_the_page_orders_them(
    given_: Accounts,
) -> None:
    with TemporaryDirectory() as place:
        findings, rows = in_order(given_, Path(place))
    key = {row.account_id: account_order(own, len(row.cues)) for row, own in given_}
    everyone = sorted((row for row, _ in given_), key=lambda row: key[row.account_id])
    assert rows == [
        row.model_copy(update={"rank": rank}) for rank, row in enumerate(everyone, start=1)
    ]

    def place_of(one: Finding) -> tuple[object, ...]:
        priority, *others = finding_place(one)
        return (priority, key[one.account_id], *others)

    assert findings == sorted((one for _, own in given_ for one in own), key=place_of)


@settings(deadline=None)
@given(keys=st.lists(st.tuples(st.integers(), st.text())), run_bytes=st.integers(1, 2_000))
def test_rows_of_many_runs_are_read_in_the_order_of_their_keys(
    keys: list[tuple[int, str]], run_bytes: int
) -> None:
    with TemporaryDirectory() as place:
        sorter = Sorter(Path(place) / "rows", run_bytes)
        for number, text in keys:
            row = AccountRow(platform="p", account_id=text, outcome="audited", findings=number)
            sorter.add((number, text), row)
        sorter.flush()
        rows = map(AccountRow.model_validate_json, read_sorted(Path(place) / "rows"))
        assert [(row.findings, row.account_id) for row in rows] == sorted(keys)


def test_what_a_killed_run_left_is_not_read(tmp_path: Path) -> None:
    row = {"priority": 2, "rule_id": "r", "strength": "weak", "evidence_grade": "E2"}
    in_order([account_with("left", 0, [row])], tmp_path)
    findings, rows = in_order([account_with("new", 0, [row])], tmp_path)
    assert [one.account_id for one in findings] == ["new"]
    assert [row.account_id for row in rows] == ["new"]


def test_a_run_that_is_damaged_is_told_in_one_line(tmp_path: Path) -> None:
    row = {"priority": 2, "rule_id": "r", "strength": "weak", "evidence_grade": "E2"}
    ordered = Ordered(tmp_path)
    ordered.write([account_with("a", 0, [row])])
    for path in tmp_path.rglob("*.arrow"):
        path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(OutputError, match="cannot be read back") as failed:
        list(ordered.findings())
    assert "\n" not in str(failed.value)
