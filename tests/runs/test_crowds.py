"""Posts that may be repeats within their account: none of them is passed over, most others are."""

from __future__ import annotations

import resource
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.config import rulesets_directory
from auditor.copies.windows import crowded
from auditor.detectors import Repeated
from auditor.errors import OutputError
from auditor.rules import Compiled
from auditor.rules.examples import NOW
from auditor.runs import crowds, screening, stages
from auditor.runs.crowds import Crowds, count_slice, counting_tasks, slots_for, write_crowds
from auditor.runs.request import AuditRequest
from auditor.runs.tasks import is_done, left, read_result
from auditor.sources import Slice, lay_down, parquet_slices, slices
from auditor.sources.marks import whole
from auditor.sources.schemas import LOCATED
from tests.runs.doors import batch_door, dossiers_of, request_for, single_door
from tests.runs.test_across import SHOP

ASKED = Repeated(3, 60, 24)
HOUR = 3_600_000_000
Row = tuple[str, str | int | None, datetime | None, str]
"""Platform, account, when it was published, text."""


def table(rows: Sequence[Row]) -> pa.Table:
    platforms, accounts, times, texts = zip(*rows, strict=True) if rows else ((), (), (), ())
    return pa.table(
        {
            "platform": pa.array(platforms, pa.string()),
            "account_id": pa.array(accounts, None if accounts else pa.string()),
            "post_id": [str(place) for place in range(len(rows))],
            "text": pa.array(texts, pa.string()),
            "published_at": pa.array(times, pa.timestamp("us", tz="UTC")),
        }
    )


def dataset(directory: Path, posts: pa.Table) -> Path:
    directory.mkdir()
    pq.write_table(posts, directory / "posts.parquet", row_group_size=7)
    owners = posts.select(["platform", "account_id"]).group_by(["platform", "account_id"])
    known = owners.aggregate([])
    known = known.filter(known.column("account_id").is_valid())
    names = pa.array(["小满的阳台"] * known.num_rows)
    pq.write_table(known.append_column("name", names), directory / "accounts.parquet")
    return directory


def counted(
    work: Path, posts: Sequence[Slice], asked: Repeated | None = ASKED, zone: str | None = None
) -> Crowds | None:
    """Count as a run does."""
    work.mkdir(exist_ok=True)
    request = AuditRequest(work, NOW, (), (), timezone=zone)
    tasks = counting_tasks(work, posts, asked)
    for path in left(tasks):
        count_slice(request, path)
    write_crowds(work, tasks, asked)
    return Crowds.read(work, asked)


def told_of(found: Crowds | None, posts: pa.Table) -> list[bool]:
    assert found is not None
    account, published = (whole(posts.column(name)) for name in ("account_id", "published_at"))
    marked: list[bool] = found.of(account.cast(pa.string()), published.cast(pa.int64())).tolist()
    return marked


