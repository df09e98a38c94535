from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from auditor.errors import RulesetError
from auditor.references import ABSENT, LISTS, SHIPPED, References, load_references

ORGANISATIONS = "name,kind,short_names,source,as_of,valid_until,withdrawn\n"
SOURCE = "hand,2026-01"


@pytest.fixture(scope="module")
def shipped() -> References:
    return load_references([SHIPPED])


def write(directory: Path, name: str, text: str) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / name
    path.write_text(text, encoding="utf-8")
    return path


def faults(*directories: Path) -> list[str]:
    with pytest.raises(RulesetError) as caught:
        load_references(directories)
    return caught.value.message.splitlines()


def test_the_shipped_lists_load_and_say_where_they_come_from(shipped: References) -> None:
    infos = {info.name: info for info in shipped.lists}
    assert set(infos) == {*LISTS, *ABSENT}
    for name in ("organisations", "divisions", "divisions_former", "organ_words", "affixes"):
        assert infos[name].state == "loaded"
        assert infos[name].entries > 500
        assert len(infos[name].sha256) == 64
        assert infos[name].source
        assert infos[name].as_of <= infos[name].version
    assert infos["glyphs"].entries > 3_000
    assert infos["events"].state == "absent"
    assert infos["persons"].state == "absent"
    assert shipped.version == "2026-11"


def test_every_shipped_row_has_a_source_and_a_date(shipped: References) -> None:
    assert all(one.source and one.as_of for one in shipped.organisations)
    assert len({one.reference_id for one in shipped.organisations}) == len(shipped.organisations)


def test_the_divisions_are_those_of_the_ministry(shipped: References) -> None:
    levels = [division.level for division in shipped.divisions]
    counts = {level: levels.count(level) for level in ("province", "city", "county")}
    assert counts == {"province": 34, "city": 333, "county": 2845}
    assert len({d.code for d in shipped.divisions if d.code}) == sum(counts.values())


def test_loading_twice_gives_the_same_value(shipped: References) -> None:
    assert load_references([SHIPPED]) == shipped


def test_an_overlay_replaces_a_row_of_the_same_kind_and_name(tmp_path: Path) -> None:
    base, over = tmp_path / "base", tmp_path / "over"
    write(base, "organisations.csv", f"{ORGANISATIONS}云泽日报,media,,{SOURCE},,\n")
    write(
        over,
        "organisations.csv",
        ORGANISATIONS
        + f"云泽日报,media,云报 | 云泽报,desk,2026-02,,\n云泽日报,group,,{SOURCE},,\n",
    )
    loaded = load_references([base, over]).organisations
    assert [(one.kind, one.short_names, one.source) for one in loaded] == [
        ("media", ("云报", "云泽报"), "desk"),
        ("group", (), "hand"),
    ]


@pytest.mark.parametrize("word", ["yes", "true", "1", "2026-03-01"])
def test_a_withdrawn_row_is_out_and_takes_the_shipped_row_with_it(
    tmp_path: Path, word: str
) -> None:
    base, over = tmp_path / "base", tmp_path / "over"
    write(base, "organisations.csv", f"{ORGANISATIONS}云泽日报,media,,{SOURCE},,\n")
    write(over, "organisations.csv", f"{ORGANISATIONS}云泽日报,media,,{SOURCE},,{word}\n")
    assert load_references([base, over]).organisations == ()


@pytest.mark.parametrize(("on", "kept"), [(None, 1), (date(2026, 5, 31), 1), (date(2026, 6, 1), 0)])
def test_a_row_counts_up_to_its_last_day(tmp_path: Path, on: date | None, kept: int) -> None:
    write(tmp_path, "organisations.csv", f"{ORGANISATIONS}云泽日报,media,,{SOURCE},2026-05-31,\n")
    assert len(load_references([tmp_path], on=on).organisations) == kept


