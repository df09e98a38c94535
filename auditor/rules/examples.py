"""A rule's own examples: run as they stand, through the same core as any account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from auditor.model import Account, Change, Dossier, Post
from auditor.rules.compile import Compiled
from auditor.rules.judge import evaluate
from auditor.rules.schema import Example, ExampleLists, Rule

NOW = datetime(2026, 11, 1, 0, 0, tzinfo=UTC)
"""The time at which examples are judged."""


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """What an example asked for and what the rule did."""

    rule_id: str
    case: str
    expected: bool
    spoke: bool
    steps: str
    expected_steps: str | None
    known_gap: str | None

    @property
    def agrees(self) -> bool:
        """Whether the rule did what the example asks."""
        steps_fit = self.expected_steps is None or self.expected_steps == self.steps
        return self.spoke == self.expected and (not self.spoke or steps_fit)

    @property
    def fault(self) -> str | None:
        """What is wrong with the example, or ``None``; a known gap must still be open."""
        if self.known_gap is not None:
            closed = (
                f"{self.rule_id}: “{self.case}” is written down as a known gap, but it works now"
            )
            return closed if self.agrees else None
        if self.agrees:
            return None
        if self.spoke != self.expected:
            wanted = "must speak" if self.expected else "must stay silent"
            return f"{self.rule_id}: “{self.case}”: the rule {wanted}, and does not"
        return (
            f"{self.rule_id}: “{self.case}”: steps are “{self.steps}”, not “{self.expected_steps}”"
        )


def dossier_of(example: Example) -> Dossier:
    """Return the dossier of an example, with what it leaves out filled in.

    Raises:
        pydantic.ValidationError: the example's account, posts or changes do not fit the model.
    """
    key = {"platform": "example", "account_id": "1"}
    account = Account.model_validate({**key, "fetched_at": NOW, **example.account})
    posts = tuple(
        Post.model_validate(
            {**key, "post_id": str(index), "published_at": NOW + timedelta(minutes=index), **given}
        )
        for index, given in enumerate(example.posts)
    )
    changes = tuple(Change.model_validate({**key, "changed_at": NOW, **c}) for c in example.changes)
    return Dossier(account=account, posts=posts, changes=changes, posts_seen=len(posts))


def with_lists(compiled: Compiled, example: Example) -> Compiled:
    """Return the compiled rules over the example's own lists, where it brings any."""
    lists = example.lists
    if lists == ExampleLists():
        return compiled
    references = replace(
        compiled.resources.references,
        persons=lists.persons,
        events=lists.events,
        closed_accounts=lists.closed_accounts,
        registry=lists.registry,
    )
    return replace(compiled, resources=replace(compiled.resources, references=references))


def run_examples(
    compiled: Compiled, rules: tuple[Rule, ...] | None = None
) -> Iterator[ExampleResult]:
    """Run every example of the rules in force (or of those given)."""
    for rule in compiled.rules if rules is None else rules:
        for example in rule.examples:
            yield run_example(compiled, rule, example)


def run_example(compiled: Compiled, rule: Rule, example: Example) -> ExampleResult:
    """Run one example; only its own rule's answer counts."""
    judged = evaluate(with_lists(compiled, example), dossier_of(example), NOW)
    rows = [finding for finding in judged.findings if finding.rule_id == rule.id]
    spoke = rule.id in judged.cues if rule.is_cue else bool(rows)
    steps = rows[0].steps if rows else ""
    return ExampleResult(
        rule.id, example.case, example.hit, spoke, steps, example.steps, example.known_gap
    )
