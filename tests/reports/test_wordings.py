from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from auditor.reports.html import page
from auditor.reports.html.wording import LANGUAGES, Language, read_wording

ROOM = Path(page.__file__).parent
BANNED = (
    "违规", "违法", "造谣", "假冒", "仿冒", "冒充", "虚假", "不实", "伪造", "非法", "无资质",
    "水军", "恶意", "抄袭", "violation", "illegal", "fake", "false", "forged", "impersonat",
    "unlicensed", "unqualified", "malicious", "troll",
)  # fmt: skip


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_catalogues_have_the_same_keys_and_placeholders() -> None:
    zh, en = (read_wording(language).texts for language in LANGUAGES)
    assert sorted(zh) == sorted(en)
    assert {key for key in zh if names(zh[key]) != names(en[key])} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language: Language) -> None:
    texts = read_wording(language).texts
    assert [key for key, text in texts.items() if not text.strip()] == []


@pytest.mark.parametrize(
    "path",
    [p for p in sorted(ROOM.rglob("*")) if p.suffix in {".yml", ".j2", ".css"}],
    ids=lambda path: path.name,
)
def test_neither_words_nor_templates_hold_a_verdict(path: Path) -> None:
    text = path.read_text(encoding="utf-8").lower()
    assert [word for word in BANNED if word in text] == []


def test_every_key_a_template_asks_for_exists() -> None:
    asked = {
        key
        for path in (ROOM / "templates").glob("*.j2")
        for key in re.findall(r"\bt\('([^']+)'[,)]", path.read_text(encoding="utf-8"))
    }
    assert len(asked) > 80
    assert asked - set(read_wording("zh").texts) == set()
