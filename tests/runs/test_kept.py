"""What is kept between nights: whose it is, what is done when it is broken, and when it is full."""

from __future__ import annotations

import errno
import json
import logging
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor import rules
from auditor.errors import LockedError, OutputError, UsageError
from auditor.rules import Compiled
from auditor.rules.examples import NOW
from auditor.runs import across, identity, kept, stages, worker
from auditor.runs.local import audit
from auditor.runs.work import locked
from auditor.sources import slices
from tests.conftest import Auditor
from tests.runs.doors import request_for
from tests.runs.nights import Nights, Town, tables_of
from tests.runs.test_nights import SHOP, foresee_nothing, post, shop


@pytest.fixture
def nights(tmp_path: Path, compiled: Compiled, monkeypatch: pytest.MonkeyPatch) -> Nights:
    """A few shops that copy one another, one of them with a paper's name."""
    monkeypatch.setattr(slices, "ROWS", 4)
    posts = [post(n, 100 + n, SHOP if n % 2 else SHOP.replace("八点", "九点")) for n in range(7)]
    town = Town(tmp_path / "town", accounts=[shop(n) for n in range(8)], posts={"a": posts})
    return Nights(town, tmp_path, compiled)


def files_of(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def replaced_by_a_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


BROKEN: tuple[tuple[str, Callable[[Path], None]], ...] = (
    ("state.json", truncated),
    ("state.json", emptied),
    ("state.json", replaced_by_a_directory),
    ("night-*/manifest.json", replaced_by_a_directory),
    ("night-*/accounts.parquet", replaced_by_a_directory),
    ("night-*/manifest.json", truncated),
    ("night-*/manifest.json", flipped),
    ("night-*/accounts.parquet", flipped),
    ("night-*/pairs.parquet", Path.unlink),
    ("night-*/groups.parquet", truncated),
    ("night-*/listed.parquet", emptied),
    ("night-*/screen/*/post_facts.parquet", flipped),
    ("night-*/screen/*/rejected.jsonl", Path.unlink),
    ("night-*/read/*/*.arrow", truncated),
    ("night-*/rows/*.arrow", flipped),
)


@pytest.mark.parametrize(("name", "breaks"), BROKEN)
def test_what_is_broken_is_said_once_and_everything_is_done(
    name: str,
    breaks: Callable[[Path], None],
    nights: Nights,
    caplog: pytest.LogCaptureFixture,
) -> None:
    nights.night()
    breaks(min(nights.kept.glob(name)))
    told = nights.night()
    assert (told["reused_accounts"], told["reused_slices"]) == (0, 0)
    (line,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert "is not used" in line.getMessage()
    assert nights.night()["reused_accounts"] > 0


IN_THE_WAY: tuple[tuple[str, Callable[[Path], object]], ...] = (
    ("next.part", Path.touch),
    ("next.part", Path.mkdir),
    ("state.json.part", Path.mkdir),
    ("night-²", Path.mkdir),
    ("night-²", Path.touch),
    (f"night-{'9' * 240}", Path.mkdir),
)


@pytest.mark.parametrize(("name", "stands"), IN_THE_WAY)
def test_what_stands_in_the_way_of_the_next_night_goes(
    name: str, stands: Callable[[Path], object], nights: Nights
) -> None:
    nights.night()
    stands(nights.kept / name)
    assert nights.night()["reused_accounts"] > 0
    assert {path.name for path in nights.kept.iterdir()} == {"state.json", "night-000002"}


def test_a_place_that_takes_nothing_is_told_before_the_work(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights.night()
    plain = os.mkdir

    def refuses(path: str | Path, mode: int = 0o777) -> None:
        if Path(path).parent == nights.kept:
            raise OSError(errno.EROFS, "Read-only file system")
        plain(path, mode)

    monkeypatch.setattr(os, "mkdir", refuses)
    with pytest.raises(OutputError, match="Read-only"):
        nights.night()
    assert not list((nights.place / "night-3").iterdir())


@pytest.mark.parametrize(
    "text", ["[]", "3", '{"night": 3, "sha256": ""}', '{"night": "../.."}', "{"]
)
def test_a_pointer_of_any_shape_is_no_traceback(text: str, nights: Nights) -> None:
    nights.night()
    (nights.kept / "state.json").write_text(text, encoding="utf-8")
    assert nights.night()["reused_slices"] == 0


def test_what_another_program_or_other_rules_left_is_not_used_and_one_line_says_why(
    nights: Nights, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO)
    nights.night()
    ruleset = replace(nights.compiled.ruleset, sha256="0" * 64)
    nights.compiled = replace(nights.compiled, ruleset=ruleset)
    assert nights.night()["reused_slices"] == 0
    monkeypatch.setattr(identity, "_libraries", lambda: "numpy 0")
    assert nights.night()["reused_slices"] == 0
    assert nights.night(timezone="Asia/Shanghai")["reused_slices"] == 0
    said = [r.getMessage() for r in caplog.records if "is not used" in r.getMessage()]
    assert [line.rpartition(": other ")[2] for line in said] == ["rules", "libraries", "time zone"]


def test_two_runs_cannot_hold_it(nights: Nights) -> None:
    nights.town.write()
    out = nights.place / "run"
    request = request_for(nights.compiled, nights.town.directory, out, kept=nights.kept)
    with locked(nights.kept), pytest.raises(LockedError, match="another run"):
        audit(request)


def test_a_directory_with_other_files_is_refused_and_left_alone(nights: Nights) -> None:
    nights.kept.mkdir()
    (nights.kept / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="other files"):
        nights.night()
    assert [path.name for path in nights.kept.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("place", ["town", "town/kept", "night-1/kept", "."])
def test_it_lies_apart_from_the_dataset_and_the_run(place: str, nights: Nights) -> None:
    nights.town.write()
    out, where = nights.place / "night-1", nights.place / place
    request = request_for(nights.compiled, nights.town.directory, out, kept=where)
    with pytest.raises(UsageError, match="apart"):
        audit(request)


def test_only_its_owner_may_look_inside(nights: Nights) -> None:
    nights.night()
    assert nights.kept.stat().st_mode & 0o777 == 0o700


STAGES: tuple[tuple[object, str], ...] = (
    (stages, "lay_down_task"),
    (stages, "screen_task"),
    (stages, "fetch_task"),
    (stages, "judge_task"),
    (across, "text_task"),
    (across, "copied_task"),
)


def changed(nights: Nights) -> None:
    nights.town.posts["b"] = [post(7, 9, SHOP.replace("包邮", "顺丰")), post(3, 10, "早安")]


@pytest.mark.parametrize(("module", "stage"), STAGES)
def test_a_killed_night_leaves_what_is_kept_and_goes_on(
    module: object, stage: str, nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    if stage == "text_task":
        foresee_nothing(monkeypatch)
    nights.night()
    before = files_of(nights.kept)
    changed(nights)
    nights.town.write()
    out, whole = nights.place / "again", nights.place / "whole"
    plain = getattr(worker, stage)

    def dies_after(path: Path) -> None:
        plain(path)
        raise KeyboardInterrupt

    def night() -> Path:
        request = request_for(nights.compiled, nights.town.directory, out, kept=nights.kept)
        return audit(request).run_directory

    with monkeypatch.context() as patch:
        patch.setattr(module, stage, dies_after)
        with pytest.raises(KeyboardInterrupt):
            night()
    assert files_of(nights.kept) == before
    # Another run comes between: the killed one goes on with what it took.
    audit(request_for(nights.compiled, nights.town.directory, nights.place / "b", kept=nights.kept))
    audit(request_for(nights.compiled, nights.town.directory, whole))
    assert tables_of(night()) == tables_of(whole)


def test_a_night_resumed_with_other_libraries_leaves_what_it_began_with(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights.town.write()
    request = request_for(
        nights.compiled, nights.town.directory, nights.place / "run", kept=nights.kept
    )

    def dies(path: Path) -> None:
        raise KeyboardInterrupt(path)

    with monkeypatch.context() as patch:
        patch.setattr(stages, "judge_task", dies)
        with pytest.raises(KeyboardInterrupt):
            audit(request)
    with monkeypatch.context() as patch:
        patch.setattr(identity, "_libraries", lambda: "numpy 0")
        audit(request)
        assert nights.again()["reused_slices"] == 0


MOMENTS: tuple[tuple[object, str], ...] = (
    (kept.Next, "replace"),
    (kept.Next, "add"),
    (kept, "write_whole"),
)


@pytest.mark.parametrize(("module", "name"), MOMENTS)
@pytest.mark.parametrize("error", [KeyboardInterrupt(), OutputError("No space left", "kept")])
def test_a_night_killed_while_it_keeps_is_resumed_and_nothing_is_half_there(
    error: BaseException,
    module: object,
    name: str,
    nights: Nights,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nights.night()
    before = files_of(nights.kept)
    changed(nights)
    nights.town.write()
    out = nights.place / "again"

    def fails(*_: object) -> None:
        raise error

    request = request_for(nights.compiled, nights.town.directory, out, kept=nights.kept)
    with monkeypatch.context() as patch:
        patch.setattr(module, name, fails)
        with pytest.raises(type(error)):
            audit(request)
    after = files_of(nights.kept)
    assert {name: after[name] for name in before} == before
    audit(request)
    assert {path.name for path in nights.kept.iterdir()} == {"state.json", "night-000002"}
    assert nights.again()["judged_accounts"] == 0


def test_an_input_that_changed_under_the_run_is_not_kept(
    nights: Nights, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    nights.town.write()
    plain: Callable[[Path], None] = worker.judge_task

    def touches(path: Path) -> None:
        (nights.town.directory / "posts" / "a.jsonl").touch()
        plain(path)

    monkeypatch.setattr(stages, "judge_task", touches)
    out = nights.place / "run"
    audit(request_for(nights.compiled, nights.town.directory, out, kept=nights.kept))
    assert not (nights.kept / "state.json").exists()
    assert "changed while" in caplog.text


def test_without_it_nothing_is_told_of_it(nights: Nights) -> None:
    nights.town.write()
    out = nights.place / "run"
    audit(request_for(nights.compiled, nights.town.directory, out))
    counts = json.loads((out / "run.json").read_text(encoding="utf-8"))["counts"]
    assert not [name for name in counts if name.startswith("reused")]


def test_an_account_that_failed_is_tried_again(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights.town.write()
    plain = rules.evaluate

    def fails(*given: Any) -> Any:
        if given[1].account.key == "p:3":
            raise ValueError("broken on purpose")
        return plain(*given)

    with monkeypatch.context() as patch:
        patch.setattr("auditor.runs.judging.evaluate", fails)
        nights.again()
        assert nights.again()["judged_accounts"] == 1
    assert nights.again()["judged_accounts"] == 1
    assert nights.again()["judged_accounts"] == 0


def test_a_command_line_names_it(auditor: Auditor, nights: Nights) -> None:
    nights.town.write()
    town, now = str(nights.town.directory), NOW.isoformat()
    words = ["audit", town, "--now", now, "--run-id", "r", "--workers", "2", "--out"]
    whole = auditor(*words, "whole")
    first = auditor(*words, "first", AUDITOR_KEPT=str(nights.kept))
    second = auditor(*words, "second", "--kept", str(nights.kept))
    assert [run.returncode for run in (whole, first, second)] == [0, 0, 0]
    assert "0 accounts judged" in second.stderr
    runs = [tables_of(nights.place / name) for name in ("whole", "first", "second")]
    assert runs[0] == runs[1] == runs[2]
