"""Writes the pages that are made from the code: detectors, commands and the schema of a rule.

A test compares the pages with what this would write (tests/test_docs.py).
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, get_args, get_origin, get_type_hints

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
    """Return docs/commands.md: every command with its arguments and options."""
    parts = ["# Commands\n", MADE, *(_command("auditor", info) for info in app.registered_commands)]
    for group in app.registered_groups:
        typed = group.typer_instance
        if typed is not None:
            parts += [_command(f"auditor {group.name}", info) for info in typed.registered_commands]
    return "\n".join(parts)


def _command(prefix: str, info: typer.models.CommandInfo) -> str:
    callback = info.callback
    if callback is None:
        return ""
    name = info.name or callback.__name__.replace("_", "-")
    lines = [f"## `{prefix} {name}`\n", inspect.cleandoc(callback.__doc__ or ""), ""]
    hints = get_type_hints(callback, include_extras=True)
    parameters = inspect.signature(callback).parameters.values()
    lines += [_option(parameter, hints[parameter.name]) for parameter in parameters]
    return "\n".join(lines) + "\n"


def _option(parameter: inspect.Parameter, hint: object) -> str:
    extras = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    extra = extras[0] if extras else None
    text = getattr(extra, "help", "") or ""
    if isinstance(extra, typer.models.ArgumentInfo):
        return f"* `{parameter.name.upper()}`: {text}"
    declared = getattr(extra, "param_decls", None) or (f"--{parameter.name.replace('_', '-')}",)
    return f"* `{declared[0]}`: {text}"


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
