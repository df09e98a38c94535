"""Check digits and dates inside numbers: forms only, never whether a number was issued."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import Final

EARLIEST_BIRTH_YEAR: Final = 1900
LATEST_BIRTH_YEAR: Final = 2099
"""Fixed, because this room reads no clock."""

# Two-digit codes of the province level (GB/T 2260), with 71, 81, 82, 83 of the newer cards.
_PROVINCES: Final = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_RESIDENT_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def is_resident_number(value: str) -> bool:
    """Tell whether 18 characters have the form of a resident number.

    Province code, calendar date of birth, ISO 7064 MOD 11-2 (GB 11643; specification, section 6).
    """
    # The date first: it turns away most numbers at once.
    if len(value) != 18 or not value[:17].isdecimal() or not _is_birth_date(value[6:14]):
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(value, _RESIDENT_WEIGHTS, strict=False)
    )
    return "10X98765432"[total % 11] == value[17].upper() and _PROVINCES.match(value) is not None


def is_old_resident_number(value: str) -> bool:
    """Tell whether 15 digits have the form of the resident number in use until 1999."""
    return (
        len(value) == 15
        and value.isdecimal()
        and _PROVINCES.match(value) is not None
        and _is_birth_date(f"19{value[6:12]}")
    )


def _is_birth_date(digits: str) -> bool:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    if not (EARLIEST_BIRTH_YEAR <= year <= LATEST_BIRTH_YEAR and 1 <= month <= 12):
        return False
    return 1 <= day <= monthrange(year, month)[1]


def is_uscc(value: str) -> bool:
    """Tell whether 18 characters have the form of a unified social credit code.

    GB 32100: MOD 31 over an alphabet without I, O, S, V, Z; A, N and Y begin codes of the military,
    of agriculture and of others (specification, section 6).
    """
    code = value.upper()
    if len(code) != 18 or any(char not in _USCC_ALPHABET for char in code):
        return False
    if code[0] not in "123456789ANY" or not code[1:8].isdecimal():
        return False
    total = sum(
        _USCC_ALPHABET.index(char) * weight
        for char, weight in zip(code, _USCC_WEIGHTS, strict=False)
    )
    return _USCC_ALPHABET[(31 - total % 31) % 31] == code[17]


def is_luhn(digits: str) -> bool:
    """Tell whether the last digit checks the others (ISO/IEC 7812, the number of a bank card)."""
    # Counted from the right, every second digit is doubled.
    weighed = (int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits)))
    return sum(sum(divmod(value, 10)) for value in weighed) % 10 == 0
