"""Which texts wake a rule: the cheap pass over columns that spares all other accounts.

A finding implies that its account, and the post it is about, woke; a property test holds it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from auditor.rules.blobs import Column, folded_blobs
from auditor.rules.compile import Compiled
from auditor.rules.screen import Screened, screen_blob, screen_profiles
from auditor.text import FoldedBlob, content_batch

CHUNK = 16_384
"""Posts that are handed over at a time; memory stays flat however many an account has."""


@dataclass(frozen=True)
class Woken:
    """What the cheap pass says of rows: which wake, and which ask for their account's last posts.

    The second are those in which a rule that reads sleeping posts finds what it looks for first.
    """

    awake: list[bool]
    reads: list[bool]


def awake_profiles(compiled: Compiled, columns: Mapping[str, Column], count: int) -> Woken:
    """Tell for each account whether its profile alone wakes a rule."""
    screened = screen_profiles(compiled, columns, count)
    return Woken(screened.wakes.tolist(), screened.reads.tolist())


Chunk = tuple[int, Mapping[str, Column]]
"""The first row of a chunk, and its texts by field."""


def awake_posts(
    compiled: Compiled,
    chunks: Iterable[Chunk],
    lengths: Sequence[int],
    spans: Sequence[tuple[int, int]],
) -> Woken:
    """Tell for each post whether it wakes a rule.

    ``chunks`` hold all posts in order; ``lengths`` are those of their texts in characters;
    ``spans`` are the accounts' ranges of posts.
    """
    screened = Screened.asleep(len(lengths))
    copies = Copies(lengths, spans, compiled.plan.repeats)
    for start, columns in chunks:
        for name, column in columns.items():
            for first, blob in folded_blobs(column):
                screened.add(screen_blob(compiled, name, blob), start + first)
                if name == "text":
                    copies.add(blob, start + first)
    screened.wakes[list(copies.repeated())] = True
    return Woken(screened.wakes.tolist(), screened.reads.tolist())


class Copies:
    """Finds the posts whose content their account published often enough for a rule on copies.

    Only texts of accounts with enough texts of the asked length are reduced to their content, and
    of that a digest is kept, so that an account with a million posts fits in memory.
    """

    def __init__(
        self,
        lengths: Sequence[int],
        spans: Sequence[tuple[int, int]],
        repeats: Sequence[tuple[int, int]],
    ) -> None:
        self._spans = spans
        self._least = min((posts for posts, _ in repeats), default=0)
        characters = min((least for _, least in repeats), default=0)
        # Folding and taking characters off never make a text longer.
        self.candidates: set[int] = set()
        for start, end in spans if repeats else ():
            long = [i for i in range(start, end) if lengths[i] >= characters]
            if len(long) >= self._least:
                self.candidates.update(long)
        self._digests: dict[int, bytes] = {}

    def add(self, blob: FoldedBlob, start: int) -> None:
        """Take in the candidates among texts of which the first is post ``start``."""
        chosen = [index for index in range(len(blob)) if start + index in self.candidates]
        texts = [blob.text(index) for index in chosen]
        for index, key in zip(chosen, content_batch(texts), strict=True):
            self._digests[start + index] = blake2b(key.encode(), digest_size=16).digest()

    def repeated(self) -> Iterator[int]:
        """Yield the posts whose content stands at least as often as a rule asks."""
        for start, end in self._spans if self.candidates else ():
            own = {i: self._digests[i] for i in range(start, end) if i in self._digests}
            counts = Counter(own.values())
            yield from (i for i, digest in own.items() if counts[digest] >= self._least)
