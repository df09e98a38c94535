"""Signs added to a name or put over it: inserted, doubled, masked."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.names.imitations.order import from_the_middle, in_turn, replaced
from auditor.text import inserted_signs

_ALSO_ALL = ("point", "space", "stroke", "invisible")


def inserted(name: str) -> Iterator[str]:
    """Yield the name with one sign in one gap, every kind of sign in turn, then in all gaps."""
    kinds: dict[str, list[str]] = {}
    for sign in inserted_signs():
        if sign.kind != "mask":
            kinds.setdefault(sign.kind, []).append(sign.sign)
    signs = list(in_turn(*kinds.values()))
    gaps = from_the_middle(range(1, len(name)))
    spread = [kinds[kind][0].join(name) for kind in _ALSO_ALL if kind in kinds]
    single = [
        name[:gap] + sign + name[gap:]
        for turn in range(len(gaps))
        for count, sign in enumerate(signs)
        for gap in (gaps[(turn + count) % len(gaps)],)
        if sign not in name[gap - 1 : gap + 1]
    ]
    return in_turn(single, spread)


def doubled(name: str) -> Iterator[str]:
    """Yield the name with one character written twice, the inner ones first."""
    for index in from_the_middle(range(len(name))):
        yield name[:index] + name[index] + name[index:]


def masked(name: str) -> Iterator[str]:
    """Yield the name with one inner character hidden behind a sign."""
    for sign in inserted_signs():
        if sign.kind == "mask":
            for index in from_the_middle(range(1, len(name) - 1)):
                yield replaced(name, index, sign.sign)
