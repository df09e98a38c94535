"""What a worker process does: build the rules once, then audit the partitions it is given."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from auditor.errors import AuditorError
from auditor.model import AccountRow, ClusterRow, Finding, Rejection
from auditor.references import load_references
from auditor.rules import Compiled, compile_ruleset, load_ruleset
from auditor.runs.partition import PartitionResult, audit_columns
from auditor.runs.request import AuditRequest
from auditor.runs.work import read_values, write_values, write_whole
from auditor.sources import read_partition

DONE = "done"


@dataclass
class _Ready:
    """The compiled rules of this process."""

    compiled: Compiled | None = None
    request: AuditRequest | None = None


_ready = _Ready()


def compiled_of(request: AuditRequest) -> Compiled:
    """Load and compile the rules and references of a request.

    Raises:
        RulesetError: any fault in rules, word lists, notices or references.
    """
    ruleset = load_ruleset(request.rules, notices=request.notices)
    references = load_references(request.references)
    return compile_ruleset(ruleset, references, request.language)


def set_up(request: AuditRequest) -> Compiled:
    """Build the rules of this process once.

    Raises:
        RulesetError: any fault in rules, word lists, notices or references.
    """
    if _ready.compiled is None or _ready.request != request:
        _ready.compiled = compiled_of(request)
        _ready.request = request
    return _ready.compiled


def audit_partition(path: Path) -> None:
    """Audit one partition and write its rows beside it; ``done`` is written last.

    Raises:
        AuditorError: the process was not set up.
        OutputError: the disk is full.
    """
    if _ready.compiled is None or _ready.request is None:
        raise AuditorError("the worker was not set up", "workers")
    rejected: list[Rejection] = []
    result = PartitionResult()
    # A piece takes about four times its size while it is read and judged.
    piece = _ready.request.memory_mib * 1024 * 1024 // 8
    for columns in read_partition(path, rejected.append, part_bytes=piece):
        _merge(result, audit_columns(_ready.compiled, columns, _ready.request.now))
    write_values(path / "findings.jsonl", result.findings)
    write_values(path / "accounts.jsonl", result.accounts)
    write_values(path / "clusters.jsonl", result.clusters)
    write_values(path / "rejected.jsonl", rejected)
    write_whole(path / DONE, json.dumps(_counts(result), ensure_ascii=False))


def _merge(into: PartitionResult, part: PartitionResult) -> None:
    into.findings.extend(part.findings)
    into.accounts.extend(part.accounts)
    into.clusters.extend(part.clusters)
    into.failures.extend(part.failures)
    for name in ("fired", "silenced", "open", "gaps"):
        getattr(into, name).update(getattr(part, name))
    into.posts += part.posts
    into.awake_accounts += part.awake_accounts
    into.awake_posts += part.awake_posts
    into.opted_out += part.opted_out


def _counts(result: PartitionResult) -> dict[str, object]:
    return {
        "fired": dict(result.fired),
        "silenced": dict(result.silenced),
        "open": dict(result.open),
        "gaps": [[list(key), count] for key, count in sorted(result.gaps.items())],
        "accounts": len(result.accounts),
        "posts": result.posts,
        "awake_accounts": result.awake_accounts,
        "awake_posts": result.awake_posts,
        "opted_out": result.opted_out,
        "failures": result.failures,
    }


@dataclass
class Collected:
    """All partitions together; findings are held, accounts are read again when they are written."""

    findings: list[Finding] = field(default_factory=list)
    clusters: list[ClusterRow] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    flagged: list[AccountRow] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    fired: Counter[str] = field(default_factory=Counter)
    silenced: Counter[str] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    gaps: Counter[tuple[str, ...]] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def collect(paths: Sequence[Path]) -> Collected:
    """Read what the partitions produced, in their order."""
    found = Collected()
    for path in paths:
        found.findings.extend(read_values(path / "findings.jsonl", Finding))
        found.clusters.extend(read_values(path / "clusters.jsonl", ClusterRow))
        found.rejected.extend(read_values(path / "rejected.jsonl", Rejection))
        for row in read_values(path / "accounts.jsonl", AccountRow):
            found.outcomes[row.outcome] += 1
            if row.findings:
                found.flagged.append(row)
        counts = json.loads((path / DONE).read_text(encoding="utf-8"))
        for name in ("fired", "silenced", "open"):
            getattr(found, name).update(counts[name])
        for key, count in counts["gaps"]:
            found.gaps[tuple(key)] += count
        for name in ("accounts", "posts", "awake_accounts", "awake_posts", "opted_out"):
            found.counts[name] += counts[name]
        found.failures.extend(counts["failures"])
    return found
