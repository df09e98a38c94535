"""One row more for a list of one's own: what is refused, and what the file keeps."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from auditor.commands.references import add_reference, check_references
from auditor.errors import OutputError, RulesetError, UsageError
from auditor.references import SHIPPED, load_references

HEADER = "name,kind,short_names,source,as_of\n"
PAPER = ("name=云泽日报", "kind=media", "source=our desk", "as_of=2026-11")


@pytest.fixture(autouse=True)
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [key for key in os.environ if key.startswith("AUDITOR_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


def add(own: Path, *cells: str, name: str = "organisations") -> int:
    return add_reference(name, cells or PAPER, own, "json")


def written(own: Path, data: bytes) -> Path:
    own.mkdir()
    path = own / "organisations.csv"
    path.write_bytes(data)
    return path


def names(own: Path) -> list[str]:
    return [one.name for one in load_references([own]).organisations]


def test_the_first_row_makes_folder_file_and_header(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(own) == 0
    text = (own / "organisations.csv").read_text(encoding="utf-8")
    first, second = text.splitlines()
    assert first.startswith("name,kind,short_names,")
    assert first.endswith(",withdrawn")
    assert second.startswith("云泽日报,media,")
    assert "云泽日报" in capsys.readouterr().out
    assert names(own) == ["云泽日报"]


@pytest.mark.parametrize(
    "before",
    [
        HEADER.encode(),
        HEADER.encode().rstrip(),
        (HEADER + "云泽晚报,media,,desk,2026\n").encode(),
        (HEADER + "云泽晚报,media,,desk,2026").encode(),
        (HEADER + "云泽晚报,media,,desk,2026\n").replace("\n", "\r\n").encode(),
        (HEADER + "云泽晚报,media,,desk,2026\n").replace("\n", "\r").encode(),
        ("\ufeff" + HEADER + '云泽晚报,media,,"desk, second floor",2026\n').encode(),
        (HEADER + "云泽晚报,media,,desk,2026\n\n").encode(),
        b"",
        b"\n",
    ],
)
def test_a_file_keeps_every_byte_it_had(own: Path, before: bytes) -> None:
    path = written(own, before)
    standing = names(own) if before.strip() else []
    add(own)
    after = path.read_bytes()
    assert after.startswith(before.strip(b"\n") if not before.strip() else before)
    assert names(own) == [*standing, "云泽日报"]
    if b"\r" in before:
        assert after.count(b"\r\n") in (0, after.count(b"\n"))
        assert after.count(b"\r") == before.count(b"\r") + 1


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664])
def test_who_could_read_the_file_still_can(own: Path, mode: int) -> None:
    path = written(own, HEADER.encode())
    path.chmod(mode)
    add(own)
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_link_stays_a_link(own: Path, tmp_path: Path) -> None:
    target = tmp_path / "shared.csv"
    target.write_text(HEADER, encoding="utf-8")
    own.mkdir()
    (own / "organisations.csv").symlink_to(target)
    add(own)
    assert (own / "organisations.csv").is_symlink()
    assert "云泽日报" in target.read_text(encoding="utf-8")


def test_nothing_else_is_left_in_the_folder(own: Path) -> None:
    add(own)
    add(own, "name=云泽晚报", "kind=media", "source=desk", "as_of=2026")
    assert [path.name for path in own.iterdir()] == ["organisations.csv"]


@pytest.mark.parametrize("form", ["organisations.csv", "organisations.jsonl"])
def test_an_entry_is_added_once(own: Path, form: str) -> None:
    own.mkdir()
    row = '{"name": "云泽日报", "kind": "media", "source": "desk", "as_of": "2026"}\n'
    (own / form).write_text(
        HEADER + "云泽日报,media,,desk,2026\n" if form.endswith("csv") else row, encoding="utf-8"
    )
    with pytest.raises(UsageError, match="the same entry stands here") as caught:
        add(own)
    assert form in caught.value.where


def test_a_shipped_entry_may_be_replaced_and_is_named(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(own, "name=人民日报", "kind=media", "source=desk", "as_of=2026-11")
    told = capsys.readouterr().err
    assert told.startswith(f"takes the place of {SHIPPED / 'organisations.csv'}:")
    assert check_references(own, None, None, "json", everything=False) == 0


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (("name=云泽日报", "kind=media", "as_of=2026"), "source: "),
        (("name=云泽日报", "kind=media", "source=d"), "as_of: "),
        (("name=云泽日报", "kind=paper", "source=d", "as_of=2026"), "kind: "),
        (("name=云泽日报", "kind=media", "source=d", "as_of=last week"), "is no date"),
        (("name=云泽日报", "kind"), "is no column=value"),
        (("name=云泽日报", "kind= "), "is no column=value"),
        (("name=云泽日报", "colour=red"), "“colour” is unknown"),
        (("name=云泽日报", "name=云泽晚报"), "“name” is twice"),
        (("name=\u200b", "kind=media", "source=d", "as_of=2026"), "holds nothing that can be seen"),
        (("name=云泽\n日报", "kind=media", "source=d", "as_of=2026"), "cannot be seen"),
        (("name=云泽\u200b日报", "kind=media", "source=d", "as_of=2026"), "cannot be seen"),
        (("name=生活", "kind=media", "source=d", "as_of=2026"), "is a word of the dictionary"),
        (("name=朝阳", "kind=media", "source=d", "as_of=2026"), "is the name of a division"),
        (("name=云泽社", "short_names=新华社", *PAPER[1:]), "is the name in"),
    ],
)
def test_what_would_not_load_or_be_a_fault_is_refused_and_nothing_written(
    own: Path, cells: tuple[str, ...], message: str
) -> None:
    path = written(own, HEADER.encode())
    with pytest.raises(UsageError, match=message):
        add(own, *cells)
    assert path.read_bytes() == HEADER.encode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("名,kind\n".encode("gb18030"), "is not UTF-8"),
        (b"name,source,as_of\n", "has no column “kind”"),
        (HEADER.replace("kind", "colour").encode(), "has no column “kind”"),
        (HEADER.encode() + b"x\n", "has 1 cells, not 5"),
    ],
)
def test_a_file_that_does_not_load_is_left_alone(own: Path, data: bytes, message: str) -> None:
    path = written(own, data)
    with pytest.raises(UsageError, match=message):
        add(own)
    assert path.read_bytes() == data


def test_another_list_that_does_not_load_stops_the_row(own: Path) -> None:
    written(own, HEADER.encode())
    (own / "persons.csv").write_text("name\n陈\n", encoding="utf-8")
    with pytest.raises(RulesetError, match=r"persons\.csv:2: "):
        add(own)


def test_without_a_folder_of_ones_own_nothing_is_written() -> None:
    with pytest.raises(UsageError, match="name the folder of your own lists"):
        add_reference("organisations", PAPER, None, "table")
    assert not any(Path().iterdir())


def test_an_unknown_list_is_named_with_those_there_are(own: Path) -> None:
    with pytest.raises(UsageError, match="no list “bodies”; known: affixes, "):
        add(own, name="bodies")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError):
        add(tmp_path / "file" / "own")


def test_of_two_writers_none_loses_its_row(own: Path) -> None:
    papers = [f"云泽{kind}报" for kind in ("晨", "早", "晚", "夜")]

    def one(paper: str) -> int:
        return add(own, f"name={paper}", *PAPER[1:])

    with ThreadPoolExecutor(len(papers)) as pool:
        assert list(pool.map(one, papers)) == [0] * len(papers)
    assert sorted(names(own)) == sorted(papers)
