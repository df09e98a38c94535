"""Which of many texts can hold an identifier at all: one pass of numpy, no Python loop per text."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
from numpy.typing import NDArray

from auditor.text.addresses import DOOR_REACH
from auditor.text.batch import FoldedBlob
from auditor.text.loops import Loop, compiles
from auditor.text.signs import (
    AT,
    COUNT,
    DASH,
    DIGIT,
    DOOR,
    JOINT,
    LETTER,
    PLACE_END,
    PROVINCE,
    SPELLED_DIGIT,
    sign_classes,
)

Places = NDArray[np.intp]
Classes = NDArray[np.uint16]

_NUMBER: Final = DIGIT | SPELLED_DIGIT | LETTER | JOINT
_TOKEN: Final = DIGIT | LETTER | DASH
_TOKEN_LENGTH: Final = 5
_RUN: Final = _NUMBER | _TOKEN
_A_DIGIT: Final = DIGIT | SPELLED_DIGIT

_UNIT, _OF_UNIT, _NUMBER_SIGN, _FLOOR, _SEAT = map(ord, "单元号楼座")
_SPACE, _COMMA, _LINE_END = map(ord, " ,\n")

_DIGITS_OF: Final = {
    "resident_id": 15,
    "bank_card": 16,
    "mobile": 10,
    "landline": 10,
    "passport": 7,
    "credential": 5,
    "physician_qualification": 5,
}
"""Digits, spelled ones too, that a number of a kind has with nothing but joints in between."""

_OF_TOKENS: Final = frozenset({"uscc", "wechat", "qq", "email"})

ALL_KINDS: Final = frozenset(_DIGITS_OF) | _OF_TOKENS | {"address", "plate"}
"""Every kind of identifier."""


def may_hold_identifiers(blob: FoldedBlob, kinds: Collection[str]) -> NDArray[np.bool_]:
    """Tell for each text whether ``identifiers_folded`` may give an identifier of the kinds.

    ``False`` is certain, ``True`` is not. Looked at are only the characters that may belong to one:
    how many digits stand together, tokens of five Latin letters or digits, the sign of an e-mail,
    a number between a place and a word for a door, a letter behind the sign of a province.
    """
    return (_by_loop if compiles() else _by_columns)(blob, kinds)


def _digits(kinds: Collection[str]) -> int:
    """Return the fewest digits of the kinds that are made of digits, 0 if none is."""
    return min((_DIGITS_OF[kind] for kind in kinds if kind in _DIGITS_OF), default=0)


def _by_columns(blob: FoldedBlob, kinds: Collection[str]) -> NDArray[np.bool_]:
    classes = blob.classes
    found = np.zeros(len(blob), dtype=np.bool_)
    digits = _digits(kinds)
    if digits:
        # Signs of numbers stand in nearly every text: counted is only where some stand together.
        begins = _together(classes, _NUMBER, digits)
        begins &= (classes[: begins.size] & _A_DIGIT) != 0
        worth = np.zeros(len(blob), dtype=np.bool_)
        worth[blob.texts_at(np.flatnonzero(begins))] = True
        found[worth] = _hold_digits(blob.pick(worth), digits)
    places = []
    if not _OF_TOKENS.isdisjoint(kinds):
        places.append(_tokens(blob, classes))
    if "email" in kinds:
        places.append(np.flatnonzero(classes & AT))
    if "address" in kinds:
        places.append(_doors(blob, classes))
    if "plate" in kinds:
        places.append(_behind(classes, PROVINCE, LETTER))
    for some in places:
        found[blob.texts_at(some)] = True
    return found


def _by_loop(blob: FoldedBlob, kinds: Collection[str]) -> NDArray[np.bool_]:
    codes, starts, signs = blob.codes, blob.starts, sign_classes()
    found = np.zeros(len(blob), dtype=np.bool_)
    digits = _digits(kinds)
    token = 0 if _OF_TOKENS.isdisjoint(kinds) else _TOKEN_LENGTH
    if digits or token:
        _ask_runs(codes, starts, signs, (digits, token), found)
    lone, ahead = AT * ("email" in kinds), PROVINCE * ("plate" in kinds)
    behind = (DOOR | DASH) * ("address" in kinds) | LETTER * bool(ahead)
    if lone or behind:
        _ask_signs(codes, starts, signs, (lone, ahead, behind), found)
    return found


@Loop
def _ask_runs(
    codes: NDArray[np.uint32],
    starts: Places,
    signs: Classes,
    wanted: tuple[int, int],
    found: NDArray[np.bool_],
) -> None:
    """Write True for each text that may hold a number or a token.

    ``wanted`` are the least digits of a number and the length of a token (0: not asked for). A run
    that holds one has as many characters: of so many places that follow each other one is asked,
    and what stands around it only where that one may belong to a run.
    """
    digits_wanted, token_wanted = wanted
    step = min(digits_wanted or token_wanted, token_wanted or digits_wanted)
    for text in range(len(starts) - 1):
        first, end = starts[text], starts[text + 1]
        place = first + step - 1
        while place < end and not found[text]:
            digits = token = 0
            if signs[codes[np.uintp(place)]] & _RUN:
                while place > first and signs[codes[place - 1]] & _RUN:
                    place -= 1
                while place < end and not found[text]:
                    signed = signs[codes[place]]
                    if not signed & _RUN:
                        break
                    digits = digits + ((signed & _A_DIGIT) != 0) if signed & _NUMBER else 0
                    token = token + 1 if signed & _TOKEN else 0
                    found[text] = (digits_wanted and digits >= digits_wanted) or (
                        token_wanted and token >= token_wanted
                    )
                    place += 1
            place += step


@Loop
def _ask_signs(
    codes: NDArray[np.uint32],
    starts: Places,
    signs: Classes,
    wanted: tuple[int, int, int],
    found: NDArray[np.bool_],
) -> None:
    """Write True for each text that may hold an e-mail address, a plate or an address of a home.

    ``wanted`` are the class that is enough alone, that which is enough before a letter, and those
    that are looked at with what stands before them (0: none).
    """
    lone, _, behind = wanted
    for text in range(len(starts) - 1):
        first, last = starts[text], starts[text + 1] - 1
        for place in range(first, last + 1):
            # Of a hundred characters one is looked at closely.
            if signs[codes[np.uintp(place)]] & (lone | behind) and (
                found[text] or _is_sign(codes, signs, (first, last), place, wanted)
            ):
                found[text] = True
                break


@Loop
def _is_sign(
    codes: NDArray[np.uint32],
    signs: Classes,
    ends: tuple[int, int],
    place: int,
    wanted: tuple[int, int, int],
) -> bool:
    """Tell whether a character is enough, as it stands between the ``ends`` of its text."""
    first, last = ends
    lone, ahead, behind = wanted
    signed = signs[codes[place]]
    if signed & lone:
        return True
    if place == first:
        return False
    before = signs[codes[place - 1]]
    if signed & LETTER and before & ahead:
        return True
    if signed & DASH and behind & DASH and before & DIGIT:
        return bool(signs[codes[min(place + 3, last)]] & DIGIT)
    if not (signed & DOOR and behind & DOOR and before & COUNT):
        return False
    return _names_door(codes, signs, place, last) and _stands_at_place(codes, signs, first, place)


@Loop
def _names_door(codes: NDArray[np.uint32], signs: Classes, place: int, last: int) -> bool:
    """Tell whether a word of doors names one there: 座 does before a letter, 单 in 单元 only."""
    word, after = codes[place], codes[min(place + 1, last)]
    if word == _UNIT:
        return bool(after == _OF_UNIT)
    if word == _NUMBER_SIGN:
        return bool(after == _FLOOR)
    return bool(word != _SEAT or signs[after] & (DIGIT | LETTER))


@Loop
def _stands_at_place(codes: NDArray[np.uint32], signs: Classes, first: int, door: int) -> bool:
    """Tell whether a number reaches from the word for a door back to a place (小区 3栋)."""
    for begin in range(door - 1, max(first, door - 1 - DOOR_REACH), -1):
        if not signs[codes[begin]] & COUNT:
            return False
        before = begin - 1
        if before > first and codes[before] == _LINE_END:
            before -= 1
        if before > first and (codes[before] == _SPACE or codes[before] == _COMMA):
            before -= 1
        if signs[codes[before]] & PLACE_END:
            return True
    return False


def _together(classes: Classes, wanted: int, length: int) -> NDArray[np.bool_]:
    """Tell for each place whether ``length`` characters from it on are all of some classes."""
    run: NDArray[np.bool_] = (classes & wanted) != 0
    have = 1
    while have < length:
        step = min(have, length - have)
        run = run[:-step] & run[step:]
        have += step
    return run


def _behind(classes: Classes, first: int, second: int) -> Places:
    """Return the places of the second class, the rarer one, right behind one of the first."""
    before = np.flatnonzero((classes[1:] & second) != 0)
    places: Places = 1 + before[(classes[before] & first) != 0]
    return places


def _doors(blob: FoldedBlob, classes: Classes) -> Places:
    """Return where a word for a door stands behind a place and a number, or a dash: 3-2-501."""
    codes = blob.codes
    behind = _behind(classes, COUNT, DOOR)
    word, next_at = codes[behind], np.minimum(behind + 1, codes.size - 1)
    after, counted = codes[next_at], (classes[next_at] & (DIGIT | LETTER)) != 0
    is_door = np.select(
        [word == _UNIT, word == _NUMBER_SIGN, word == _SEAT],
        [after == _OF_UNIT, after == _FLOOR, counted],
        True,
    )
    dashes = _behind(classes, DIGIT, DASH)
    three = (classes[np.minimum(dashes + 3, codes.size - 1)] & DIGIT) != 0
    return np.concatenate((_at_places(blob, classes, behind[is_door]), dashes[three]))


def _at_places(blob: FoldedBlob, classes: Classes, doors: Places) -> Places:
    """Return those words for a door from which a number reaches back to a place."""
    codes, firsts = blob.codes, blob.starts[blob.texts_at(doors)]
    found = np.zeros(doors.size, dtype=np.bool_)
    counted = np.ones(doors.size, dtype=np.bool_)
    for length in range(1, DOOR_REACH + 1):
        begins = np.maximum(doors - length, firsts)
        counted &= (begins > firsts) & ((classes[begins] & COUNT) != 0)
        before = np.maximum(begins - 1, firsts)
        before -= (before > firsts) & (codes[before] == _LINE_END)
        before -= (before > firsts) & np.isin(codes[before], (_SPACE, _COMMA))
        found |= counted & ((classes[before] & PLACE_END) != 0)
    return doors[found]


def _tokens(blob: FoldedBlob, classes: Classes) -> Places:
    """Return where tokens of five begin, none of them in two texts."""
    begins = np.flatnonzero(_together(classes, _TOKEN, _TOKEN_LENGTH))
    ends = blob.starts[blob.texts_at(begins) + 1]
    return begins[begins + _TOKEN_LENGTH <= ends]


def _hold_digits(blob: FoldedBlob, least: int) -> NDArray[np.bool_]:
    """Tell for each text whether one run of digits, letters and joints has so many digits."""
    classes = blob.classes
    places = np.flatnonzero((classes & _NUMBER) != 0)
    found = np.zeros(len(blob), dtype=np.bool_)
    if places.size:
        first = np.ones(places.size, dtype=np.bool_)
        first[1:] = places[1:] - places[:-1] != 1
        # A run ends with its text.
        own = np.searchsorted(places, blob.starts[:-1])
        first[own[own < places.size]] = True
        begins = np.flatnonzero(first)
        digits = (classes[places] & _A_DIGIT) != 0
        counts = np.add.reduceat(digits, begins, dtype=np.intp)
        found[blob.texts_at(places[begins[counts >= least]])] = True
    return found
