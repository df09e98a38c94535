"""Marks whose text fits the body, and marks that only look like it: 100 invented accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from auditor.detectors.bodies import covered, only_repeats
from auditor.model import Account, Dossier
from auditor.references import SHIPPED, load_references
from auditor.rules import Compiled, evaluate

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 11, 25, tzinfo=UTC)
FORMS = load_references([SHIPPED]).organ_forms


def accounts(name: str) -> Iterator[dict[str, Any]]:
    """Read name, mark, label and operator; ``-`` is none shown, an empty cell not collected."""
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, verified, *texts = line.split("\t")
            label, operator = ({"": None, "-": "none"}.get(text, text) for text in texts)
            yield {
                "name": name,
                "verified": verified,
                "verified_label": label,
                "organisation": operator,
            }


FITS = list(accounts("marks_that_fit.tsv"))
FITS_NOT = list(accounts("marks_that_do_not_fit.tsv"))


def named(fields: dict[str, Any]) -> str:
    return f"{fields['name']}-{fields['verified']}-{fields['verified_label']}"


def rows(compiled: Compiled, **fields: Any) -> Any:
    account = Account(platform="p", account_id="1", **{"bio": "权威信息，第一时间", **fields})
    return evaluate(compiled, Dossier(account=account), NOW).findings


@pytest.mark.parametrize("fields", FITS, ids=named)
def test_a_genuine_account_with_a_fitting_mark_has_no_row(
    compiled: Compiled, fields: dict[str, Any]
) -> None:
    assert not rows(compiled, **fields)


@pytest.mark.parametrize("fields", FITS_NOT, ids=named)
def test_a_mark_of_something_else_keeps_the_row_and_is_told(
    compiled: Compiled, fields: dict[str, Any]
) -> None:
    found = rows(compiled, **fields)
    # The words of the mark may make a row of their own; the name makes one.
    (named,) = (row for row in found if row.rule_id.startswith("name-"))
    assert "G-VERIFIED" in named.guards_hit
    assert "认证" in found[0].counter_evidence[0]


def test_the_lists_are_as_long_as_agreed_and_say_something(compiled: Compiled) -> None:
    assert len(FITS) >= 75
    assert len(FITS_NOT) >= 25
    # Without its mark nearly every one of them would have a row: the mark is what clears it.
    bare = [rows(compiled, name=fields["name"], verified="none") for fields in FITS]
    assert sum(map(bool, bare)) >= 0.9 * len(bare)


def test_every_form_of_an_organ_word_clears_under_every_mark_of_a_body(compiled: Compiled) -> None:
    flagged, asked = [], 0
    for row in FORMS:
        for name in (f"乌海{row.word}", f"{row.word}乌海"):
            if not rows(compiled, name=name, verified="none"):
                continue
            for form in row.forms:
                asked += 1
                for mark, label in (
                    ("government", f"乌海市{form}官方微博"),
                    ("organisation", f"帐号主体：乌海市{form}"),
                ):
                    if rows(compiled, name=name, verified=mark, verified_label=label):
                        flagged.append((name, mark, label))
    assert not flagged
    assert asked > 500


def test_the_form_of_another_place_clears_nothing(compiled: Compiled) -> None:
    marked = {"verified": "government", "verified_label": "日照市公安局官方微博"}
    assert rows(compiled, name="平安乌海", **marked)
    assert rows(compiled, name="乌海网警", **marked)


@pytest.mark.parametrize(
    ("text", "name", "repeats"),
    [
        ("海口福彩官方账号", "海口福彩", True),
        ("海口福彩", "海口福彩", True),
        ("海口福彩中心", "海口福彩", False),
        ("官方账号", "海口福彩", False),
        ("海口福彩官方账号", "", False),
    ],
)
def test_a_label_may_only_repeat_the_name(text: str, name: str, repeats: bool) -> None:
    assert only_repeats(text, name, frozenset({"官方", "账号", "官方账号"})) == repeats


def test_words_cover_a_text_only_from_end_to_end() -> None:
    words = frozenset({"股份", "有限公司", "股份有限"})
    assert covered("", words)
    assert covered("股份有限公司", words)
    assert not covered("络科技有限公司", words)
    assert not covered("有限公司网", words)


@pytest.mark.parametrize("label", [None, "none"])
def test_a_badge_without_text_says_whether_the_text_was_looked_for(
    compiled: Compiled, label: str | None
) -> None:
    (row,) = rows(compiled, name="平安乌海", verified="government", verified_label=label)
    said = "文字未采集" if label is None else "未显示文字"
    assert any(said in note for note in row.counter_evidence)
    assert (row.strength == "weak") == (label is None)
