"""What may be wrong with lists that load: pure, over rows that know their file and line.

A *fault* makes wrong rows about innocent accounts, or hides right ones, and fails the check; a
*note* is for the person who keeps the list.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from auditor.references.checkregistry import RegistryKind, registry_doubts
from auditor.references.lines import PlacedRow
from auditor.references.neighbours import neighbours
from auditor.references.rows import (
    Affix,
    Division,
    FormerDivision,
    LookAlike,
    Organisation,
    OrganWord,
    Person,
)
from auditor.text import dictionary_words, fold_name

Kind = Literal[
    "place", "untidy", "mixed", "short", "everyday", "near", "stale", "unverified", RegistryKind
]
Severity = Literal["fault", "note"]

STALE_AFTER = 550
"""Days after which a row should be looked at again: a year and a half (by judgement)."""

EVERYDAY_FAULT = 1_000
"""Uses in the dictionary's 60 million words from which a word protects nobody (by judgement)."""

EVERYDAY_NOTED = 10
"""Uses from which a word is noted; most names that the dictionary holds have 3 (by judgement)."""

LONGEST_EVERYDAY = 4
SHORTEST_FREE = 3
"""Folded characters from which a name is also found beside other words; shorter ones are noted."""

# Tags of bodies and of abbreviations, which name bodies too: no everyday words.
_BODY_TAGS = frozenset({"nt", "j"})
# Tags of places, persons and other names, of which often used ones are words: 阳光 is tagged nr.
_NAME_TAGS = frozenset({"ns", "nsf", "nr", "nrt", "nrfg", "nz", "nw"})
# Letters of other scripts, and the radicals and doublets that stand for characters in PDF files.
_FOREIGN = re.compile(
    "[\u0370-\u052f\u1100-\u11ff\u2e80-\u2fdf\u3040-\u30ff\uac00-\ud7af\uf900-\ufaff]"
)
_STANDS_FOR_OTHERS = frozenset({"CYRILLIC", "GREEK", "CJK", "KANGXI"})
_UNVERIFIED = "unverified"
_ENDING_CLASSES = ("organ", "news")


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing to look at; ``where`` is ``file:line``, or the file when ``count`` rows are meant.

    ``what`` says what stands there, ``right`` what would be right.
    """

    severity: Severity
    kind: Kind
    where: str
    what: str
    right: str
    list: str = ""
    count: int = 1


class _Name(NamedTuple):
    """One name of a body: as written, folded, and whether it is the full one."""

    text: str
    folded: str
    full: bool
    placed: PlacedRow


def no_sounds(_: str) -> frozenset[str]:
    """Return the readings of a character for one who knows none."""
    return frozenset()


def check_rows(
    rows: Sequence[PlacedRow],
    today: date,
    stale_after: int = STALE_AFTER,
    sounds: Callable[[str], frozenset[str]] = no_sounds,
) -> tuple[Concern, ...]:
    """Return what is to be looked at in the lists, faults first, then by file and line.

    ``today`` is the day on which ages count; ``stale_after`` is in days; ``sounds`` gives the
    readings of a character.
    """
    names = tuple(_names(rows))
    found = [
        *_untidy(rows),
        *_same_words(rows),
        *_same_names(names),
        *_places(names, rows),
        *_mixed(names),
        *_short(names),
        *_everyday(names, rows),
        *_near(names, rows, sounds),
        *_stale(rows, today, stale_after),
        *_unverified(rows),
        *(_concern(*doubt) for doubt in registry_doubts(rows)),
    ]
    order = {one.where: index for index, one in enumerate(rows)}
    found.sort(key=lambda one: (one.severity, order.get(one.where, len(order)), one.kind))
    return tuple(found)


def summarised(concerns: Iterable[Concern]) -> tuple[Concern, ...]:
    """Return faults as they are, and one note for all notes of a kind in one file."""
    faults: list[Concern] = []
    notes: dict[tuple[Kind, str], list[Concern]] = {}
    for one in concerns:
        if one.severity == "fault":
            faults.append(one)
        else:
            notes.setdefault((one.kind, _file(one)), []).append(one)
    return (*faults, *(same[0] if len(same) == 1 else _joined(same) for same in notes.values()))


def _file(one: Concern) -> str:
    return one.where.rpartition(":")[0] or one.where


def _joined(same: Sequence[Concern]) -> Concern:
    first = same[0]
    what = f"{len(same)} entries, the first in line {first.where.rpartition(':')[2]}: {first.what}"
    return Concern("note", first.kind, _file(first), what, first.right, first.list, len(same))


def _names(rows: Iterable[PlacedRow]) -> Iterator[_Name]:
    for placed in rows:
        row = placed.row
        if isinstance(row, Organisation | Person):
            others = row.short_names if isinstance(row, Organisation) else row.aliases
            for text in (row.name, *others):
                yield _Name(text, _folded(text), text == row.name, placed)


def _folded(text: str) -> str:
    return fold_name(text).text


def _untidy(rows: Iterable[PlacedRow]) -> Iterator[Concern]:
    for placed in rows:
        for column, cell in placed.cells.items():
            for text in cell if isinstance(cell, list | tuple) else (cell,):
                if isinstance(text, str) and (sign := _untidy_sign(text)):
                    what = f"{column} “{text.strip()}” holds {sign}"
                    yield _concern("fault", "untidy", placed, what, "type the cell anew without it")


def _untidy_sign(text: str) -> str:
    """Name the first thing in a cell that cannot be seen, or return nothing."""
    if text.isprintable() and text == text.strip() and "  " not in text:
        return ""
    for sign in text:
        if unicodedata.category(sign) in {"Cf", "Cc", "Zl", "Zp"} or sign in "\xa0\u3000":
            return f"U+{ord(sign):04X}, which cannot be seen"
    if text != text.strip():
        return "a space at its edge"
    return "two spaces in a row" if "  " in text else ""


def _same_words(rows: Iterable[PlacedRow]) -> Iterator[Concern]:
    """Words that stand twice in one class of a word list under different spellings."""
    seen: dict[tuple[str, str, str], PlacedRow] = {}
    for placed in rows:
        row = placed.row
        if isinstance(row, OrganWord | Affix) and (folded := _folded(row.word)):
            first = seen.setdefault((placed.list, row.class_, folded), placed)
            if first is not placed:
                what = f"“{row.word}” is read as the word in {_other(first, placed)}"
                yield _concern("note", "duplicate", placed, what, "one of the two is enough")


def _same_names(names: Iterable[_Name]) -> Iterator[Concern]:
    seen: dict[str, _Name] = {}
    for name in names:
        first = seen.setdefault(name.folded, name)
        if first is name:
            continue
        kinds = {_kind(name), _kind(first)}
        severity: Severity = "note" if "person" in kinds else "fault"
        if first.placed is name.placed:
            what = f"“{name.text}” is read as “{first.text}” of the same row"
            right = "take the short name out"
        else:
            role = "the name" if first.full else "a short name"
            what = f"“{name.text}” is {role} in {_other(first.placed, name.placed)} too"
            if len(kinds) > 1:
                what += f", as {_kind(name)} and {_kind(first)}"
            right = "keep it where it belongs; a match would name both bodies"
        yield _concern(severity, "duplicate", name.placed, what, right)


def _kind(name: _Name) -> str:
    row = name.placed.row
    return row.kind if isinstance(row, Organisation) else "person"


def _places(names: Iterable[_Name], rows: Iterable[PlacedRow]) -> Iterator[Concern]:
    places: dict[str, PlacedRow] = {}
    for placed in rows:
        if isinstance(placed.row, Division):
            for text in (placed.row.name, placed.row.short_name):
                places.setdefault(_folded(text), placed)
        elif isinstance(placed.row, FormerDivision):
            places.setdefault(_folded(placed.row.name), placed)
    for name in names:
        if place := places.get(name.folded):
            what = f"“{name.text}” is the name of a division ({_other(place, name.placed)})"
            right = "a place alone is nobody's name (fairness, 1): add the word for the body"
            yield _concern("fault", "place", name.placed, what, right)


def _mixed(names: Iterable[_Name]) -> Iterator[Concern]:
    """Names whose characters come from several scripts, as a copied or imitated name's may."""
    for name in names:
        found = _FOREIGN.search(name.text)
        if found and len(scripts := {_script(sign) for sign in name.text} - {""}) > 1:
            sign = found.group()
            fault = not _STANDS_FOR_OTHERS.isdisjoint(scripts)
            what = f"“{name.text}” holds U+{ord(sign):04X} {unicodedata.name(sign, 'unnamed')}"
            right = "type the name anew, all in one script"
            yield _concern("fault" if fault else "note", "mixed", name.placed, what, right)


