"""What a text says once its wrapping is off: the basis of comparing copies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from auditor.text.batch import FoldedBlob, blob_of, ends_of
from auditor.text.fold import fold
from auditor.text.loops import Loop, compiles
from auditor.text.signs import CONTENT, IN_ADDRESS, IN_HANDLE, IN_TOPIC, LETTER, MARK, sign_classes

_WRAPPING: Final = re.compile(
    r"""(?:https?://|www\.)[A-Za-z0-9./?=&%_#:~+;,@!$'()*-]+   # addresses
      | @[\w·-]{1,30}                                          # handles
      | \#[^\#\n]{1,60}\#                                      # a topic closed by its second mark
      | \#[^\s\#，。,!！?？]{1,40}                                # a topic ended by a space""",
    re.VERBOSE,
)
_OTHER: Final = re.compile(r"[\W_]+")
_AT, _HASH, _NEWLINE, _H, _T, _W = map(ord, "@#\nhtw")
_HEADS: Final = np.array(
    [[*map(ord, head.ljust(9, "\0"))] for head in ("http://", "https://", "www.")]
)
"""How an address begins, closed by a zero."""


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
    return long_contents(blob_of(folded), 0)[1].texts()


def long_contents(
    blob: FoldedBlob, least: int, wanted: NDArray[np.bool_] | None = None
) -> tuple[NDArray[np.intp], FoldedBlob]:
    """Return the texts of ``least`` content characters or more, ascending, and their contents.

    With ``wanted``, which tells of each text, others are passed over.
    """
    asked = np.ones(len(blob), np.bool_) if wanted is None else wanted
    return (_by_loop if compiles() else _by_columns)(blob, least, asked)


def _by_columns(
    blob: FoldedBlob, least: int, wanted: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], FoldedBlob]:
    # Taking characters off never makes a text longer.
    chosen = wanted & (np.diff(blob.starts) >= least)
    kept = (blob.classes & CONTENT) != 0
    for start, end in _wrapping(blob, chosen, _signs(blob)):
        kept[start:end] = False
    places = np.flatnonzero(kept)
    counts = np.diff(np.searchsorted(places, blob.starts))
    chosen &= counts >= least
    places = places[np.repeat(chosen, counts)]
    return np.flatnonzero(chosen), FoldedBlob(
        blob.codes.take(places, mode="clip"), ends_of(counts[chosen])
    )


def _by_loop(
    blob: FoldedBlob, least: int, wanted: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], FoldedBlob]:
    codes, starts = blob.codes, blob.starts
    written, rows, ends = np.empty_like(codes), np.empty_like(starts), np.zeros_like(starts)
    count = _write_contents(codes, starts, sign_classes(), (least, wanted), (written, rows, ends))
    return rows[:count], FoldedBlob(written[: ends[count]], ends[: count + 1])


@Loop
def _closed_topic(codes: NDArray[np.uint32], place: int, end: int) -> int:
    """Return the end of a topic that is closed by its second mark; ``place`` if none begins."""
    last = min(place + 61, end - 1)
    at = place + 1
    while at <= last and codes[at] != _HASH and codes[at] != _NEWLINE:
        at += 1
    return at + 1 if place + 1 < at <= last and codes[at] == _HASH else place


@Loop
def _address_head(codes: NDArray[np.uint32], place: int, end: int) -> int:
    """Return the end of what an address of the web begins with; ``place`` if none does."""
    for head in range(len(_HEADS)):
        at = 0
        # A text may hold a zero itself, and must not lead past that of the head.
        while place + at < end and codes[place + at] == _HEADS[head, at] != 0:
            at += 1
        if _HEADS[head, at] == 0:
            return place + at
    return place


@Loop
def _wrapped_until(
    codes: NDArray[np.uint32], signs: NDArray[np.uint16], place: int, end: int
) -> int:
    """Return the end of what ``_WRAPPING`` matches at a place; the place itself if nothing."""
    begun, most, inside = place + 1, 0, 0
    if codes[place] == _AT:
        most, inside = 30, CONTENT | IN_HANDLE
    elif codes[place] == _HASH:
        closed = _closed_topic(codes, place, end)
        if closed > place:
            return closed
        most, inside = 40, IN_TOPIC
    elif codes[place] == _H or codes[place] == _W:
        begun = _address_head(codes, place, end)
        most, inside = end if begun > place else 0, IN_ADDRESS
    at = begun
    while at < min(begun + most, end) and signs[codes[at]] & inside:
        at += 1
    return at if at > begun else place


@Loop
def _write_contents(
    codes: NDArray[np.uint32],
    starts: NDArray[np.intp],
    signs: NDArray[np.uint16],
    asked: tuple[int, NDArray[np.bool_]],
    written: tuple[NDArray[np.uint32], NDArray[np.intp], NDArray[np.intp]],
) -> int:
    """Write the contents of wanted texts, their rows and ends; return how many are long enough."""
    least, wanted = asked
    contents, rows, ends = written
    count = size = 0
    for text in range(len(starts) - 1):
        place, end, begun = starts[text], starts[text + 1], size
        if end - place < least or not wanted[text]:
            continue
        while place < end:
            code = codes[np.uintp(place)]
            signed = signs[code]
            if signed & (MARK | LETTER):
                behind = _wrapped_until(codes, signs, place, end)
                if behind > place:
                    place = behind
                    continue
            contents[np.uintp(size)] = code
            size += (signed & CONTENT) != 0
            place += 1
        if size - begun < least:
            size = begun
        else:
            rows[count] = text
            count += 1
            ends[count] = size
    return count


