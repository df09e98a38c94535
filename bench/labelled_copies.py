"""A seeded stream of invented texts among which copies are planted, each with its label.

Lengths follow what was measured on public posts: 20 to 800 characters, median 71, mean 117. The
texts are strings of invented words; some share a set phrase, as posts of one platform do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]

SHORTEST, MEDIAN, LONGEST = 20, 71, 800
_SPREAD = 1.0
_CHARACTERS = 2_600
_WORDS = 20_000
_PHRASES = 60
_PHRASED = 0.1
_LARGEST = 200


@dataclass(frozen=True)
class Labelled:
    """Texts in random order; ``cluster`` is -1 for a text that is nobody's copy."""

    texts: list[str]
    cluster: NDArray[np.int64]
    kind: list[str]


class Texts:
    """Draws invented texts and copies of them; the same seed gives the same texts for ever."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        # Characters that no table folds, the commonest first.
        characters = 0x4E00 + self.random.permutation(0x51A6)[:_CHARACTERS].astype(np.uint32)
        self._characters = characters
        sizes = self.random.choice([1, 2, 3, 4], _WORDS, p=[0.12, 0.7, 0.13, 0.05])
        self._ends = np.cumsum(sizes)
        self._sizes = sizes
        self._flat = characters[self._ranks(int(self._ends[-1]), _CHARACTERS, 0.6)]
        self._sound = dict(zip(characters.tolist(), np.roll(characters, 1).tolist(), strict=True))
        self._phrases = [self.codes(int(n)) for n in self.random.integers(10, 26, _PHRASES)]

    def _ranks(self, count: int, ranks: int, slope: float) -> NDArray[np.int64]:
        """Draw ranks by a power law."""
        weights = np.cumsum(np.arange(1, ranks + 1) ** -slope)
        drawn = np.searchsorted(weights, self.random.random(count) * weights[-1])
        found: NDArray[np.int64] = np.minimum(drawn, ranks - 1)
        return found

    def codes(self, length: int) -> Codes:
        """Return so many characters of running text."""
        words = self._ranks(length // 2 + 8 + length // 4, _WORDS, 0.95)
        sizes = self._sizes[words]
        while sizes.sum() < length:
            words = np.concatenate((words, words))
            sizes = self._sizes[words]
        stops = np.cumsum(sizes)
        shift = np.repeat(self._ends[words] - stops, sizes)
        text: Codes = self._flat[np.arange(stops[-1]) + shift][:length]
        return text

    def lengths(self, count: int) -> NDArray[np.int64]:
        """Draw lengths of texts."""
        drawn = np.exp(self.random.normal(np.log(MEDIAN), _SPREAD, count))
        return np.clip(drawn, SHORTEST, LONGEST).astype(np.int64)

    def many(self, count: int) -> list[Codes]:
        """Return texts that have nothing in common but a set phrase here and there."""
        lengths = self.lengths(count)
        texts = np.split(self.codes(int(lengths.sum())), np.cumsum(lengths)[:-1])
        for index in np.flatnonzero(self.random.random(count) < _PHRASED).tolist():
            phrase = self._phrases[int(self.random.integers(_PHRASES))]
            texts[index] = np.concatenate((texts[index], phrase))
        return texts

    def _piece(self, text: Codes, least: float, most: float) -> Codes:
        return self.codes(max(1, int(len(text) * self.random.uniform(least, most))))

    def exact(self, text: Codes) -> Codes:
        """Return the text as it is."""
        return text

    def before(self, text: Codes) -> Codes:
        """Put some words before the text."""
        return np.concatenate((self._piece(text, 0.03, 0.3), text))

    def after(self, text: Codes) -> Codes:
        """Put some words after the text."""
        return np.concatenate((text, self._piece(text, 0.03, 0.3)))

    def edited(self, text: Codes) -> Codes:
        """Replace, leave out or insert 1 to 6 characters in a hundred."""
        count = max(1, round(len(text) * self.random.uniform(0.01, 0.06)))
        changed = text.copy()
        for at in self.random.choice(len(text), count, replace=False).tolist():
            changed[at] = self._characters[int(self.random.integers(_CHARACTERS))]
        cut = int(self.random.integers(len(text)))
        return np.delete(changed, cut) if self.random.random() < 0.5 else changed

    def sounded(self, text: Codes) -> Codes:
        """Write one to four characters in a hundred as others of the same (invented) sound."""
        count = max(1, round(len(text) * self.random.uniform(0.01, 0.04)))
        changed = text.copy()
        for at in self.random.choice(len(text), count, replace=False).tolist():
            changed[at] = self._sound[int(changed[at])]
        return changed

    def rotated(self, text: Codes) -> Codes:
        """Put the second part first."""
        return np.roll(text, int(self.random.integers(1, len(text))))

    def other_tail(self, text: Codes) -> Codes:
        """Replace the last 5 to 20 characters in a hundred."""
        keep = int(len(text) * self.random.uniform(0.8, 0.95))
        return np.concatenate((text[:keep], self.codes(len(text) - keep)))

    @property
    def kinds(self) -> dict[str, Callable[[Codes], Codes]]:
        """Ways of copying, by name."""
        return {
            "exact": self.exact,
            "before": self.before,
            "after": self.after,
            "edited": self.edited,
            "sounded": self.sounded,
            "rotated": self.rotated,
            "other_tail": self.other_tail,
        }


def labelled(count: int, seed: int = 7, share: float = 0.08) -> Labelled:
    """Return ``count`` texts of which ``share`` are copies or copied, in random order."""
    maker = Texts(seed)
    planted = int(count * share)
    texts = maker.many(count - planted)
    cluster = [-1] * len(texts)
    kind = ["alone"] * len(texts)
    names = list(maker.kinds)
    number = 0
    while len(texts) < count:
        size = min(count - len(texts), _LARGEST, 1 + int(maker.random.pareto(0.9) + 1))
        first = maker.codes(int(maker.lengths(1)[0]))
        chosen = ["first", *maker.random.choice(names, size - 1).tolist()]
        for name in chosen:
            texts.append(first if name == "first" else maker.kinds[name](first))
        cluster += [number] * size
        kind += chosen
        number += 1
    order = maker.random.permutation(count).tolist()
    strings = [text.astype("<u4").tobytes().decode("utf-32-le") for text in texts]
    return Labelled(
        [strings[at] for at in order], np.array(cluster)[order], [kind[at] for at in order]
    )
