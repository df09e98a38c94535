"""What speaks against counting a post as a copy: its words, its source, who published it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from auditor.copies.limits import Limits
from auditor.copies.shingles import WIDTH, Joined, hashes, joined, runs
from auditor.text import FoldedBlob, Scanner, blob_of, content, fold, fold_batch, long_contents
from auditor.text.fold import fold_table

LISTS: Final = MappingProxyType(
    {
        "appeal-words": "appeal",
        "copy-attribution": "attributed",
        "copy-exempt": "public_text",
        "petition-words": "petition",
    }
)
"""The word lists that mark a post, and the mark of each."""

NEVER: Final = frozenset({"appeal", "monotone", "petition", "public_text", "repost"})
"""Marks of posts that are no copies: they are neither counted nor listed (fairness, section 2).

``monotone`` is a text of a few characters over and over: long laughter is like long laughter.
"""

AGAINST: Final = frozenset({"attributed", "government", "media", "names_first"})
"""Marks of posts that are listed with what speaks for them, and are not counted."""

_SHORTEST_NAME: Final = 2
_BEGINNING: Final = 128
"""Characters of a text that mostly tell enough of how many are different."""

_SLOTS: Final = 20
"""Bits of the hash by which runs of works are told from most others."""


class Marks:
    """Marks posts; made once for a run from the word lists and the texts anybody may repeat.

    ``lexicons`` holds the words of each of ``LISTS``; ``works`` are texts (references, works).

    Raises:
        KeyError: a word list is missing.
    """

    def __init__(
        self, lexicons: Mapping[str, Iterable[str]], works: Iterable[str], limits: Limits
    ) -> None:
        self._scanner = Scanner({name: lexicons[name] for name in LISTS})
        self._limits = limits
        self._works: dict[str, list[int]] = {}
        for number, work in enumerate(works):
            for run in runs(content(work)):
                self._works.setdefault(run, []).append(number)
        self._known = frozenset(self._works)
        self._may = np.zeros(1 << _SLOTS, np.bool_)
        if self._known:
            self._may[_slots(hashes(joined(sorted(self._known)))[::WIDTH])] = True

    def of(
        self, texts: Sequence[str], verified: Sequence[str | None], reposts: Sequence[bool]
    ) -> list[tuple[str, ...]]:
        """Return the marks of each post, sorted.

        ``texts`` are title and text as published, ``verified`` the mark of the account (``None``
        is not collected), ``reposts`` tells whether the platform shows the post as a repost.
        """
        folded = [one.text for one in fold_batch(texts)]
        contents = long_contents(blob_of(folded), 0)[1]
        bodies = contents.texts()
        ordinary = self._are_ordinary(contents, bodies)
        found = []
        for hits, body, plain, mark, repost in zip(
            self._scanner.scan_batch(folded), bodies, ordinary, verified, reposts, strict=True
        ):
            marks = {LISTS[name] for hit in hits for name in self._scanner.lexicons(hit.phrase)}
            marks |= {mark} & {"government", "media"} if mark else set()
            marks |= {"repost"} if repost else set()
            if not plain:
                marks |= self._of_runs(runs(body))
            found.append(tuple(sorted(marks)))
        return found

    def _are_ordinary(self, contents: FoldedBlob, bodies: Sequence[str]) -> list[bool]:
        """Tell of which texts ``_of_runs`` surely says nothing, by a look at all of them at once.

        Every different character but two begins a run of its own, so that these are at most the
        different runs; the runs that a work may have, told by a hash, are at least the shared ones.
        """
        shared = self._may_share(contents)
        found = self._surely(shared, (body[:_BEGINNING] for body in bodies))
        # The beginning says enough of nearly all.
        doubtful = np.flatnonzero(~found)
        found[doubtful] = self._surely(shared[doubtful], (bodies[at] for at in doubtful.tolist()))
        ordinary: list[bool] = found.tolist()
        return ordinary

    def _surely(self, shared: NDArray[np.intp], texts: Iterable[str]) -> NDArray[np.bool_]:
        least = np.fromiter(map(len, map(set, texts)), np.intp, len(shared)) - WIDTH + 1
        surely: NDArray[np.bool_] = least >= self._limits.least_runs
        return surely & (shared < self._limits.work_share * least)

    def _may_share(self, contents: FoldedBlob) -> NDArray[np.intp]:
        """Return how many runs of each text a work may have; none of a text without a run."""
        long = np.diff(contents.starts) >= WIDTH
        counts = np.zeros(len(contents), np.intp)
        if long.any():
            picked = contents.pick(long)
            starts = picked.starts
            may = self._may.take(_slots(hashes(Joined(picked.codes, starts[:-1], starts[1:]))))
            counts[long] = np.add.reduceat(may, starts[:-1], dtype=np.intp)
        return counts

    def _of_runs(self, own: frozenset[str]) -> set[str]:
        """Return what the three-character runs of a text say: too few, or those of a work."""
        if len(own) < self._limits.least_runs:
            return {"monotone"}
        wanted = self._limits.work_share * len(own)
        shared = own & self._known
        if len(shared) < wanted:
            # All works together have too few of them: most texts are answered here.
            return set()
        counts = Counter(work for run in shared for work in self._works[run])
        return {"public_text"} if max(counts.values(), default=0) >= wanted else set()


def _slots(found: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return found >> np.uint32(32 - _SLOTS)


def names_first(text: str, names: Iterable[str | None]) -> bool:
    """Tell whether a text credits a poster: one of the names stands behind an @ in it."""
    # Hardly a text holds the sign, and to look for it costs a hundredth of folding the text.
    if not any(sign in text for sign in _at_signs()):
        return False
    folded = fold(text).text
    known = [fold(name).text.strip() for name in names if name]
    return any(len(name) >= _SHORTEST_NAME and f"@{name}" in folded for name in known)


@cache
def _at_signs() -> tuple[str, ...]:
    """Return every way of writing @."""
    at = ord("@")
    others = (code for code, target in fold_table("all").targets.items() if target == at)
    return ("@", *map(chr, others))
