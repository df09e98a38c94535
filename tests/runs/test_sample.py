"""The golden sample run stays what the program writes today, byte for byte."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from auditor.demo import write_demo_dataset
from auditor.runs.local import audit

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = (
    "findings.csv", "findings.jsonl", "accounts.csv", "clusters.csv", "coverage.csv", "rules.csv",
    "rejected.csv", "review.csv", "urgent.jsonl",
)  # fmt: skip


def test_the_sample_run_is_what_the_program_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = importlib.util.spec_from_file_location("write_sample", ROOT / "scripts/write_sample.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    monkeypatch.chdir(tmp_path)
    write_demo_dataset(script.DATASET)
    audit(script.sample_request(Path("sample")))
    for name in GOLDEN:
        written = (tmp_path / "sample" / name).read_bytes()
        kept = (ROOT / "output" / "sample" / name).read_bytes()
        assert written == kept, f"{name} changed: run make sample and read the difference"
