"""Folding many texts at once: one table lookup over the code points of a joined blob."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from auditor.text.fold import DROP, Folded, Scope, fold_table

_CHUNK = 1 << 18
"""Code points a pass: blob, result and mask stay in the second-level cache."""


@cache
def fold_codes(scope: Scope) -> NDArray[np.uint32]:
    """Return the fold as a table of 0x110000 code points, ``DROP`` where a character goes."""
    table = np.arange(0x110000, dtype=np.uint32)
    targets = fold_table(scope).targets
    table[list(targets)] = [DROP if target is None else target for target in targets.values()]
    return table


def fold_batch(texts: Sequence[str], scope: Scope = "all") -> list[Folded]:
    """Fold texts; equal to ``[fold(text) for text in texts]`` and many times faster.

    With scope ``name`` equal to ``fold_name``.
    """
    return [folded for chunk in _chunks(texts) for folded in _fold_chunk(chunk, scope)]


def _chunks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    start = size = 0
    for index, text in enumerate(texts):
        size += len(text)
        if size >= _CHUNK:
            yield texts[start : index + 1]
            start, size = index + 1, 0
    if start < len(texts):
        yield texts[start:]


def _fold_chunk(texts: Sequence[str], scope: Scope) -> list[Folded]:
    blob = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    codes = fold_codes(scope).take(blob)
    gone = np.flatnonzero(codes == DROP)
    starts = np.fromiter(accumulate(map(len, texts), initial=0), np.intp, len(texts) + 1)
    # How many characters were dropped before each text's first one.
    before = np.searchsorted(gone, starts)
    joined = _text(np.delete(codes, gone) if gone.size else codes)
    offsets: list[tuple[int, ...] | None] = [None] * len(texts)
    for index in np.flatnonzero(np.diff(before)).tolist():
        lost = gone[before[index] : before[index + 1]] - starts[index]
        offsets[index] = tuple(np.delete(np.arange(len(texts[index])), lost).tolist())
    spans = pairwise((starts - before).tolist())
    folded = [joined[start:end] for start, end in spans]
    return list(map(Folded._make, zip(folded, texts, offsets, strict=True)))


def _text(codes: NDArray[np.uint32]) -> str:
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")
