"""The page's own words in Chinese and English, from two small catalogues beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from markupsafe import Markup, escape

from auditor.text.tables import parsed_yaml

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
_DIRECTORY = Path(__file__).parent / "wordings"


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one language by key; calling it fills one in."""

    language: Language
    texts: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """Return a text with its placeholders filled.

        Raises:
            KeyError: the catalogue has no such key, or a placeholder was given no value.
        """
        return self.texts[key].format_map(values)

    def markup(self, key: str, /, **values: object) -> Markup:
        """Return a text as HTML; values are escaped unless they are HTML already."""
        return escape(self.texts[key]).format(**values)

    def __contains__(self, key: str) -> bool:
        return key in self.texts

    def choice(self, group: str, word: str) -> str:
        """Return the text ``group.word``, or the word itself where the catalogue has none."""
        return self.texts.get(f"{group}.{word}", word)

    @property
    def tag(self) -> str:
        """The BCP 47 language tag of the page."""
        return "zh-CN" if self.language == "zh" else "en"


@cache
def read_wording(language: Language) -> Wording:
    """Return the catalogue of a language, read once."""
    text = (_DIRECTORY / f"{language}.yml").read_text(encoding="utf-8")
    return Wording(language, parsed_yaml(text))
