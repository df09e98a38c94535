"""A block of rows of one file, as columns or row by row, and how its rows are settled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Protocol, Self

import numpy as np
import pyarrow as pa

from auditor.model import Rejection
from auditor.sources.conform import DoubtfulError, conform
from auditor.sources.keys import Numbers
from auditor.sources.lines import BrokenError
from auditor.sources.rows import Row, RowError, record, unknown_names
from auditor.sources.schemas import LOCATED, SCHEMAS, Kind

ROWS = 8_192
"""Rows of a block at most."""

_SMALL = 64  # below this, judging row by row costs less than another division


class Block(Protocol):
    """Rows of one file that can be seen as columns, row by row, or in part."""

    @property
    def numbers(self) -> Sequence[int]:
        """The 1-based line, or row, in the file, of each row."""

    @property
    def unchecked(self) -> Collection[str]:
        """The fields to whose bytes the reader of the rows sees."""

    def columns(self) -> pa.Table:
        """The rows as columns of raw types; columns beyond the contract may be among them.

        Raises:
            DoubtfulError: they cannot be had as columns; ``row`` says why for each.
            pa.ArrowException: the same.
        """

    def unknown(self, table: pa.Table) -> set[str]:
        """Names of the fields beyond the contract."""

    def row(self, index: int) -> Row:
        """One row as it came in.

        Raises:
            RowError: it cannot be read.
        """

    def suspects(self) -> Sequence[int]:
        """Rows, ascending, that keep the block from being had as columns; there may be others."""

    def pick(self, indexes: Sequence[int]) -> Self:
        """Some of the rows, in their order."""


@dataclass(slots=True)
class Desk:
    """Settles the blocks of one file: good rows go on, others become rejections.

    ``kept`` and ``rejected`` count rows; ``incomplete`` says that the file broke off.
    """

    kind: Kind
    file: str
    zone: tzinfo | None
    reject: Callable[[Rejection], None]
    unknown: set[str]
    kept: int = 0
    rejected: int = 0
    incomplete: bool = False

    def refuse(self, number: int | None, reason: str) -> None:
        """Reject the row at a line of the file."""
        self.rejected += 1
        self.reject(Rejection(file=self.file, line=number, kind=self.kind, reason=reason))

    def refuse_rest(self, error: BrokenError) -> None:
        """Note where a file broke off."""
        self.incomplete = True
        self.refuse(error.line, f"{error}; what stands before was read")

    def settle(self, block: Block) -> pa.RecordBatch:
        """Validate a block; its good rows, in order, with where they stood."""
        table = self._settled(block)
        self.kept += table.num_rows
        return whole_batch(table)

    def _settled(self, block: Block, *, sifted: bool = False) -> pa.Table:
        count = len(block.numbers)
        try:
            raw = block.columns()
            if raw.num_rows != count:
                # Arrow reads two objects on one line as two rows: numbers would no longer fit.
                raise DoubtfulError("the lines are not one row each")
            table, doubt = conform(self.kind, raw, self.zone, block.unchecked)
            self.unknown |= block.unknown(raw)
        except (pa.ArrowException, ValueError):
            # Whatever it was, the careful way tells it for each row.
            if count <= _SMALL:
                return self._judged(block, range(count))
            return self._sifted(block, () if sifted else block.suspects())
        table = self._located(table, _lines(block.numbers))
        if not doubt.any():
            return table
        judged = self._judged(block, np.flatnonzero(doubt).tolist())
        return pa.concat_tables([table.filter(pa.array(~doubt)), judged]).sort_by("row_line")

    def _sifted(self, block: Block, suspects: Sequence[int]) -> pa.Table:
        """Settle a block that some rows spoil, so that the others keep the fast way."""
        count = len(block.numbers)
        if suspects:
            others = np.delete(np.arange(count), suspects).tolist()
            judged = self._judged(block, suspects)
            if not others:
                return judged
            good = self._settled(block.pick(others), sifted=True)
            return pa.concat_tables([good, judged]).sort_by("row_line")
        # What spoils it does not show in the types: halving finds it.
        halves = (range(count // 2), range(count // 2, count))
        return pa.concat_tables([self._settled(block.pick(half), sifted=True) for half in halves])

    def _judged(self, block: Block, indexes: Sequence[int]) -> pa.Table:
        rows: list[dict[str, object]] = []
        numbers: list[int] = []
        for index in indexes:
            number = block.numbers[index]
            try:
                raw = block.row(index)
                self.unknown |= unknown_names(self.kind, raw)
                rows.append(record(self.kind, raw, self.zone).model_dump())
            except RowError as fault:
                self.refuse(number, str(fault))
            else:
                numbers.append(number)
        # The schema also turns times in any offset into the same instants in UTC.
        table = pa.Table.from_pylist(rows, schema=SCHEMAS[self.kind])
        return self._located(table, np.asarray(numbers, dtype=np.int64))

    def _located(self, table: pa.Table, numbers: Numbers) -> pa.Table:
        files = pa.repeat(pa.scalar(self.file, pa.string()), table.num_rows)
        columns: list[pa.Array | pa.ChunkedArray] = [*table.columns, files, pa.array(numbers)]
        return pa.table(columns, schema=LOCATED[self.kind])


def _lines(numbers: Sequence[int]) -> Numbers:
    if isinstance(numbers, range):
        return np.arange(numbers.start, numbers.stop, numbers.step, dtype=np.int64)
    return np.asarray(numbers, dtype=np.int64)


def whole_batch(table: pa.Table) -> pa.RecordBatch:
    """A table as one batch."""
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema)