def test_all_faults_come_at_once_with_file_and_line(tmp_path: Path) -> None:
    first = write(
        tmp_path,
        "organisations.csv",
        "name,kind,colour,source,as_of\n"
        "云泽日报,media,red,hand,2026-01\n"
        "云泽晚报,newspaper,,hand,2026-01\n"
        "云泽早报,media,,,last week\n",
    )
    second = write(
        tmp_path,
        "works.jsonl",
        '{"id": "1", "text": "床前明月光", "source": "public domain", "as_of": "2026"}\n'
        "{broken\n"
        '["a list"]\n'
        '{"id": "1", "text": "疑是地上霜", "source": "public domain", "as_of": "2026"}\n',
    )
    found = faults(tmp_path)
    assert [line.split(": ")[0] for line in found] == [
        f"{first}:1",
        f"{first}:3",
        f"{first}:4",
        f"{first}:4",
        f"{second}:2",
        f"{second}:3",
        f"{second}:4",
    ]
    assert "“colour” is unknown" in found[0]
    assert "as_of: is no date" in "".join(found[2:4])
    assert found[-1].endswith("the same entry stands in line 1")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("organisations.csv", "名".encode("gb18030"), "is not UTF-8"),
        ("organisations.csv", b"name,kind\n\x00", "holds a NUL"),
        ("organisations.csv", b'name,kind\n"open', "is no CSV"),
        ("organisations.csv", b"name,name\n", "is twice"),
        ("organisations.csv", b"name,kind,source,as_of\na,media\n", "has 2 cells, not 4"),
        ("organisation.csv", b"name\n", "is no list of this program"),
        ("works.jsonl", b'{"id": "1", "colour": 1}\n', "field “colour” is unknown"),
    ],
)
def test_a_broken_file_is_one_clear_line(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(data)
    found = faults(tmp_path)
    assert message in found[0]
    assert str(tmp_path / name) in found[0]


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    assert faults(tmp_path / "none") == [
        f"{tmp_path / 'none'}: is no directory; name the folder that holds the lists"
    ]


def test_a_byte_order_mark_and_line_breaks_in_cells_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "works.csv").write_text(
        'id,text,source,as_of\n1,"床前\n明月光",public domain,2026\n', encoding="utf-8-sig"
    )
    (tmp_path / "optout.jsonl").write_text(
        json.dumps({"platform": "weibo", "account_id": "7", "source": "form", "as_of": "2026-10"}),
        encoding="utf-8-sig",
    )
    loaded = load_references([tmp_path])
    assert loaded.works[0].text == "床前\n明月光"
    assert loaded.optout[0].account_id == "7"


def test_the_line_of_a_fault_after_a_multi_line_cell_is_the_rows_own(tmp_path: Path) -> None:
    path = write(tmp_path, "works.csv", 'id,text,source,as_of\n1,"a\nb",hand,2026\n2,c,hand,soon\n')
    assert faults(tmp_path) == [f"{path}:4: as_of: is no date; write YYYY, YYYY-MM or YYYY-MM-DD"]


def test_persons_need_consent_when_they_are_private(tmp_path: Path) -> None:
    header = "name,aliases,kind,consent_ref,known_accounts,source,as_of\n"
    path = write(
        tmp_path,
        "persons.csv",
        f"{header}林某,阿林,private,,weibo:1,{SOURCE}\n"
        f"陈某,,official,,weibo-2,{SOURCE}\n"
        f"周某,,private,file 12,weibo:3 | wechat:4,{SOURCE}\n"
        f"云泽公司,,organisation,,,{SOURCE}\n",
    )
    found = faults(tmp_path)
    assert [line.split(": ")[0] for line in found] == [f"{path}:2", f"{path}:3", f"{path}:5"]
    assert "needs consent_ref" in found[0]
    assert "write platform:id" in found[1]


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("closed_accounts", "platform=weibo account_id=1 name=a closed_at=2026"),
        ("registry", "profession=lawyer name=李某 number=1 coverage=one-city"),
    ],
)
def test_the_other_lists_load_as_values(tmp_path: Path, name: str, row: str) -> None:
    cells = dict(cell.split("=") for cell in row.split())
    line = json.dumps({**cells, "source": "register", "as_of": "2026-01"}, ensure_ascii=False)
    write(tmp_path, f"{name}.jsonl", line)
    loaded = load_references([tmp_path])
    assert len(getattr(loaded, name)) == 1
    assert next(info for info in loaded.lists if info.name == name).entries == 1


