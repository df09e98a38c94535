"""A cluster of two workers on loopback, of which one is killed while the run goes on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pyspark
import pytest

import auditor
from auditor.demo import REFERENCES
from auditor.runs.local import audit
from tests.runs.spark.conftest import NOW, request_for
from tests.runs.spark.test_same_bytes import told

pytestmark = [pytest.mark.xdist_group("spark"), pytest.mark.timeout(900)]

HOME = Path(pyspark.__file__).parent
HOST = "127.0.0.1"
SECONDS = 600


@contextmanager
def started(log: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process with all that it starts; at the end none of it is left."""
    environment = {
        **os.environ,
        "SPARK_LOCAL_IP": HOST,
        "SPARK_HOME": str(HOME),
        "PYTHONPATH": str(Path(auditor.__file__).parent.parent),
    }
    with log.open("wb") as file:
        process = subprocess.Popen(
            words, stdout=file, stderr=file, env=environment, start_new_session=True
        )
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until(what: Callable[[], bool], seconds: int = SECONDS) -> None:
    """Wait for something, in small steps."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as one:
        one.bind((HOST, 0))
        port: int = one.getsockname()[1]
    return port


@contextmanager
def cluster(logs: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A standalone master with two workers of one core; its address, and the workers."""
    port = free_port()
    address = f"spark://{HOST}:{port}"
    launch, package = str(HOME / "bin" / "spark-class"), "org.apache.spark.deploy"
    ui = ("--webui-port", "0", "--host", HOST)
    with ExitStack() as stack:
        master = (launch, f"{package}.master.Master", "--port", str(port), *ui)
        stack.enter_context(started(logs / "master.log", *master))
        until(lambda: "I have been elected leader" in (logs / "master.log").read_text())
        workers = []
        for name in ("one", "two"):
            size = ("--cores", "1", "--memory", "1g", "--work-dir", str(logs / name))
            worker = (launch, f"{package}.worker.Worker", *ui, *size, address)
            workers.append(stack.enter_context(started(logs / f"{name}.log", *worker)))
        text = "Registering worker"
        until(lambda: (logs / "master.log").read_text().count(text) == 2)
        yield address, workers


@pytest.mark.usefixtures("java")
def test_a_killed_worker_costs_a_retry_and_changes_no_byte(dataset: Path, tmp_path: Path) -> None:
    here = audit(request_for(tmp_path / "here", dataset=dataset))
    there, scratch = tmp_path / "there", tmp_path / "scratch"
    settings = {
        "spark.pyspark.python": sys.executable,
        "spark.driver.host": HOST,
        "spark.driver.memory": "1g",
        "spark.executor.memory": "768m",
        "spark.executor.cores": "1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.local.dir": str(tmp_path / "local"),
        "spark.checkpoint.dir": str(tmp_path / "scratch"),
    }
    with cluster(tmp_path) as (address, workers):
        words = [str(HOME / "bin" / "spark-submit"), "--master", address]
        for name, value in settings.items():
            words += ["--conf", f"{name}={value}"]
        words += [str(Path(auditor.__file__).parent / "__main__.py"), "audit", str(dataset)]
        words += ["--engine", "spark", "--out", str(there), "--run-id", "test"]
        words += ["--now", NOW.isoformat(), "--references", str(REFERENCES)]
        with started(tmp_path / "submit.log", *words) as run:
            # Both workers have screened by then, and have written what the others read.
            until(lambda: run.poll() is not None or any(scratch.glob("*/auditor_*/own_copies")))
            assert run.poll() is None, (tmp_path / "submit.log").read_text()
            kill(workers[0])
            assert run.wait(SECONDS) == here.exit_code, (tmp_path / "submit.log").read_text()
        log = (tmp_path / "submit.log").read_text()
    assert "Lost executor" in log
    assert list(scratch.rglob("auditor_*")) == []
    assert told(there) == told(here.run_directory)
