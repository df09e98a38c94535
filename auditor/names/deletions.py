"""Which words stand within one edit of a text: one insertion, deletion or substitution.

Two strings within one edit share a hash among each string whole and each string without one
character, so that a look-up of a text's own few hashes misses nothing. What is found is a
candidate: some pairs are two edits apart (a character deleted at different places), and whoever
asks must look at them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from auditor.names.codes import Codes, Hashes, HashSet, Positions, chunks


class DeletionIndex:
    """The deletion keys of a list of words, sorted; twelve bytes a key and one key a character."""

    def __init__(self, words: Sequence[str]) -> None:
        keys: list[Hashes] = [np.zeros(0, dtype=np.uint64)]
        owners: list[NDArray[np.int32]] = [np.zeros(0, dtype=np.int32)]
        for start, part in chunks(words):
            codes = Codes.of(part)
            owner, found = keys_of(codes, codes.starts[:-1], codes.starts[1:])
            keys.append(found)
            owners.append((owner + start).astype(np.int32))
        joined, owned = np.concatenate(keys), np.concatenate(owners)
        order = np.argsort(joined, kind="stable")
        self._keys, self._owners = joined[order], owned[order]
        self._known = HashSet(self._keys)

    def candidates(
        self, codes: Codes, first: Positions, last: Positions
    ) -> tuple[Positions, Positions]:
        """Return pairs (stretch, word), as positions, that may stand within one edit; unique."""
        stretches, keys = keys_of(codes, first, last)
        held = np.flatnonzero(self._known.holds(keys))
        stretches, keys = stretches[held], keys[held]
        low = np.searchsorted(self._keys, keys, side="left")
        counts = np.searchsorted(self._keys, keys, side="right") - low
        steps = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        words = self._owners[np.repeat(low, counts) + steps].astype(np.intp)
        pairs = np.unique(np.stack((np.repeat(stretches, counts), words)), axis=1)
        return pairs[0], pairs[1]


def keys_of(codes: Codes, first: Positions, last: Positions) -> tuple[Positions, Hashes]:
    """Return every stretch's own hash and those without one character, with their stretches."""
    owners, hashes = codes.deletions(first, last)
    whole = np.arange(len(first))
    return np.concatenate((whole, owners)), np.concatenate((codes.hashes(first, last), hashes))