def _script(sign: str) -> str:
    """Return the first word of a letter's Unicode name, as LATIN; ``HAN`` for characters."""
    word = unicodedata.name(sign, "").partition(" ")[0]
    if _FOREIGN.match(sign):
        return "KANA" if word.startswith(("HIRAGANA", "KATAKANA")) else word
    return "HAN" if word.startswith("CJK") else word if word == "LATIN" else ""


def _short(names: Iterable[_Name]) -> Iterator[Concern]:
    for name in names:
        if len(name.folded) < SHORTEST_FREE:
            fault = len(name.folded) < SHORTEST_FREE - 1
            what = f"“{name.text}” is read as {len(name.folded)} characters"
            right = "protect a longer name" if fault else "see that few people call themselves so"
            yield _concern("fault" if fault else "note", "short", name.placed, what, right)


def _everyday(names: Sequence[_Name], rows: Sequence[PlacedRow]) -> Iterator[Concern]:
    """Names that people use as words: the more often, the more innocents would be meant."""
    endings = _endings(rows)
    words = dictionary_words({one.text for one in names if len(one.text) <= LONGEST_EVERYDAY})
    for name in names:
        word = words.get(name.text)
        if not word or word.frequency < EVERYDAY_NOTED or word.tag in _BODY_TAGS:
            continue
        if name.text[-1] in endings:  # the dictionary tags 教育部 as a common noun
            continue
        fault = word.frequency >= EVERYDAY_FAULT
        if word.tag in _NAME_TAGS and (not fault or _kind(name) == "person"):
            continue
        what = f"“{name.text}” is a word of the dictionary ({word.tag}, {word.frequency} uses)"
        right = "protect the longer name, or see that an organ word must stand beside it"
        yield _concern("fault" if fault else "note", "everyday", name.placed, what, right)


