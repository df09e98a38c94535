"""The Spark session of a run: the one that is there, spark-submit's, or one on this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from pyspark import SparkConf
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from auditor.errors import UsageError
from auditor.runs.spark.faults import cause

LEAST_JAVA = 17
"""What Spark 4 needs (its documentation, "Downloading")."""

_VERSION = re.compile(r'version "(?:1\.)?(\d+)')
_LOGGING = Path(__file__).with_name("log4j2.properties").resolve()
_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseParallelGC"
"""The JVM translates its code once and quickly: to do so again and better took 95 of 352 CPU s of a
run over a million posts, and 34 of 111 over 20,000."""
_TOGETHER = "8m"
"""Small partitions are put together up to so many bytes; a table of the keys of many more does not
fit the heap of a small machine, and to sort it on the disk took five times as long."""
_ROWS = "1000"
"""Rows of a batch that Spark hands to a worker. After each row Spark asks how large it is, and
walks through every list column back to its last list that is not null (4.3, ``ArrowWriter``): of
100,000 posts without any, judging took 54 s with batches of 10,000 and takes 21 (measured)."""
_TRIES = 4
"""How often a task is tried; a worker may be killed for memory by the machine it runs on."""


def open_session(workers: int, memory_mib: int) -> SparkSession:
    """Return the session at hand; without one, start Spark on this machine with N workers.

    Raises:
        UsageError: there is no Java that Spark can run on, or it does not start.
    """
    running = SparkSession.getActiveSession()
    if running is not None:
        return running
    conf = SparkConf()
    if "PYSPARK_GATEWAY_PORT" not in os.environ:
        # Nobody submitted this: the workers run this Python, on this machine alone.
        check_java()
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        for name, value in _of_this_machine(workers, memory_mib).items():
            conf.set(name, value)
    try:
        spark = SparkSession.builder.appName("auditor").config(conf=conf).getOrCreate()
    except (PySparkException, OSError) as error:
        raise UsageError(f"Spark does not start ({cause(error)})", "--engine spark") from error
    return spark


def scratch_of(spark: SparkSession, beside: Path | None) -> str:
    """Return where the tables of a run are written: every worker must reach it.

    The checkpoint directory of the session where one is set, else ``beside`` the run, else, on one
    machine, where temporary files go.

    Raises:
        UsageError: there is no place that all workers reach.
    """
    context = spark.sparkContext
    if place := context.getCheckpointDir():
        return place
    if beside is not None:
        return f"file:{beside.resolve()}"
    if (context.master or "").startswith("local"):
        return f"file:{tempfile.gettempdir()}"
    raise UsageError("set a checkpoint directory that every worker reaches", "Spark")


def _of_this_machine(workers: int, memory_mib: int) -> dict[str, str]:
    logging = f"-Dlog4j2.configurationFile={_LOGGING.as_uri()}"
    return {
        "spark.master": f"local[{workers},{_TRIES}]",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": f"{max(memory_mib, 1024)}m",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.extraJavaOptions": f'"{logging}" {_JAVA}',
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(max(8, 8 * workers)),
        "spark.sql.adaptive.advisoryPartitionSizeInBytes": _TOGETHER,
        "spark.sql.execution.arrow.maxRecordsPerBatch": _ROWS,
        # Tables between stages go over no network here, and half of them are keys that are digests.
        "spark.sql.parquet.compression.codec": "none",
    }


def check_java() -> None:
    """Look for a Java that is new enough.

    Raises:
        UsageError: there is none.
    """
    home = os.environ.get("JAVA_HOME")
    found = str(Path(home, "bin", "java")) if home else shutil.which("java")
    needed = f"the Spark engine needs Java {LEAST_JAVA} or newer"
    if found is None or not Path(found).is_file():
        raise UsageError(f"{needed}; none is installed (JAVA_HOME, or java on the PATH)", "java")
    told = subprocess.run([found, "-version"], capture_output=True, text=True, check=False)  # noqa: S603
    version = _VERSION.search(told.stderr + told.stdout)
    if version is None or int(version.group(1)) < LEAST_JAVA:
        shown = version.group(1) if version else "an unknown version"
        raise UsageError(f"{needed}; found {shown}", found)
