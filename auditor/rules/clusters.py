"""The members of a group of copies, as clusters.csv lists them."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.copies import likeness_to
from auditor.model import ClusterRow, Dossier, Finding
from auditor.model.values import share_names
from auditor.rules.sentences import local_time
from auditor.rules.trace import Trace
from auditor.text import content


def cluster_rows(dossier: Dossier, trace: Trace, finding: Finding) -> Iterator[ClusterRow]:
    """Yield one row a member for a finding about copies; the earliest collected is named so."""
    members = trace.judged[0].match.first.members
    if not members:
        return
    texts = [dossier.posts[index].text for index in members]
    contents = {text: content(text) for text in dict.fromkeys(texts)}
    likeness = likeness_to(contents[texts[0]], [contents[text] for text in texts]).tolist()
    named: dict[frozenset[str], set[str]] = {}
    for place, (index, near) in enumerate(zip(members, likeness, strict=True)):
        post = dossier.posts[index]
        row = ClusterRow(
            cluster_id=finding.finding_id,
            kind=trace.rule.id,
            size=len(members),
            accounts=1,
            role="copy" if place else "earliest_collected",
            account_id=finding.account_id,
            post_id=post.key,
            published_at=local_time(post.published_at) if post.published_at else None,
            similarity=round(near, 3),
        )
        share_names(row, named)
        yield row