def _endings(rows: Iterable[PlacedRow]) -> frozenset[str]:
    return frozenset(
        placed.row.word[-1]
        for placed in rows
        if isinstance(placed.row, OrganWord)
        and placed.row.class_ in _ENDING_CLASSES
        and placed.row.strength == "strong"
    )


def _near(
    names: Sequence[_Name],
    rows: Iterable[PlacedRow],
    sounds: Callable[[str], frozenset[str]],
) -> Iterator[Concern]:
    looks = {frozenset(pair) for pair in _look_alikes(rows)}

    def alike(one: str, other: str) -> bool:
        """Tell whether two characters look or sound alike."""
        return frozenset((one, other)) in looks or not sounds(one).isdisjoint(sounds(other))

    full = {name.folded: name for name in names if name.full and _kind(name) != "person"}
    for one, other in neighbours(full, alike):
        first, second = full[one], full[other]
        there = _other(first.placed, second.placed)
        what = f"“{second.text}” is one character from “{first.text}” ({there})"
        right = "if one is a slip of the pen, correct it; two bodies may stay"
        yield _concern("note", "near", second.placed, what, right)


def _look_alikes(rows: Iterable[PlacedRow]) -> Iterator[tuple[str, str]]:
    for placed in rows:
        if isinstance(placed.row, LookAlike):
            yield placed.row.found, placed.row.expected


def _stale(rows: Iterable[PlacedRow], today: date, stale_after: int) -> Iterator[Concern]:
    oldest = date.fromordinal(max(today.toordinal() - stale_after, 1)).isoformat()
    for placed in rows:
        row = placed.row
        if row.valid_until and row.valid_until < today:
            what = f"“{_title(placed)}” counts until {row.valid_until} only"
            yield _concern("note", "stale", placed, what, "keep it for earlier dates, or withdraw")
        # What was a division's name up to some year stays so.
        elif row.as_of < oldest[: len(row.as_of)] and not isinstance(row, FormerDivision):
            what = f"“{_title(placed)}” is as of {row.as_of}, more than {stale_after} days ago"
            yield _concern("note", "stale", placed, what, "look it up again and move as_of on")


def _title(placed: PlacedRow) -> str:
    row = placed.row
    if isinstance(row, Organisation | Division | FormerDivision | Person):
        return row.name
    return row.word if isinstance(row, OrganWord | Affix) else placed.list


def _unverified(rows: Iterable[PlacedRow]) -> Iterator[Concern]:
    totals = Counter(placed.path for placed in rows)
    lists = {placed.path: placed.list for placed in rows}
    doubtful = Counter(placed.path for placed in rows if _UNVERIFIED in placed.row.source)
    for path, count in doubtful.items():
        what = f"the source of {count} of {totals[path]} rows reads unverified"
        right = "look them up and name what was read"
        yield Concern("note", "unverified", path, what, right, lists[path], count)


def _other(placed: PlacedRow, seen_from: PlacedRow) -> str:
    """Say where another row stands: the line, and the file unless it is the same."""
    return f"line {placed.line}" if placed.path == seen_from.path else placed.where


def _concern(severity: Severity, kind: Kind, placed: PlacedRow, what: str, right: str) -> Concern:
    return Concern(severity, kind, placed.where, what, right, placed.list)
