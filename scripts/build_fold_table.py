"""Build the two tables behind ``auditor.text.fold``: what becomes what, and what is dropped.

Reads ``rulesets/tables/fold-hand.csv`` and ``drop-hand.csv`` (reviewed by hand), writes
``fold.csv`` and ``fold-drop.csv`` beside them. Sources: OpenCC's character tables (Apache-2.0,
``t2s`` and ``jp2t``) and the Unicode database of the running Python. Run it after a change:

    python scripts/build_fold_table.py
"""

from __future__ import annotations

import csv
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path

import opencc

TABLES = Path(__file__).resolve().parents[1] / "rulesets" / "tables"
UNICODE = f"Unicode {unicodedata.unidata_version}"
HANGUL_JAMO = [range(0x1100, 0x1200), range(0x3131, 0x318F), range(0xFFA1, 0xFFDD)]
IDEOGRAPHS = [range(0x3400, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x32000)]
KANGXI = range(0x2F00, 0x2FE0)
PREPENDED = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
"""Format characters that are visible signs (Unicode, Prepended_Concatenation_Mark)."""

Mapped = tuple[str, str, str]
Step = Callable[[str], tuple[str, str, str] | None]


def characters() -> Iterator[str]:
    """Yield every scalar value of Unicode."""
    yield from (chr(cp) for cp in range(sys.maxunicode + 1) if not 0xD800 <= cp < 0xE000)


def within(char: str, ranges: Iterable[range]) -> bool:
    """Tell whether a character lies in one of the ranges."""
    return any(ord(char) in span for span in ranges)