MOMENTS = st.integers(-9, 9).map(
    lambda hours: datetime.fromtimestamp(0, NOW.tzinfo) + hours * 6 * timedelta(hours=1)
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("pq"), st.sampled_from(["7", "8", "9+"]), st.none() | MOMENTS)
    ),
    st.integers(1, 3),
    st.sampled_from([5, 24]),
)
def test_no_post_in_a_crowd_is_passed_over(
    tmp_path_factory: pytest.TempPathFactory,
    told: list[tuple[str, str, datetime | None]],
    parts: int,
    hours: int,
) -> None:
    asked = Repeated(3, 60, hours)
    home = tmp_path_factory.mktemp("crowds")
    posts = table([(*each, SHOP) for each in told])
    size = max(1, -(-posts.num_rows // parts))
    found: list[Slice] = []
    for number, first in enumerate(range(0, posts.num_rows, size)):
        path = home / f"{number}.parquet"
        pq.write_table(posts.slice(first, size), path)
        found += parquet_slices("posts", path, path.name, len(found))
    marked = told_of(counted(home / "work", found, asked), posts)
    times = [None if at is None else at.timestamp() * 1e6 for _, _, at in told]
    for account in {(platform, owner) for platform, owner, _ in told}:
        places = [
            at for at, each in enumerate(told) if each[:2] == account and times[at] is not None
        ]
        exact = crowded(np.array([times[at] for at in places], np.int64), 3, hours * HOUR)
        assert all(marked[at] for at, is_in in zip(places, exact, strict=True) if is_in)
    assert not any(marked[at] for at, each in enumerate(times) if each is None)


def test_most_posts_of_quiet_accounts_are_passed_over(tmp_path: Path) -> None:
    day = timedelta(days=1)
    quiet: list[Row] = [("p", f"q{n}", NOW - n % 90 * day, SHOP) for n in range(3_000)]
    busy: list[Row] = [("p", "busy", NOW - n * day / 3, SHOP) for n in range(30)]
    posts = table(quiet + busy)
    pq.write_table(posts, tmp_path / "posts.parquet")
    found = counted(
        tmp_path / "work", parquet_slices("posts", tmp_path / "posts.parquet", "posts.parquet", 0)
    )
    marked = told_of(found, posts)
    assert all(marked[len(quiet) :])
    assert sum(marked[: len(quiet)]) < 60


def test_a_number_of_the_table_counts_as_far_as_any_rule_asks(tmp_path: Path) -> None:
    # 300 of one moment, in two files: a byte alone would begin anew.
    posts = table([("p", "1", NOW, SHOP)] * 300)
    found: list[Slice] = []
    for number in range(2):
        path = tmp_path / f"{number}.parquet"
        pq.write_table(posts.slice(number * 150, 150), path)
        found += parquet_slices("posts", path, path.name, number)
    for least in (2, 300, 1_000):
        marked = told_of(counted(tmp_path / f"{least}", found, Repeated(least, 60, 24)), posts)
        assert all(marked)


def test_neighbours_are_looked_at_across_the_pieces_and_the_ends_of_the_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counts = np.zeros(64, np.uint8)
    counts[[0, 63, 15, 16, 40]] = [1, 2, 2, 1, 3]
    whole = np.unpackbits(crowds._crowded(counts, 3), bitorder="little")
    assert np.flatnonzero(whole).tolist() == [0, 15, 16, 39, 40, 41, 63]
    monkeypatch.setattr(crowds, "_PIECE", 16)
    assert np.array_equal(np.unpackbits(crowds._crowded(counts, 3), bitorder="little"), whole)


@pytest.mark.parametrize("posts", [0, 1, 8_191, 8_193, 1_000_000, 10_000_000, 10**9])
def test_the_table_has_a_bounded_power_of_two(posts: int) -> None:
    slots = slots_for(posts)
    assert slots.bit_count() == 1
    assert crowds.FEWEST <= slots <= crowds.MOST
    assert slots >= min(posts * crowds.SLOTS_EACH, crowds.MOST)
    assert slots < max(crowds.FEWEST + 1, 2 * posts * crowds.SLOTS_EACH)


NEARLY = [SHOP.replace("姐妹", each) for each in ("姐妹", "朋友", "兄弟", "各位", "大家")]
SPREAD: list[Row] = [
    # Five within a day in the rows of other accounts, and one more a month before.
    row
    for place, text in enumerate(NEARLY)
    for row in (
        ("p", "near", NOW - timedelta(hours=place), text),
        ("p", "same", NOW - timedelta(hours=6 * place), SHOP),
        *(("p", f"q{place}{n}", NOW - timedelta(days=n), f"{SHOP}{n}号") for n in range(9)),
    )
] + [("p", "near", NOW - timedelta(days=30), NEARLY[0]), ("p", "same", None, SHOP)]


def run(compiled: Compiled, data: Path, out: Path, **more: Any) -> tuple[bytes, ...]:
    """Audit without copies across accounts and return the tables."""
    # Where processes cannot be forked they read the rules for themselves.
    shipped = rulesets_directory()
    lists = (shipped / "references",)
    batch_door(compiled, data, out, copies=False, rules=(shipped,), references=lists, **more)
    names = ("accounts", "clusters", "coverage", "findings", "rejected", "review", "rules")
    return tuple((out / f"{name}.csv").read_bytes() for name in names)


@pytest.mark.parametrize("workers", [1, 2])
def test_repeats_are_found_as_when_all_posts_are_compared(
    workers: int, compiled: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "ROWS", 14)
    data = dataset(tmp_path / "data", table(SPREAD))
    found = run(compiled, data, tmp_path / "run", workers=workers)
    dossiers = dossiers_of(compiled, data, ["p:near", "p:same"])
    single = single_door(compiled, dossiers, tmp_path / "single.jsonl")
    assert {each.rule_id for each in single.values()} >= {
        "same-text-repeated",
        "near-text-repeated",
    }
    batch = batch_door(compiled, data, tmp_path / "batch", copies=False)
    assert batch.findings == single
    monkeypatch.setattr(stages, "_count", lambda *_: None)
    assert run(compiled, data, tmp_path / "all", workers=workers) == found


def test_only_posts_in_a_crowd_are_sketched(
    compiled: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = dataset(tmp_path / "data", table(SPREAD))
    sketched: list[int] = []
    plain = screening.screened

    def seen(*given_: Any) -> Any:
        found = plain(*given_)
        sketched.extend(pq.read_table(path).num_rows for path in found.facts["sketch_facts"])
        return found

    monkeypatch.setattr(stages, "screened", seen)
    run(compiled, data, tmp_path / "run")
    assert 10 <= sum(sketched) < 20 < len(SPREAD)


def test_who_asks_for_no_repeats_compares_nothing(tmp_path: Path) -> None:
    pq.write_table(table(SPREAD), tmp_path / "posts.parquet")
    found = parquet_slices("posts", tmp_path / "posts.parquet", "posts.parquet", 0)
    assert counting_tasks(tmp_path, found, None) == ()
    assert not any(told_of(counted(tmp_path / "work", found, None), table(SPREAD)))


def owners_of(posts: pa.Table) -> list[str]:
    owners: list[str] = posts.column("account_id").to_pylist()
    return owners


def words_of(posts: pa.Table) -> list[str | None]:
    times = posts.column("published_at").to_pylist()
    return [None if at is None else at.isoformat() for at in times]


def as_numbers(posts: pa.Table) -> pa.Table:
    numbers = pa.array([zlib.crc32(each.encode()) for each in owners_of(posts)])
    return posts.set_column(1, "account_id", numbers)


def as_words(posts: pa.Table) -> pa.Table:
    """Times as text, with an offset each."""
    return posts.set_column(4, "published_at", pa.array(words_of(posts)))


def as_some_words(posts: pa.Table) -> pa.Table:
    """Times as text, some of them as people write them: those are rejected."""
    told = ["昨天 08:00" if place % 9 == 4 else each for place, each in enumerate(words_of(posts))]
    return posts.set_column(4, "published_at", pa.array(told))


def with_plus(posts: pa.Table) -> pa.Table:
    """Accounts that may be rounded numbers: each is looked at by itself."""
    told = [f"{each}+" for each in owners_of(posts)]
    return posts.set_column(1, "account_id", pa.array(told))


def with_rounded(posts: pa.Table) -> pa.Table:
    """Rows that are rejected beside others, one by one."""
    told = ["1.5E+17" if place % 9 == 4 else each for place, each in enumerate(owners_of(posts))]
    return posts.set_column(1, "account_id", pa.array(told))


def without_owner(posts: pa.Table) -> pa.Table:
    nobody = table([("p", None, NOW, SHOP)] * 3)
    return pa.concat_tables([posts, nobody.set_column(1, "account_id", pa.nulls(3, pa.string()))])


def without_times(posts: pa.Table) -> pa.Table:
    return posts.select(["platform", "account_id", "post_id", "text"])


@pytest.mark.parametrize(
    "told",
    [as_numbers, as_words, as_some_words, with_plus, with_rounded, without_owner, without_times],
)
def test_whatever_form_columns_have_the_findings_are_the_same(
    told: Any, compiled: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = dataset(tmp_path / "data", told(table(SPREAD)))
    (posts,) = parquet_slices("posts", data / "posts.parquet", "posts.parquet", 0)
    assert counted(tmp_path / "counted", [posts]) is not None
    found = run(compiled, data, tmp_path / "run")
    assert (b"-text-repeated" in found[3]) == (told is not without_times)
    monkeypatch.setattr(stages, "_count", lambda *_: None)
    assert run(compiled, data, tmp_path / "all") == found


def test_times_without_an_offset_are_placed_as_in_screening(tmp_path: Path) -> None:
    posts = table(SPREAD)
    bare = whole(posts.column("published_at")).cast(pa.timestamp("us"))
    pq.write_table(posts.set_column(4, "published_at", bare), tmp_path / "posts.parquet")
    found = parquet_slices("posts", tmp_path / "posts.parquet", "posts.parquet", 0)
    # Without a zone all of them are rejected, one by one.
    assert counted(tmp_path / "none", found) is None
    assert sum(told_of(counted(tmp_path / "utc", found, zone="UTC"), posts)) >= 10


def test_rows_that_were_laid_down_are_counted_as_well(tmp_path: Path) -> None:
    posts = table(SPREAD)
    rows = posts.to_pylist()
    for line, row in enumerate(rows, 1):
        row |= {"row_file": "posts.jsonl", "row_line": line}
    batch = pa.RecordBatch.from_pylist(rows, LOCATED["posts"])
    laid = lay_down("posts", "posts.jsonl", [batch.slice(0, 20), batch.slice(20)], tmp_path, 0)
    pq.write_table(posts, tmp_path / "posts.parquet")
    read = parquet_slices("posts", tmp_path / "posts.parquet", "posts.parquet", 0)
    one, other = counted(tmp_path / "laid", laid), counted(tmp_path / "read", read)
    assert one is not None
    assert other is not None
    assert np.array_equal(one.bits, other.bits)


def test_a_damaged_slice_is_not_counted_and_told_by_screening(
    compiled: Compiled, tmp_path: Path
) -> None:
    data = dataset(tmp_path / "data", table(SPREAD))
    path = data / "posts.parquet"
    pq.write_table(table(SPREAD * 400), path, row_group_size=8_192)
    column = pq.ParquetFile(path).metadata.row_group(1).column(1)
    whole = bytearray(path.read_bytes())
    whole[column.data_page_offset : column.data_page_offset + 40] = b"\xff" * 40
    path.write_bytes(whole)
    found = parquet_slices("posts", path, "posts.parquet", 0)
    assert counted(tmp_path / "counted", found) is None
    rejected = run(compiled, data, tmp_path / "run")[4]
    assert rejected.count(b"the Parquet data is damaged") == 1


def test_what_was_counted_is_not_counted_again(tmp_path: Path) -> None:
    pq.write_table(table(SPREAD), tmp_path / "posts.parquet")
    found = parquet_slices("posts", tmp_path / "posts.parquet", "posts.parquet", 0)
    first = counted(tmp_path / "work", found)
    (task,) = counting_tasks(tmp_path / "work", found, ASKED)
    assert is_done(task)
    assert read_result(task) == {"counted": True}
    (tmp_path / "posts.parquet").unlink()
    again = counted(tmp_path / "work", found)
    assert first is not None
    assert again is not None
    assert np.array_equal(first.bits, again.bits)
    # Cut off, as by a power cut: it is done again, and cannot be.
    (task / "counts.npy").write_bytes(b"")
    assert counted(tmp_path / "work", found) is None


def test_a_table_that_is_damaged_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "crowds.npy").write_bytes(b"\x93NUMPY")
    with pytest.raises(OutputError, match="cannot be read back"):
        Crowds.read(tmp_path, ASKED)


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file may grow beyond a KiB, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_024, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_told_in_one_line(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    pq.write_table(table(SPREAD), tmp_path / "posts.parquet")
    found = parquet_slices("posts", tmp_path / "posts.parquet", "posts.parquet", 0)
    request.getfixturevalue("small_files")
    with pytest.raises(OutputError, match="cannot be written") as failed:
        counted(tmp_path / "work", found)
    assert "\n" not in str(failed.value)


def test_other_nights_are_not_counted_on(
    compiled: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept is looked at beside posts that came later: it is made of all posts."""

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(stages, "_count", never)
    data = dataset(tmp_path / "data", table(SPREAD))
    kept = tmp_path / "kept"
    request = request_for(compiled, data, tmp_path / "run", copies=False, kept=kept)
    assert batch_door(compiled, data, tmp_path / "first", copies=False, kept=kept).findings
    assert request.kept == kept
    batch_door(compiled, data, tmp_path / "second")
