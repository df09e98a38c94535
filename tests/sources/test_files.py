"""Missing, mistaken and broken files: one clear line each, and never a quiet zero."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from auditor.errors import InputError
from auditor.model import InputFile, Rejection
from auditor.sources import Source, open_dataset, open_file

GOOD = '{"platform": "weibo", "account_id": "%d", "name": "甲"}\n'
HEADER = "platform,account_id,name,bio\n"
MANY = "".join(GOOD % n for n in range(60_000))
POST = '{"platform": "weibo", "account_id": "1", "post_id": "p", "text": "t"}\n'
Read = Callable[[Source], tuple[dict[str, list[dict[str, object]]], list[Rejection]]]
Dataset = Callable[..., Path]


def parquet(path: Path, rows: int = 50_000) -> bytes:
    ids = [str(n) for n in range(rows)]
    table = pa.table({"platform": ["w"] * rows, "account_id": ids, "name": ids})
    pa.parquet.write_table(table, path, row_group_size=10_000)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "{d}: holds no accounts.* and no posts.*; the forms read are .jsonl"),
        ({"changes.jsonl": b""}, "{d}: holds no accounts.* and no posts.*"),
        ({"accounts.xlsx": b"x"}, "{d}/accounts.xlsx: is of no form that is read; the forms read"),
        ({"accounts.csv": b"", "accounts.jsonl": b""}, "{d}: holds accounts more than once (acc"),
        (
            {"accounts.jsonl.gz": b"plain"},
            "{d}/accounts.jsonl.gz: cannot be read: the gzip data is d",
        ),
        (
            {"accounts.jsonl.gz": b""},
            "{d}/accounts.jsonl.gz: cannot be read: the gzip data ends too",
        ),
        (
            {"accounts.jsonl": b"\xff\xfe{\0"},
            "{d}/accounts.jsonl: is neither UTF-8 nor GB18030 (it lo",
        ),
        (
            {"accounts.csv": b"a,\xff\xff\n\x80"},
            "{d}/accounts.csv: is neither UTF-8 nor GB18030; s",
        ),
        ({"accounts.csv": b"platform,name\n"}, "{d}/accounts.csv:1: has no column account_id; the"),
        (
            {"accounts.csv": b"platform,account_id,name,name\n"},
            "{d}/accounts.csv:1: gives a column",
        ),
        ({"accounts.csv": b'"platform\n'}, "{d}/accounts.csv:1: has no header row (unexpected end"),
        ({"accounts.parquet": b"x" * 90}, "{d}/accounts.parquet: is no whole Parquet file ("),
        ({"accounts.parquet": b""}, "{d}/accounts.parquet: is no whole Parquet file ("),
        ({"posts/_SUCCESS": b""}, "{d}/posts: holds no part that can be read; the forms read are"),
    ],
)
def test_a_dataset_that_cannot_be_read_is_one_clear_line(
    files: dict[str, bytes], message: str, tmp_path: Path, read: Read
) -> None:
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read(open_dataset(tmp_path))
    assert str(caught.value).startswith(message.format(d=tmp_path))
    assert "\n" not in str(caught.value)


def test_a_missing_directory_and_a_file_in_its_place_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere: does not exist; give a directory"):
        open_dataset(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="file: is not a directory"):
        open_dataset(tmp_path / "file")


def test_a_parquet_file_without_a_needed_column_is_one_clear_line(
    tmp_path: Path, read: Read
) -> None:
    pa.parquet.write_table(pa.table({"platform": ["w"], "uid": ["1"]}), tmp_path / "posts.parquet")
    with pytest.raises(InputError, match=r"has no column account_id, post_id, text$"):
        read(open_dataset(tmp_path))


def test_a_truncated_gzip_keeps_what_was_read_and_marks_the_source(
    dataset: Dataset, read: Read
) -> None:
    whole = gzip.compress(MANY.encode())
    source = open_dataset(dataset(accounts__jsonl__gz=whole[: len(whole) // 2]))
    found, (rejected,) = read(source)
    assert source.incomplete
    assert 10_000 < len(found["accounts"]) < 60_000
    assert rejected.line == len(found["accounts"]) + 1
    assert rejected.reason == "the gzip data ends too early; what stands before was read"


def test_a_truncated_gzip_of_csv_keeps_its_last_rows_too(dataset: Dataset, read: Read) -> None:
    rows = "".join(f"w,{n},name {n * 7919 % 10007},\n" for n in range(9_000))
    whole = gzip.compress((HEADER + rows).encode())
    source = open_dataset(dataset(accounts__csv__gz=whole[:-20]))
    found, (rejected,) = read(source)
    assert source.incomplete
    assert len(found["accounts"]) > 8_200
    assert (rejected.line or 0) > 8_200


def test_damaged_gzip_data_keeps_what_stands_before(dataset: Dataset, read: Read) -> None:
    first = "".join(GOOD % n for n in range(100_000))
    data = gzip.compress(first.encode()) + b"\x1f\x8b\x08 no member"
    source = open_dataset(dataset(accounts__jsonl__gz=data))
    found, (rejected,) = read(source)
    assert source.incomplete
    assert len(found["accounts"]) > 50_000
    assert rejected.reason.startswith("the gzip data is damaged")


def test_a_damaged_parquet_file_keeps_the_row_groups_before(tmp_path: Path, read: Read) -> None:
    data = bytearray(parquet(tmp_path / "accounts.parquet"))
    data[len(data) // 2 : len(data) // 2 + 2_000] = b"\xff" * 2_000
    (tmp_path / "accounts.parquet").write_bytes(data)
    source = open_dataset(tmp_path)
    found, (rejected,) = read(source)
    assert source.incomplete
    # The damage is in the third of five row groups, or at its edge: both before it are whole.
    assert len(found["accounts"]) == 20_000
    assert rejected.line == len(found["accounts"]) + 1
    assert rejected.reason.startswith("the Parquet data is damaged (")


def test_a_truncated_parquet_file_is_one_clear_line(tmp_path: Path, read: Read) -> None:
    data = parquet(tmp_path / "accounts.parquet")
    (tmp_path / "accounts.parquet").write_bytes(data[: len(data) // 2])
    with pytest.raises(InputError, match=r"accounts\.parquet: is no whole Parquet file \("):
        read(open_dataset(tmp_path))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_the_encodings_of_the_contract_give_the_same_rows(
    encoding: str, form: str, dataset: Dataset, read: Read
) -> None:
    # The third name is valid UTF-8 in GB18030's bytes; the fourth needs four of them.
    names = ["人民曰报", "一个普通用户", "一", "𠮷野家", "ascii"]
    if form == "csv":
        text = HEADER + "".join(f"w,{n},{name},简介\n" for n, name in enumerate(names))
    else:
        rows = [
            {"platform": "w", "account_id": str(n), "name": name, "bio": "简介"}
            for n, name in enumerate(names)
        ]
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    found, rejected = read(open_dataset(dataset(**{f"accounts__{form}": text.encode(encoding)})))
    assert not rejected
    assert [row["name"] for row in found["accounts"]] == names
    assert {row["bio"] for row in found["accounts"]} == {"简介"}


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_line_in_another_encoding_is_one_rejected_row(
    form: str, dataset: Dataset, read: Read
) -> None:
    row = GOOD if form == "jsonl" else "w,%d,甲,\n"
    lines = [(row % n).encode() for n in range(5)]
    lines[2] = lines[2].replace("甲".encode(), b"\xff\xfe")
    data = (HEADER.encode() if form == "csv" else b"") + b"".join(lines)
    found, (rejected,) = read(open_dataset(dataset(**{f"accounts__{form}": data})))
    assert [row["account_id"] for row in found["accounts"]] == ["0", "1", "3", "4"]
    assert rejected.line == (4 if form == "csv" else 3)
    assert "not in the file's encoding" in rejected.reason


def test_a_line_that_is_too_long_is_skipped_without_being_gathered(
    dataset: Dataset, read: Read
) -> None:
    data = GOOD % 1 + '{"platform": "' + "x" * (40 << 20) + '"}\n' + GOOD % 2 + GOOD % 3
    found, (rejected,) = read(open_dataset(dataset(accounts__jsonl=data)))
    assert [row["account_id"] for row in found["accounts"]] == ["1", "2", "3"]
    assert (rejected.line, rejected.reason[:24]) == (2, "is longer than 32 MB or ")


@pytest.mark.parametrize(
    ("cells", "line", "reason"),
    [
        ("w,1", 3, "has 2 cells, the header has 4"),
        ("w,1,a,b,c", 3, "has 5 cells, the header has 4"),
        ('w,1,"a"b,c', 3, "is not CSV (',' expected after '\"')"),
        ("w,,a,b", 3, "account_id: is required and missing"),
    ],
)
def test_a_bad_csv_row_is_rejected_at_its_line(
    cells: str, line: int, reason: str, dataset: Dataset, read: Read
) -> None:
    text = f'{HEADER}w,0,a,b\n{cells}\nw,2,"two\nlines",\n\nw,3,c,"x"\n'
    found, (rejected,) = read(open_dataset(dataset(accounts__csv=text)))
    assert (rejected.line, rejected.reason) == (line, reason)
    assert [row["name"] for row in found["accounts"]] == ["a", "two\nlines", "c"]


def test_an_unclosed_quote_is_told_where_it_opens(dataset: Dataset, read: Read) -> None:
    text = f'{HEADER}w,0,a,b\nw,1,"open,b\nw,2,c,d\n'
    found, (rejected,) = read(open_dataset(dataset(accounts__csv=text)))
    assert (rejected.line, rejected.reason) == (3, "is not CSV (unexpected end of data)")
    assert len(found["accounts"]) == 1


def test_csv_cells_hold_lists_and_objects(dataset: Dataset, read: Read) -> None:
    accounts = (
        "platform,account_id,name,contacts,shops,monetisation,credentials\n"
        'w,1,[笑],a | b c |  d ,"[""x | y""]",none,"[{""kind"": ""lawyer""}]"\n'
        "w,2,b,,[],shop | ads,\n"
        "w,3,c,[oops,,,\n"
        "w,4,d,,,shop | yacht,\n"
    )
    posts = 'platform,account_id,post_id,text,reply_to\nw,1,p,[t,"{""post_id"": 5}"\nw,1,q,t,p5\n'
    found, rejected = read(open_dataset(dataset(accounts__csv=accounts, posts__csv=posts)))
    first, second = found["accounts"]
    assert (first["name"], first["contacts"], first["shops"]) == (
        "[笑]",
        ["a", "b c", "d"],
        ["x | y"],
    )
    assert first["monetisation"] == []
    assert first["credentials"] == [
        {"kind": "lawyer", "number": None, "holder": None, "valid_until": None}
    ]
    assert (second["contacts"], second["shops"]) == (None, [])
    assert second["monetisation"] == ["shop", "ads"]
    assert found["posts"][0]["reply_to"] == {"platform": None, "account_id": None, "post_id": "5"}
    assert [(row.line, row.reason[:30]) for row in rejected] == [
        (4, "contacts: is not JSON (Expecti"),
        (5, "monetisation.1: must be one of"),
        (3, "reply_to: must hold objects wi"),
    ]


def test_parts_of_a_kind_are_read_in_the_order_of_their_names(tmp_path: Path, read: Read) -> None:
    for name, number in (("b.jsonl", 2), ("a/x.csv", 1), ("c.jsonl.gz", 3)):
        path = tmp_path / "accounts.parquet" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = f"{HEADER}w,{number},甲,\n" if name.endswith("csv") else GOOD % number
        path.write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    (tmp_path / "accounts.parquet/_SUCCESS").touch()
    (tmp_path / "accounts.parquet/.b.jsonl.crc").write_bytes(b"\0")
    source = open_dataset(tmp_path)
    found, rejected = read(source)
    assert not rejected
    assert [row["account_id"] for row in found["accounts"]] == ["1", "2", "3"]
    names = [file.path for file in source.inputs()]
    assert names == [f"accounts.parquet/{name}" for name in ("a/x.csv", "b.jsonl", "c.jsonl.gz")]


def test_inputs_carry_the_digest_of_the_file_and_the_rows_kept(tmp_path: Path, read: Read) -> None:
    packed = gzip.compress((GOOD % 1 + "{}\n" + GOOD % 2).encode())
    (tmp_path / "accounts.jsonl.gz").write_bytes(packed)
    posts = {name: ["1"] for name in ("platform", "account_id", "post_id", "text")}
    pa.parquet.write_table(pa.table(posts), tmp_path / "posts.parquet")
    source = open_dataset(tmp_path)
    assert source.inputs() == ()
    read(source)
    digests = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in tmp_path.iterdir()
    }
    assert source.inputs() == (
        InputFile(path="accounts.jsonl.gz", sha256=digests["accounts.jsonl.gz"], rows=2),
        InputFile(path="posts.parquet", sha256=digests["posts.parquet"], rows=1),
    )


def test_a_file_without_a_row_is_an_empty_input(dataset: Dataset, read: Read) -> None:
    found, rejected = read(open_dataset(dataset(accounts__csv="", posts__jsonl="\n\n")))
    assert not rejected
    assert found["accounts"] == found["posts"] == []


def test_a_bad_part_beside_good_ones_is_not_the_end(tmp_path: Path, read: Read) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts/1.jsonl").write_text("{}\n")
    (tmp_path / "posts/2.jsonl").write_text(POST)
    found, (rejected,) = read(open_dataset(tmp_path))
    assert len(found["posts"]) == 1
    assert rejected.file == "posts/1.jsonl"


def test_a_single_file_or_folder_is_a_dataset_of_one_kind(tmp_path: Path, read: Read) -> None:
    (tmp_path / "dump.jsonl").write_text(POST)
    found, _ = read(open_file(tmp_path / "dump.jsonl", "posts"))
    assert len(found["posts"]) == 1
    with pytest.raises(InputError, match=r"gone\.jsonl: does not exist"):
        open_file(tmp_path / "gone.jsonl", "posts")


def test_parquet_columns_of_other_types_are_read(tmp_path: Path, read: Read) -> None:
    strings = pa.array(["a", "b", None, ""])
    table = pa.table(
        {
            "platform": pa.array(["w"] * 4).dictionary_encode(),
            "account_id": pa.array([1, 2, 3, 4], pa.int64()),
            "name": pa.array(["n"] * 4, pa.large_string()),
            "bio": strings.cast(pa.large_string()),
            "followers": pa.array([1.0, None, 3.5, float("nan")], pa.float64()),
            "following": pa.array([1, 2, 3, 2**64 - 1], pa.uint64()),
            "created_at": pa.array([0, 10**15 + 1, None, 1], pa.timestamp("ns")),
            "fetched_at": pa.array([0, 1, None, 2], pa.timestamp("ms", "+08:00")),
        }
    )
    pa.parquet.write_table(table, tmp_path / "accounts.parquet")
    found, rejected = read(open_dataset(tmp_path, timezone=UTC))
    assert [(row["account_id"], row["bio"], row["followers"]) for row in found["accounts"]] == [
        ("1", "a", 1),
        ("2", "b", None),
    ]
    assert [(row.line, row.reason) for row in rejected] == [
        (3, "followers: must be a whole number"),
        (4, "followers: must be a whole number; following: is too large"),
    ]


@pytest.mark.parametrize("bad", [b"\xff\xfe", b"\x80", b"a\xe4\xb8"])
def test_parquet_texts_that_are_not_utf8_reject_their_rows(
    tmp_path: Path, read: Read, bad: bytes
) -> None:
    raw = pa.array([b"good", bad], pa.binary()).cast(pa.string(), safe=False)
    table = pa.table({"platform": ["w", "w"], "account_id": ["1", "2"], "name": raw})
    pa.parquet.write_table(table, tmp_path / "accounts.parquet")
    found, (rejected,) = read(open_dataset(tmp_path))
    assert len(found["accounts"]) == 1
    assert (rejected.line, rejected.reason) == (2, "name: is not UTF-8")


def test_rounded_ids_of_a_parquet_file_are_refused(tmp_path: Path, read: Read) -> None:
    ids = pa.array([1.2e18, 2.0], pa.float64())
    pa.parquet.write_table(
        pa.table({"platform": ["w", "w"], "account_id": ids, "name": ["a", "b"]}),
        tmp_path / "accounts.parquet",
    )
    with pytest.raises(InputError, match="account_id: the id was rounded"):
        read(open_dataset(tmp_path))
