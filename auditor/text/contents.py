"""What a text says once its wrapping is off: the basis of comparing copies."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from auditor.text.batch import FoldedBlob
from auditor.text.fold import fold

_WRAPPING: Final = re.compile(
    r"""(?:https?://|www\.)[A-Za-z0-9./?=&%_#:~+;,@!$'()*-]+   # addresses
      | @[\w·-]{1,30}                                          # handles
      | \#[^\#\n]{1,60}\#                                      # a topic closed by its second mark
      | \#[^\s\#，。,!！?？]{1,40}                                # a topic ended by a space""",
    re.VERBOSE,
)
Lengths = NDArray[np.intp]

_OTHER: Final = re.compile(r"[\W_]+")


def content(text: str) -> str:
    """Return the content characters only: folded letters, digits and Han, nothing between them.

    Web addresses, @handles and #topics# are taken off first: copies differ in them.
    """
    return folded_content(fold(text).text)


def folded_content(folded: str) -> str:
    """Return the content characters of a text that is folded already."""
    return _OTHER.sub("", _unwrapped(folded))


def content_batch(folded: Sequence[str]) -> list[str]:
    """Return the content of many folded texts; equal to ``folded_content`` of each, and faster."""
    lengths = np.fromiter(map(len, folded), np.intp, len(folded))
    starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.intp)
    return long_contents(FoldedBlob(_codes("".join(folded)), starts), 0)[1]


def long_contents(blob: FoldedBlob, least: int) -> tuple[NDArray[np.intp], list[str]]:
    """Return the texts of ``least`` content characters or more, ascending, and their contents."""
    # Taking characters off never makes a text longer.
    long = np.flatnonzero(np.diff(blob.starts) >= least)
    chosen = np.zeros(len(blob), dtype=np.bool_)
    chosen[long] = True
    wrapped = np.zeros(len(blob), dtype=np.bool_)
    wrapped[blob.texts_at(_signs(blob.codes))] = True
    contents = [""] * len(blob)
    plain = np.flatnonzero(chosen & ~wrapped)
    kept = _is_content().take(blob.codes) & np.repeat(chosen & ~wrapped, np.diff(blob.starts))
    bounds = np.concatenate(([0], np.cumsum(kept)))[blob.starts]
    _fill(contents, plain, blob.codes[kept], np.diff(bounds)[plain])
    others = np.flatnonzero(chosen & wrapped)
    bare = [_unwrapped(blob.text(index)) for index in others.tolist()]
    codes = _codes("".join(bare))
    kept = _is_content().take(codes)
    ends = np.cumsum([len(text) for text in bare], dtype=np.intp)
    counts = np.concatenate(([0], np.cumsum(kept)))[np.concatenate(([0], ends))]
    _fill(contents, others, codes[kept], np.diff(counts))
    found = long[[len(contents[index]) >= least for index in long.tolist()]]
    return found, [contents[index] for index in found.tolist()]


def _fill(
    contents: list[str], places: NDArray[np.intp], codes: NDArray[np.uint32], lengths: Lengths
) -> None:
    """Put the texts that stand end to end in ``codes`` at their places."""
    joined = codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")
    bounds = np.concatenate(([0], np.cumsum(lengths))).tolist()
    for place, (start, end) in zip(places.tolist(), pairwise(bounds), strict=True):
        contents[place] = joined[start:end]


def _codes(text: str) -> NDArray[np.uint32]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    return codes.astype(np.uint32, copy=False)


def text_digests(texts: Sequence[str]) -> NDArray[np.int64]:
    """Return 64 bits of each text: a polynomial of its characters, its length mixed in.

    Equal texts have equal digests, on every machine. Others agree by chance about once in 2^64
    pairs, or on purpose: this is no signature.
    """
    lengths = np.fromiter(map(len, texts), np.intp, len(texts))
    ends = np.cumsum(lengths)
    codes = _codes("".join(texts))
    place = np.arange(len(codes)) - np.repeat(ends - lengths, lengths)
    weights = _powers(1 << int(lengths.max(initial=1)).bit_length()).take(place)
    sums = np.concatenate(([np.uint64(0)], np.cumsum(codes * weights, dtype=np.uint64)))
    mixed = (sums[ends] - sums[ends - lengths]) ^ (lengths.astype(np.uint64) * _FACTOR)
    digests: NDArray[np.int64] = mixed.view(np.int64)
    return digests


def _signs(codes: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Return places without which a text holds no address, handle or topic."""
    at, topic, h, w = (ord(sign) for sign in "@#hw")
    marks = (codes == at) | (codes == topic)
    double = (codes[1:] == codes[:-1]) & (codes[1:] == w)
    marks[:-1] |= double | ((codes[:-1] == h) & (codes[1:] == ord("t")))
    return np.flatnonzero(marks)


_FACTOR: Final = np.uint64(0x9E37_79B9_7F4A_7C15)  # odd: no power of it is zero


@cache
def _powers(size: int) -> NDArray[np.uint64]:
    return np.cumprod(np.full(size, _FACTOR), dtype=np.uint64)


def _unwrapped(folded: str) -> str:
    if "@" in folded or "#" in folded or "http" in folded or "www." in folded:
        return _WRAPPING.sub(" ", folded)
    return folded


@cache
def _is_content() -> NDArray[np.bool_]:
    return np.fromiter((chr(cp).isalnum() for cp in range(sys.maxunicode + 1)), np.bool_)
