"""What each character may be part of: one table, so that a blob is looked up in it once."""

from __future__ import annotations

import sys
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from auditor.text.addresses import PLACE_ENDS
from auditor.text.numbers import SPELLED

DIGIT, SPELLED_DIGIT, LETTER, JOINT, DASH, AT, DOOR, COUNT, PROVINCE, CONTENT, MARK = (
    1 << bit for bit in range(11)
)
"""Classes of folded characters, as bits: nine of identifiers, ``CONTENT`` for letters, digits and
Han, ``MARK`` for the signs that begin a handle or a topic."""

IN_HANDLE, IN_TOPIC, IN_ADDRESS, PLACE_END = (1 << bit for bit in range(11, 15))
"""What a handle goes on with beside ``CONTENT``, a topic without a second mark, an address of a
page; and what stands before the door in an address of a home."""

_MEMBERS: Final = (
    ("0123456789", DIGIT),
    (SPELLED, SPELLED_DIGIT),
    ("abcdefghijklmnopqrstuvwxyz", LETTER),
    # What may stand between the groups of a number, and no more.
    (" -‐‒–—―._·•~()[]【】「」〔〕", JOINT),
    ("_-", DASH),
    ("@艾", AT),
    ("栋幢室座单号", DOOR),
    ("0123456789abcdefghijklmnopqrstuvwxyz一二三四五六七八九十百零〇两甲乙丙丁东西南北", COUNT),
    ("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼", PROVINCE),
    (PLACE_ENDS, PLACE_END),
    ("@#", MARK),
    ("_·-", IN_HANDLE),
    (
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./?=&%_#:~+;,@!$'()*-",
        IN_ADDRESS,
    ),
)


@cache
def sign_classes() -> NDArray[np.uint16]:
    """Return the classes of every code point."""
    # Asked of all in C: as so many texts of Python's own they cost every command 0.07 s.
    every = np.arange(sys.maxunicode + 1, dtype=np.uint32).view("U1")
    table = np.char.isalnum(every) * np.uint16(CONTENT)
    table |= ~np.char.isspace(every) * np.uint16(IN_TOPIC)
    table[[ord(char) for char in "#，。,!！?？"]] &= ~np.uint16(IN_TOPIC)
    for chars, bit in _MEMBERS:
        table[[ord(char) for char in chars]] |= bit
    return table
