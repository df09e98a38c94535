"""Writes the pages that are made from the code: detectors, commands and the schema of a rule.

A test compares the pages with what this would write (tests/test_docs.py).
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import typer
from pydantic_core import PydanticUndefined

from auditor.cli import app
from auditor.detectors import DETECTORS
from auditor.rules import Rule

DOCS = Path(__file__).resolve().parent.parent / "docs"
MADE = "Made from the code by `make docs`; do not edit.\n"


def render_detectors() -> str:
    """Return docs/detectors.md: every detector, its parameters and what it fills in templates."""
    parts = ["# Detectors\n", MADE]
    for detector in sorted(DETECTORS, key=_use):
        parts.append(f"## `{_use(detector)}`\n\n{inspect.cleandoc(detector.__doc__ or '')}\n")
        rows = list(_parameters(detector))
        if rows:
            parts.append("| parameter | type | default |\n|---|---|---|\n" + "\n".join(rows) + "\n")
        if detector.provides:
            names = ", ".join(f"`{{{name}}}`" for name in sorted(detector.provides))
            parts.append(f"Fills in templates: {names}\n")
    return "\n".join(parts)


def _use(detector: type) -> str:
    return str(get_args(get_type_hints(detector)["use"])[0])


def _parameters(detector: type) -> Iterator[str]:
    fields = detector.model_fields  # type: ignore[attr-defined]
    for name, field in fields.items():
        if name in ("use", "guard"):
            continue
        default = "required" if field.default is PydanticUndefined else f"`{field.default!r}`"
        kind = str(field.annotation).replace("typing.", "").replace("|", "\\|")
        kind = kind.replace("<class '", "").replace("'>", "")
        yield f"| `{name}` | `{kind}` | {default} |"


def render_commands() -> str:
    """Return docs/commands.md: every command with its arguments, options and defaults."""
    parts = ["# Commands\n", MADE, *_commands("auditor", typer.main.get_command(app))]
    return "\n".join(parts)


def _commands(name: str, command: Any) -> Iterator[str]:
    members = getattr(command, "commands", None)
    if members is None:
        text = inspect.cleandoc(command.help or "")
        options = (_option(entry) for entry in command.params if entry.name != "help")
        yield "\n".join((f"## `{name}`\n", text, "", *options)).rstrip() + "\n"
        return
    for member in members:
        yield from _commands(f"{name} {member}", members[member])


def _option(entry: Any) -> str:
    argument = entry.param_type_name == "argument"
    name = entry.name.upper() if argument else "/".join(entry.opts[:1] + entry.secondary_opts[:1])
    annotation = entry.type_descriptor.annotation
    choices = get_args(annotation) if get_origin(annotation) is Literal else ()
    words = f" {'|'.join(choices)}" if choices else ""
    default = f" Default: `{entry.default}`." if entry.default else ""
    return f"* `{name}{words}`: {entry.help or ''}{default}"


def render_schema() -> str:
    """Return docs/rule.schema.json, for editors."""
    return json.dumps(Rule.model_json_schema(by_alias=True), ensure_ascii=False, indent=2) + "\n"


PAGES = {
    "detectors.md": render_detectors,
    "commands.md": render_commands,
    "rule.schema.json": render_schema,
}


def main() -> None:
    """Rewrite the generated pages."""
    for name, render in PAGES.items():
        (DOCS / name).write_text(render(), encoding="utf-8")
    print(f"wrote {', '.join(PAGES)}")


if __name__ == "__main__":
    main()
