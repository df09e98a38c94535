"""Every way in which a row can be bad, and the reason a person reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from auditor.errors import InputError
from auditor.model import Account, Change, Post
from auditor.sources import KINDS, SCHEMAS, Kind, open_dataset
from auditor.sources.schemas import FIELDS

GOOD = {"platform": "weibo", "account_id": "1", "name": "甲"}
POST = {"platform": "weibo", "account_id": "1", "post_id": "p", "text": "t"}
CHANGE = {"platform": "w", "account_id": "1", "field": "name", "changed_at": "2026-01-01T00:00Z"}

BAD_ACCOUNTS: list[tuple[dict[str, object], str]] = [
    ({"platform": None}, "platform: is required and missing"),
    ({"platform": "a:b"}, "platform: must not hold ':' (accounts are named platform:id)"),
    ({"account_id": ""}, "account_id: is required and missing"),
    ({"account_id": 1.2e18}, "account_id: the id was rounded"),
    ({"account_id": "1.23457E+18"}, "account_id: the id was rounded"),
    ({"account_id": "1234.0"}, "account_id: the id was rounded"),
    ({"account_id": True}, "account_id: must be text, not true or false"),
    ({"account_id": "x" * 201}, "account_id: is longer than 200 characters"),
    ({"name": ""}, "name: is required and missing"),
    ({"name": 5}, "name: must be text, not a number"),
    ({"name": "名" * 201}, "name: is longer than 200 characters"),
    ({"name": "a\0b"}, "name: holds a NUL character"),
    ({"name": "a\ud800"}, "name: holds an unpaired surrogate"),
    ({"bio": "字" * 5_001}, "bio: is longer than 5000 characters"),
    ({"bio": ["a"]}, "bio: must be text, not a list"),
    ({"verified": "blue"}, "verified: must be one of 'none', 'person', 'organisation'"),
    ({"followers": -1}, "followers: must not be negative"),
    ({"followers": 1.5}, "followers: must be a whole number"),
    ({"followers": "1.2万"}, "followers: must be a whole number"),
    ({"followers": "1,200"}, "followers: must be a whole number"),
    ({"followers": "0x10"}, "followers: must be a whole number"),
    ({"followers": "１２"}, "followers: must be a whole number"),
    ({"followers": True}, "followers: must be a whole number"),
    ({"followers": 2**63}, "followers: is too large"),
    ({"fetched_at": "2026-11-21T08:00:00"}, "fetched_at: has no offset such as +08:00"),
    ({"fetched_at": "2026-13-01T00:00:00Z"}, "fetched_at: must be a time such as"),
    ({"fetched_at": "yesterday"}, "fetched_at: must be a time such as"),
    ({"fetched_at": 1_700_000_000}, "fetched_at: must be a time in ISO 8601, not a number"),
    ({"fetched_at": "0001-01-01T00:00:00+08:00"}, "fetched_at: is outside the years 1 to 9999"),
    ({"contacts": "a"}, "contacts: must be a list, not text"),
    ({"contacts": [1]}, "contacts: must be a list of texts"),
    ({"contacts": [None]}, "contacts: must be a list of texts"),
    ({"contacts": ["a\0"]}, "contacts.0: holds a NUL character"),
    ({"monetisation": ["shop", "yacht"]}, "monetisation.1: must be one of 'shop', 'live_gifts'"),
    ({"credentials": [{"number": "1"}]}, "credentials.0.kind: "),
    ({"credentials": ["x"]}, "credentials: must hold objects with kind, number"),
    ({"credentials": {"kind": "x"}}, "credentials: must be a list, not an object"),
]
BAD_POSTS: list[tuple[dict[str, object], str]] = [
    ({"post_id": None}, "post_id: is required and missing"),
    ({"text": None}, "text: is required and missing"),
    ({"text": "x" * 1_000_001}, "text: is longer than 1000000 characters"),
    ({"kind": "poem"}, "kind: must be one of 'text', 'article'"),
    ({"state": "gone"}, "state: must be one of 'live', 'deleted'"),
    ({"labels": ["old"]}, "labels.0: must be one of 'ai_generated'"),
    ({"reply_to": "p1"}, "reply_to: must hold objects with platform, account_id, post_id"),
    ({"reply_to": {"post_id": 1.5e18}}, "reply_to: the id was rounded"),
    ({"views": "many"}, "views: must be a whole number"),
]
BAD_CHANGES: list[tuple[dict[str, object], str]] = [
    ({"field": "shoe"}, "field: must be one of 'name', 'bio'"),
    ({"changed_at": None}, "changed_at: is required and missing"),
]
CASES = [
    *(("accounts", {**GOOD, **bad}, reason) for bad, reason in BAD_ACCOUNTS),
    *(("posts", {**POST, **bad}, reason) for bad, reason in BAD_POSTS),
    *(("changes", {**CHANGE, **bad}, reason) for bad, reason in BAD_CHANGES),
]
IDS = [reason for _, _, reason in CASES]
FIRST = {"accounts": GOOD, "posts": POST, "changes": CHANGE}


@pytest.mark.parametrize(("kind", "row", "reason"), CASES, ids=IDS)
def test_a_bad_row_is_rejected_with_its_reason(
    kind: str, row: dict[str, object], reason: str, reasons: Callable[..., list[str]]
) -> None:
    files: dict[str, list[dict[str, object]]] = {"accounts__jsonl": [dict(GOOD)]}
    files[f"{kind}__jsonl"] = [dict(FIRST[kind]), row]
    (found,) = reasons(**files)
    assert found.startswith(f"{kind}.jsonl:2: {reason}")


def test_all_faults_of_a_row_are_told_at_once(reasons: Callable[..., list[str]]) -> None:
    (found,) = reasons(accounts__jsonl=[GOOD, {**GOOD, "bio": 1, "followers": "x"}])
    assert found.endswith("bio: must be text, not a number; followers: must be a whole number")


def test_a_reason_does_not_repeat_what_the_row_holds(reasons: Callable[..., list[str]]) -> None:
    number = "13800138000"
    bad = [{**GOOD, name: [{"kind": number * 30}]} for name in FIELDS["accounts"]]
    found = reasons(accounts__jsonl=[GOOD, *bad, {**GOOD, "verified": number}])
    assert len(found) == len(bad) + 1
    assert not any(number in reason for reason in found)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "is not JSON (Expecting property name enclosed in double quotes at character 2)"),
        ("[]", "is not a JSON object"),
        ("7", "is not a JSON object"),
        ('{"platform":"a","platform":"b"}', "a field is given twice"),
        ('{"x":' + "[" * 100_000 + "]" * 100_000 + "}", "is nested too deeply"),
        ('{"x":' + "9" * 5_000 + "}", "is not JSON (a number is too long)"),
        (json.dumps(GOOD) + json.dumps(GOOD), "is not JSON (Extra data at character 59)"),
    ],
)
def test_a_line_that_is_no_row_is_rejected_and_reading_goes_on(
    line: str, reason: str, reasons: Callable[..., list[str]]
) -> None:
    good = json.dumps(GOOD)
    assert reasons(accounts__jsonl=f"{good}\n{line}\n\n  {good}  \r\n") == [
        f"accounts.jsonl:2: {reason}"
    ]


@pytest.mark.parametrize("bad_rows", [1, 3, 40, 300])
def test_bad_rows_among_many_are_found_each_at_its_line(
    bad_rows: int, reasons: Callable[..., list[str]]
) -> None:
    rows: list[dict[str, object]] = [{**GOOD, "account_id": str(n)} for n in range(1_000)]
    places = [n * 1_000 // bad_rows for n in range(bad_rows)]
    for place in places:
        rows[place]["followers"] = "many"
    found = reasons(accounts__jsonl=rows)
    assert [int(reason.split(":")[1]) for reason in found] == [place + 1 for place in places]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ({"account_id": 12}, {"account_id": "12"}),
        ({"bio": ""}, {"bio": None}),
        ({"bio": "none"}, {"bio": "none"}),
        ({"contacts": []}, {"contacts": []}),
        ({"contacts": "none"}, {"contacts": []}),
        ({"contacts": None}, {"contacts": None}),
        ({"monetisation": ""}, {"monetisation": None}),
        ({"followers": "1200"}, {"followers": 1200}),
        ({"followers": "1200.0"}, {"followers": 1200}),
        ({"followers": 1200.0}, {"followers": 1200}),
        ({"followers": ""}, {"followers": None}),
        ({"followers": 0}, {"followers": 0}),
        ({"credentials": [{"kind": "lawyer", "number": 7}]}, None),
        ({"name": "名" * 200}, {"name": "名" * 200}),
    ],
)
def test_unknown_none_and_zero_are_three_things(
    written: dict[str, object], kept: dict[str, object] | None, tmp_path: Path
) -> None:
    (tmp_path / "accounts.jsonl").write_text(json.dumps({**GOOD, **written}), "utf-8")
    (batch,) = open_dataset(tmp_path).batches("accounts", _no_rejection)
    (row,) = batch.to_pylist()
    if kept is None:
        shown = [{"kind": "lawyer", "number": "7", "holder": None, "valid_until": None}]
        kept = {"credentials": shown}
    assert {name: row[name] for name in kept} == kept


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        (timezone(timedelta(hours=8)), "2026-11-21 08:00"),
        (ZoneInfo("Asia/Shanghai"), "2026-11-21T08:00:00"),
        (ZoneInfo("Europe/Berlin"), "2026-11-21T01:00:00"),
        (UTC, "2026-11-21T00:00:00.000000"),
        (UTC, "2026-11-21T08:00:00+08:00"),
    ],
)
def test_a_time_without_an_offset_takes_the_one_given(
    zone: timezone, text: str, tmp_path: Path
) -> None:
    (tmp_path / "accounts.jsonl").write_text(json.dumps({**GOOD, "fetched_at": text}))
    (batch,) = open_dataset(tmp_path, timezone=zone).batches("accounts", _no_rejection)
    (at,) = batch.column("fetched_at").to_pylist()
    assert at == datetime(2026, 11, 21, tzinfo=UTC)


def test_an_hour_that_the_clocks_repeat_is_taken_as_the_first(tmp_path: Path) -> None:
    (tmp_path / "accounts.jsonl").write_text(
        json.dumps({**GOOD, "fetched_at": "2026-10-25T02:30:00"})
    )
    source = open_dataset(tmp_path, timezone=ZoneInfo("Europe/Berlin"))
    (batch,) = source.batches("accounts", _no_rejection)
    (at,) = batch.column("fetched_at").to_pylist()
    assert at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_unknown_fields_are_passed_over_and_reported_once(tmp_path: Path) -> None:
    rows = [{**POST, "mood": mood, "reply_to": {"post_id": "1", "x": 1}} for mood in ("a", 1, None)]
    (tmp_path / "posts.jsonl").write_text("\n".join(map(json.dumps, rows)))
    credentials = [{"kind": "lawyer", "issuer": "x"}]
    (tmp_path / "accounts.jsonl").write_text(json.dumps({**GOOD, "credentials": credentials}))
    source = open_dataset(tmp_path)
    assert sum(batch.num_rows for batch in source.batches("posts", _no_rejection)) == 3
    assert sum(batch.num_rows for batch in source.batches("accounts", _no_rejection)) == 1
    assert source.unknown_fields() == (
        "accounts.credentials.issuer",
        "posts.mood",
        "posts.reply_to.x",
    )


def test_the_canonical_columns_are_the_fields_of_the_values() -> None:
    models: dict[Kind, type[Account | Post | Change]] = {
        "accounts": Account,
        "posts": Post,
        "changes": Change,
    }
    for kind in KINDS:
        assert sorted(SCHEMAS[kind].names) == sorted(models[kind].model_fields)


def test_a_file_of_which_no_row_can_be_read_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "accounts.jsonl").write_text('{"platform": "w"}\n' * 3)
    with pytest.raises(InputError) as caught:
        list(open_dataset(tmp_path).batches("accounts", lambda row: None))
    assert str(caught.value) == (
        f"{tmp_path}/accounts.jsonl:1: no row of accounts can be read; the first: "
        "account_id: is required and missing; name: is required and missing"
    )


def _no_rejection(rejection: object) -> None:
    raise AssertionError(rejection)
