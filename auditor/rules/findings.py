"""A fired rule turned into a finding: fact, evidence, citation, what speaks against it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from auditor.detectors import Subject
from auditor.model import Finding, Hit
from auditor.model.values import Strength
from auditor.rules.compile import Compiled, Language
from auditor.rules.points import Points
from auditor.rules.schema import Rule
from auditor.rules.sentences import (
    CHECK_FIRST,
    filled,
    local_time,
    readable_time,
    verification_sentence,
)
from auditor.rules.trace import Judged, Trace
from auditor.text import mask

CONTEXT = 40
"""Characters shown on each side of a quote (contracts, review.csv)."""

VERIFICATION = ("verified", "verified_label")
STRENGTHS: tuple[Strength, ...] = ("strong", "medium", "weak")


def finding_of(
    compiled: Compiled, trace: Trace, now: datetime, points: Points | None = None
) -> Finding:
    """Return the finding of a trace that fired; its best match speaks for it.

    ``points`` are those of the account; they order rows whose match has a tier, and no others.
    """
    rule, subject, judged = trace.rule, trace.subject, trace.judged[0]
    first = judged.match.first
    text = source_text(subject, first)
    unknown = any(field in VERIFICATION for field in judged.unknown)
    values = {language: template_values(compiled, trace, language) for language in ("zh", "en")}
    fact = rule.fact_unknown if unknown and rule.fact_unknown else rule.fact
    prefix = (CHECK_FIRST.zh, CHECK_FIRST.en + " ") if unknown else ("", "")
    seen = local_time(now)
    return Finding(
        finding_id=fingerprint(rule, subject, judged),
        priority=min(5, rule.priority + unknown),
        rule_id=rule.id,
        rule_version=rule.version,
        item_ids=tuple(item.item_id for _, item in compiled.citations[rule.id]),
        class_=rule.class_,
        evidence_grade=rule.evidence.grade,
        strength=strength_of(rule, judged, unknown=unknown),
        **_account_columns(subject),
        **_post_columns(subject, trace),
        field=first.field,
        span_start=first.span[0] if first.span else None,
        span_end=first.span[1] if first.span else None,
        quote=quote_of(text, first),
        **_reference_columns(judged),
        fact_zh=filled(fact.zh, values["zh"]),
        fact_en=filled(fact.en, values["en"]),
        **_citation_columns(compiled, rule),
        question_zh=prefix[0] + rule.question.zh,
        question_en=prefix[1] + rule.question.en,
        steps="; ".join(mask(step) for hit in judged.match.hits for step in hit.steps),
        counter_evidence=counter_evidence(judged, values[compiled.language], compiled.language),
        guards_checked=judged.checked,
        guards_hit=guards_hit(judged),
        not_evaluated=tuple(f"{rule.id}:{field}" for field in judged.unknown),
        coverage_note=coverage_note(compiled, rule),
        evidence_sha256=hashlib.sha256(text.encode()).hexdigest(),
        captured_at=captured_at(subject),
        first_seen=seen,
        last_seen=seen,
        pii_kinds=tuple(dict.fromkeys(kind for hit in judged.match.hits for kind in hit.pii_kinds)),
        **_rank_columns(judged, points),
    )


def source_text(subject: Subject, hit: Hit) -> str:
    """Return the whole original text that a hit lies in; the evidence hash covers it."""
    if hit.field in ("text", "title") and hit.post is not None and subject.post is None:
        return hit.quote
    holders = (subject.post, subject.change, subject.account)
    for holder in holders:
        value = getattr(holder, hit.field, None)
        if isinstance(value, str):
            return value
    return hit.quote


def quote_of(text: str, hit: Hit) -> str:
    """Return the matched words with 40 characters around them, identifiers and names masked.

    The whole text is masked before it is cut, so that no half of a number slips through.
    """
    if hit.span is None or hit.field in ("name", "before", "after", "account_id"):
        return mask(hit.quote)
    masked = mask(text)
    for first, last in hit.hidden:
        # Masking keeps the length, so that spans of the text are spans of the masked text.
        masked = masked[:first] + "*" * (last - first) + masked[last:]
    start, end = max(0, hit.span[0] - CONTEXT), hit.span[1] + CONTEXT
    shown = masked[start : min(end, start + 400)]
    return ("…" if start else "") + shown + ("…" if start + len(shown) < len(masked) else "")


def fingerprint(rule: Rule, subject: Subject, judged: Judged) -> str:
    """Return the finding's id: the same for the same rule, subject and evidence, run after run."""
    hit = judged.match.first
    reference = judged.match.reference
    parts = (
        rule.id,
        subject.account.key,
        subject.key,
        hit.field,
        hit.quote,
        reference.name if reference else "",
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def template_values(compiled: Compiled, trace: Trace, language: Language) -> dict[str, str]:
    """Return what the templates of a trace may use, in one language."""
    judged, account = trace.judged[0], trace.subject.account
    captured = (trace.subject.post or account).fetched_at or account.fetched_at
    steps = [step for hit in judged.match.hits for step in hit.steps]
    return {
        "name": account.name or account.key,
        "quote": judged.match.first.quote,
        "field": judged.match.first.field,
        "steps": "、".join(steps) if language == "zh" else ", ".join(steps),
        "v": verification_sentence(account, language),
        "t": readable_time(captured, language),
        "ver": compiled.resources.references.version,
        **judged.match.facts(),
    }


def strength_of(rule: Rule, judged: Judged, *, unknown: bool) -> Strength:
    """Return the rule's strength, lower for counter-evidence and for unknown verification."""
    lowered = any(spoken.entry.lowers for spoken in judged.against)
    doubted = lowered or bool(cautions(judged, "zh"))
    drops = unknown + doubted
    position = STRENGTHS.index(rule.evidence.strength) + drops
    return STRENGTHS[min(position, len(STRENGTHS) - 1)]


def counter_evidence(judged: Judged, values: dict[str, str], language: Language) -> tuple[str, ...]:
    """Return what speaks against the row, in the run's language; a note once."""
    notes = [
        filled(getattr(spoken.entry.note, language), values | dict(spoken.hit.facts))
        for spoken in judged.against
    ]
    return tuple(dict.fromkeys((*notes, *cautions(judged, language))))


def guards_hit(judged: Judged) -> tuple[str, ...]:
    """Return the guards that spoke against the row without silencing it."""
    spoken = (one.entry.step.guard for one in judged.against)
    return tuple(dict.fromkeys(guard for guard in spoken if guard))


def cautions(judged: Judged, language: Language) -> tuple[str, ...]:
    """Return what the detectors themselves hold against their hits."""
    found = [hit.caution for hit in judged.match.hits if hit.caution]
    return tuple(dict.fromkeys(caution[0 if language == "zh" else 1] for caution in found))


def coverage_note(compiled: Compiled, rule: Rule) -> str:
    """Return what the row was compared with, and which cited campaign has ended."""
    ended = [
        notice.notice_id for notice, _ in compiled.citations[rule.id] if notice.validity == "ended"
    ]
    notes = [f"references:{compiled.resources.references.version}"]
    notes.extend(f"campaign_ended:{notice}" for notice in dict.fromkeys(ended))
    return " | ".join(notes)


def captured_at(subject: Subject) -> str | None:
    """Return when the subject was captured, +08:00."""
    holder = subject.post.fetched_at if subject.post else None
    moment = holder or subject.account.fetched_at
    return local_time(moment) if moment else None


def _account_columns(subject: Subject) -> dict[str, Any]:
    account = subject.account
    return {
        "platform": account.platform,
        "account_id": account.key,
        "account_name": account.name,
        "account_url": account.url,
        "verified": account.verified,
        "verified_label": account.verified_label,
        "followers": account.followers,
        "organisation": account.organisation,
        "mcn": account.mcn,
    }


def _post_columns(subject: Subject, trace: Trace) -> dict[str, Any]:
    post = subject.post
    if post is None:
        return _group_columns(trace)
    return {
        "post_id": post.key,
        "post_url": post.url,
        "published_at": local_time(post.published_at) if post.published_at else None,
        "views": post.views,
        "reposts": post.reposts,
        "post_state": post.state,
        "counts_at": local_time(post.fetched_at) if post.fetched_at else None,
    }


def _group_columns(trace: Trace) -> dict[str, Any]:
    first = trace.judged[0].match.first
    if not first.members:
        return {"sample_n": first.sample_n}
    identity = fingerprint(trace.rule, trace.subject, trace.judged[0])
    return {
        "sample_n": first.sample_n,
        "cluster_id": identity,
        "cluster_size": len(first.members),
        "cluster_role": "own_copies",
    }


def _reference_columns(judged: Judged) -> dict[str, Any]:
    reference = judged.match.reference
    scored = next((hit for hit in judged.match.hits if hit.score_name), None)
    columns: dict[str, Any] = {
        "score_name": scored.score_name if scored else None,
        "score_value": scored.score_value if scored else None,
        "threshold": scored.threshold if scored else None,
    }
    if reference is not None:
        columns |= {
            "reference_kind": reference.kind,
            "reference_id": reference.reference_id or None,
            "reference_value": reference.name,
            "reference_source": reference.source or None,
        }
    return columns


def _rank_columns(judged: Judged, points: Points | None) -> dict[str, Any]:
    tier = judged.match.facts().get("tier")
    if not tier:
        return {}
    if points is None:
        return {"name_tier": tier}
    return {"name_tier": tier, "rank_points": points.total, "rank_reasons": points.reasons}


def _citation_columns(compiled: Compiled, rule: Rule) -> dict[str, Any]:
    entries = compiled.citations[rule.id]
    if not entries:
        return {}
    notice, item = next((entry for entry in entries if entry[1].quotable), entries[0])
    return {
        "citation_zh": item.text_zh if item.quotable else "",
        "citation_status": item.zh_status,
        "citation_en": item.gist_en,
        "doc_title": notice.title_zh,
        "doc_issuer": notice.issuer,
        "doc_date": notice.date,
    }
