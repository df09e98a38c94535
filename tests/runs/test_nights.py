"""A night that knows of the one before ends as a full run does, and does only what changed.

Each night is audited twice, with a memory and without; every byte is compared (``Nights.again``).
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor import sources
from auditor.demo import write_demo_dataset
from auditor.errors import InputError
from auditor.references.rows import OptOut
from auditor.rules import Compiled
from auditor.rules.examples import NOW
from auditor.runs import across, candidates, reuse, worker
from auditor.sources import parquet, slices
from auditor.sources.blocks import Desk
from auditor.sources.keys import Numbers
from tests.runs.nights import FORMS, Nights, Row, Town

SHOP = (
    "今晚八点直播间上新秋冬厚款棉拖鞋和毛绒坐垫，前一百单包邮到家，颜色有米白浅灰和焦糖三种，"
    "尺码偏小半码，拿不准的姐妹可以先看置顶的尺码表再下单，错过今晚要等下个月"
)
OTHER = (
    "周末去江边骑车看到一群候鸟飞过芦苇荡，夕阳把水面染成橘色，朋友带了热茶和自己烤的红薯，"
    "我们坐在堤坝上聊了很久，回来的路上还遇到卖糖葫芦的老爷爷，给孩子带了两串"
)


def post(account: object, number: int, text: str, **more: Any) -> Row:
    at = (NOW - timedelta(minutes=number)).isoformat()
    key = {"platform": "p", "account_id": str(account), "post_id": f"{account}-{number}"}
    return {**key, "text": text, "published_at": at, **more}


def shop(number: int) -> Row:
    created = (NOW - timedelta(days=1000 + number)).isoformat()
    name = "人民曰报" if number == 3 else f"小店{number}"
    return {"platform": "p", "account_id": str(number), "name": name, "created_at": created}


def lines(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def demo_rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Row]]:
    """The rows of the demo's dataset, by kind."""
    directory = tmp_path_factory.mktemp("demo") / "dataset"
    write_demo_dataset(directory)
    return {path.stem: lines(path) for path in directory.glob("*.jsonl")}


@pytest.fixture
def nights(
    tmp_path: Path,
    demo_rows: dict[str, list[Row]],
    demo_compiled: Compiled,
    monkeypatch: pytest.MonkeyPatch,
) -> Nights:
    """The demo's accounts and a few shops that copy one another, in several slices."""
    monkeypatch.setattr(slices, "ROWS", 40)
    return Nights(town_of(tmp_path / "town", demo_rows), tmp_path, demo_compiled)


def town_of(directory: Path, rows: dict[str, list[Row]], form: str = "jsonl") -> Town:
    """A dataset of several files of posts."""
    copied = [post(n, 100 + n, SHOP if n % 2 else SHOP.replace("八点", "九点")) for n in range(7)]
    own = [post(3, 400 + n, f"{OTHER}，第{n}天") for n in range(6)]
    return Town(
        directory,
        form,
        accounts=[*rows["accounts"], *map(shop, range(8))],
        changes=list(rows.get("changes", [])),
        posts={"a": rows["posts"], "b": [*copied, *own]},
    )


Change = Callable[[Nights], None]


def nothing(nights: Nights) -> None:
    """Nothing happens."""


def a_day_passes(nights: Nights) -> None:
    """Only the time is another."""
    nights.passes(days=1)


def years_pass(nights: Nights) -> None:
    """Accounts grow older than what a guard asks for, and renamings are long past."""
    nights.passes(days=200)


def a_post_is_added(nights: Nights) -> None:
    """A file with one post."""
    nights.town.posts["c"] = [post(1, 9, "今天看诊结束，" + OTHER)]


def a_file_comes_first(nights: Nights) -> None:
    """Every slice has another number."""
    nights.town.posts["0"] = [post(5, 11, "早安")]


def a_file_is_renamed(nights: Nights) -> None:
    """The same rows under another name; a second time, under the first one again."""
    old, new = ("a", "z") if "a" in nights.town.posts else ("z", "a")
    nights.town.posts[new] = nights.town.posts.pop(old)


