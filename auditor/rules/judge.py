"""Two doors to one core: ``judge`` for accounts that woke, ``evaluate`` for a dossier in hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from auditor.detectors import View
from auditor.model import ClusterRow, Dossier, Finding
from auditor.rules.clusters import cluster_rows
from auditor.rules.compile import Compiled
from auditor.rules.findings import finding_of
from auditor.rules.gaps import gaps
from auditor.rules.points import points_of
from auditor.rules.trace import Trace, subjects, trace_rule, yielded


@dataclass(frozen=True, slots=True)
class Judgement:
    """What all rules say of one account.

    ``fired``, ``silenced`` and ``open`` hold one rule id a subject; ``open`` is *not evaluated*.
    ``not_evaluated`` holds ``rule_id:field``.
    """

    findings: tuple[Finding, ...]
    cues: tuple[str, ...]
    fired: tuple[str, ...]
    silenced: tuple[str, ...]
    open: tuple[str, ...]
    not_evaluated: tuple[str, ...]
    clusters: tuple[ClusterRow, ...] = ()


def evaluate(compiled: Compiled, dossier: Dossier, now: datetime) -> Judgement:
    """Judge one dossier; the same input gives the same findings anywhere (house, one core)."""
    view = View(dossier, compiled.resources, now)
    traces = [
        trace_rule(rule, view, subject)
        for rule in compiled.rules
        for subject in subjects(dossier, rule)
    ]
    return judgement_of(compiled, view, yielded(traces))


def judgement_of(compiled: Compiled, view: View, traces: list[Trace]) -> Judgement:
    """Sort the traces of one account into rows, cues and gaps."""
    dossier = view.dossier
    fired = [trace for trace in traces if trace.outcome == "fired"]
    rows = [trace for trace in fired if not trace.rule.is_cue]
    open_traces = [trace for trace in traces if trace.outcome == "not_evaluated"]
    missing = [f"{trace.rule.id}:{trace.missing}" for trace in open_traces]
    missing += [f"{trace.rule.id}:{field}" for trace in fired for field in trace.judged[0].unknown]
    # Points order rows that exist; an account without one is never counted (fairness, section 1).
    points = points_of(compiled.ruleset.ranking, view) if rows else None
    findings = tuple(finding_of(compiled, trace, view.now, points) for trace in rows)
    return Judgement(
        findings=findings,
        clusters=tuple(
            row
            for trace, finding in zip(rows, findings, strict=True)
            for row in cluster_rows(dossier, trace, finding)
        ),
        cues=tuple(sorted({trace.rule.id for trace in fired if trace.rule.is_cue})),
        fired=tuple(trace.rule.id for trace in rows),
        silenced=tuple(trace.rule.id for trace in traces if trace.outcome == "silenced"),
        open=tuple(trace.rule.id for trace in open_traces),
        not_evaluated=tuple(sorted({*missing, *gaps(compiled.rules, dossier)})),
    )
