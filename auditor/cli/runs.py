"""Commands that collect, audit, report and explain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from auditor import __version__
from auditor.cli.options import (
    EXIT_CODES,
    Copies,
    Db,
    Engine,
    Grade,
    Kept,
    Lang,
    Memory,
    Now,
    Out,
    Quiet,
    ReferencesDir,
    RulesDir,
    Tables,
    Workers,
    Zone,
)

app = typer.Typer(
    name="auditor",
    help="Compliance auditor for self-media accounts: facts with evidence; a person decides.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def show_version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        typer.echo(f"auditor {__version__}")
        raise typer.Exit


@app.command(epilog=EXIT_CODES)
def demo(
    out: Out = None,
    keep_serving: Annotated[bool, typer.Option(help="Go on serving the platform.")] = False,
    lang: Lang = None,
    quiet: Quiet = False,
) -> None:
    """Serve the bundled fictional platform, crawl it, audit it and write every report."""
    from auditor.commands.demo import run_demo_command

    raise typer.Exit(run_demo_command(out, keep_serving=keep_serving, lang=lang, quiet=quiet))


@app.command(epilog=EXIT_CODES)
def crawl(
    spider: Annotated[str, typer.Argument(help="profiles or mastodon.")],
    targets: Annotated[str, typer.Option(help="CSV or JSONL with a column target; - reads stdin.")],
    db: Db = None,
    delay: Annotated[
        float | None,
        typer.Option(help="Least seconds between two requests to a host (default: 2)."),
    ] = None,
    allow_private: Annotated[
        bool, typer.Option(help="Permit loopback or private hosts that the targets name.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Collect public profiles and posts into the store, politely."""
    from auditor.commands.data import run_crawl_command

    code = run_crawl_command(spider, targets, db, delay, allow_private=allow_private, quiet=quiet)
    raise typer.Exit(code)


@app.command("import", epilog=EXIT_CODES)
def import_(
    paths: Annotated[list[Path], typer.Argument(help="Dataset directories or files.")],
    db: Db = None,
    timezone: Zone = None,
    quiet: Quiet = False,
) -> None:
    """Bring platform exports (JSONL, CSV, Parquet, gz) into the store."""
    from auditor.commands.data import run_import_command

    raise typer.Exit(run_import_command(paths, db, timezone, quiet=quiet))


@app.command(epilog=EXIT_CODES)
def export(
    directory: Annotated[Path, typer.Argument(help="Directory to write, absent or empty.")],
    db: Db = None,
    quiet: Quiet = False,
) -> None:
    """Write the store as a dataset directory."""
    from auditor.commands.data import run_export_command

    raise typer.Exit(run_export_command(directory, db, quiet=quiet))


@app.command(epilog=EXIT_CODES)
def audit(
    dataset: Annotated[Path | None, typer.Argument(help="Dataset directory.")] = None,
    out: Out = None,
    notice: Annotated[list[str] | None, typer.Option(help="Only rules citing this notice.")] = None,
    rules: RulesDir = None,
    references: ReferencesDir = None,
    db: Db = None,
    now: Now = None,
    timezone: Zone = None,
    workers: Workers = None,
    memory: Memory = None,
    copies: Copies = None,
    kept: Kept = None,
    engine: Engine = "local",
    table: Tables = None,
    fail_on: Annotated[
        Grade | None,
        typer.Option(
            help="Exit 1 on a new finding of this grade or a firmer one; E1 is the firmest."
        ),
    ] = None,
    allow_empty: Annotated[bool, typer.Option(help="No account at all is no error.")] = False,
    run_id: Annotated[str | None, typer.Option(help="Name of the run.")] = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> None:
    """Run the rules over a dataset directory, or over the store when none is given."""
    from auditor.commands.audit import AuditWords, run_audit_command

    words = AuditWords(
        dataset=dataset,
        out=out,
        notices=tuple(notice or ()),
        db=db,
        now=now,
        timezone=timezone,
        workers=workers,
        memory=memory,
        copies=copies,
        kept=kept,
        engine=engine,
        tables=tuple(table or ()),
        fail_on=fail_on,
        allow_empty=allow_empty,
        run_id=run_id,
        rules=rules,
        references=references,
        lang=lang,
    )
    raise typer.Exit(run_audit_command(words, quiet=quiet))


@app.command(epilog=EXIT_CODES)
def report(
    run: Annotated[Path, typer.Argument(help="Run directory.")],
    form: Annotated[
        str, typer.Option("--format", help="Formats, joined by commas: csv, html, jsonl.")
    ] = "csv,html,jsonl",
    edition: Annotated[
        Literal["triage", "shareable"],
        typer.Option(help="triage: names and ids in clear; shareable: private persons are masked."),
    ] = "triage",
    out: Annotated[Path | None, typer.Option(help="Where to write (default: the run).")] = None,
    key_file: Annotated[
        Path | None,
        typer.Option(help="Secret of 16 bytes or more that the shareable edition needs."),
    ] = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> None:
    """Write the reports of a finished run again."""
    from auditor.commands.data import run_report_command

    raise typer.Exit(run_report_command(run, form, edition, out, key_file, lang=lang, quiet=quiet))


@app.command(epilog=EXIT_CODES)
def explain(
    account: Annotated[str, typer.Argument(help="platform:id, e.g. weibo:1000000001.")],
    rule: Annotated[str | None, typer.Option(help="Only this rule.")] = None,
    dataset: Annotated[Path | None, typer.Option(help="Dataset directory.")] = None,
    db: Db = None,
    rules: RulesDir = None,
    references: ReferencesDir = None,
    now: Now = None,
    timezone: Zone = None,
) -> None:
    """Say why each rule spoke or stayed silent on one account, step by step."""
    from auditor.commands.audit import run_explain_command

    code = run_explain_command(account, rule, dataset, db, rules, references, now, timezone)
    raise typer.Exit(code)


@app.command(epilog=EXIT_CODES)
def spoof(
    name: Annotated[str, typer.Argument(help="The name, of 2 to 200 characters.")],
    technique: Annotated[list[str] | None, typer.Option(help="Only this; may be repeated.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Variants a technique (20).")] = None,
    check: Annotated[Path | None, typer.Option(help="List accounts of this dataset.")] = None,
    timezone: Zone = None,
    references: ReferencesDir = None,
    form: Annotated[Literal["table", "json", "csv"], typer.Option("--format")] = "table",
    quiet: Quiet = False,
) -> None:
    """List imitations of a name, or with --check the accounts whose names are built on it."""
    from auditor.commands.spoof import SpoofWords, run_spoof_command

    words = SpoofWords(name, tuple(technique or ()), limit, references, check, timezone, form)
    raise typer.Exit(run_spoof_command(words, quiet=quiet))


@app.command(epilog=EXIT_CODES)
def doctor(db: Db = None, rules: RulesDir = None, references: ReferencesDir = None) -> None:
    """Say what is installed, reachable and stale."""
    from auditor.commands.listings import run_doctor_command

    raise typer.Exit(run_doctor_command(db, rules, references))


@app.callback(epilog=EXIT_CODES)
def common(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", is_eager=True, callback=show_version),
    ] = False,
) -> None:
    """Compliance auditor for self-media accounts: facts with evidence; a person decides."""
    del version
