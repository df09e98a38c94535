"""Files that no exporter should write and some disk, spreadsheet or prankster does."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from auditor.errors import InputError
from auditor.model import Rejection
from auditor.sources import Source, import_dataset, open_dataset, open_file

HEADER = "platform,account_id,name"
Read = Callable[[Source], tuple[dict[str, list[dict[str, object]]], list[Rejection]]]
Dataset = Callable[..., Path]


def test_a_pipe_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "accounts.jsonl")
    with pytest.raises(InputError, match="is a pipe or a device; copy its content into a file"):
        open_dataset(tmp_path)


def test_a_device_is_told_and_not_read_without_end(tmp_path: Path) -> None:
    (tmp_path / "accounts.jsonl").symlink_to("/dev/zero")
    with pytest.raises(InputError, match="is a pipe or a device"):
        open_dataset(tmp_path)


def test_a_parquet_column_given_twice_is_told(tmp_path: Path) -> None:
    cells = [pa.array([cell]) for cell in ("w", "1", "a", "b")]
    table = pa.table(cells, names=[*HEADER.split(","), "name"])
    pa.parquet.write_table(table, tmp_path / "accounts.parquet")
    with pytest.raises(InputError, match="gives a column twice: name"):
        list(open_dataset(tmp_path).batches("accounts", print))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{HEADER},name\n", "gives a column twice: name"),
        (f"{HEADER},{'x' * 500},{'x' * 500}\n", f"gives a column twice: {'x' * 60}…"),
        # Without a header row the first row is someone's data, which is not repeated.
        ("weibo,13800138000,张三,13800138000\n", "has no column platform, account_id, name; the"),
        ("platform;account_id;name\nw;1;a\n", "with commas between"),
        (f"{HEADER}\rw,1,a\r", "has no header row (lines must end in LF or CR LF)"),
    ],
)
def test_a_header_that_is_none_is_one_line(dataset: Dataset, text: str, message: str) -> None:
    with pytest.raises(InputError) as fault:
        list(open_dataset(dataset(accounts__csv=text)).batches("accounts", print))
    assert message in str(fault.value)
    assert "13800138000" not in str(fault.value)
    assert len(str(fault.value).splitlines()) == 1


def test_columns_without_a_name_are_unknown_fields(dataset: Dataset, read: Read) -> None:
    rows, rejected = read(open_dataset(dataset(accounts__csv=f"{HEADER},,\nw,1,甲,,\n")))
    assert [row["name"] for row in rows["accounts"]] == ["甲"]
    assert not rejected


def test_a_header_of_many_columns_is_read_at_once(dataset: Dataset, read: Read) -> None:
    names = ",".join(f"c{number}" for number in range(50_000))
    text = f"{HEADER},{names}\nw,1,甲{',' * 50_000}\n"
    rows, _ = read(open_dataset(dataset(accounts__csv=text)))
    assert len(rows["accounts"]) == 1


def test_unknown_fields_are_short_single_lines(dataset: Dataset, read: Read) -> None:
    line = '{"platform":"w","account_id":"1","name":"甲","a\\nb\\u001b[2J":1,"' + "k" * 900 + '":1}'
    source = open_dataset(dataset(accounts__jsonl=line + "\n"))
    read(source)
    for name in source.unknown_fields():
        assert name.isprintable()
        assert len(name) < 100
    assert len(source.unknown_fields()) == 2


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_a_time_that_has_no_form_in_the_output_rejects_its_row(
    tmp_path: Path, read: Read, form: str
) -> None:
    # 9999-12-31T16:00Z is the year 10000 in +08:00.
    last, beyond = "9999-12-31T15:59:59Z", "9999-12-31T16:00:00Z"
    rows = [
        {"platform": "w", "account_id": str(number), "name": "甲", "fetched_at": time}
        for number, time in enumerate((last, beyond))
    ]
    if form == "parquet":
        pa.parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "accounts.parquet")
    else:
        lines = [str(row).replace("'", '"') + "\n" for row in rows]
        (tmp_path / "accounts.jsonl").write_text("".join(lines), encoding="utf-8")
    found, rejected = read(open_dataset(tmp_path))
    assert [row["account_id"] for row in found["accounts"]] == ["0"]
    assert [row.reason for row in rejected] == ["fetched_at: is outside the years 1 to 9999"]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_a_time_in_a_zone_that_nobody_knows_is_the_instant_it_is(
    tmp_path: Path, read: Read, unit: str
) -> None:
    keys = {"platform": ["w"] * 3, "account_id": ["1", "2", "3"], "name": ["甲", "乙\0", "丙"]}
    texts = {"bio": ["", "", "b" * 5_001]}
    for zone in ("UTC", "Asia/Beijing", "Nowhere/At-All"):
        (tmp_path / zone).mkdir(parents=True)
        times = {"fetched_at": pa.array([0, 1, 2], pa.timestamp(unit, zone))}
        table = pa.table({**keys, **texts, **times})
        pa.parquet.write_table(table, tmp_path / zone / "accounts.parquet")
    # The second and the third row are doubted, so that they are looked at one by one.
    told = read(open_dataset(tmp_path / "UTC"))
    assert len(told[0]["accounts"]) == 1
    assert len(told[1]) == 2
    assert read(open_dataset(tmp_path / "Asia/Beijing")) == told
    assert read(open_dataset(tmp_path / "Nowhere/At-All")) == told


def test_a_list_of_times_in_a_zone_that_nobody_knows_rejects_its_row(
    tmp_path: Path, read: Read
) -> None:
    times = pa.array([[0], None], pa.list_(pa.timestamp("us", "Nowhere/At-All")))
    keys = {"platform": ["w"] * 2, "account_id": ["1", "2"], "name": ["甲", "乙"]}
    pa.parquet.write_table(pa.table({**keys, "contacts": times}), tmp_path / "accounts.parquet")
    found, rejected = read(open_dataset(tmp_path))
    assert [row["account_id"] for row in found["accounts"]] == ["2"]
    assert [row.reason for row in rejected] == ["contacts: names a time zone that is not known"]


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_a_part_whose_name_is_no_text_is_told_with_its_bytes(tmp_path: Path, form: str) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / os.fsdecode(b"part-\xff." + form.encode())).touch()
    with pytest.raises(InputError) as caught:
        open_dataset(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}/posts/part-\\xff.{form}: is not in the encoding of the locale; "
        "rename it, or set LANG=C.UTF-8"
    )
    with pytest.raises(InputError, match="is not in the encoding"):
        open_file(tmp_path / "posts", "posts")


def test_names_that_no_report_tells_may_be_of_any_bytes(tmp_path: Path, read: Read) -> None:
    directory = tmp_path / os.fsdecode(b"\xff")
    (directory / "posts").mkdir(parents=True)
    for name in (b"notes-\xff.txt", b"posts/_\xff.jsonl"):
        (directory / os.fsdecode(name)).touch()
    (directory / "posts" / "一.jsonl").touch()
    assert read(open_dataset(directory)) == ({"accounts": [], "posts": [], "changes": []}, [])


@pytest.mark.parametrize("look", ["stat", "iterdir"])
def test_a_dataset_that_may_not_be_looked_at_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look: str
) -> None:
    def refuse(*_: object, **__: object) -> object:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    (tmp_path / "data" / "posts").mkdir(parents=True)
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with monkeypatch.context() as patch:
        patch.setattr(Path, look, refuse)
        for name, opened in (
            ("data", lambda: open_dataset(tmp_path / "data")),
            ("data/posts", lambda: import_dataset(url, [tmp_path / "data" / "posts"])),
        ):
            with pytest.raises(InputError) as caught:
                opened()
            told = f"{tmp_path}/{name}: cannot be read (Permission denied)"
            assert str(caught.value) == told