def in_gb2312(char: str) -> bool:
    """Tell whether ordinary simplified Chinese uses the character (GB 2312 as a stand-in)."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def read_hand() -> dict[str, Mapped]:
    """Read the rows that a person wrote: ``from`` → (to, reason, source)."""
    with (TABLES / "fold-hand.csv").open(encoding="utf-8", newline="") as file:
        return {
            char_of(row["from"]): (
                char_of(row["to"]),
                row["reason"],
                row["source"],
            )
            for row in csv.DictReader(file)
        }


def compatibility(char: str) -> Mapped | None:
    """Return the one-character NFKC form, or the ASCII digit; longer forms stay as they are."""
    if unicodedata.category(char) == "Nd" and not char.isascii():
        form = str(unicodedata.decimal(char))
    else:
        form = unicodedata.normalize("NFKC", char)
    # Circled and raised digits are list marks: ①13800138000 must not gain a digit.
    if form == char or len(form) != 1 or unicodedata.category(char) == "No":
        return None
    if within(char, HANGUL_JAMO):
        return None
    tag = unicodedata.decomposition(char).split(" ")[0]
    if form == " ":
        reason = "space"
    elif tag in ("<wide>", "<narrow>"):
        reason = "full_width"
    elif ord(char) in KANGXI:
        reason = "radical"
    else:
        reason = "variant" if within(char, IDEOGRAPHS) else "styled"
    return form, reason, f"{UNICODE} NFKC"


def accent(char: str) -> Mapped | None:
    """Return the bare Latin letter under an accent: rénmín is written to be read as renmin."""
    form = unicodedata.normalize("NFD", char)
    if len(form) > 1 and form[0].isascii() and form[0].isalpha():
        return form[0], "accent", f"{UNICODE} canonical decomposition"
    return None


def lower(char: str) -> Mapped | None:
    """Return the one-character case folding."""
    form = char.casefold() if len(char.casefold()) == 1 else char.lower()
    if form != char and len(form) == 1:
        return form, "case", f"{UNICODE} case folding"
    return None


def openccs() -> tuple[Step, Step]:
    """Return the steps traditional → simplified and shinjitai → its old form."""
    simplified, old = opencc.OpenCC("t2s"), opencc.OpenCC("jp2t")

    def traditional(char: str) -> Mapped | None:
        if not within(char, IDEOGRAPHS):
            return None
        form = simplified.convert(char)
        if form == char or len(form) != 1:
            return None
        return form, "traditional", "OpenCC t2s characters"

    def shinjitai(char: str) -> Mapped | None:
        # 芸 糸 欠 are ordinary Chinese characters of other meaning: those stay.
        if not within(char, IDEOGRAPHS) or in_gb2312(char):
            return None
        form = old.convert(char)
        if form == char or len(form) != 1:
            return None
        return form, "variant", "OpenCC jp2t characters"

    return traditional, shinjitai


def mappings() -> Iterator[tuple[str, Mapped]]:
    """Yield every character that folds, with its last form and the first reason but case."""
    hand = read_hand()
    traditional, shinjitai = openccs()
    steps: tuple[Step, ...] = (hand.get, compatibility, traditional, shinjitai, accent, lower)
    for char in characters():
        now, why = char, ("", "")
        while (found := next(filter(None, (step(now) for step in steps)), None)) is not None:
            now = found[0]
            if not why[0] or why[0] == "case":
                why = found[1:]
        if now != char:
            yield char, (now, *why)


def read_drop_hand() -> dict[str, str]:
    """Read the characters of other classes that are dropped: character → ``scope|reason``."""
    found = {}
    with (TABLES / "drop-hand.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for cp in range(ord(char_of(row["first"])), ord(char_of(row["last"])) + 1):
                found[chr(cp)] = f"{row['scope']}|{row['reason']}|{row['source']}"
    return found


def dropped(char: str, hand: dict[str, str]) -> str:
    """Return ``scope|reason|source`` of a character that a fold drops, else an empty string."""
    if char in hand:
        return hand[char]
    category = unicodedata.category(char)
    if category == "Cc" and char not in "\t\n\v\f\r\x85":
        return f"all|control|{UNICODE} Cc"
    if category == "Cf" and char not in PREPENDED:
        return f"all|invisible|{UNICODE} Cf"
    if category == "Me" or "VARIATION SELECTOR" in unicodedata.name(char, ""):
        return f"all|combining|{UNICODE} Me and variation selectors"
    names = {"Z": "separator", "P": "punctuation", "S": "symbol", "M": "combining"}
    private = category == "Co" and ord(char) <= 0xFFFF  # the planes above are not in use
    if category == "Cc" or private or category[0] in names:
        return f"name|{names.get(category[0], 'decoration')}|{UNICODE} {category[0]}*"
    return ""


def write_rows(path: Path, header: list[str], rows: Iterable[list[str]]) -> None:
    """Write a CSV table whole."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def char_of(written: str) -> str:
    """Return the character of a code point written as ``U+4E00``."""
    return chr(int(written.removeprefix("U+"), 16))


def code(char: str) -> str:
    """Return a character's code point as ``U+4E00``."""
    return f"U+{ord(char):04X}"


def main() -> None:
    """Write both tables and say how large they are."""
    hand = read_drop_hand()
    gone = {char: why for char in characters() if (why := dropped(char, hand))}
    kept = [
        (char, mapped)
        for char, mapped in mappings()
        if not gone.get(char, "").startswith("all")
        and not gone.get(mapped[0], "").startswith("all")
    ]
    rows = [
        [code(a), code(b), "" if reason == "space" else f"{a}→{b}", reason, source]
        for a, (b, reason, source) in kept
    ]
    write_rows(TABLES / "fold.csv", ["from", "to", "shown", "reason", "source"], rows)
    spans = []
    numbered = enumerate(sorted(gone))
    for (why, _), members in groupby(
        numbered, lambda pair: (gone[pair[1]], ord(pair[1]) - pair[0])
    ):
        run = [char for _, char in members]
        spans.append([code(run[0]), code(run[-1]), *why.split("|")])
    write_rows(TABLES / "fold-drop.csv", ["first", "last", "scope", "reason", "source"], spans)
    print(f"{len(rows)} characters fold, {len(gone)} are dropped ({len(spans)} spans)")


if __name__ == "__main__":
    main()
