"""Workers that die: their partition is done again, and a run that cannot go on says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from auditor.errors import AuditorError
from auditor.runs.pool import Work, Workers


def no_setup() -> None:
    """Nothing to prepare."""


def dies_once(path: Path) -> None:
    """Work that kills its own process the first time it is asked."""
    marker = path / "died"
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    (path / "done").touch()


def always_dies(path: Path) -> None:
    """Work that kills its own process every time."""
    del path
    os.kill(os.getpid(), signal.SIGKILL)


def refuses(path: Path) -> None:
    """Work that raises, as a partition on a full disk does."""
    raise AuditorError("cannot be written", path.name)


def refuses_beside_another(path: Path) -> None:
    """Work of which one raises while the other, which takes minutes, has begun."""
    (path / "begun").write_text(str(os.getpid()))
    if path.name != "part-0":
        time.sleep(300)
    while not (path.with_name("part-1") / "begun").exists():
        time.sleep(0.01)
    raise AuditorError("cannot be written", path.name)


def run(paths: list[Path], work: Work) -> list[Path]:
    with Workers(no_setup, (), 2) as workers:
        return list(workers.run(paths, work))


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    made = [tmp_path / f"part-{number}" for number in range(3)]
    for path in made:
        path.mkdir()
    return made


def test_a_killed_worker_costs_a_retry_and_no_partition(paths: list[Path]) -> None:
    one, *others = paths
    for path in others:
        (path / "died").touch()
    done = run(paths, dies_once)
    assert (one / "died").exists()
    assert all((path / "done").exists() for path in paths)
    assert set(done) <= set(paths)


def test_workers_that_keep_dying_end_the_run_with_one_line(paths: list[Path]) -> None:
    with pytest.raises(AuditorError, match="died"):
        run(paths, always_dies)


def test_a_fault_of_the_work_reaches_the_caller(paths: list[Path]) -> None:
    with pytest.raises(AuditorError, match="cannot be written"):
        run(paths, refuses)


@pytest.mark.parametrize("inside", [True, False], ids=["by hand", "by leaving"])
def test_an_error_ends_the_others_at_once_and_nothing_of_the_pool_is_left(
    paths: list[Path], *, inside: bool
) -> None:
    before = threading.enumerate()

    def refused() -> None:
        with Workers(no_setup, (), 2) as workers:
            try:
                list(workers.run(paths[:2], refuses_beside_another))
            except AuditorError:
                if inside:
                    workers.end()
                    assert not is_there(paths[1])
                raise

    with pytest.raises(AuditorError, match="cannot be written"):
        refused()
    assert not is_there(paths[1])
    # A thread that ends while Python does writes a traceback on standard error.
    assert threading.enumerate() == before


def is_there(path: Path) -> bool:
    try:
        os.kill(int((path / "begun").read_text()), 0)
    except ProcessLookupError:
        return False
    return True


def test_processes_that_were_ended_are_begun_anew_for_more_work(paths: list[Path]) -> None:
    with Workers(no_setup, (), 2) as workers:
        list(workers.run(paths, writes_its_number))
        first = {number_of(path) for path in paths}
        workers.end()
        list(workers.run(paths, writes_its_number))
        assert not first & {number_of(path) for path in paths}


def test_processes_stay_for_the_next_stage(paths: list[Path]) -> None:
    with Workers(no_setup, (), 2) as workers:
        first = [number_of(path) for path in workers.run(paths, writes_its_number)]
        (again,) = [number_of(path) for path in workers.run(paths[:1], writes_its_number)]
        assert os.getpid() not in (*first, again)
        # A third process would be a pool begun anew.
        assert len({*first, again}) <= 2


def number_of(path: Path) -> int:
    return int((path / "number").read_text())


def writes_its_number(path: Path) -> None:
    """Work that tells which process did it."""
    (path / "number").write_text(str(os.getpid()))


FORKED = """
import sys, threading
from pathlib import Path
from auditor.runs.pool import Workers

made = []

def prepare() -> None:
    made.append(len(made))

def tells(path: Path) -> None:
    path.write_text(f"{len(made)}")

def run(*names: str) -> None:
    prepare()
    with Workers(prepare, (), 2) as workers:
        list(workers.run([Path(name) for name in names], tells))

if __name__ == "__main__":
    if sys.argv[1] == "beside":
        held = threading.Event()
        threading.Thread(target=held.wait, daemon=True).start()
    run(*sys.argv[2:])
"""


@pytest.mark.parametrize(("threads", "prepared"), [("alone", "2"), ("beside", "1")])
def test_workers_have_what_was_prepared_unless_another_thread_forbids_a_fork(
    tmp_path: Path, threads: str, prepared: str
) -> None:
    script = tmp_path / "forked.py"
    script.write_text(FORKED)
    tasks = [tmp_path / str(number) for number in range(4)]
    subprocess.run(
        [sys.executable, "-W", "error", str(script), threads, *map(str, tasks)],
        check=True,
        timeout=60,
    )
    assert [task.read_text() for task in tasks] == [prepared] * 4


KILLED = """
import os, signal, sys
from pathlib import Path
from auditor.runs.pool import Workers

PARENT = Path(sys.argv[1])

def prepare() -> None:
    # The forked ones die before any work; those that are spawned in their place live.
    if PARENT.exists() and PARENT.read_text() == str(os.getppid()) and FORKED:
        os.kill(os.getpid(), signal.SIGKILL)

def tells(path: Path) -> None:
    path.write_text("done")

FORKED = __name__ == "__main__"
if FORKED:
    PARENT.write_text(str(os.getpid()))
    with Workers(prepare, (), 2) as workers:
        list(workers.run([Path(name) for name in sys.argv[2:]], tells))
"""


def test_forked_workers_that_die_at_once_are_spawned_when_there_is_work(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    tasks = [tmp_path / str(number) for number in range(3)]
    subprocess.run(
        [sys.executable, "-W", "error", str(script), str(tmp_path / "pid"), *map(str, tasks)],
        check=True,
        timeout=60,
    )
    assert [task.read_text() for task in tasks] == ["done"] * 3
