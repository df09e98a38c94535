from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from auditor.demo import (
    REFERENCES,
    read_platform,
    targets,
    write_demo_dataset,
    write_targets,
)
from auditor.errors import OutputError
from auditor.model import Account, Change, Post
from auditor.model.values import Value
from auditor.references import load_references


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("name", "model"), [("accounts", Account), ("posts", Post), ("changes", Change)]
)
def test_every_row_is_a_value_of_the_model(tmp_path: Path, name: str, model: type[Value]) -> None:
    write_demo_dataset(tmp_path)
    rows = rows_of(tmp_path / f"{name}.jsonl")
    assert rows
    for row in rows:
        model.model_validate_json(json.dumps(row))


def test_the_dataset_is_what_the_second_capture_shows(tmp_path: Path) -> None:
    write_demo_dataset(tmp_path)
    platform = read_platform()
    platform.show_capture(2)
    accounts = [Account.model_validate_json(line) for line in lines(tmp_path / "accounts.jsonl")]
    assert tuple(accounts) == platform.accounts()
    posts = [Post.model_validate_json(line) for line in lines(tmp_path / "posts.jsonl")]
    shown = [post for one in accounts for post in reversed(platform.posts(one.handle or ""))]
    assert posts == shown


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_writing_twice_gives_the_same_bytes_and_leaves_nothing_else(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_demo_dataset(tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == ["accounts.jsonl", "changes.jsonl", "posts.jsonl"]
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_what_was_not_collected_is_absent_and_what_is_not_shown_is_the_word_none(
    tmp_path: Path,
) -> None:
    write_demo_dataset(tmp_path)
    rows = {row["account_id"]: row for row in rows_of(tmp_path / "accounts.jsonl")}
    assert "verified" not in rows["3006"]
    assert rows["3003"]["verified"] == "none"
    assert rows["3003"]["contacts"] == []


def test_all_times_are_in_the_zone_of_the_reports(tmp_path: Path) -> None:
    write_demo_dataset(tmp_path)
    rows = [row for name in ("accounts", "posts", "changes") for row in all_rows(tmp_path, name)]
    times = [value for row in rows for key, value in row.items() if key.endswith("_at")]
    assert times
    assert [value for value in times if not value.endswith("+08:00")] == []


def all_rows(directory: Path, name: str) -> list[dict[str, Any]]:
    return rows_of(directory / f"{name}.jsonl")


def test_targets_are_one_profile_page_a_row(tmp_path: Path) -> None:
    path = tmp_path / "targets.csv"
    write_targets(path, "http://127.0.0.1:8123")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0] == {"target": "http://127.0.0.1:8123/u/yanpu_ribao", "platform": "banyan"}
    given = targets("http://127.0.0.1:8123", read_platform())
    assert [row["target"] for row in rows] == [one.target for one in given]
    assert len(rows) == len(read_platform().accounts())


def test_a_place_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(OutputError, match="cannot be made"):
        write_demo_dataset(tmp_path / "file")
    with pytest.raises(OutputError, match="cannot be written"):
        write_targets(tmp_path / "nowhere" / "targets.csv", "http://127.0.0.1:1")


def test_the_overlay_of_references_loads_and_lists_the_genuine_accounts() -> None:
    references = load_references([REFERENCES])
    names = {one.name: one for one in references.organisations}
    assert names["砚浦晚报"].accounts == ("banyan:1002", "banyan:1008")
    assert names["青岫县融媒体中心"].short_names == ("青岫融媒",)
    assert {one.name for one in references.divisions} >= {"砚浦市", "青岫县", "溪亭县", "望榕区"}
    known = {f"banyan:{one.account_id}" for one in read_platform().accounts()}
    assert {key for one in references.organisations for key in one.accounts} <= known