def test_a_list_that_is_not_read_yet_is_reported_and_not_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "archive.jsonl", "{}\n")
    info = next(info for info in load_references([tmp_path]).lists if info.name == "archive")
    assert (info.state, info.entries) == ("not_read", 0)
    assert len(info.sha256) == 64


def test_the_digest_follows_the_bytes_of_every_layer(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    text = f"{ORGANISATIONS}云泽日报,media,,{SOURCE},,\n"
    write(one, "organisations.csv", text)
    write(two, "organisations.csv", text.replace("日报", "晚报"))
    digests = {load_references(layers).sha256 for layers in ([one], [two], [one, two], [two, one])}
    assert len(digests) == 4
    assert load_references([one]).sha256 == load_references([one]).sha256


EVENT: dict[str, object] = {
    "event_id": "ev-1",
    "name": "榕江桥垮塌",
    "kind": "accident",
    "starts_at": "2026-11-01",
    "ends_at": "2026-11-30",
    "added_by": "a",
    "approved_by": "b",
    "source": "desk",
    "as_of": "2026-11-01",
}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"kind": "policy"}, "kind"),
        ({"kind": "protest"}, "kind"),
        ({"approved_by": None}, "approved_by"),
        ({"approved_by": " A "}, "a second person approves"),
        ({"ends_at": "2027-01-31"}, "longer than 90 days"),
        ({"ends_at": "2026-10-31"}, "before starts_at"),
        ({"starts_at": "2026-11-01T08:00:00"}, "starts_at"),
        ({"starts_at": "2026-02-31"}, "starts_at"),
        ({"event_id": "a b"}, "event_id"),
    ],
)
def test_an_event_is_of_a_listed_kind_short_and_approved_by_another(
    tmp_path: Path, given: dict[str, object], message: str
) -> None:
    write(tmp_path, "events.jsonl", json.dumps({**EVENT, **given}) + "\n")
    found = faults(tmp_path)
    assert len(found) == 1
    assert message in found[0]
    assert found[0].startswith(f"{tmp_path / 'events.jsonl'}:1: ")


def test_an_event_may_end_with_the_calendar(tmp_path: Path) -> None:
    given = {**EVENT, "starts_at": "9999-12-30T00:00:00Z", "ends_at": "9999-12-31T20:00:00Z"}
    write(tmp_path, "events.jsonl", json.dumps(given) + "\n")
    assert len(load_references([tmp_path], on=date(9999, 12, 31)).events) == 1


@pytest.mark.parametrize(
    ("day", "entries"),
    [
        (None, 1),
        (date(2026, 11, 1), 1),
        (date(2026, 11, 30), 1),
        (date(2026, 10, 31), 0),
        (date(2026, 12, 1), 0),
    ],
)
def test_an_event_is_in_force_on_its_days(tmp_path: Path, day: date | None, entries: int) -> None:
    given = {**EVENT, "aliases": ["榕江桥事故"], "ends_at": "2026-11-30T20:00:00+08:00"}
    write(tmp_path, "events.jsonl", json.dumps(given) + "\n")
    assert len(load_references([tmp_path], on=day).events) == entries


def test_a_closed_account_may_keep_its_avatar(tmp_path: Path) -> None:
    write(
        tmp_path,
        "closed_accounts.csv",
        f"platform,account_id,name,bio,avatar,closed_at,source,as_of\np,1,阿,乙,a.png,2026-10,{SOURCE}\n",
    )
    assert load_references([tmp_path]).closed_accounts[0].avatar == "a.png"
