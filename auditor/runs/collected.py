"""What all parts of a run gave, together with the accounts that no rule had to judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import pyarrow as pa

from auditor.errors import OutputError
from auditor.model import AccountRow, Finding, Verified
from auditor.model.run import Outcome
from auditor.model.values import EvidenceGrade
from auditor.reports import Kind, Sleeping, Unflagged
from auditor.rules import Compiled
from auditor.rules.gaps import gap_rules, profile_gaps
from auditor.runs.facts import PROFILE_FIELDS, field_bits, missing_names
from auditor.runs.history import History
from auditor.runs.judging import ACCOUNTS, FINDINGS, Judged
from auditor.runs.kinds import kinds_of
from auditor.runs.ordered import Ordered
from auditor.runs.tables import Queries
from auditor.runs.tasks import read_result
from auditor.runs.work import read_values

_OWN = ("account", "platform", "name", "url", "followers")
_KIND = ("verified", "monetisation", "profile", "missing", "has_posts")

_OTHERS = "holds other findings than its accounts tell of"

ALL_MISSING = (1 << len(PROFILE_FIELDS)) - 1
"""What an account lacks that is known from its posts alone."""

_SLEEPING = """
    SELECT account, platform, name, url, followers, verified, monetisation, profile,
      coalesce(missing, {all_missing}) & {asked} AS missing, seen > 0 AS has_posts
    FROM listed WHERE NOT wakes AND NOT opted_out ORDER BY account
"""
SLEEPING_COUNTS = """
    SELECT profile, coalesce(missing, {all_missing}) & {asked} AS missing, seen > 0 AS has_posts,
      count(*) AS accounts
    FROM listed WHERE NOT wakes AND NOT opted_out GROUP BY ALL ORDER BY ALL
"""
COUNTED = """
    SELECT count(*) FILTER (WHERE NOT opted_out) AS accounts,
      count(*) FILTER (WHERE opted_out) AS opted_out,
      count(*) FILTER (WHERE wakes AND NOT opted_out) AS awake_accounts,
      (SELECT count(*) FROM posts) AS posts,
      (SELECT count(*) FROM woken_posts w JOIN awake a ON w.account = a.account) AS awake_posts
    FROM listed
"""
"""The query of the table ``counted``, one row."""


@dataclass
class Collected(Judged):
    """All parts together; accounts and findings are read when they are written.

    ``unflagged`` counts the accounts without a finding, ``findings`` all findings, those of each
    item, and the new ones of each evidence grade.
    """

    findings: int = 0
    by_item: Counter[str] = field(default_factory=Counter)
    new_by_grade: Counter[EvidenceGrade] = field(default_factory=Counter)
    unflagged: Unflagged = field(default_factory=Unflagged)
    counts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)


class Sleepers:
    """The accounts that no rule had to judge: what each lacks is all that is said of them."""

    def __init__(self, compiled: Compiled, tables: Queries) -> None:
        self._compiled = compiled
        self._tables = tables
        self._known: dict[tuple[int, bool], tuple[str, ...]] = {}
        # Of the fields that accounts lack in ever other mixtures, rules look at few first.
        self.values = {"all_missing": ALL_MISSING, "asked": field_bits(compiled.first_fields)}

    def gaps(self, missing: int, has_posts: bool) -> tuple[str, ...]:
        """Return the gaps of an account that lacks these fields, as ``rule_id:field``, sorted."""
        key = (missing, has_posts)
        if key not in self._known:
            names = missing_names(missing)
            found = profile_gaps(self._compiled.rules, names, has_posts=has_posts)
            self._known[key] = tuple(sorted(found))
        return self._known[key]

    def outcome(self, profile: bool, missing: int, has_posts: bool) -> Outcome:
        """Return what accounts.csv says of such an account."""
        if not profile:
            return "not_fetched"
        return "partial" if self.gaps(missing, has_posts) else "audited"

    def count(self, found: Collected) -> None:
        """Add the sleeping accounts to the counts of a run."""
        for row in self._tables.rows(SLEEPING_COUNTS.format(**self.values)).to_pylist():
            kind = (row["missing"], row["has_posts"])
            found.gaps[self.gaps(*kind)] += row["accounts"]
            # No rule came past its first step here, so that its gap is all there is to say.
            found.open.update(dict.fromkeys(gap_rules(self.gaps(*kind)), row["accounts"]))
            outcome = self.outcome(row["profile"], *kind)
            found.outcomes[outcome] += row["accounts"]
            found.unflagged.add(outcome, bool(self.gaps(*kind)), row["accounts"])

    def batches(self) -> Iterator[Sleeping]:
        """Yield the sleeping accounts by id, some thousands at a time."""
        for batch in self._tables.stream(_SLEEPING.format(**self.values)):
            own = {name: batch.column(name) for name in _OWN}
            firsts, kind = kinds_of([batch.column(name) for name in _KIND])
            rows = batch.select(_KIND).take(pa.array(firsts)).to_pylist()
            yield Sleeping(own, [self._kind(**row) for row in rows], kind)

    def _kind(
        self,
        verified: Verified | None,
        monetisation: list[str] | None,
        profile: bool,
        missing: int,
        has_posts: bool,
    ) -> Kind:
        surfaces = None if monetisation is None else tuple(monetisation)
        outcome = self.outcome(profile, missing, has_posts)
        return Kind(outcome, verified, surfaces, self.gaps(missing, has_posts))


def collect(
    paths: Sequence[Path], tables: Queries, compiled: Compiled, history: History, ordered: Ordered
) -> Collected:
    """Read what the parts produced, in their order, and count everything.

    Accounts with findings are written to ``ordered``. What an earlier night found is dated as if it
    had been found again.

    Raises:
        OutputError: the disk is full, or a part cannot be read back.
    """
    found = Collected()
    ordered.write(chain.from_iterable(_flagged(path, history, found) for path in paths))
    for path in paths:
        result = read_result(path)
        for name in ("fired", "silenced", "open"):
            getattr(found, name).update(result[name])
        for key, count in result["gaps"]:
            found.gaps[tuple(key)] += count
        found.failures.extend(result["failures"])
    # Rows of groups are read when they are written (``runs.groups``).
    (counts,) = tables.rows("SELECT * FROM counted").to_pylist()
    found.counts.update(counts)
    Sleepers(compiled, tables).count(found)
    return found


def _flagged(
    path: Path, history: History, found: Collected
) -> Iterator[tuple[AccountRow, list[Finding]]]:
    """Yield the accounts of a part that have findings, with them; count all."""
    findings = map(history.dated, read_values(path / FINDINGS, Finding))
    for row in read_values(path / ACCOUNTS, AccountRow):
        found.outcomes[row.outcome] += 1
        if not row.findings:
            found.unflagged.add(row.outcome, bool(row.not_evaluated))
            continue
        own = list(islice(findings, row.findings))
        if {one.account_id for one in own} != {row.account_id} or len(own) != row.findings:
            raise OutputError(_OTHERS, str(path))
        for one in own:
            found.by_item.update(one.item_ids)
        new = [one.evidence_grade for one in own if one.delta == "new"]
        found.findings += len(own)
        found.new_by_grade.update(new)
        yield row.model_copy(update={"run_id": history.run_id, "new_findings": len(new)}), own
    if next(findings, None) is not None:
        raise OutputError(_OTHERS, str(path))
