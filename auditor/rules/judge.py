"""Two doors to one core: ``judge`` for accounts that woke, ``evaluate`` for a dossier in hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from auditor.detectors import Found, KnownNames, KnownTexts, Match, Subject, View
from auditor.model import ClusterRow, Dossier, Finding
from auditor.rules.clusters import cluster_rows
from auditor.rules.compile import Compiled, FirstStep
from auditor.rules.findings import finding_of
from auditor.rules.gaps import gap_rules
from auditor.rules.points import points_of
from auditor.rules.trace import Trace, subjects, trace_rule, yielded

READ_OF_POSTS: Final = frozenset(
    {
        "platform",
        "account_id",
        "post_id",
        "text",
        "kind",
        "title",
        "published_at",
        "state",
        "labels",
        "views",
        "reposts",
        "repost_of",
        "commerce",
        "url",
        "fetched_at",
    }
)
"""The fields of a post that some rule or finding reads: the others need not be there to be judged.

A test looks for the others in the code that judges."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What all rules say of one account.

    ``fired`` and ``silenced`` hold one rule id a subject. ``open`` holds once each rule that could
    not be evaluated, because an input of a ``find`` step was not collected, and ``not_evaluated``
    all that was not, guards of rows too, as ``rule_id:field``. Before ``until`` a later run says
    the same of the same dossier; ``None`` is for ever.
    """

    findings: tuple[Finding, ...]
    cues: tuple[str, ...]
    fired: tuple[str, ...]
    silenced: tuple[str, ...]
    open: tuple[str, ...]
    not_evaluated: tuple[str, ...]
    clusters: tuple[ClusterRow, ...] = ()
    until: datetime | None = None


def evaluate(
    compiled: Compiled,
    dossier: Dossier,
    now: datetime,
    names: KnownNames | None = None,
    texts: KnownTexts | None = None,
) -> Judgement:
    """Judge one dossier; the same input gives the same findings anywhere (house, one core).

    ``names`` are answers of the name index that are known already, ``texts`` what is scanned; all
    others are asked for.
    """
    view = View(dossier, compiled.resources, now, names or {}, texts or {})
    return judgement_of(compiled, view, yielded(list(awake_traces(compiled, view))))


def awake_traces(compiled: Compiled, view: View) -> Iterator[Trace]:
    """Yield the traces of all rules in their order but those without a match.

    Rules sleep in here too: only steps whose anchor is there are asked, and one answer does for
    every rule that begins with the same step (a claimed title begins thirteen).
    """
    spoke: dict[FirstStep, list[tuple[Subject, Found]]] = {}
    for each, steps in compiled.firsts.items():
        hearing = compiled.hearing[each]
        for subject in subjects(view.dossier, each):
            for place in hearing.asked(view, subject):
                # What is missing speaks as well; only an empty answer does not.
                if answer := steps[place].hits(view, subject, Match()):
                    spoke.setdefault((each, place), []).append((subject, answer))
    for number in sorted(number for first in spoke for number in compiled.begun[first]):
        rule, first = compiled.order[number]
        for subject, answer in spoke[first]:
            yield trace_rule(rule, view, subject, answer)


def judgement_of(compiled: Compiled, view: View, traces: list[Trace]) -> Judgement:
    """Sort the traces of one account into rows, cues and gaps."""
    dossier = view.dossier
    fired = [trace for trace in traces if trace.outcome == "fired"]
    rows = [trace for trace in fired if not trace.rule.is_cue]
    open_traces = [trace for trace in traces if trace.outcome == "not_evaluated"]
    missing = [f"{trace.rule.id}:{trace.missing}" for trace in open_traces]
    missing += [f"{trace.rule.id}:{field}" for trace in fired for field in trace.judged[0].unknown]
    gaps = compiled.gaps(dossier)
    # A row says itself what it was made without; whoever has none was not looked at wholly.
    unread = gap_rules(gaps) - {trace.rule.id for trace in fired}
    # Points order rows that exist; an account without one is never counted (fairness, section 1).
    points = points_of(compiled.ruleset.ranking, view) if rows else None
    findings = tuple(finding_of(compiled, trace, view.clock, points) for trace in rows)
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
        open=tuple(sorted({*unread, *(trace.rule.id for trace in open_traces)})),
        not_evaluated=tuple(sorted({*missing, *gaps})),
        until=view.until,
    )
