"""What speaks against counting a post as a copy: its words, its source, who published it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final

from auditor.copies.limits import Limits
from auditor.copies.shingles import WIDTH, runs
from auditor.text import Scanner, content, content_batch, fold, fold_batch
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
_HEAD: Final = 1.3
"""So much more than the least is looked at of the beginning of a text: some runs repeat."""


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

    def of(
        self, texts: Sequence[str], verified: Sequence[str | None], reposts: Sequence[bool]
    ) -> list[tuple[str, ...]]:
        """Return the marks of each post, sorted.

        ``texts`` are title and text as published, ``verified`` the mark of the account (``None``
        is not collected), ``reposts`` tells whether the platform shows the post as a repost.
        """
        folded = [one.text for one in fold_batch(texts)]
        contents = content_batch(folded)
        found = []
        for hits, body, mark, repost in zip(
            self._scanner.scan_batch(folded), contents, verified, reposts, strict=True
        ):
            marks = {LISTS[name] for hit in hits for name in self._scanner.lexicons(hit.phrase)}
            marks |= {mark} & {"government", "media"} if mark else set()
            marks |= {"repost"} if repost else set()
            if not self._is_ordinary(body):
                marks |= self._of_runs(runs(body))
            found.append(tuple(sorted(marks)))
        return found

    def _is_ordinary(self, body: str) -> bool:
        """Tell whether the beginning of a text shows that its runs say nothing of it.

        It does when it alone has more runs foreign to all works than an excerpt could have, for a
        text has no more different runs than characters. One more than that is asked for, so that
        no rounding decides.
        """
        foreign = (1 - self._limits.work_share) * len(body) + 1
        if foreign < self._limits.least_runs:
            return False
        head = runs(body[: int(_HEAD * foreign) + WIDTH])
        return len(head - self._known) > foreign

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
