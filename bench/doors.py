"""``python -m bench.doors DIR``: both doors over a whole dataset give the same findings.

A run audits the dataset; then every account, with all its posts, goes through ``evaluate`` by
itself. A million posts take some minutes.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from auditor.config import load_settings, reference_directories, rule_directories
from auditor.model import Dossier, Finding
from auditor.reports import (
    read_accounts_csv,
    read_findings_jsonl,
    read_rules_csv,
    write_findings_jsonl,
)
from auditor.rules import Judgement, evaluate, known_names
from auditor.runs.local import audit
from auditor.runs.request import AuditRequest
from auditor.runs.worker import compiled_of
from auditor.sources import dossiers_of, open_dataset, read_partition, write_partitions
from bench.suite import NOW

_PARTS = 16
_TOGETHER = 256


def dossiers(dataset: Path, work: Path) -> Iterator[Dossier]:
    """Yield every account of a dataset with all its posts; 16 parts keep memory flat."""
    for part in write_partitions(open_dataset(dataset), work, _PARTS, print):
        for columns in read_partition(part, print):
            yield from dossiers_of(columns)


def judgements(request: AuditRequest, work: Path) -> Iterator[tuple[Dossier, Judgement]]:
    """Yield what ``evaluate`` says of each account by itself."""
    if request.dataset is None:
        raise SystemExit("no dataset")
    compiled = compiled_of(request)
    everyone = dossiers(request.dataset, work)
    while some := list(islice(everyone, _TOGETHER)):
        names = known_names(compiled, some)
        for dossier in some:
            yield dossier, evaluate(compiled, dossier, request.now, names)


def read_findings(path: Path) -> dict[str, Finding]:
    """Return the findings of a file by id."""
    return {finding.finding_id: finding for finding in read_findings_jsonl(path)}


def differences(request: AuditRequest, work: Path) -> int:
    """Audit, judge one by one, print what was compared; return how much differs."""
    run = audit(request).run_directory
    batch = read_findings(run / "findings.jsonl")
    rows = {row.account_id: row for row in read_accounts_csv(run / "accounts.csv")}
    found: list[Finding] = []
    told: Counter[str] = Counter()
    accounts = posts = differ = 0
    for dossier, judged in judgements(request, work):
        accounts, posts = accounts + 1, posts + len(dossier.posts)
        found += (one.model_copy(update={"run_id": request.run_id}) for one in judged.findings)
        told.update(judged.open)
        row = rows[dossier.account.key]
        differ += (row.cues, row.not_evaluated) != (judged.cues, judged.not_evaluated)
    # Through the same writer, so that the same masks and signs stand in both.
    write_findings_jsonl(work / "single.jsonl", found)
    single = read_findings(work / "single.jsonl")
    other = [key for key in {*single, *batch} if single.get(key) != batch.get(key)]
    print(f"{accounts} accounts, {posts} posts, {len(batch)} findings of the run, {len(single)} of")
    counts = {row.rule_id: row.not_evaluated for row in read_rules_csv(run / "rules.csv")}
    miscounted = [rule for rule, count in counts.items() if count != told[rule]]
    print(f"evaluate; {len(other)} findings differ, {differ} rows of accounts differ,")
    print(f"{len(miscounted)} rules differ in how many accounts they could not look at")
    return len(other) + differ + len(miscounted)


def main() -> int:
    """Compare from the command line; 1 when anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    words = parser.parse_args()
    settings = load_settings()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        request = AuditRequest(
            out=work / "run",
            now=datetime.fromisoformat(NOW),
            rules=rule_directories(settings),
            references=reference_directories(settings),
            dataset=words.dataset,
            run_id="doors",
        )
        return 1 if differences(request, work / "parts") else 0


if __name__ == "__main__":
    raise SystemExit(main())
