"""Machine text holds no verdict (fairness, section 3); citations and the ban itself are exempt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from typer.models import CommandInfo
from typer.testing import CliRunner

from auditor import detectors, names
from auditor.cli import app
from auditor.config import rulesets_directory
from auditor.model import AccountRow, CoverageRow, Finding
from auditor.reports.html import page
from auditor.rules import Judgement, load_ruleset
from auditor.rules.wording import banned_words, rule_texts

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = rulesets_directory()
PAGE = Path(page.__file__).parent
RULESET = load_ruleset([SHIPPED])

# The page that states the ban, and the pages generated from it, hold the words as words.
EXPLAINS_THE_BAN = {"fairness.md"}
CITED = {"text_zh", "gist_zh", "gist_en", "title_zh", "title_en", "why_not", "note"}


def heads(path: Path) -> Iterator[str]:
    """Yield the headings of a Markdown page, code apart."""
    text = re.sub(
        r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    yield from re.findall(r"^#+ .*$", text, flags=re.MULTILINE)


def helps() -> Iterator[tuple[str, str]]:
    """Yield the help of the program and of every command and group of commands."""
    runner = CliRunner()
    groups = [(info.name or "", info.typer_instance) for info in app.registered_groups]
    words = [[], *([name] for name, _ in groups)]
    words += [[command_name(info)] for info in app.registered_commands]
    words += [
        [name, command_name(info)]
        for name, group in groups
        if group is not None
        for info in group.registered_commands
    ]
    for given in words:
        result = runner.invoke(app, [*given, "--help"], env={"COLUMNS": "200"})
        assert result.exit_code == 0, given
        yield " ".join(given), result.output


def command_name(info: CommandInfo) -> str:
    assert info.callback is not None
    return info.name or info.callback.__name__.replace("_", "-")


def test_no_rule_says_a_verdict() -> None:
    said = [
        (rule.id, path, banned_words(text))
        for rule in RULESET.rules
        for path, text in rule_texts(rule)
        if banned_words(text)
    ]
    assert not said


def test_no_case_or_known_false_positive_says_a_verdict() -> None:
    for rule in RULESET.rules:
        printed = [*rule.false_positives, *(example.case for example in rule.examples)]
        printed += [example.known_gap or "" for example in rule.examples]
        assert not [text for text in printed if banned_words(text)], rule.id


def test_no_title_of_a_word_list_says_a_verdict() -> None:
    for lexicon in RULESET.lexicons.values():
        assert not banned_words(f"{lexicon.id} {lexicon.title.zh} {lexicon.title.en}")


@pytest.mark.parametrize("path", sorted((SHIPPED / "notices").glob("*.yml")), ids=lambda p: p.stem)
def test_what_a_notice_adds_to_its_citations_says_no_verdict(path: Path) -> None:
    notice = yaml.safe_load(path.read_text(encoding="utf-8"))
    for item in notice["items"]:
        for key, value in item.items():
            assert key in CITED or not banned_words(str(value)), (path.name, key)


@pytest.mark.parametrize("path", sorted(PAGE.rglob("*.*")), ids=lambda path: path.name)
def test_no_template_or_wording_of_the_report_says_a_verdict(path: Path) -> None:
    if path.suffix in (".j2", ".yml", ".css"):
        assert not banned_words(path.read_text(encoding="utf-8"))


def test_no_help_text_says_a_verdict() -> None:
    said = [(name, banned_words(text)) for name, text in helps() if banned_words(text)]
    assert not said


def test_no_column_step_or_detector_is_named_by_a_verdict() -> None:
    uses = [str(kind.model_fields["use"].annotation) for kind in detectors.DETECTORS]
    columns = [name for model in (Finding, AccountRow, CoverageRow) for name in model.model_fields]
    for word in (*columns, *names.WAYS, *names.TIERS, *uses):
        assert not banned_words(word)


PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *SHIPPED.glob("*.md")})


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_heading_of_the_documentation_says_a_verdict(path: Path) -> None:
    assert not [head for head in heads(path) if banned_words(head)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_page_calls_what_the_program_finds_by_a_verdict(path: Path) -> None:
    """In running text the words may only stand in quotation marks or code, as words."""
    if path.name in EXPLAINS_THE_BAN:
        return
    text = path.read_text(encoding="utf-8")
    plain = re.sub(r"```.*?```|`[^`]*`|“[^”]*”|\"[^\"]*\"|《[^》]*》", "", text, flags=re.DOTALL)
    assert not banned_words(plain.replace("ontroll", ""))  # a controller is no troll


def test_no_finding_over_the_invented_accounts_says_a_verdict(
    rows: Callable[[str], list[tuple[str, str]]], judge: Callable[..., Judgement]
) -> None:
    for _, line in rows("profiles_with_claim.txt"):
        name, _, bio = line.partition(" | ")
        judged = judge(name=name.strip(), bio=bio.strip(), verified="none")
        for finding in judged.findings:
            for text in (finding.fact_zh, finding.fact_en, finding.question_zh, finding.steps):
                assert not banned_words(text)