def a_file_is_written_in_another_order(nights: Nights) -> None:
    """The same rows in another order, and one more."""
    rows = [*nights.town.posts["b"], post(6, 12, "晚安")]
    random.Random(nights.count).shuffle(rows)
    nights.town.posts["b"] = rows


def a_file_grows(nights: Nights) -> None:
    """Two more rows at the end of a file."""
    name = max(nights.town.posts)
    more = [post(2, 300 + 2 * nights.count + n, f"{OTHER}，{nights.count}") for n in range(2)]
    nights.town.posts[name] = [*nights.town.posts[name], *more]


def posts_are_seen_more_often(nights: Nights) -> None:
    """Counts of views, which nobody judges but which stand in every row."""
    for name, rows in nights.town.posts.items():
        nights.town.posts[name] = [{**row, "views": 7 + nights.count} for row in rows]


def a_bio_is_edited(nights: Nights) -> None:
    """One profile says something else."""
    row = nights.town.accounts[2]
    nights.town.accounts[2] = {**row, "bio": "主任医师，加微信咨询", "verified": "none"}


def a_name_is_changed(nights: Nights) -> None:
    """An account that is credited by name has another one."""
    nights.town.accounts[-7] = {**nights.town.accounts[-7], "name": "新华杜"}


def an_account_goes(nights: Nights) -> None:
    """An account with findings is no more; its posts are."""
    nights.town.accounts = [row for row in nights.town.accounts if row["account_id"] != "3"]


def its_posts_go_too(nights: Nights) -> None:
    """Nothing of an account is left."""
    own = [row for row in nights.town.posts["b"] if row["account_id"] != "2"]
    nights.town.posts["b"] = own
    nights.town.accounts = [row for row in nights.town.accounts if row["account_id"] != "2"]


def a_renaming_is_recorded(nights: Nights) -> None:
    """An account was called otherwise two weeks ago."""
    at = (NOW - timedelta(days=14)).isoformat()
    key = {"platform": "p", "account_id": "3", "field": "name", "changed_at": at}
    nights.town.changes.append({**key, "before": "小店三", "after": "人民曰报"})


def a_group_of_copies_grows(nights: Nights) -> None:
    """One more member of a group, and a second group from then on."""
    more = [post(n, 20 + n, OTHER if n % 2 else OTHER + "呢") for n in range(8)]
    nights.town.posts["d"] = [post(7, 19, SHOP), *more]


def a_copy_is_edited(nights: Nights) -> None:
    """A member of a group becomes a repost."""
    rows = list(nights.town.posts["b"])
    rows[1] = {**rows[1], "text": "转自别处：" + rows[1]["text"]}
    nights.town.posts["b"] = rows


def rows_are_refused(nights: Nights) -> None:
    """A file with a row that cannot be read, and a field nobody knows."""
    good = post(4, 30, "开门了", mood="fine")
    nights.town.posts["e"] = [good, {**post(4, 31, "关门了"), "published_at": "昨天"}]


def a_key_stands_twice(nights: Nights) -> None:
    """Two rows of one post that say different things."""
    nights.town.posts["f"] = [post(1, 101, SHOP + "！"), post(0, 100, "改过的文字")]


def someone_asks_to_be_left_out(nights: Nights) -> None:
    """The list of those who asked has one more entry."""
    entry = OptOut(platform="p", account_id="4", source="a letter", as_of="2026-11-01")
    resources = nights.compiled.resources
    references = replace(resources.references, optout=(entry,))
    resources = replace(resources, references=references)
    nights.compiled = replace(nights.compiled, resources=resources)


def the_rules_change(nights: Nights) -> None:
    """Another digest of the rules."""
    ruleset = replace(nights.compiled.ruleset, sha256="0" * 64)
    nights.compiled = replace(nights.compiled, ruleset=ruleset)


