"""``auditor spoof``: the listing, the look through a dataset, and every way to call it wrongly."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor import cli
from auditor.names.spoof import TECHNIQUES

Run = Callable[..., tuple[int, str, str]]
HEADER = (
    "account_id",
    "account_name",
    "technique",
    "reference",
    "steps",
    "verified",
    "followers",
    "note",
)
BANNED = (
    "违规",
    "违法",
    "造谣",
    "假冒",
    "仿冒",
    "冒充",
    "虚假",
    "伪造",
    "非法",
    "impersonat",
    "fake",
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    for name in [key for key in os.environ if key.startswith("AUDITOR_")]:
        monkeypatch.delenv(name)

    def invoke(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["auditor", "spoof", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        code = ended.value.code
        return (code if isinstance(code, int) else 0), told.out, told.err

    return invoke


def write_accounts(directory: Path, *rows: dict[str, Any] | str) -> None:
    directory.mkdir(exist_ok=True)
    lines = [
        json.dumps({"platform": "p", "account_id": str(number), **row})
        if isinstance(row, dict)
        else row
        for number, row in enumerate(rows, start=1)
    ]
    (directory / "accounts.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def listed(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_imitations_are_a_table_json_or_csv_with_the_same_rows(run: Run) -> None:
    code, out, error = run("人民日报", "--limit", "3")
    assert code == 0
    lines = out.splitlines()
    assert lines[0].split("\t") == ["technique", "name", "reference"]
    assert "glyph\t人民曰报\t人民日报" in lines
    assert "nothing to make of this name by: dropped" in " ".join(error.split())
    rows = listed(run("人民日报", "--limit", "3", "--format", "json")[1])
    assert list(rows[0]) == ["technique", "name", "reference"]
    assert len(rows) == len(lines) - 1
    text = run("人民日报", "--limit", "3", "--format", "csv")[1]
    assert list(csv.DictReader(io.StringIO(text, newline=""))) == rows
    assert {row["technique"] for row in rows} == set(TECHNIQUES) - {"dropped"}


def test_the_same_words_give_the_same_bytes(run: Run) -> None:
    assert run("国家税务总局") == run("国家税务总局")


def test_techniques_may_be_repeated(run: Run) -> None:
    words = ("--technique", "latin", "--technique", "glyph", "--format", "json", "--limit", "2")
    rows = listed(run("人民日报", *words)[1])
    assert [row["technique"] for row in rows] == ["glyph", "glyph", "latin", "latin"]


def test_quiet_leaves_the_listing_alone(run: Run) -> None:
    code, out, error = run("人民日报", "--technique", "dropped", "--quiet")
    assert (code, out, error) == (0, "technique\tname\treference\n", "")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("",), "2 characters or more"),
        (("  ",), "2 characters or more"),
        (("人",), "2 characters or more"),
        (("\u200b。、",), "2 characters or more"),
        (("人" * 201,), "longer than 200"),
        (("\udcff人民日报",), "surrogate"),
        (("人民日报", "--technique", "typo"), "no technique “typo”; known: full_width"),
        (("人民日报", "--limit", "0"), "limit"),
        (("人民日报", "--format", "xml"), "xml"),
        (("人民日报", "--check", "nowhere"), "nowhere"),
        (("人民日报", "--check", ".", "--limit", "3"), "does not go with --check"),
        (("人民日报", "--references", "nowhere"), "nowhere"),
        ((), "name"),
    ],
)
def test_a_mistake_of_the_caller_is_status_two_and_says_why(
    run: Run, words: tuple[str, ...], told: str
) -> None:
    code, out, error = run(*words)
    assert code == 2
    assert told in " ".join(error.split())
    assert not out


def test_a_dataset_gives_the_accounts_whose_names_are_built_on_the_name(
    run: Run, tmp_path: Path
) -> None:
    write_accounts(
        tmp_path / "dataset",
        {"name": "人民日报读者老王"},
        {"name": "人民日报", "verified": "media", "verified_label": "人民日报官方账号"},
        {"name": "入民日报", "verified": "none", "bio": "粉丝自建，非官方", "followers": 90},
        {"name": "人民日报官方", "verified": "none", "followers": 5},
        {"name": "人民曰报", "followers": 200},
        {"name": "人民日暴", "verified": "organisation", "verified_label": "某某公司"},
        {"name": "农民日报", "verified": "none"},
        {"name": "小满的阳台", "verified": "none"},
    )
    code, out, error = run("人民日报", "--check", "dataset", "--format", "json")
    assert code == 0
    rows = listed(out)
    assert tuple(rows[0]) == HEADER
    assert [(row["account_id"], row["technique"]) for row in rows] == [
        ("p:5", ["glyph"]),
        ("p:6", ["homophone"]),
        ("p:4", ["affix"]),
        ("p:2", ["equal"]),
        ("p:3", ["glyph"]),
    ]
    assert rows[0] | {"steps": ""} == {
        "account_id": "p:5",
        "account_name": "人民曰报",
        "technique": ["glyph"],
        "reference": "人民日报",
        "steps": "",
        "verified": None,
        "followers": 200,
        "note": "verification not collected",
    }
    assert rows[0]["steps"] == "glyph:曰→日@2; equal:人民日报"
    assert [row["note"] for row in rows[1:]] == [
        "",
        "",
        "the verification names the body: 人民日报官方账号",
        "name or bio holds: 粉丝自建 非官方",
    ]
    told = " ".join(error.split())
    assert "who runs an account is for a person to find out" in told
    assert "8 accounts looked at, 0 rows rejected" in told
    assert [word for word in BANNED if word in out + error] == []


def test_the_known_account_comes_last_and_one_that_opted_out_not_at_all(
    run: Run, tmp_path: Path
) -> None:
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "organisations.csv").write_text(
        "name,kind,accounts,source,as_of\n云泽水务,company,p:1,own register,2026-11\n",
        encoding="utf-8",
    )
    (lists / "optout.csv").write_text(
        "platform,account_id,source,as_of\np,3,letter,2026-11\n", encoding="utf-8"
    )
    write_accounts(
        tmp_path / "dataset",
        {"name": "云泽水务"},
        {"name": "云泽水务官方"},
        {"name": "云泽水务客服"},
    )
    words = ("云泽水务", "--check", "dataset", "--references", "lists", "--format", "json")
    rows = listed(run(*words)[1])
    assert [(row["account_id"], row["note"]) for row in rows] == [
        ("p:2", "verification not collected"),
        ("p:1", "the lists hold this account as the body's own"),
    ]


def test_a_name_that_is_on_no_list_can_be_watched(run: Run, tmp_path: Path) -> None:
    write_accounts(
        tmp_path / "dataset",
        {"name": "云泽水务官方"},
        {"name": "雲澤水務"},
        {"name": "平遥县教育局"},
        {"name": "平遥公安局"},
    )
    rows = listed(run("云泽水务", "--check", "dataset", "--format", "json")[1])
    assert [(row["account_id"], row["reference"]) for row in rows] == [
        ("p:2", "云泽水务"),
        ("p:1", "云泽水务"),
    ]
    rows = listed(run("平遥县公安局", "--check", "dataset", "--format", "json")[1])
    assert [(row["account_id"], row["technique"]) for row in rows] == [("p:4", ["dropped"])]


def test_techniques_narrow_the_look_too(run: Run, tmp_path: Path) -> None:
    write_accounts(tmp_path / "dataset", {"name": "人民曰报"}, {"name": "人民日报官方"})
    words = ("--check", "dataset", "--technique", "affix", "--format", "json")
    assert [row["account_id"] for row in listed(run("人民日报", *words)[1])] == ["p:2"]


def test_of_an_account_that_comes_twice_the_newest_row_counts(run: Run, tmp_path: Path) -> None:
    old = {"account_id": "7", "name": "人民曰报", "fetched_at": "2026-11-01T08:00:00+08:00"}
    new = {"account_id": "7", "name": "小满的阳台", "fetched_at": "2026-11-20T08:00:00+08:00"}
    write_accounts(tmp_path / "dataset", old, new)
    code, out, error = run("人民日报", "--check", "dataset", "--format", "json")
    assert (code, out) == (3, "")
    assert "another row with this key is newer" in error


def test_rejected_rows_are_status_three_and_the_rest_is_listed(run: Run, tmp_path: Path) -> None:
    write_accounts(
        tmp_path / "dataset",
        {"name": "人民曰报"},
        "{",
        {"name": "x", "followers": -1},
        *[{"account_id": str(n), "name": None} for n in range(100, 150)],
    )
    code, out, error = run("人民日报", "--check", "dataset", "--format", "json")
    assert code == 3
    assert [row["account_id"] for row in listed(out)] == ["p:1"]
    assert "1 accounts looked at, 52 rows rejected" in " ".join(error.split())
    assert error.count("accounts.jsonl:") == 20


def test_times_without_an_offset_need_the_zone(run: Run, tmp_path: Path) -> None:
    row = {"name": "人民曰报", "fetched_at": "2026-11-01T08:00:00"}
    write_accounts(tmp_path / "dataset", row, {"name": "入民日报"})
    assert run("人民日报", "--check", "dataset")[0] == 3
    assert run("人民日报", "--check", "dataset", "--timezone", "Asia/Shanghai")[0] == 0
    assert run("人民日报", "--check", "dataset", "--timezone", "Nowhere")[0] == 2


@pytest.mark.parametrize("name", ["accounts.jsonl", "posts.jsonl"])
def test_a_dataset_without_an_account_is_status_four(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "dataset").mkdir()
    (tmp_path / "dataset" / name).write_text(
        '{"platform": "p", "account_id": "1", "post_id": "9", "text": "早安"}\n'
        if name == "posts.jsonl"
        else "",
        encoding="utf-8",
    )
    code, out, error = run("人民日报", "--check", "dataset")
    assert code == 4
    assert "no account was found" in error
    assert not out


def test_strangers_names_cannot_run_in_a_spreadsheet_or_a_terminal(
    run: Run, tmp_path: Path
) -> None:
    write_accounts(
        tmp_path / "dataset",
        {"name": "=人民日报"},
        {"name": "人民\u001b[31m日报"},
        {"name": "人民\n日报"},
    )
    text = run("人民日报", "--check", "dataset", "--format", "csv")[1]
    names = [row["account_name"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert "'=人民日报" in names
    assert "\u001b" not in text
    table = run("人民日报", "--check", "dataset")[1]
    assert "\u001b" not in table
    assert len(table.splitlines()) == len(names) + 1
