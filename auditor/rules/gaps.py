"""Which rules could not look at an account, because what they read first was not collected."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from auditor.rules.schema import Rule

POST_FIELDS = frozenset({"text", "title"})
CHANGE_FIELDS = frozenset({"before", "after"})


def profile_gaps(
    rules: Sequence[Rule], missing: Collection[str], *, has_posts: bool
) -> tuple[str, ...]:
    """Return the gaps of an account from the names of its missing fields alone."""
    found = []
    for rule in rules:
        anchor = rule.find[0].anchor()
        for name in anchor.fields:
            if name in anchor.optional:
                continue
            if name in POST_FIELDS or rule.each == "post":
                if not has_posts:
                    found.append(f"{rule.id}:posts")
            elif name in missing and rule.each == "account":
                found.append(f"{rule.id}:{name}")
    return tuple(dict.fromkeys(found))


def gap_rules(gaps: Iterable[str]) -> frozenset[str]:
    """Return the ids of the rules that gaps (``rule_id:field``) name."""
    return frozenset(gap.partition(":")[0] for gap in gaps)