CHANGES: tuple[Change, ...] = (
    nothing,
    nothing,
    a_day_passes,
    years_pass,
    a_post_is_added,
    a_file_comes_first,
    a_file_is_renamed,
    a_file_is_written_in_another_order,
    a_file_grows,
    posts_are_seen_more_often,
    a_bio_is_edited,
    a_name_is_changed,
    an_account_goes,
    its_posts_go_too,
    a_renaming_is_recorded,
    a_group_of_copies_grows,
    a_copy_is_edited,
    rows_are_refused,
    a_key_stands_twice,
    someone_asks_to_be_left_out,
)


def few(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    return tuple(change for change in changes if change in FEW)


FEW = (
    nothing,
    a_post_is_added,
    a_file_comes_first,
    a_file_is_renamed,
    a_file_grows,
    posts_are_seen_more_often,
    rows_are_refused,
)
"""Changes of files; the others are the same for files of any form."""


@pytest.mark.parametrize("form", FORMS)
def test_every_change_ends_as_a_full_run_does(
    form: str, nights: Nights, demo_rows: dict[str, list[Row]]
) -> None:
    nights.town = town_of(nights.place / form, demo_rows, form)
    nights.night()
    for change in CHANGES if form == "jsonl" else few(CHANGES):
        change(nights)
        nights.night()
    told = nights.again()
    assert told["reused_accounts"]
    assert not told["judged_accounts"]
    assert not told["new_groups"]


@given(
    form=st.sampled_from(list(FORMS)),
    chosen=st.lists(st.sampled_from(CHANGES), min_size=2, max_size=4),
)
@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_order_of_changes_ends_as_full_runs_do(
    form: str,
    chosen: list[Change],
    tmp_path_factory: pytest.TempPathFactory,
    demo_rows: dict[str, list[Row]],
    demo_compiled: Compiled,
) -> None:
    place = tmp_path_factory.mktemp("any")
    nights = Nights(town_of(place / "town", demo_rows, form), place, demo_compiled)
    for change in chosen:
        nights.night()
        change(nights)
    nights.night()


ALL = -1
"""Every account that is awake."""

# A post more changes the tallies of its account; two answers of the demo hang on the day.
JUDGED: tuple[tuple[Change, int], ...] = (
    (nothing, 0),
    (a_file_comes_first, 1),
    (a_file_is_renamed, 0),
    (a_file_is_written_in_another_order, 1),
    (a_day_passes, 2),
    (a_post_is_added, 1),
    (a_bio_is_edited, 1),
    (a_name_is_changed, 1),
    (a_renaming_is_recorded, 1),
    (its_posts_go_too, 0),
    (someone_asks_to_be_left_out, ALL),
    (the_rules_change, ALL),
)


@pytest.mark.parametrize(
    ("change", "judged"), JUDGED, ids=lambda one: getattr(one, "__name__", one)
)
def test_only_accounts_that_changed_are_judged_again(
    change: Change, judged: int, nights: Nights
) -> None:
    first = nights.night()
    assert first["reused_accounts"] == first["reused_slices"] == first["reused_groups"] == 0
    change(nights)
    told = nights.night()
    if judged == ALL:
        assert told["reused_accounts"] == told["reused_slices"] == 0
        return
    assert told["judged_accounts"] == judged
    assert told["reused_accounts"] >= first["judged_accounts"] - judged - 1
    assert told["reused_slices"]


def test_an_answer_that_time_turns_is_asked_for_anew(nights: Nights) -> None:
    first = nights.night()
    years_pass(nights)
    told = nights.night()
    assert 0 < told["judged_accounts"] < first["judged_accounts"]
    nights.now -= timedelta(days=400)
    assert nights.night()["judged_accounts"] > 0


def test_only_texts_that_never_met_are_read(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    plain = sources.write_parquet

    def counted(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
        held = list(batches)
        # The run beside it remembers nothing.
        read.extend(batch.num_rows for batch in held if "night-" in str(path))
        plain(path, schema, held)

    monkeypatch.setattr("auditor.runs.candidates.write_parquet", counted)
    nights.night()
    first = sum(read)
    read.clear()
    nights.town.posts["c"] = [post(1, 9, "早安")]
    told = nights.night()
    assert told["reused_groups"]
    assert not told["new_groups"]
    assert not sum(read)
    a_group_of_copies_grows(nights)
    told = nights.night()
    assert told["new_groups"] == 2
    assert 0 < sum(read) < first + 9


def foresee_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no night know before which texts it will compare."""
    none = f"{candidates._TEXTS_ALONE} WHERE FALSE"
    monkeypatch.setattr(candidates, "_TEXTS_ALONE", none)


def test_texts_that_nobody_foresaw_are_read_when_they_are_asked_for(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    foresee_nothing(monkeypatch)
    read: list[Path] = []
    plain = worker.text_task

    def counted(path: Path) -> None:
        read.append(path)
        plain(path)

    monkeypatch.setattr(across, "text_task", counted)
    nights.night()
    assert not read
    for change in (a_group_of_copies_grows, a_copy_is_edited, its_posts_go_too):
        change(nights)
        nights.night()
    assert read


def many(nights: Nights) -> list[Row]:
    """Posts enough for several slices; the last are few."""
    return [post(n % 7, 500 + n, f"{OTHER}，又过了{n}天") for n in range(100)]


def at_the_end(rows: list[Row], new: list[Row]) -> list[Row]:
    return [*rows, *new]


def in_front(rows: list[Row], new: list[Row]) -> list[Row]:
    return [*new, *rows]


# 42 rows a slice, as row groups hold 7.
OF_POSTS = 3
ANEW: tuple[tuple[Callable[..., list[Row]], int], ...] = ((at_the_end, 2), (in_front, 0))


@pytest.mark.parametrize(("place", "reused"), ANEW, ids=lambda one: getattr(one, "__name__", one))
def test_a_parquet_file_that_only_grew_is_read_from_where_it_grew(
    place: Callable[..., list[Row]], reused: int, nights: Nights
) -> None:
    rows = many(nights)
    nights.town.form, nights.town.posts = "parquet", {"a": rows}
    first = nights.night()
    slices = nights.again()["reused_slices"]
    nights.town.posts["a"] = place(rows, [post(1, 9, "早安")])
    told = nights.night()
    assert told["reused_slices"] == slices - OF_POSTS + reused
    assert told["judged_accounts"] == 1
    assert told["reused_accounts"] == first["judged_accounts"] - 1
    assert nights.again()["reused_slices"] == slices


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The file and the line of each post that is looked for in Parquet files, as it goes."""
    found: list[tuple[str, int]] = []
    plain = parquet.pick_parquet

    def told(path: Path, desk: Desk, only: Numbers, **more: Any) -> Iterator[pa.RecordBatch]:
        if desk.kind == "posts":
            found.extend((path.name, line) for line in only.tolist())
        return plain(path, desk, only, **more)

    monkeypatch.setattr(slices, "pick_parquet", told)
    return found


def test_what_an_account_was_judged_by_is_not_looked_for_again(
    nights: Nights, read: list[tuple[str, int]]
) -> None:
    own = [post(3, 400 + n, f"{OTHER}，第{n}天") for n in range(6)]
    nights.town.form, nights.town.posts = "parquet", {"a": [*own, post(6, 12, "晚安")]}
    nights.night()
    old = {("a.parquet", line) for line in range(1, 7)}
    # By the run that remembers nothing, and by the first night.
    assert Counter(read) == dict.fromkeys(old, 2)
    for number, name in enumerate("bcd"):
        read.clear()
        nights.town.posts[name] = [post(3, number, "早安")]
        assert nights.night()["judged_accounts"] == 1
        assert Counter(read) == dict.fromkeys(old, 1)


def test_of_groups_with_a_member_that_moved_only_that_one_is_read(
    nights: Nights, read: list[tuple[str, int]]
) -> None:
    def copies(start: int) -> list[Row]:
        return [post(start + n, 50 + n, SHOP) for n in range(4)]

    nights.town.form = "parquet"
    nights.town.posts = {"a": copies(0), "b": copies(4)}
    assert nights.night()["new_groups"] == 1
    read.clear()
    nights.town.posts["b"] = [*nights.town.posts["b"], post(6, 12, "晚安")]
    told = nights.night()
    assert (told["reused_groups"], told["new_groups"]) == (1, 0)
    asked = Counter(file for file, _ in read)
    # The run that remembers nothing read all eight.
    assert asked == {"a.parquet": 4, "b.parquet": 8}


def rows_kept(nights: Nights) -> set[str]:
    """The accounts of the rows that are kept for a later night."""
    files = nights.kept.glob("night-*/rows/*.arrow")
    batches = (batch for file in files for batch in slices.read_batches(file))
    return {key for batch in batches for key in batch.column("account_id").to_pylist()}


@pytest.mark.parametrize("change", [an_account_goes, someone_asks_to_be_left_out])
def test_rows_of_who_is_not_judged_any_more_are_not_kept(change: Change, nights: Nights) -> None:
    for who in ("3", "4"):
        nights.town.posts[f"own{who}"] = [post(who, n, f"{OTHER}，第{n}天") for n in range(6)]
    nights.night()
    assert {"3", "4"} < rows_kept(nights)
    change(nights)
    if change is an_account_goes:
        del nights.town.posts["own3"]
        nights.town.posts["b"] = [row for row in nights.town.posts["b"] if row["account_id"] != "3"]
    nights.night()
    assert ("3" if change is an_account_goes else "4") not in rows_kept(nights)
    assert rows_kept(nights)


def test_only_rows_that_are_read_again_are_numbered(nights: Nights) -> None:
    nights.town.posts["c"] = many(nights)
    nights.night()
    (path,) = nights.kept.glob("night-*/row_numbers.parquet")
    posts = [row for row in pq.read_table(path).to_pylist() if row["kind"] == "posts"]
    assert 0 < len(posts) < sum(map(len, nights.town.posts.values())) // 2


def test_counts_of_views_are_none_of_a_group(nights: Nights) -> None:
    nights.night()
    rows = [{**row, "views": 7} for row in nights.town.posts["b"]]
    nights.town.posts["b"] = rows
    told = nights.night()
    assert told["reused_groups"]
    assert not told["new_groups"]
    # They are quoted beside a finding: who is judged by these posts is judged again.
    assert told["judged_accounts"]


def test_a_damaged_file_is_told_as_without_a_memory(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights.town.form, nights.town.posts = "parquet", {"a": many(nights)}
    nights.town.write()
    path = nights.town.directory / "posts" / "a.parquet"
    data = bytearray(path.read_bytes())
    for at in range(len(data) // 2, len(data) // 2 + 300):
        data[at] ^= 0xFF
    path.write_bytes(data)
    nights.again()
    assert nights.again()["reused_slices"]

    def fails(*_: object) -> str:
        raise InputError("cannot be read", "a.parquet")

    monkeypatch.setattr(reuse, "digest_groups", fails)
    data[len(data) // 3] ^= 0xFF
    path.write_bytes(data)
    nights.again()


@pytest.mark.parametrize("sign", ["\u2028", "\x85", "\x0b", "\u001e"])
def test_ids_may_hold_what_some_take_for_the_end_of_a_line(sign: str, nights: Nights) -> None:
    rows = nights.town.posts["b"]
    nights.town.posts["b"] = [{**row, "post_id": f"{row['post_id']}{sign}x"} for row in rows]
    assert nights.night()["new_groups"]
    nights.town.posts["c"] = [post(1, 9, "早安")]
    assert nights.night()["reused_groups"]
    assert nights.again()["reused_groups"]


def test_groups_that_are_left_out_are_known_too(nights: Nights) -> None:
    petition = [post(n, 40 + n, f"{OTHER}请大家联名请愿，恳请有关部门重视") for n in range(7)]
    nights.town.posts["p"] = petition
    first = nights.night()
    assert first["new_groups"] > 1
    nights.town.posts["c"] = [post(1, 9, "早安")]
    told = nights.night()
    assert (told["new_groups"], told["reused_groups"]) == (0, first["new_groups"])
