"""Findings beside those of an earlier run: what is new, what is still open, since when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.model import Finding


def with_history(findings: Iterable[Finding], earlier: Mapping[str, Finding]) -> list[Finding]:
    """Return the findings with ``delta`` and ``first_seen`` taken from an earlier run, by id."""
    dated = []
    for finding in findings:
        before = earlier.get(finding.finding_id)
        if before is None:
            dated.append(finding)
        else:
            update = {"delta": "open", "first_seen": before.first_seen}
            dated.append(finding.model_copy(update=update))
    return dated
