"""The documentation is held against the code: every command, detector, field and setting."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from auditor.cli import app
from auditor.config import Settings, rulesets_directory
from auditor.detectors import DETECTORS
from auditor.model import (
    Account,
    AccountRow,
    Change,
    ClusterRow,
    CoverageRow,
    Finding,
    Post,
    Rejection,
    RuleRow,
    SourceRow,
)
from auditor.rules import load_ruleset
from auditor.rules.schema import (
    Against,
    Bundle,
    Evidence,
    Example,
    Lexicon,
    RankPart,
    RankTable,
    Rule,
)

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_what_the_code_says_now() -> None:
    for name, render in script("write_docs").PAGES.items():
        assert page(f"docs/{name}") == render(), f"{name} is stale: run make docs"


def test_every_command_is_documented() -> None:
    text = page("docs/commands.md")
    for info in app.registered_commands:
        assert info.callback is not None
        name = info.name or info.callback.__name__
        assert f"## `auditor {name}`" in text


def test_every_detector_is_documented() -> None:
    text = page("docs/detectors.md")
    for detector in DETECTORS:
        assert (detector.__doc__ or "").splitlines()[0] in text


@pytest.mark.parametrize("model", [Rule, Example, Evidence, Against, Bundle, Lexicon])
def test_every_field_of_a_rule_is_explained(model: type[Rule]) -> None:
    text = page("docs/rules.md")
    for name, field in model.model_fields.items():
        assert f"`{field.alias or name}`" in text, f"{model.__name__}.{name}"


@pytest.mark.parametrize("model", [RankTable, RankPart])
def test_every_field_of_the_points_is_explained(model: type[RankTable]) -> None:
    text = page("docs/ranking.md")
    for name in model.model_fields:
        assert f"`{name}`" in text, f"{model.__name__}.{name}"


def test_every_setting_is_explained() -> None:
    text = page("docs/settings.md")
    for name in Settings.model_fields:
        assert f"`{name}`" in text


@pytest.mark.parametrize("model", [Account, Post, Change])
def test_every_input_field_is_explained(model: type[Account]) -> None:
    text = page("docs/dataset.md")
    for name in model.model_fields:
        assert f"`{name}`" in text, name


TABLES = (Finding, AccountRow, CoverageRow, RuleRow, ClusterRow, Rejection, SourceRow)


@pytest.mark.parametrize("model", TABLES)
def test_every_column_is_explained(model: type[Finding]) -> None:
    text = page("docs/output.md")
    for name in model.model_fields:
        assert f"`{name.rstrip('_')}`" in text, f"{model.__name__}.{name}"


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_both_readmes_open_with_what_a_newcomer_needs(name: str) -> None:
    text = page(name)
    for word in ("make demo", "make test", "docs/images/report-", "<!-- finding -->"):
        assert (word in text) == (word != "<!-- finding -->"), f"{name}: {word}"


def test_no_page_links_to_a_file_that_is_not_there() -> None:
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "rulesets").glob("*.md")]
    for path in pages:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_every_word_list_is_used_or_says_why_it_waits() -> None:
    shipped = rulesets_directory()
    ruleset = load_ruleset([shipped])
    steps = [step for rule in ruleset.rules for step in rule.steps]
    steps += [part.step for table in ruleset.ranking for part in table.parts]
    used = {name for step in steps for name in step.lexicons() | step.tables()}
    for path in (shipped / "lexicons").glob("*.yml"):
        if path.name.startswith("text-"):
            continue
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for entry in data if isinstance(data, list) else [data]:
            waits = "later" in str(entry.get("note", ""))
            assert entry["id"] in used or waits, f"{entry['id']} is used by no rule"
