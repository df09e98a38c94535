"""The accounts that woke, a part at a time: rows in, findings out."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from traceback import walk_tb
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from auditor.detectors import KnownNames, KnownTexts
from auditor.errors import OutputError
from auditor.model import AccountRow, ClusterRow, Dossier, Finding, Rejection
from auditor.model.run import Outcome
from auditor.rules import Compiled, Judgement, evaluate, known_names, known_texts
from auditor.rules.sentences import local_time
from auditor.runs.fetching import batches_by_part
from auditor.runs.ranking import finding_order
from auditor.runs.request import AuditRequest
from auditor.runs.tasks import finish_task, is_done, plan_tasks, read_task
from auditor.runs.told import TOLD, told_batches, told_row
from auditor.runs.work import write_values
from auditor.sources import (
    KINDS,
    LOCATED,
    Columns,
    Tally,
    columns_of,
    dossiers_of,
    read_batches,
    write_batches,
    write_parquet,
)
from auditor.sources.keys import account_keys

log = logging.getLogger(__name__)

_PACKAGE = Path(__file__).parents[1]

OWNERS = "owners.arrow"
FINDINGS = "findings.jsonl"
ACCOUNTS = "accounts.jsonl"
CLUSTERS = "clusters.jsonl"
TOLD_ROWS = "told.parquet"

_MANY_BYTES = 16 << 20
"""Posts of a part from which on what their columns took is given back before they are judged."""

TOGETHER = 256
"""Accounts whose names the index is asked at once; by itself a name costs a hundred times more."""


@dataclass
class Judged:
    """What judging gave, counted: rules by id, and the accounts that failed.

    ``open`` counts the accounts for which a rule could not be evaluated (``Judgement``).
    """

    fired: Counter[str] = field(default_factory=Counter)
    silenced: Counter[str] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    gaps: Counter[tuple[str, ...]] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


@dataclass
class PartJudged(Judged):
    """What one part gave: findings, rows of clusters.csv, and the row of each of its accounts.

    ``told`` says it of each account by itself (``runs.told``), where that is asked for.
    """

    findings: list[Finding] = field(default_factory=list)
    clusters: list[ClusterRow] = field(default_factory=list)
    accounts: list[AccountRow] = field(default_factory=list)
    posts: int = 0
    told: list[dict[str, Any]] | None = None


def judging_tasks(directory: Path, owners: pa.Table, fetched: Sequence[Path]) -> tuple[Path, ...]:
    """Return one task a part; ``owners`` names its accounts, in the order of parts and accounts.

    Columns of ``owners``: account, seen and alike (``sources.Tally``), part.
    """
    places = batches_by_part(fetched)
    tasks = []
    parts = owners.column("part").to_numpy()
    for part in sorted(set(parts.tolist())):
        (path,) = plan_tasks(directory, {_name(part): {"rows": places.get(part, [])}})
        if not is_done(path):
            own = owners.filter(pa.array(parts == part)).select(["account", "seen", "alike"])
            write_batches(path / OWNERS, own.schema, own.combine_chunks().to_batches())
        tasks.append(path)
    return tuple(tasks)


def _name(part: int) -> str:
    return f"part-{part:06d}"


def heaviest_first(tasks: Sequence[Path], parts: Sequence[int]) -> list[Path]:
    """Return judging tasks in the order of ``parts``, which begin with the largest.

    Else a large account at the end is judged by one process while the others have nothing to do.
    """
    order = {_name(part): place for place, part in enumerate(parts)}
    return sorted(tasks, key=lambda path: order[path.name])


def judge_part(request: AuditRequest, compiled: Compiled, path: Path) -> None:
    """Do one judging task and write its rows.

    Raises:
        OutputError: the disk is full, or the rows cannot be read back.
    """
    columns = read_columns(path, some=bool(request.kept))
    result = judge_columns(compiled, columns, request.now, told=bool(request.kept))
    write_values(path / FINDINGS, result.findings)
    write_values(path / ACCOUNTS, result.accounts)
    write_values(path / CLUSTERS, result.clusters)
    if result.told is not None:
        write_parquet(path / TOLD_ROWS, TOLD, told_batches(result.told))
    finish_task(
        path,
        {
            "fired": dict(result.fired),
            "silenced": dict(result.silenced),
            "open": dict(result.open),
            "gaps": [[list(key), count] for key, count in sorted(result.gaps.items())],
            "accounts": len(result.accounts),
            "posts": result.posts,
            "failures": result.failures,
        },
    )


def read_columns(path: Path, *, some: bool = False) -> Columns:
    """Return the accounts of a part with the posts and changes that were fetched for it.

    With ``some`` rows may have been fetched of others too, which turned out to be as they were.
    """
    found: dict[str, list[pa.RecordBatch]] = {kind: [] for kind in KINDS}
    for kind, file, place in read_task(path)["rows"]:
        found[kind].append(_batch(Path(file), place))
    owners = [row for batch in read_batches(path / OWNERS) for row in batch.to_pylist()]
    tallies = {row["account"]: Tally(row["seen"], row["alike"]) for row in owners}
    tables = {kind: pa.Table.from_batches(found[kind], schema=LOCATED[kind]) for kind in KINDS}
    if some:
        wanted = pa.array(tallies, pa.string())
        for kind, rows in tables.items():
            tables[kind] = rows.filter(pc.is_in(account_keys(rows), wanted))
    columns = columns_of(tables["accounts"], tables["posts"], tables["changes"], _settled, tallies)
    # Of an account that repeats itself very often the rows were held three times on the way here.
    if columns.posts.nbytes > _MANY_BYTES:
        found.clear()
        tables.clear()
        pa.default_memory_pool().release_unused()
    return columns


def _batch(path: Path, place: int) -> pa.RecordBatch:
    try:
        with pa.OSFile(str(path), "rb") as file:
            return pa.ipc.open_file(file).get_batch(place)
    except (OSError, pa.ArrowException) as error:
        raise OutputError(f"cannot be read back ({error})", str(path)) from error


def _settled(rejection: Rejection) -> None:
    raise AssertionError(f"rows with one key were settled before: {rejection}")


def judge_columns(
    compiled: Compiled, columns: Columns, now: datetime, *, told: bool = False
) -> PartJudged:
    """Judge every account of ``columns``, in their order."""
    result = PartJudged(posts=columns.posts.num_rows, told=[] if told else None)
    everyone = dossiers_of(columns)
    while some := list(islice(everyone, TOGETHER)):
        names, texts = known_names(compiled, some), known_texts(compiled, some)
        for given in some:
            _judge(compiled, given, now, names, texts, result)
    return result


def _judge(
    compiled: Compiled,
    given: Dossier,
    now: datetime,
    names: KnownNames,
    texts: KnownTexts,
    result: PartJudged,
) -> None:
    try:
        judged = evaluate(compiled, given, now, names, texts)
    except Exception as error:  # the boundary of one account (house, Errors): recorded, go on
        # Said once, as a warning of the run; whoever runs this from Python may ask for the details.
        log.debug("account %s failed", given.account.key, exc_info=True)
        result.failures.append(f"{given.account.key}: {_told(error)}")
        result.accounts.append(_row(given, None, "failed"))
        return
    result.findings.extend(judged.findings)
    result.fired.update(judged.fired)
    result.silenced.update(judged.silenced)
    result.open.update(judged.open)
    result.gaps[judged.not_evaluated] += 1
    outcome: Outcome = "partial" if judged.not_evaluated else "audited"
    row = _row(given, judged, outcome if given.profile_fetched else "not_fetched")
    result.accounts.append(row)
    result.clusters.extend(judged.clusters)
    # An account that failed is told of no later night: it is tried again.
    if result.told is not None:
        result.told.append(told_row(judged, row, now))


def _told(error: Exception) -> str:
    """Return an unforeseen error as one line, with the innermost place of ours that it passed."""
    files = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    ours = [(Path(file), line) for file, line in files if Path(file).is_relative_to(_PACKAGE)]
    file, line = ours[-1]
    place = f"{file.relative_to(_PACKAGE.parent).as_posix()}:{line}"
    return " ".join(f"{type(error).__name__}: {error} ({place})".split())


def _row(dossier: Dossier, judged: Judgement | None, outcome: Outcome) -> AccountRow:
    account = dossier.account
    findings = sorted(judged.findings, key=finding_order) if judged else []
    top = findings[0] if findings else None
    changed = max((change.changed_at for change in dossier.changes), default=None)
    return AccountRow(
        platform=account.platform,
        account_id=account.key,
        account_name=account.name,
        account_url=account.url,
        outcome=outcome,
        findings=len(findings),
        new_findings=len(findings),
        highest_grade=min((f.evidence_grade for f in findings), default=None),
        priority=top.priority if top else None,
        items=tuple(dict.fromkeys(item for f in findings for item in f.item_ids)),
        rules=tuple(dict.fromkeys(f.rule_id for f in findings)),
        followers=account.followers,
        verified=account.verified,
        monetisation=account.monetisation,
        cues=judged.cues if judged else (),
        top_fact_zh=top.fact_zh if top else None,
        top_counter_evidence=" ".join(top.counter_evidence) or None if top else None,
        top_question_zh=top.question_zh if top else None,
        not_evaluated=judged.not_evaluated if judged else (),
        last_change_at=local_time(changed) if changed else None,
    )
