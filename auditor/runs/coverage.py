"""What was, and was not, checked: rows of coverage.csv and rules.csv."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from auditor.model import CoverageRow, Item, Notice, RuleRow
from auditor.rules import Rule, Ruleset
from auditor.runs.collected import Collected

WHY = {
    "verified": "verification not collected",
    "verified_label": "text of the verification not collected",
    "posts": "posts not collected",
    "bio": "bio not collected",
    "name": "name not collected",
    "changes": "earlier captures not collected",
}


def rule_rows(ruleset: Ruleset, collected: Collected) -> list[RuleRow]:
    """Return one row a rule in force, by id."""
    return [
        RuleRow(
            rule_id=rule.id,
            rule_version=rule.version,
            item_ids=rule.items,
            class_=rule.class_,
            status=rule.status,
            fired=collected.fired[rule.id],
            silenced=collected.silenced[rule.id],
            not_evaluated=collected.open[rule.id],
        )
        for rule in ruleset.rules
    ]


def coverage_rows(ruleset: Ruleset, collected: Collected) -> list[CoverageRow]:
    """Return one row an item of every notice loaded, checked or not."""
    return [
        _row(ruleset, collected, notice, item)
        for notice in ruleset.notices
        for item in notice.items
    ]


def _row(ruleset: Ruleset, collected: Collected, notice: Notice, item: Item) -> CoverageRow:
    rules = [rule for rule in ruleset.rules if item.item_id in rule.items and not rule.is_cue]
    looked, missing = _looked(collected, rules)
    accounts = collected.counts["accounts"]
    return CoverageRow(
        notice_id=notice.notice_id,
        validity=notice.validity,
        item_id=item.item_id,
        clause=item.clause,
        gist_en=item.gist_en,
        text_zh=item.text_zh if item.quotable else "",
        zh_status=item.zh_status,
        coverage=item.coverage,
        rules=tuple(rule.id for rule in rules),
        surfaces=item.surfaces,
        accounts_evaluated=looked if rules else 0,
        accounts_not_evaluated=accounts - looked if rules else accounts,
        why_not=_why(item, missing),
        findings=collected.by_item[item.item_id],
    )


def _looked(collected: Collected, rules: Iterable[Rule]) -> tuple[int, Counter[str]]:
    """Return how many accounts every rule of an item could look at, and what the others lack."""
    ids = {rule.id for rule in rules}
    looked = 0
    missing: Counter[str] = Counter()
    for gaps, count in collected.gaps.items():
        fields = {gap.partition(":")[2] for gap in gaps if gap.partition(":")[0] in ids}
        if fields:
            missing.update(dict.fromkeys(fields, count))
        else:
            looked += count
    return looked, missing


def _why(item: Item, missing: Counter[str]) -> str:
    reasons = [
        f"{WHY.get(field, f'{field} not collected')}: {count}"
        for field, count in sorted(missing.items(), key=lambda entry: (-entry[1], entry[0]))
    ]
    return "; ".join([*([item.why_not] if item.why_not else []), *reasons])
