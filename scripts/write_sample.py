"""Writes the golden sample run in ``output/sample``: the demo's dataset at a fixed time.

A test audits the same dataset again and compares the bytes (tests/runs/test_sample.py).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from auditor.config import rulesets_directory
from auditor.demo import REFERENCES, write_demo_dataset
from auditor.runs.local import audit
from auditor.runs.request import AuditRequest

SAMPLE = Path(__file__).resolve().parent.parent / "output" / "sample"
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
DATASET = Path("demo-dataset")


def sample_request(out: Path, workers: int = 1) -> AuditRequest:
    """Return the run of the sample; the dataset is ``demo-dataset`` in the working directory."""
    shipped = rulesets_directory()
    return AuditRequest(
        out=out,
        now=NOW,
        rules=(shipped,),
        references=(shipped / "references", REFERENCES),
        dataset=DATASET,
        run_id="sample",
        workers=workers,
        command=("audit", str(DATASET), "--run-id", "sample"),
    )


def write_sample() -> None:
    """Replace the sample run."""
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        write_demo_dataset(DATASET)
        out = Path("sample")
        summary = audit(sample_request(out))
        shutil.rmtree(SAMPLE, ignore_errors=True)
        shutil.copytree(out, SAMPLE)
        for path in SAMPLE.iterdir():
            path.chmod(0o644)
    print(f"{summary.counts.get('findings', 0)} findings in {SAMPLE}")


if __name__ == "__main__":
    write_sample()
