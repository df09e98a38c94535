from __future__ import annotations

import resource
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from auditor.errors import OutputError
from auditor.model import Finding
from auditor.reports import write_findings_csv, write_findings_jsonl
from auditor.reports.files import atomic, make_directory, write_text


def test_a_failure_half_way_keeps_the_old_file_and_leaves_nothing_beside_it(
    tmp_path: Path, finding: Callable[..., Finding]
) -> None:
    path = tmp_path / "findings.csv"
    write_findings_csv(path, [finding()])
    before = path.read_bytes()

    def breaking() -> Iterator[Finding]:
        yield from (finding(finding_id=f"{n:016x}") for n in range(2000))
        raise LookupError("the source broke off")

    with pytest.raises(LookupError):
        write_findings_csv(path, breaking())
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["findings.csv"]


def test_an_interruption_leaves_nothing_either(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), atomic(tmp_path / "a.csv") as file:  # noqa: PT012
        file.write("half")
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("rows", [1, 5000])
def test_a_disk_that_is_full_is_one_error_that_names_the_file(
    tmp_path: Path, finding: Callable[..., Finding], rows: int
) -> None:
    path = tmp_path / "findings.jsonl"
    path.write_text("earlier")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (512, hard))  # Python turns SIGXFSZ into EFBIG
    try:
        with pytest.raises(OutputError) as caught:
            write_findings_jsonl(path, (finding() for _ in range(rows)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.where == str(path)
    assert caught.value.exit_code == 74
    assert path.read_text() == "earlier"
    assert [entry.name for entry in tmp_path.iterdir()] == ["findings.jsonl"]


@pytest.mark.parametrize("place", ["missing/a.csv", "file/a.csv", "/proc/a.csv", "taken"])
def test_a_place_that_cannot_be_written_is_an_output_error(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("a file where a directory is wanted")
    (tmp_path / "taken").mkdir()
    with pytest.raises(OutputError, match="cannot write") as caught:
        write_text(tmp_path / place, "text")
    assert caught.value.where == str(tmp_path / place)


def test_a_directory_under_a_file_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        make_directory(tmp_path / "file" / "sub")


def test_only_the_owner_may_read_a_report(tmp_path: Path) -> None:
    write_text(tmp_path / "a.html", "x")
    make_directory(tmp_path / "sub")
    assert stat.S_IMODE((tmp_path / "a.html").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "sub").stat().st_mode) == 0o700


def test_a_name_as_long_as_the_system_allows_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 250 + ".csv")
    write_text(path, "x")
    assert path.read_text() == "x"


def test_nothing_stays_open(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    write_text(tmp_path / "a", "x")
    with pytest.raises(OutputError):
        write_text(tmp_path / "missing" / "a", "x")
    assert len(list(Path("/proc/self/fd").iterdir())) == before
