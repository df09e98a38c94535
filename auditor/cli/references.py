"""Commands on the lists that names are compared with."""

from __future__ import annotations

from typing import Annotated

import typer

from auditor.cli.options import (
    EXIT_CODES,
    Form,
    Now,
    ReferencesDir,
)

references_app = typer.Typer(help="The lists that names are compared with.", no_args_is_help=True)


@references_app.command("list", epilog=EXIT_CODES)
def references_list(references: ReferencesDir = None, form: Form = "table") -> None:
    """List the reference lists in force: entries, version, source, age."""
    from auditor.commands.references import list_references

    raise typer.Exit(list_references(references, form))


@references_app.command("check", epilog=EXIT_CODES)
def references_check(
    references: ReferencesDir = None,
    stale_after: Annotated[
        int | None, typer.Option(min=1, help="Days after which a row is old (default: 550).")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="List every note.")] = False,
    now: Now = None,
    form: Form = "table",
) -> None:
    """Look for entries that stand twice, are everyday words, slips or old; 3 on any fault.

    A fault makes wrong rows about innocent accounts or hides right ones. Notes are for the person
    who keeps the lists; they change no exit status. See docs/references.md.
    """
    from auditor.commands.references import check_references

    raise typer.Exit(check_references(references, stale_after, now, form, everything=everything))


@references_app.command("add", epilog=EXIT_CODES)
def references_add(
    name: Annotated[str, typer.Argument(metavar="LIST", help="The list, e.g. organisations.")],
    cells: Annotated[
        list[str],
        typer.Option(
            "--set", help="column=value, once for every column; source and as_of are needed."
        ),
    ],
    references: ReferencesDir = None,
    form: Form = "table",
) -> None:
    """Add one row to a list of your own, once it is found to be right.

    For example: auditor references add organisations --references DIR --set name=云泽日报
    --set kind=media --set "source=our desk" --set as_of=2026-11
    """
    from auditor.commands.references import add_reference

    raise typer.Exit(add_reference(name, cells, references, form))
