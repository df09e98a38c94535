"""What every source of rows offers, whatever it reads from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

import pyarrow as pa

from auditor.model import InputFile, Rejection
from auditor.sources.schemas import Kind

Reject = Callable[[Rejection], None]
"""Takes note of one row that was not read."""


class Source(Protocol):
    """Rows of the three kinds, streamed in bounded memory."""

    @property
    def incomplete(self) -> bool:
        """Whether a file broke off part-way; known once its batches have been read."""

    def batches(self, kind: Kind, reject: Reject) -> Iterator[pa.RecordBatch]:
        """Yield validated rows in the form of ``schemas.LOCATED[kind]``.

        Raises:
            InputError: a file cannot be read at all, or not one row of the kind can be.
        """

    def inputs(self) -> tuple[InputFile, ...]:
        """The files read so far, with digest and number of rows kept, by path."""

    def unknown_fields(self) -> tuple[str, ...]:
        """Fields beyond the contract seen so far, as ``posts.name``; what they held is dropped."""

    def close(self) -> None:
        """Let go of what is held open."""