def _wrapping(
    blob: FoldedBlob, chosen: NDArray[np.bool_], places: NDArray[np.intp]
) -> Iterator[tuple[int, int]]:
    """Yield the spans of addresses, handles and topics in the chosen texts of a blob.

    They are those that ``_unwrapped`` takes off. The pattern is asked only at the ``places``
    where one may begin, and sees no further than the end of the text.
    """
    texts = blob.texts_at(places)
    wanted = chosen[texts]
    places, texts = places[wanted], texts[wanted]
    wrapped = np.zeros(len(blob), dtype=np.bool_)
    wrapped[texts] = True
    inner = blob.pick(wrapped)
    # Where each of these texts stands in the blob, less where it stands among the wrapped ones.
    shifts = np.zeros(len(blob), dtype=np.intp)
    shifts[wrapped] = blob.starts[:-1][wrapped] - inner.starts[:-1]
    shift, ends = shifts[texts], blob.starts[1:][texts]
    joined, match, done = inner.joined, _WRAPPING.match, 0
    for at, end, off in zip(places.tolist(), ends.tolist(), shift.tolist(), strict=True):
        if at >= done and (found := match(joined, at - off, end - off)):
            done = found.end() + off
            yield at, done


def text_digests(texts: Sequence[str]) -> NDArray[np.int64]:
    """Return 64 bits of each text: a polynomial of its characters, its length mixed in.

    Equal texts have equal digests, on every machine. Others agree by chance about once in 2^64
    pairs, or on purpose: this is no signature.
    """
    if not texts:
        return np.empty(0, np.int64)
    # Some thousand at a time stay in the cache: 0.28 CPU s for a million names, where blocks of
    # 131,072 took 1.56 beside the other work of a run.
    some = range(0, len(texts), _TOGETHER)
    return np.concatenate(
        [blob_digests(blob_of(texts[start : start + _TOGETHER])) for start in some]
    )


def blob_digests(blob: FoldedBlob) -> NDArray[np.int64]:
    """Return the ``text_digests`` of texts that stand end to end."""
    lengths = np.diff(blob.starts)
    sums = (_summed_by_loop if compiles() else _summed)(blob, lengths)
    digests: NDArray[np.int64] = (sums ^ (lengths.astype(np.uint64) * _FACTOR)).view(np.int64)
    return digests


def _summed(blob: FoldedBlob, lengths: NDArray[np.intp]) -> NDArray[np.uint64]:
    place = np.arange(len(blob.codes)) - np.repeat(blob.starts[:-1], lengths)
    weights = _powers().take(place % _POWERS)
    if lengths.max(initial=0) > _POWERS:
        weights *= np.power(_powers()[-1], (place // _POWERS).astype(np.uint64))
    sums = np.concatenate(([np.uint64(0)], np.cumsum(blob.codes * weights, dtype=np.uint64)))
    return np.diff(sums[blob.starts])


def _summed_by_loop(blob: FoldedBlob, lengths: NDArray[np.intp]) -> NDArray[np.uint64]:
    sums = np.empty(len(lengths), np.uint64)
    _write_sums(blob.codes, blob.starts, _powers(), sums)
    return sums


@Loop
def _write_sums(
    codes: NDArray[np.uint32],
    starts: NDArray[np.intp],
    powers: NDArray[np.uint64],
    sums: NDArray[np.uint64],
) -> None:
    """Write the sum of the characters of each text, each with a power of its own."""
    for text in range(len(starts) - 1):
        inner = codes[starts[text] : starts[text + 1]]
        total, scale = np.uint64(0), np.uint64(1)
        for first in range(0, len(inner), len(powers)):
            some = inner[first : first + len(powers)]
            part = np.uint64(0)
            for place in range(len(some)):
                part += np.uint64(some[place]) * powers[place]
            total += part * scale
            scale *= powers[-1]
        sums[text] = total


def _signs(blob: FoldedBlob) -> NDArray[np.intp]:
    """Return places without which a text holds no address, handle or topic."""
    codes, classes = blob.codes, blob.classes
    places: NDArray[np.intp] = np.flatnonzero((classes & (MARK | LETTER)) != 0)
    here, behind = codes[places], codes[np.minimum(places + 1, len(codes) - 1)]
    marks = (classes[places] & MARK) != 0
    marks |= ((here == _W) & (behind == _W)) | ((here == _H) & (behind == _T))
    found: NDArray[np.intp] = places[marks]
    return found


_TOGETHER: Final = 2_048
"""Texts of which digests are made at a time."""

_FACTOR: Final = np.uint64(0x9E37_79B9_7F4A_7C15)  # odd: no power of it is zero


_POWERS: Final = 1 << 10


@cache
def _powers() -> NDArray[np.uint64]:
    """Return the powers of the factor from the first on; a longer text begins anew, scaled."""
    return np.cumprod(np.full(_POWERS, _FACTOR), dtype=np.uint64)


def _unwrapped(folded: str) -> str:
    if "@" in folded or "#" in folded or "http" in folded or "www." in folded:
        return _WRAPPING.sub(" ", folded)
    return folded
