"""How many imitations the index finds, and for how many it names the technique."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from auditor.model import Reference
from auditor.names.index import NameIndex
from auditor.names.spoof import TECHNIQUES, Spoofer, Technique, leads_to, techniques_of

_LENGTHS = range(3, 16)


@dataclass(slots=True)
class Recall:
    """One technique's variants, counted; ``missed`` are not found, ``misnamed`` found otherwise.

    Both hold pairs of variant and name, in the order they came.
    """

    variants: int = 0
    missed: list[tuple[str, str]] = field(default_factory=list)
    misnamed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def found_ratio(self) -> float:
        """Share (0..1) of the variants that a match explains; 1 without variants."""
        return 1 - len(self.missed) / self.variants if self.variants else 1.0

    @property
    def named_ratio(self) -> float:
        """Share (0..1) of the variants whose match names the technique; 1 without variants."""
        lost = len(self.missed) + len(self.misnamed)
        return 1 - lost / self.variants if self.variants else 1.0


def sample(organisations: Iterable[Reference], count: int) -> list[str]:
    """Return about ``count`` names of 3 to 15 characters, of every kind and length, by stride."""
    kinds: dict[str, list[str]] = {}
    for one in organisations:
        if len(one.name) in _LENGTHS:
            kinds.setdefault(one.kind, []).append(one.name)
    total = sum(map(len, kinds.values()))
    chosen: list[str] = []
    for kind in sorted(kinds):
        names = sorted(set(kinds[kind]), key=lambda name: (len(name), name))
        share = max(1, round(count * len(names) / total))
        chosen += [names[(2 * turn + 1) * len(names) // (2 * share)] for turn in range(share)]
    return list(dict.fromkeys(chosen))


def recall(
    spoofer: Spoofer, index: NameIndex, names: Iterable[str], limit: int
) -> dict[Technique, Recall]:
    """Count, for at most ``limit`` variants a technique of every name, what the index makes of it.

    A technique counts as named where a match that leads to the name has it among its steps.
    """
    counts = {technique: Recall() for technique in TECHNIQUES}
    for name in names:
        own = index.own(name)
        for technique, variant, _ in spoofer.imitations(name, limit=limit):
            count = counts[technique]
            count.variants += 1
            matches = [one for one in index.matches(variant) if leads_to(one, name, own)]
            if not matches:
                count.missed.append((variant, name))
            elif all(technique not in techniques_of(one) for one in matches):
                count.misnamed.append((variant, name))
    return counts
