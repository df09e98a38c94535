"""Bytes of a text file, plain or gzip -> whole lines in UTF-8, and the file's SHA-256."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import InputError
from auditor.sources.encodings import Decoder

PIECE = 4 * 1024 * 1024
"""Bytes read, unpacked and split at a time."""

MAX_LINE = 32 * 1024 * 1024
"""Bytes; a longer line holds no row within the limits, and is not gathered in memory."""

_GZIP_WINDOW = 31  # zlib's code for a gzip header and the largest window


class BrokenError(Exception):
    """A file that breaks off part-way; what came before it is good.

    ``line`` is the first line or row that could not be read, where that is known.
    """

    line: int | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole lines in UTF-8, without the last line feed.

    ``first`` is the number of the first line in the file; ``unreadable`` are the numbers of lines
    that are too long or not in the file's encoding, and are left empty.
    """

    first: int
    data: bytes
    unreadable: tuple[int, ...] = ()


class TextFile:
    """The lines of one text file; ``sha256`` is that of the file as it lies on the disk.

    ``started`` tells whether any byte of content was read, ``whole`` whether all bytes were.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.started = False
        self.whole = False
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Hex digest of the bytes read so far."""
        return self._digest.hexdigest()

    def chunks(self) -> Iterator[Chunk]:
        """Yield the lines in runs of about ``PIECE`` bytes; a text in GB18030 is recoded.

        Raises:
            InputError: the file cannot be opened, is no gzip, or is in neither encoding.
            BrokenError: the file breaks off part-way; earlier lines were yielded.
        """
        decoder, number, rest, skipping = Decoder(str(self.path)), 1, b"", False
        try:
            for piece in self._pieces():
                head, feed, rest = (rest + piece).rpartition(b"\n")
                if feed:
                    if skipping:
                        head = b"".join(head.partition(b"\n")[1:])
                    chunk = _chunk(decoder, number, head, skipping)
                    yield chunk
                    number, skipping = number + chunk.data.count(b"\n") + 1, False
                # A JSON array of a gigabyte on one line must not become a gigabyte of memory.
                if len(rest) > MAX_LINE:
                    rest, skipping = b"", True
        except BrokenError as error:
            # The last line was cut off somewhere: it is the place, not a row.
            if not self.started:
                raise InputError(f"cannot be read: {error}", str(self.path)) from error
            error.line = number
            raise
        if rest or skipping:
            yield _chunk(decoder, number, b"" if skipping else rest, skipping)

    def _pieces(self) -> Iterator[bytes]:
        packed = self._packed()
        pieces = _unpacked(packed) if self.path.suffix.lower() == ".gz" else packed
        for piece in pieces:
            if piece:
                self.started = True
                yield piece

    def _packed(self) -> Iterator[bytes]:
        try:
            with self.path.open("rb") as file:
                while piece := file.read(PIECE):
                    self._digest.update(piece)
                    yield piece
                self.whole = True
        except OSError as error:
            message = f"cannot be read ({error.strerror or error})"
            if self.started:  # the disk failed under way
                raise BrokenError(message) from error
            raise InputError(message, str(self.path)) from error


def _chunk(decoder: Decoder, first: int, data: bytes, skipped: bool) -> Chunk:
    data, places = decoder.decoded(data)
    unreadable = (
        [first, *(first + place for place in places if place)]
        if skipped
        else [first + place for place in places]
    )
    return Chunk(first, data, tuple(unreadable))


def _unpacked(packed: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack one gzip member after the other, giving all that stands before a break."""
    member = zlib.decompressobj(_GZIP_WINDOW)
    whole = False  # whether the input may end here
    for piece in packed:
        rest = piece
        while rest:
            if whole and not (rest := rest.lstrip(b"\0")):
                break  # padding after the last member
            try:
                # Bounded: a megabyte of gzip may unpack to a gigabyte.
                yield member.decompress(rest, PIECE)
            except zlib.error as error:
                raise BrokenError("the gzip data is damaged") from error
            whole, rest = member.eof, member.unconsumed_tail
            if whole:
                rest, member = member.unused_data, zlib.decompressobj(_GZIP_WINDOW)
    if not whole:
        yield member.flush()
        if not member.eof:
            raise BrokenError("the gzip data ends too early")
