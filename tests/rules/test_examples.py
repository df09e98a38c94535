"""Every example in every rule, through both doors to the core."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.config import rulesets_directory
from auditor.model import Dossier
from auditor.rules import Compiled, Example, Rule, load_ruleset
from auditor.rules.examples import NOW, dossier_of, run_example, with_lists
from tests.runs.doors import batch_door, single_door

RULES = load_ruleset([rulesets_directory()]).rules


def cases(*, gap: bool) -> list[object]:
    return [
        pytest.param(rule, example, id=f"{rule.id}: {example.case}")
        for rule in RULES
        for example in rule.examples
        if (example.known_gap is not None) == gap
    ]


@pytest.mark.parametrize(("rule", "example"), cases(gap=False))
def test_a_rule_does_what_its_example_says(
    compiled: Compiled, rule: Rule, example: Example
) -> None:
    assert run_example(compiled, rule, example).fault is None


@pytest.mark.xfail(strict=True, reason="written down as a known gap in the rule")
@pytest.mark.parametrize(("rule", "example"), cases(gap=True))
def test_a_known_gap_is_still_open(compiled: Compiled, rule: Rule, example: Example) -> None:
    assert run_example(compiled, rule, example).agrees


def dossiers() -> list[Dossier]:
    found = []
    for number, (rule, example) in enumerate((r, e) for r in RULES for e in r.examples):
        del rule
        dossier = dossier_of(example)
        key = {"account_id": f"{number:04d}"}
        found.append(
            dossier.model_copy(
                update={
                    "account": dossier.account.model_copy(
                        update={**key, "name": dossier.account.name or "例子"}
                    ),
                    "posts": tuple(post.model_copy(update=key) for post in dossier.posts),
                    "changes": tuple(change.model_copy(update=key) for change in dossier.changes),
                }
            )
        )
    return found


def test_both_doors_give_the_same_findings(compiled: Compiled, tmp_path: Path) -> None:
    given = dossiers()
    for name, members in (
        ("accounts", [d.account for d in given]),
        ("posts", [post for d in given for post in d.posts]),
        ("changes", [change for d in given for change in d.changes]),
    ):
        lines = [json.dumps(m.model_dump(mode="json", exclude_none=True)) for m in members]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    batch = batch_door(compiled, tmp_path, tmp_path / "run").findings
    single = single_door(compiled, given, tmp_path / "single.jsonl")
    assert batch == single
    assert len(single) >= len(RULES) - 3


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES])
def test_every_step_of_a_rule_is_needed_by_an_example(compiled: Compiled, rule: Rule) -> None:
    """A guard that no example needs is either dead or untested."""
    idle = []
    for index, step in enumerate(rule.unless):
        if step.use in ("known_account", "name_label"):
            # No shipped reference lists accounts, and the index reads critics' labels by itself:
            # tests/detectors holds both instead.
            continue
        rest = (*rule.unless[:index], *rule.unless[index + 1 :])
        without = rule.model_copy(update={"unless": rest})
        if all(_same(compiled, rule, without, example) for example in rule.examples):
            idle.append(f"{step.use} {step.guard}")
    assert not idle, f"no example of {rule.id} needs {', '.join(idle)}"


def _same(compiled: Compiled, rule: Rule, without: Rule, example: Example) -> bool:
    return _speaks(compiled, rule, example) == _speaks(compiled, without, example)


def _speaks(compiled: Compiled, rule: Rule, example: Example) -> bool:
    from auditor.detectors import View
    from auditor.rules.trace import subjects, trace_rule

    dossier = dossier_of(example)
    view = View(dossier, with_lists(compiled, example).resources, NOW)
    return any(trace_rule(rule, view, s).outcome == "fired" for s in subjects(dossier, rule.each))
