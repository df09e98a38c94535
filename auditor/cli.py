"""The command line: each command parses words and calls one function.

Heavy rooms are imported inside the commands, so that ``--help`` answers at once (notes on the
command line: the database and segmentation libraries cost a second each).
"""

from __future__ import annotations

import errno
import logging
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from auditor import __version__
from auditor.errors import AuditorError, OutputError
from auditor.streams import open_streams, tell, tell_crash, tell_error

INTERRUPTED = 130

EXIT_CODES = """
Exit status: 0 done · 1 done, and a new finding at or above --fail-on · 2 the caller's mistake,
nothing ran · 3 done but incomplete · 4 nothing scanned · 70 internal error · 74 input or output
failed under way · 75 another run holds the lock · 130 interrupted. See docs/exit-codes.md.
"""

app = typer.Typer(
    name="auditor",
    help="Compliance auditor for self-media accounts: facts with evidence; a person decides.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
rules_app = typer.Typer(help="The rules in force and what they cover.", no_args_is_help=True)
references_app = typer.Typer(help="The lists that names are compared with.", no_args_is_help=True)
app.add_typer(rules_app, name="rules", epilog=EXIT_CODES)
app.add_typer(references_app, name="references", epilog=EXIT_CODES)

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
    workers: Annotated[int | None, typer.Option(min=1, max=256, help="Worker processes.")] = None,
    memory: Annotated[int | None, typer.Option(min=128, help="Memory budget in MiB.")] = None,
    engine: Annotated[
        Literal["local"], typer.Option(help="Where the run is carried out.")
    ] = "local",
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

    del engine
    words = AuditWords(
        dataset=dataset,
        out=out,
        notices=tuple(notice or ()),
        db=db,
        now=now,
        timezone=timezone,
        workers=workers,
        memory=memory,
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


@app.callback(epilog=EXIT_CODES)
def common(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", is_eager=True, callback=show_version),
    ] = False,
) -> None:
    """Compliance auditor for self-media accounts: facts with evidence; a person decides."""
    del version


def main() -> None:
    """Run the command line and leave with the exit status of the contracts."""
    open_streams()
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    try:
        app()
    except AuditorError as error:
        sys.exit(tell_error(error))
    except SystemExit as ended:
        # Typer answers Ctrl-C by itself, without a word.
        if ended.code == INTERRUPTED:
            tell("interrupted; what was done is kept, run the same command to go on")
        # A reader that went away (| head) is 1 to Typer, which here says that a finding was made.
        if isinstance(ended.__context__, BrokenPipeError):
            sys.exit(OutputError.exit_code)
        raise
    except KeyboardInterrupt:
        tell("interrupted; what was done is kept, run the same command to go on")
        sys.exit(INTERRUPTED)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO):
            sys.exit(tell_error(OutputError(str(error.strerror), str(error.filename or "output"))))
        sys.exit(tell_crash())
    except Exception:  # noqa: BLE001 - boundary: the command line (house, Errors)
        sys.exit(tell_crash())
