"""What a person sees while a command runs: progress, tables and one-line errors, on stderr."""

from __future__ import annotations

import json
import os
import sys
import textwrap
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from rich.cells import cell_len
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from auditor.model import Notice
from auditor.runs.intake import Progress as ProgressFunction
from auditor.runs.local import no_progress

Format = Literal["table", "json"]

NARROW_CELL = 12
"""Columns of a terminal that a cell needs on average; with fewer, rows become paragraphs."""

LONGEST_WORD = 22
"""A word up to this long, such as the id of a rule, is not broken inside a table."""

STAGES = {
    "read": "reading",
    "count": "counting posts by author and time",
    "screen": "screening",
    "settle": "settling rows of one key",
    "fetch": "reading again what woke",
    "judge": "judging",
    "texts": "reading likely copies",
    "copied": "reading groups of copies",
    "crawl": "crawling",
}


class Screen:
    """Standard error for people; standard output is left to data."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self.console = Console(
            stderr=True, no_color="NO_COLOR" in os.environ or None, highlight=False
        )

    def say(self, line: str) -> None:
        """Print one note, unless quiet."""
        if not self.quiet:
            self.console.print(Text(line))

    def show_command(self, line: str) -> None:
        """Print a command to copy; it is never broken over lines."""
        if not self.quiet:
            self.console.print(Text(f"  {line}"), soft_wrap=True)

    def complain(self, line: str) -> None:
        """Print one error; quiet does not hide it."""
        self.console.print(Text(line), soft_wrap=True)

    @contextmanager
    def progress(self) -> Iterator[ProgressFunction]:
        """Yield a function that shows progress: a bar on a terminal, plain lines elsewhere."""
        if self.quiet:
            yield no_progress
        elif self.console.is_terminal:
            bars = _bars(self.console)
            try:
                yield _bar_function(bars)
            finally:
                bars.stop()
        else:
            yield _Lines(self)

    def items_table(self, notices: Sequence[Notice], findings: Mapping[str, int]) -> None:
        """Print items × findings, standing rules first."""
        table = Table(title="items and findings", title_justify="left")
        for name in ("item", "what it is about", "coverage", "findings"):
            table.add_column(name, justify="right" if name == "findings" else "left")
        for notice in notices:
            for item in notice.items:
                count = findings.get(item.item_id, 0)
                if count or item.coverage in ("checked", "assisted"):
                    gist = textwrap.shorten(item.gist_en, 72, placeholder=" …")
                    table.add_row(item.item_id, Text(gist), item.coverage, str(count))
        if not self.quiet:
            self.console.print(table)


class _Lines:
    """Progress as lines of a log: a tenth of a stage each, with how long the rest may take."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._begun: dict[str, tuple[float, int]] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show how far a stage is."""
        started, first = self._begun.setdefault(stage, (time.monotonic(), done))
        if done in (first, total) or done % max(1, total // 10) == 0:
            line = f"{STAGES.get(stage, stage)} {done}/{total}"
            if first < done < total:
                spent = time.monotonic() - started
                line += f", about {spent / (done - first) * (total - done):.0f} s left"
            self._screen.say(line)


def _bars(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(), TimeRemainingColumn(), console=console, transient=True,
    )  # fmt: skip


def _bar_function(bars: Progress) -> ProgressFunction:
    tasks: dict[str, TaskID] = {}

    def show(stage: str, done: int, total: int) -> None:
        """Move the bar of a stage, which appears with its first step."""
        # Not begun before: its thread would stand in the way of forking workers (runs.pool).
        bars.start()
        if stage not in tasks:
            tasks[stage] = bars.add_task(STAGES.get(stage, stage), total=total)
        bars.update(tasks[stage], completed=done, total=total)

    return show


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: Format) -> None:
    """Print a listing on standard output: a table on a terminal, else one row a line.

    Into a pipe or a file go cells with tabs between them, so that ``head`` and ``grep`` see whole
    rows; a terminal too narrow for the columns gets every row as a paragraph.
    """
    if form == "json":
        for row in rows:
            record = dict(zip(columns, row, strict=True))
            sys.stdout.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")
        return
    texts = [[_cell(value) for value in row] for row in rows]
    console = Console(no_color="NO_COLOR" in os.environ or None, highlight=False)
    if not console.is_terminal:
        for cells in (columns, *texts):
            sys.stdout.write("\t".join(" ".join(cell.split()) for cell in cells) + "\n")
    elif console.width < NARROW_CELL * len(columns):
        for cells in texts:
            for column, cell in zip(columns, cells, strict=True):
                console.print(Text(f"{column}: {cell}"))
            console.print()
    else:
        console.print(_table(columns, texts))


def _table(columns: Sequence[str], texts: Sequence[Sequence[str]]) -> Table:
    table = Table()
    for index, column in enumerate(columns):
        words = [column, *(word for cells in texts for word in cells[index].split())]
        widest = max((cell_len(word) for word in words), default=0)
        table.add_column(column, overflow="fold", min_width=min(widest, LONGEST_WORD))
    for cells in texts:
        table.add_row(*map(Text, cells))
    return table


def _cell(value: Any) -> str:
    if isinstance(value, tuple | list):
        return " ".join(str(member) for member in value)
    return "" if value is None else str(value)
