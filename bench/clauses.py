"""Invented clauses, joined column by column, and a pool of them that posts are joined from."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import yaml
from numpy.typing import NDArray

from bench import nicknames
from bench.dice import Dice

SPECIAL = 0.015
"""Share of clauses written in traditional characters, and again of those in full-width signs."""

OPENER = 10
"""Characters of an opener, at least."""

_FEW = 400
_MANY = 5_000
_LISTS = {
    "surname": nicknames.SURNAMES, "given": nicknames.GIVEN, "sign": nicknames.SIGNS,
    "trait": nicknames.TRAITS, "being": nicknames.BEINGS, "tail": nicknames.TAILS,
    "local": nicknames.LOCAL, "trade": nicknames.TRADES, "syllable": nicknames.SYLLABLES,
    "face": nicknames.FACES,
}  # fmt: skip

Forms = Sequence[tuple[float, str]]


@dataclass(frozen=True)
class Pool:
    """Clauses: the first ``openers`` have ten characters or more, and posts begin with two."""

    clauses: pa.StringArray
    openers: int

    def __len__(self) -> int:
        return len(self.clauses)


@dataclass(frozen=True)
class Words:
    """Words by slot, and how slots are joined; ``vocabulary.yml`` with lists too long for it."""

    dice: Dice
    book: Mapping[str, Any] = field(repr=False)
    slots: Mapping[str, Sequence[str]] = field(repr=False)

    @classmethod
    def read(cls, dice: Dice, places: Sequence[str], bodies: Sequence[str]) -> Words:
        """Read the book; ``places`` are short names of divisions, ``bodies`` are mentioned."""
        path = Path(__file__).with_name("vocabulary.yml")
        book = yaml.safe_load(path.read_text(encoding="utf-8"))
        written = {**book["slots"], **book["bio_words"]}
        slots = {
            name: words.split() if isinstance(words, str) else words
            for name, words in written.items()
        }
        slots |= {name: list(words) for name, words in _LISTS.items()}
        slots["topic"] = [*slots["topic"], *nicknames.TOPICS]
        slots |= {"place": list(places), "body": list(bodies), **_counted(random.Random(dice.seed))}
        words = cls(dice, book, slots)
        slots["nick"] = words.composed("nick", book["names"], np.arange(_MANY)).to_pylist()
        return words

    def composed(self, what: str, forms: Forms, rows: NDArray[Any]) -> pa.StringArray:
        """Draw a form for each row and a word for each of its slots; join them."""
        words: list[str] = []
        spans: dict[str, tuple[int, int]] = {}
        parts = [form.split(" ") for _, form in forms]
        for part in dict.fromkeys(part for form in parts for part in form):
            found = self.slots.get(part, (part,))
            spans[part] = (len(words), len(found))
            words.extend(found)
        longest = max(map(len, parts))
        table = np.zeros((len(forms), longest, 2), dtype=np.int64)
        counts = np.array([len(form) for form in parts])
        for number, form in enumerate(parts):
            table[number, : len(form)] = [spans[part] for part in form]
        drawn = self.dice.chosen(f"{what} form", rows, [weight for weight, _ in forms])
        count = counts[drawn]
        place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        starts, sizes = table[np.repeat(drawn, count), place].T
        shares = self.dice.shares(f"{what} word", np.repeat(rows, count) * 64 + place)
        return joined(
            pa.array(words, pa.string()), starts + (shares * sizes).astype(np.int64), count
        )

    def pool(self, size: int) -> Pool:
        """Return a pool of ``size`` clauses."""
        clauses = self.composed("clause", self.book["clauses"], np.arange(size))
        long = pc.greater_equal(pc.utf8_length(clauses), OPENER)
        clauses = pa.concat_arrays([clauses.filter(long), clauses.filter(pc.invert(long))])
        return Pool(self._written(clauses), pc.sum(long).as_py())

    def _written(self, clauses: pa.StringArray) -> pa.StringArray:
        """Write a few clauses in traditional characters, and a few with full-width signs."""
        width = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
        forms = str.maketrans(self.book["simplified"], self.book["traditional"])
        shares = self.dice.shares("writing", np.arange(len(clauses)))
        chosen = np.flatnonzero(shares < 2 * SPECIAL)
        texts = clauses.take(pa.array(chosen)).to_pylist()
        new = [
            text.translate(forms if share < SPECIAL else width)
            for text, share in zip(texts, shares[chosen].tolist(), strict=True)
        ]
        return replaced(clauses, chosen, pa.array(new, pa.string()))


def joined(
    words: pa.StringArray, indices: NDArray[np.int64], counts: NDArray[np.int64]
) -> pa.StringArray:
    """Return one text for each count: the words of the next ``count`` indices."""
    offsets = np.zeros(len(counts) + 1, dtype=np.int32)
    np.cumsum(counts, out=offsets[1:])
    parts = pa.ListArray.from_arrays(pa.array(offsets), words.take(pa.array(indices)))
    return pc.binary_join(parts, "")


def replaced(values: pa.Array, places: NDArray[np.int64], new: pa.Array) -> pa.Array:
    """Return values with those at ``places`` replaced by ``new``."""
    if not len(places):
        return values
    order = np.arange(len(values))
    order[places] = len(values) + np.arange(len(places))
    return pa.concat_arrays([values, new]).take(pa.array(order))


def _counted(rolls: random.Random) -> dict[str, list[str]]:
    """Return numbers, sums, dates and times as people write them."""

    def some(count: int, forms: Sequence[str], *bounds: tuple[int, int]) -> list[str]:
        return [
            rolls.choice(forms).format(*(rolls.randrange(*bound) for bound in bounds))
            for _ in range(count)
        ]

    signs = "abcdefghijkmnpqrstuvwxyzABCDEFGH23456789"
    people = (
        (rolls.choice(nicknames.SURNAMES), rolls.choices(nicknames.GIVEN, k=2))
        for _ in range(_MANY)
    )
    return {
        "number": some(_FEW, ("{}", "{}", "{}0", "{}00"), (2, 40)),
        "amount": some(_MANY, ("{}块", "{}元", "{}块5", "{}.9元", "{}多块", "¥{}"), (2, 900)),
        "date": some(_MANY, ("{}月{}日", "{}月{}号", "{}.{}", "{}/{}"), (1, 13), (1, 29)),
        "clock": some(_MANY, ("{}点{}分", "{}:{}", "{}点{}"), (5, 23), (10, 60)),
        "percent": some(_FEW, ("{}%", "百分之{}"), (3, 98)),
        "figures": some(_MANY, ("{}",), (2, 2000)),
        "code": ["".join(rolls.choices(signs, k=7)) for _ in range(_MANY)],
        "person": [surname + "".join(given) for surname, given in people],
    }
