"""Options that several commands share, and what every help page ends with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

EXIT_CODES = """
Exit status: 0 done · 1 done, and a new finding at or above --fail-on · 2 the caller's mistake,
nothing ran · 3 done but incomplete · 4 nothing scanned · 70 internal error · 74 input or output
failed under way · 75 another run holds the lock · 130 interrupted · 143 terminated. See
docs/exit-codes.md.
"""

Grade = Literal["E1", "E2", "E3", "E4"]
Out = Annotated[
    Path | None, typer.Option(help="Run directory: absent, empty, or an unfinished run to resume.")
]
Db = Annotated[
    str | None, typer.Option(help="Database, any SQLAlchemy URL (default: sqlite:///auditor.db).")
]
RulesDir = Annotated[
    Path | None, typer.Option(help="Directory of own rules, laid over the shipped ones.")
]
ReferencesDir = Annotated[
    Path | None, typer.Option(help="Directory of own references, laid over the shipped ones.")
]
Zone = Annotated[
    str | None, typer.Option(help="Zone of input times without offset, e.g. Asia/Shanghai.")
]
Lang = Annotated[Literal["zh", "en"] | None, typer.Option(help="Language of report and notes.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print errors only.")]
Form = Annotated[
    Literal["table", "json"], typer.Option("--format", help="A table, or one JSON object a line.")
]
Now = Annotated[
    str | None, typer.Option(help="Time of the run, ISO 8601 with offset (default: the clock).")
]
Kept = Annotated[
    Path | None,
    typer.Option(
        help="Directory kept between nights: only what changed is done again. "
        "It holds personal data, as the store does.",
    ),
]
Copies = Annotated[
    bool | None,
    typer.Option("--copies/--no-copies", help="List copies across accounts, or leave them out."),
]
Workers = Annotated[int | None, typer.Option(min=1, max=256, help="Worker processes.")]
Memory = Annotated[
    int | None,
    typer.Option(
        min=128,
        help="Memory budget of a process in MiB; rules and lists are part of it, so that less than "
        "896 is not held.",
    ),
]
Engine = Annotated[
    Literal["local", "spark"],
    typer.Option(help="Where the run is carried out; see docs/spark.md for spark."),
]
Tables = Annotated[
    list[str] | None,
    typer.Option(
        help="With spark, a table of its catalogue in place of files: accounts=NAME, posts=NAME "
        "or changes=NAME; may be repeated."
    ),
]
