"""``auditor rules`` and ``doctor``: what is in force."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Literal

from auditor.commands.ruletext import render_rule
from auditor.config import load_settings, reference_directories, rule_directories
from auditor.console import Format, print_rows
from auditor.errors import UsageError
from auditor.references import load_references
from auditor.rules import Rule, compile_ruleset, load_ruleset
from auditor.rules.examples import run_examples
from auditor.runs.doctor import check_up


def run_doctor_command(db: str | None, rules: Path | None, references: Path | None) -> int:
    """``auditor doctor``."""
    settings = load_settings(db=db, rules=rules, references=references)
    rows = list(check_up(settings))
    print_rows(("what", "state", "detail"), rows, "table")
    return 2 if any(state == "wrong" for _, state, _ in rows) else 0


def list_rules(rules: Path | None, form: Format) -> int:
    """``auditor rules list``."""
    ruleset = load_ruleset(rule_directories(load_settings(rules=rules)))
    rows = (
        (
            rule.id, rule.version, rule.status, rule.evidence.grade, rule.evidence.strength,
            rule.priority, rule.items, rule.title.zh, rule.title.en,
        )
        for rule in ruleset.rules
    )  # fmt: skip
    columns = ("rule", "version", "status", "grade", "strength", "priority", "items", "zh", "en")
    print_rows(columns, rows, form)
    return 0


def show_rule(rule_id: str, rules: Path | None, form: Literal["text", "json"]) -> int:
    """``auditor rules show``."""
    ruleset = load_ruleset(rule_directories(load_settings(rules=rules)))
    rule = next((entry for entry in ruleset.rules if entry.id == rule_id), None)
    if rule is None:
        raise UsageError(f"no rule “{rule_id}”; see auditor rules list", "rules show")
    citations = [ruleset.item(item) for item in rule.items]
    if form == "text":
        sys.stdout.write(render_rule(rule, citations, ruleset.locations[rule_id]))
        return 0
    record = rule.model_dump(mode="json", by_alias=True)
    record["file"] = ruleset.locations[rule_id]
    record["citations"] = [item.model_dump(mode="json") for _, item in citations]
    sys.stdout.write(json.dumps(record, ensure_ascii=False, indent=2) + "\n")
    return 0


def check_rules(rules: Path | None, references: Path | None) -> int:
    """``auditor rules check``: faults and disagreeing examples, one a line, exit 2 on any."""
    settings = load_settings(rules=rules, references=references)
    ruleset = load_ruleset(rule_directories(settings))
    compiled = compile_ruleset(ruleset, load_references(reference_directories(settings)))
    results = list(run_examples(compiled))
    faults = [result.fault for result in results if result.fault]
    for fault in faults:
        sys.stderr.write(f"auditor: {fault}\n")
    gaps = sum(result.known_gap is not None for result in results)
    sys.stdout.write(
        f"{len(ruleset.rules)} rules, {len(results)} examples, {gaps} known gaps, "
        f"{len(faults)} faults\n"
    )
    return 2 if faults else 0


def list_coverage(rules: Path | None, form: Format) -> int:
    """``auditor rules coverage``."""
    ruleset = load_ruleset(rule_directories(load_settings(rules=rules)))
    rows = (
        (
            notice.notice_id, item.item_id, item.coverage,
            tuple(rule.id for rule in ruleset.rules if item.item_id in rule.items),
            item.gist_en, item.why_not,
        )
        for notice in ruleset.notices
        for item in notice.items
    )  # fmt: skip
    print_rows(("notice", "item", "coverage", "rules", "gist", "why not"), rows, form)
    return 0


def print_rule_schema() -> int:
    """``auditor rules schema``."""
    schema = Rule.model_json_schema(by_alias=True)
    sys.stdout.write(json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n")
    return 0
