"""Folding many texts at once: one table lookup over the code points of a joined blob."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from auditor.text.fold import DROP, Folded, Scope, fold_table
from auditor.text.loops import Loop
from auditor.text.signs import sign_classes

_LEAST_OF_SIZE = (0, 0, 0x80, 0x800, 0x10000)
"""The first code point that UTF-8 writes with so many bytes."""

_LAST = 0x10FFFF
"""The last code point."""

BLOB = 1 << 18
"""Code points of a blob: few enough for the cache, and so many that numpy's price of a call does
not count (measured with posts: a twentieth dearer at half of it, no cheaper at twice)."""


class NotTextError(ValueError):
    """Bytes that should be text are no UTF-8, or hold U+0000, which no text of an input may."""


@cache
def fold_codes(scope: Scope) -> NDArray[np.uint32]:
    """Return the fold as a table of 0x110000 code points, ``DROP`` where a character goes."""
    table = np.arange(0x110000, dtype=np.uint32)
    targets = fold_table(scope).targets
    table[list(targets)] = [DROP if target is None else target for target in targets.values()]
    return table


@dataclass(frozen=True)
class FoldedBlob:
    """Folded texts end to end: text ``i`` is ``codes[starts[i] : starts[i + 1]]``.

    Nothing stands between two texts: what is looked for in a blob must be kept inside one of them.
    A text becomes a ``str`` only when it is asked for.
    """

    codes: NDArray[np.uint32]
    starts: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def text(self, index: int) -> str:
        """Return one folded text."""
        return _text(self.codes[self.starts[index] : self.starts[index + 1]])

    def texts(self) -> list[str]:
        """Return every folded text."""
        bounds = pairwise(self.starts.tolist())
        return [self.joined[start:end] for start, end in bounds]

    @cached_property
    def joined(self) -> str:
        """All texts as one."""
        return _text(self.codes)

    @cached_property
    def classes(self) -> NDArray[np.uint16]:
        """What each code may be part of, as bits (``signs``)."""
        return sign_classes().take(self.codes)

    def texts_at(self, places: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return for each place of ``codes`` the index of the text that it lies in."""
        return np.searchsorted(self.starts, places, "right") - 1

    def take(self, rows: NDArray[np.intp]) -> FoldedBlob:
        """Return the texts of these indexes, in this order: a few of many."""
        places, starts = stretches(self.starts[rows], np.diff(self.starts)[rows])
        return FoldedBlob(self.codes[places], starts)

    def pick(self, chosen: NDArray[np.bool_]) -> FoldedBlob:
        """Return the chosen texts, in their order; ``chosen`` tells of each."""
        if chosen.all():
            return self
        lengths = np.diff(self.starts)
        return FoldedBlob(self.codes[np.repeat(chosen, lengths)], ends_of(lengths[chosen]))


def blob_of(texts: Sequence[str]) -> FoldedBlob:
    """Return texts as they are, folded or not, end to end."""
    lengths = np.fromiter(map(len, texts), np.intp, len(texts))
    return FoldedBlob(codes_of("".join(texts)), ends_of(lengths))


def codes_of(text: str) -> NDArray[np.uint32]:
    """Return the code points of a text."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    return codes.astype(np.uint32, copy=False)


def ends_of(lengths: NDArray[np.intp] | NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return 0 and the place where each of some texts ends that stand end to end."""
    ends = np.zeros(len(lengths) + 1, dtype=np.intp)
    np.cumsum(lengths, out=ends[1:])
    return ends


