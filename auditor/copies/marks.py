"""What speaks against counting a post as a copy: its words, its source, who published it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from auditor.text import Scanner, content, content_batch, fold, fold_batch

LISTS: Final = MappingProxyType(
    {
        "appeal-words": "appeal",
        "copy-attribution": "attributed",
        "copy-exempt": "public_text",
        "petition-words": "petition",
    }
)
"""The word lists that mark a post, and the mark of each."""

NEVER: Final = frozenset({"appeal", "petition", "public_text", "repost"})
"""Marks of posts that are no copies: they are neither counted nor listed (fairness, section 2)."""

AGAINST: Final = frozenset({"attributed", "government", "media", "names_first"})
"""Marks of posts that are listed with what speaks for them, and are not counted."""

_SHORTEST_NAME: Final = 2


class Marks:
    """Marks posts; made once for a run from the word lists and the texts anybody may repeat.

    ``lexicons`` holds the words of each of ``LISTS``; ``works`` are texts (references, works). A
    text is an excerpt when ``work_share`` (0..1) of its three-character runs stand in one work.

    Raises:
        KeyError: a word list is missing.
    """

    def __init__(
        self, lexicons: Mapping[str, Iterable[str]], works: Iterable[str], work_share: float
    ) -> None:
        self._scanner = Scanner({name: lexicons[name] for name in LISTS})
        self._work_share = work_share
        self._works: dict[str, list[int]] = {}
        for number, work in enumerate(works):
            for run in _runs(content(work)):
                self._works.setdefault(run, []).append(number)

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
            marks |= {"public_text"} if self._is_excerpt(body) else set()
            found.append(tuple(sorted(marks)))
        return found

    def _is_excerpt(self, body: str) -> bool:
        runs = _runs(body) if self._works else set()
        counts = Counter(work for run in runs for work in self._works.get(run, ()))
        return bool(counts) and max(counts.values()) >= self._work_share * len(runs)


def names_first(text: str, names: Iterable[str | None]) -> bool:
    """Tell whether a text credits a poster: one of the names stands behind an @ in it."""
    folded = fold(text).text
    known = [fold(name).text.strip() for name in names if name]
    return any(len(name) >= _SHORTEST_NAME and f"@{name}" in folded for name in known)


def _runs(body: str) -> set[str]:
    return {body[at : at + 3] for at in range(len(body) - 2)}
