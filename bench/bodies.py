"""Reference lists of any size: the shipped ones, and names of bodies that nobody has."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from auditor.model import Reference
from auditor.references import References
from bench.nicknames import SIGNS

_SEED = 11


def listed(references: References) -> list[str]:
    """Return the names and short names of the lists, once each and sorted."""
    names = {one.name for one in references.organisations}
    return sorted(names.union(*(one.short_names for one in references.organisations)))


def reference_names(references: References, count: int) -> list[str]:
    """Return ``count`` names: the listed ones, then invented ones of place, sign and organ word."""
    names = listed(references)[:count]
    dice = random.Random(_SEED)
    places = [one.name for one in references.divisions]
    words = [one.word for one in references.organ_words if one.class_ in ("organ", "modifier")]
    known = set(names)
    while len(names) < count:
        inner = "".join(dice.choices(SIGNS, k=dice.choice((1, 2, 2))))
        name = dice.choice(places)[: dice.choice((2, 3, 4))] + inner + dice.choice(words)
        if name not in known:
            known.add(name)
            names.append(name)
    return names


def widened(references: References, count: int) -> References:
    """Return the lists with bodies added until there are ``count`` names and short names."""
    known = set(listed(references))
    made = (
        Reference(kind="institution", name=name, reference_id=f"bench:{number}")
        for number, name in enumerate(reference_names(references, count))
        if name not in known
    )
    return replace(references, organisations=(*references.organisations, *made))


def of_size(references: References, count: int) -> References:
    """Return the lists with the first ``count`` bodies, or with more until so many names stand."""
    if count < len(references.organisations):
        return replace(references, organisations=references.organisations[:count])
    return widened(references, count)


def near_names(words: Sequence[str], count: int) -> list[str]:
    """Return references with one to three characters lost, gained, changed or moved."""
    dice = random.Random(_SEED)
    return [_changed(dice.choice(words), dice) for _ in range(count)]


def _changed(word: str, dice: random.Random) -> str:
    signs = list(word)
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        at = dice.randrange(len(signs) + 1)
        signs[at : at + dice.randrange(2)] = dice.choice(("", dice.choice(SIGNS)))
        if dice.random() < 0.2:
            signs.insert(
                dice.randrange(len(signs) + 1), signs.pop() if signs else dice.choice(SIGNS)
            )
    return "".join(signs)
