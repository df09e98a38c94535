"""Text that strangers wrote, made safe to look at: isolated, shortened, nothing hidden."""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup, escape

MAX_NAME_SHOWN = 60
MAX_TEXT_SHOWN = 600

# Letters and marks that draw nothing although Unicode does not class them as format characters.
_BLANK = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_FLATTENED = {"Cf", "Cc", "Cn", "Co", "Cs", "Zl", "Zp"}
_JOINER = "\u200d"


def text_tag(text: str) -> str:
    """Return the language tag of a stranger's text: Chinese where it holds Han, else unknown."""
    return "zh-CN" if _HAN.search(text) else ""


def shortened(text: str, limit: int) -> str:
    """Return at most ``limit`` code points, with ``…`` for what was left off."""
    return text if len(text) <= limit else f"{text[:limit]}…"


def is_hidden(text: str, index: int) -> bool:
    """Tell whether a character draws nothing, or turns the direction of what follows.

    A joiner before a picture and a selector behind one are ordinary parts of emoji.
    """
    character = text[index]
    if character in _BLANK:
        return True
    if character == _JOINER and unicodedata.category(text[index + 1 : index + 2] or " ") == "So":
        return False
    if "\ufe00" <= character <= "\ufe0f" or character >= "\U000e0100":
        return not index or bool(_HAN.match(text[index - 1]))
    return unicodedata.category(character) in _FLATTENED


def visible(text: str) -> Markup:
    """Return text for HTML in which every hidden character shows its code point."""
    pieces: list[Markup] = []
    shown = 0
    for index, character in enumerate(text):
        if is_hidden(text, index):
            code = Markup('<span class="code-point">U+{:04X}</span>').format(ord(character))
            pieces += (escape(text[shown:index]), code)
            shown = index + 1
    return Markup().join((*pieces, escape(text[shown:])))


def foreign(text: str | None, limit: int = MAX_TEXT_SHOWN) -> Markup:
    """Return a stranger's text in an element of its own that no direction mark can leave."""
    value = text or ""
    shown = visible(shortened(value, limit))
    return Markup('<bdi class="foreign" lang="{}">{}</bdi>').format(text_tag(value), shown)


def marked(before: str, match: str, after: str) -> Markup:
    """Return a quotation with its matched words highlighted."""
    before, match, after = (shortened(piece, MAX_TEXT_SHOWN) for piece in (before, match, after))
    tag = text_tag(before + match + after)
    middle = Markup("<mark>{}</mark>").format(visible(match)) if match else Markup()
    return Markup('<bdi class="foreign" lang="{}">{}{}{}</bdi>').format(
        tag, visible(before), middle, visible(after)
    )


def web_address(url: str | None) -> str:
    """Return a URL that may be a link, or nothing: only http and https, never a script."""
    address = (url or "").strip()
    return address if re.match(r"https?://[^\s/]", address, re.IGNORECASE) else ""
