"""What a text says once its wrapping is off: the basis of comparing copies."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from functools import cache
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
    codes = np.frombuffer("".join(folded).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.intp)
    return contents_of(FoldedBlob(codes.astype(np.uint32, copy=False), starts))


def contents_of(blob: FoldedBlob) -> list[str]:
    """Return the content of each text of a blob."""
    every = np.arange(len(blob))
    wrapped = np.isin(every, blob.texts_at(_signs(blob.codes)))
    plain = np.flatnonzero(~wrapped)
    codes, lengths = _plain_contents(blob, plain)
    joined = codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")
    contents = [""] * len(blob)
    ends = np.cumsum(lengths).tolist()
    for index, start, end in zip(plain.tolist(), [0, *ends], ends, strict=False):
        contents[index] = joined[start:end]
    for index in np.flatnonzero(wrapped).tolist():
        contents[index] = folded_content(blob.text(index))
    return contents


def content_digests(blob: FoldedBlob, least: int) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Return the texts of ``least`` content characters or more, and 64 bits of each content.

    Equal contents have equal digests, on every machine. Others agree by chance about once in 2^64
    pairs, or on purpose: the digest is no signature, whoever finds two must compare the contents.
    """
    long = np.flatnonzero(np.diff(blob.starts) >= least)
    wrapped = np.isin(long, blob.texts_at(_signs(blob.codes)), assume_unique=False)
    plain = _plain_contents(blob, long[~wrapped])
    others = [folded_content(blob.text(index)) for index in long[wrapped].tolist()]
    codes = np.frombuffer("".join(others).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    sizes = np.fromiter(map(len, others), np.intp, len(others))
    texts = np.concatenate([long[~wrapped], long[wrapped]])
    lengths = np.concatenate([plain[1], sizes])
    digests = _digests(np.concatenate([plain[0], codes]), lengths)
    kept = lengths >= least
    return texts[kept], digests[kept]


def text_digests(texts: Sequence[str]) -> NDArray[np.int64]:
    """Return 64 bits of each text as it stands; see ``content_digests``."""
    lengths = np.fromiter(map(len, texts), np.intp, len(texts))
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    return _digests(codes, lengths)


def _plain_contents(
    blob: FoldedBlob, texts: NDArray[np.intp]
) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
    """Return the content of texts without wrapping end to end, and the length of each."""
    chosen = np.zeros(len(blob), dtype=np.bool_)
    chosen[texts] = True
    kept = _is_content().take(blob.codes) & np.repeat(chosen, np.diff(blob.starts))
    before = np.concatenate(([0], np.cumsum(kept)))[blob.starts]
    return blob.codes[kept], np.diff(before)[texts]


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


def _digests(codes: NDArray[np.uint32], lengths: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return a polynomial of each text's characters modulo 2^64, and its length mixed in."""
    ends = np.cumsum(lengths)
    starts = ends - lengths
    longest = int(lengths.max(initial=1))
    place = np.arange(len(codes)) - np.repeat(starts, lengths)
    weights = _powers(1 << longest.bit_length()).take(place)
    sums = np.concatenate(([np.uint64(0)], np.cumsum(codes * weights, dtype=np.uint64)))
    mixed = (sums[ends] - sums[starts]) ^ (lengths.astype(np.uint64) * _FACTOR)
    digests: NDArray[np.int64] = mixed.view(np.int64)
    return digests


def _unwrapped(folded: str) -> str:
    if "@" in folded or "#" in folded or "http" in folded or "www." in folded:
        return _WRAPPING.sub(" ", folded)
    return folded


@cache
def _is_content() -> NDArray[np.bool_]:
    return np.fromiter((chr(cp).isalnum() for cp in range(sys.maxunicode + 1)), np.bool_)
