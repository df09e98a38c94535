"""One partition of a run: columns in, rows out; the same function in one process or in many."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from auditor.model import AccountRow, ClusterRow, Dossier, Finding, account_key
from auditor.model.run import Outcome
from auditor.rules import Compiled, Judgement, evaluate
from auditor.rules.gaps import profile_gaps
from auditor.rules.sentences import local_time
from auditor.rules.wake import CHUNK, Chunk, awake_posts, awake_profiles
from auditor.runs.ranking import finding_order
from auditor.sources import Columns, dossier

log = logging.getLogger(__name__)

PROFILE_TEXTS = ("name", "handle", "bio", "verified_label", "organisation")
POST_TEXTS = ("text", "title")
ALL_FIELDS = (*PROFILE_TEXTS, "verified", "contacts", "shops")
ROW_FIELDS = (
    "platform", "account_id", "name", "url", "followers", "verified", "monetisation",
    "profile_fetched",
)  # fmt: skip


@dataclass
class PartitionResult:
    """The rows of one partition and what was counted on the way."""

    findings: list[Finding] = field(default_factory=list)
    accounts: list[AccountRow] = field(default_factory=list)
    clusters: list[ClusterRow] = field(default_factory=list)
    fired: Counter[str] = field(default_factory=Counter)
    silenced: Counter[str] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    gaps: Counter[tuple[str, ...]] = field(default_factory=Counter)
    posts: int = 0
    awake_accounts: int = 0
    awake_posts: int = 0
    opted_out: int = 0
    failures: list[str] = field(default_factory=list)


def audit_columns(compiled: Compiled, columns: Columns, now: datetime) -> PartitionResult:
    """Wake, judge and list every account of a partition, in the order of its accounts."""
    result = PartitionResult(posts=columns.posts.num_rows)
    awake = awake_rows(compiled, columns)
    missing = missing_fields(columns)
    shown = {name: columns.accounts.column(name).to_pylist() for name in ROW_FIELDS}
    opted_out = compiled.resources.references.opted_out
    known_gaps: dict[tuple[frozenset[str], bool], tuple[str, ...]] = {}
    for index in range(columns.accounts.num_rows):
        if account_key(shown["platform"][index], shown["account_id"][index]) in opted_out:
            result.opted_out += 1
            continue
        posts = [row for row in columns.posts_of(index) if awake.posts[row]]
        if awake.accounts[index] or posts or (compiled.plan.changes and columns.changes_of(index)):
            result.awake_accounts += 1
            result.awake_posts += len(posts)
            if awake.reads[index]:
                own = columns.posts_of(index)
                posts = sorted({*posts, *own[-compiled.plan.recent.count :]})
            _judge(compiled, columns, index, posts, now, result)
        else:
            has_posts = len(columns.posts_of(index)) > 0
            lacks = (missing[index], has_posts)
            if lacks not in known_gaps:
                known_gaps[lacks] = open_rules_of(compiled, *lacks)
            open_rules = known_gaps[lacks]
            row = {name: values[index] for name, values in shown.items()}
            result.accounts.append(sleeping_row(row, open_rules))
            result.gaps[open_rules] += 1
    return result


@dataclass(frozen=True)
class Awake:
    """Which accounts and posts of a partition have a rule to judge.

    ``reads`` tells of which accounts the last posts are read as well, sleeping ones too.
    """

    accounts: list[bool]
    posts: list[bool]
    reads: list[bool]


def awake_rows(compiled: Compiled, columns: Columns) -> Awake:
    """Run the cheap pass over the columns of a partition."""
    accounts, posts = columns.accounts, columns.posts
    wanted = dict.fromkeys((*PROFILE_TEXTS, "verified", *sorted(compiled.plan.fields)))
    profile = {
        name: accounts.column(name).to_pylist() for name in wanted if name in accounts.column_names
    }
    spans = [_span(columns.posts_of(index)) for index in range(accounts.num_rows)]
    lengths = pc.fill_null(pc.utf8_length(posts.column("text").chunk(0)), 0).to_pylist()
    post = awake_posts(compiled, chunks(posts), lengths, spans)
    profiles = awake_profiles(compiled, profile, accounts.num_rows)
    always = compiled.plan.recent.always
    reads = [
        always or asks or any(post.reads[start:end])
        for asks, (start, end) in zip(profiles.reads, spans, strict=True)
    ]
    return Awake(profiles.awake, post.awake, reads)


def chunks(posts: pa.Table) -> Iterator[Chunk]:
    """Yield the texts of the posts a few thousand at a time."""
    for start in range(0, posts.num_rows, CHUNK):
        part = posts.slice(start, CHUNK)
        yield start, {name: part.column(name).to_pylist() for name in POST_TEXTS}


def _span(rows: range) -> tuple[int, int]:
    return rows.start, rows.stop


def missing_fields(columns: Columns) -> list[frozenset[str]]:
    """Return for each account which of the fields that rules may read were not collected."""
    names = [name for name in ALL_FIELDS if name in columns.accounts.column_names]
    nulls = [[v is None for v in columns.accounts.column(name).to_pylist()] for name in names]
    cache: dict[tuple[bool, ...], frozenset[str]] = {}
    found = []
    for flags in zip(*nulls, strict=True):
        if flags not in cache:
            cache[flags] = frozenset(
                name for name, is_null in zip(names, flags, strict=True) if is_null
            )
        found.append(cache[flags])
    return found


def open_rules_of(compiled: Compiled, missing: frozenset[str], has_posts: bool) -> tuple[str, ...]:
    """Return the gaps of an account that sleeps, as ``rule_id:field``, sorted."""
    return tuple(sorted(profile_gaps(compiled.rules, missing, has_posts=has_posts)))


def _judge(
    compiled: Compiled,
    columns: Columns,
    index: int,
    posts: list[int],
    now: datetime,
    result: PartitionResult,
) -> None:
    given = dossier(columns, index, posts)
    try:
        judged = evaluate(compiled, given, now)
    except Exception as error:  # the boundary of one account (house, Errors): recorded, go on
        log.exception("account %s failed", given.account.key)
        result.failures.append(f"{given.account.key}: {type(error).__name__}: {error}")
        result.accounts.append(_row(given, None, "failed"))
        return
    result.findings.extend(judged.findings)
    result.fired.update(judged.fired)
    result.silenced.update(judged.silenced)
    result.open.update(judged.open)
    result.gaps[judged.not_evaluated] += 1
    outcome: Outcome = "partial" if judged.not_evaluated else "audited"
    result.accounts.append(_row(given, judged, outcome if given.profile_fetched else "not_fetched"))
    result.clusters.extend(judged.clusters)


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


def sleeping_row(shown: dict[str, Any], open_rules: tuple[str, ...]) -> AccountRow:
    """Return the row of an account that no rule had to judge, straight from its columns."""
    fetched = shown["profile_fetched"]
    outcome: Outcome = "not_fetched" if not fetched else "partial" if open_rules else "audited"
    return AccountRow(
        platform=shown["platform"],
        account_id=account_key(shown["platform"], shown["account_id"]),
        account_name=shown["name"],
        account_url=shown["url"],
        outcome=outcome,
        followers=shown["followers"],
        verified=shown["verified"],
        monetisation=None if shown["monetisation"] is None else tuple(shown["monetisation"]),
        not_evaluated=open_rules,
    )