def stretches(
    starts: NDArray[np.intp], lengths: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the places of some stretches end to end, and the ``ends_of`` their lengths."""
    ends = ends_of(lengths)
    return np.arange(ends[-1]) + np.repeat(starts - ends[:-1], lengths), ends


def fold_blob(joined: str, lengths: NDArray[np.intp], scope: Scope = "all") -> FoldedBlob:
    """Fold texts that stand end to end, of ``lengths`` code points each."""
    codes, starts, gone = _folded(joined, lengths, scope)
    if not gone.size:
        return FoldedBlob(codes, starts)
    return FoldedBlob(np.delete(codes, gone), starts - np.searchsorted(gone, starts))


def fold_utf8(
    written: NDArray[np.uint8], bounds: NDArray[np.int64], scope: Scope = "all"
) -> FoldedBlob:
    """Fold texts written in UTF-8, text ``i`` at ``bounds[i] : bounds[i + 1]``.

    Equal to ``fold_blob`` of the same texts. It is one compiled loop: without numba it raises.

    Raises:
        ImportError: numba is not installed.
        NotTextError: the bytes are no UTF-8, as strictly as Python reads it, or one of them is 0.
    """
    return _from_utf8(written, bounds, fold_codes(scope))


def blob_of_utf8(written: NDArray[np.uint8], bounds: NDArray[np.int64]) -> FoldedBlob:
    """Return texts written in UTF-8 as they are, as ``fold_utf8`` does folded ones.

    Raises:
        ImportError: numba is not installed.
        NotTextError: the bytes are no UTF-8, or one of them is 0.
    """
    return _from_utf8(written, bounds, _unfolded_codes())


@cache
def _unfolded_codes() -> NDArray[np.uint32]:
    return np.arange(_LAST + 1, dtype=np.uint32)


def _from_utf8(
    written: NDArray[np.uint8], bounds: NDArray[np.int64], table: NDArray[np.uint32]
) -> FoldedBlob:
    starts = np.empty(len(bounds), np.intp)
    codes = np.empty(bounds[-1] - bounds[0] + 1, np.uint32)
    if not _write_folded(written, bounds, table, codes, starts):
        raise NotTextError("no UTF-8, or a zero in it")
    return FoldedBlob(codes[: starts[-1]], starts)


@Loop
def _decoded(written: NDArray[np.uint8], place: int, end: int) -> tuple[int, int]:
    """Return a code point beyond ASCII and how many bytes write it, 0 if they are no UTF-8."""
    first = written[place]
    size = 2 + (first >= 0xE0) + (first >= 0xF0)
    if first < 0xC0 or first > 0xF4 or place + size > end:
        return 0, 0
    code, faults = int(first & (0x7F >> size)), 0
    for step in range(1, size):
        following = written[place + step] ^ 0x80
        faults |= following
        code = code << 6 | following
    wrong = faults > 0x3F or code < _LEAST_OF_SIZE[size] or code > _LAST
    return code, 0 if wrong else size


@Loop
def _write_folded(
    written: NDArray[np.uint8],
    bounds: NDArray[np.int64],
    table: NDArray[np.uint32],
    codes: NDArray[np.uint32],
    starts: NDArray[np.intp],
) -> bool:
    """Write the folded codes and where each text starts; tell whether the bytes are text."""
    count = starts[0] = 0
    for text in range(len(bounds) - 1):
        place, end = bounds[text], bounds[text + 1]
        while place < end:
            # Numbers without a sign: of others numba asks whether they count from the end, which
            # takes a fifth of the loop.
            first = written[np.uintp(place)]
            if 0xE1 <= first < 0xF0 and first != 0xED and place + 2 < end:
                # Nearly all of Chinese, where three bytes are right whatever the last two hold.
                second = written[np.uintp(place + 1)] ^ 0x80
                third = written[np.uintp(place + 2)] ^ 0x80
                if (second | third) > 0x3F:
                    return False
                code = np.uintp((int(first) & 0x0F) << 12 | int(second) << 6 | int(third))
                place += 3
            elif 0 < first <= 0x7F:
                code = np.uintp(first)
                place += 1
            else:
                beyond, size = _decoded(written, place, end)
                if size == 0 or 0xD800 <= beyond < 0xE000:
                    return False  # half of a pair is no character either
                code = np.uintp(beyond)
                place += size
            folded = table[code]
            codes[np.uintp(count)] = folded
            count += folded != DROP
        starts[text + 1] = count
    return True


def fold_batch(texts: Sequence[str], scope: Scope = "all") -> list[Folded]:
    """Fold texts; equal to ``[fold(text) for text in texts]`` and many times faster.

    With scope ``name`` equal to ``fold_name``.
    """
    return [folded for chunk in _chunks(texts) for folded in _fold_chunk(chunk, scope)]


def _chunks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    start = size = 0
    for index, text in enumerate(texts):
        size += len(text)
        if size >= BLOB:
            yield texts[start : index + 1]
            start, size = index + 1, 0
    if start < len(texts):
        yield texts[start:]


def _folded(
    joined: str, lengths: NDArray[np.intp], scope: Scope
) -> tuple[NDArray[np.uint32], NDArray[np.intp], NDArray[np.intp]]:
    """Return the folded codes, where each text starts among them, and which of them are dropped."""
    codes = fold_codes(scope).take(codes_of(joined))
    return codes, ends_of(lengths), np.flatnonzero(codes == DROP)


def _fold_chunk(texts: Sequence[str], scope: Scope) -> list[Folded]:
    lengths = np.fromiter(map(len, texts), np.intp, len(texts))
    codes, starts, gone = _folded("".join(texts), lengths, scope)
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
