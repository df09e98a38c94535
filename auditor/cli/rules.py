"""Commands on the rules in force."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from auditor.cli.options import (
    EXIT_CODES,
    Form,
    ReferencesDir,
    RulesDir,
)

rules_app = typer.Typer(help="The rules in force and what they cover.", no_args_is_help=True)


@rules_app.command("list", epilog=EXIT_CODES)
def rules_list(rules: RulesDir = None, form: Form = "table") -> None:
    """List the rules in force."""
    from auditor.commands.listings import list_rules

    raise typer.Exit(list_rules(rules, form))


@rules_app.command("show", epilog=EXIT_CODES)
def rules_show(
    rule_id: Annotated[str, typer.Argument(help="Id of the rule.")],
    rules: RulesDir = None,
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="Form.")] = "text",
) -> None:
    """Print a rule with its citations and examples."""
    from auditor.commands.listings import show_rule

    raise typer.Exit(show_rule(rule_id, rules, form))


@rules_app.command("check", epilog=EXIT_CODES)
def rules_check(rules: RulesDir = None, references: ReferencesDir = None) -> None:
    """Check every rule file and run every example in every rule."""
    from auditor.commands.listings import check_rules

    raise typer.Exit(check_rules(rules, references))


@rules_app.command("coverage", epilog=EXIT_CODES)
def rules_coverage(rules: RulesDir = None, form: Form = "table") -> None:
    """List every item of every notice and what is done for it."""
    from auditor.commands.listings import list_coverage

    raise typer.Exit(list_coverage(rules, form))


@rules_app.command("schema", epilog=EXIT_CODES)
def rules_schema() -> None:
    """Print the JSON Schema of a rule file, for editors."""
    from auditor.commands.listings import print_rule_schema

    raise typer.Exit(print_rule_schema())
