"""What a text says once its wrapping is off: the basis of comparing copies."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from auditor.text.fold import fold

_WRAPPING: Final = re.compile(
    r"""(?:https?://|www\.)[A-Za-z0-9./?=&%_#:~+;,@!$'()*-]+   # addresses
      | @[\w·-]{1,30}                                          # handles
      | \#[^\#\n]{1,60}\#                                      # a topic closed by its second mark
      | \#[^\s\#，。,!！?？]{1,40}                                # a topic ended by a space""",
    re.VERBOSE,
)
_OTHER: Final = re.compile(r"[\W_]+")


def content(text: str) -> str:
    """Return the content characters only: folded letters, digits and Han, nothing between them.

    Web addresses, @handles and #topics# are taken off first: copies differ in them.
    """
    return folded_content(fold(text).text)


def folded_content(folded: str) -> str:
    """Return the content characters of a text that is folded already."""
    return _OTHER.sub("", _unwrapped(folded))


def content_batch(folded: Sequence[str]) -> list[str]:
    """Return the content of many folded texts; equal to ``folded_content`` of each, and faster."""
    bare = [_unwrapped(text) for text in folded]
    codes = np.frombuffer("".join(bare).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    kept = _is_content().take(codes)
    joined = codes[kept].tobytes().decode("utf-32-le", "surrogatepass")
    bounds = np.fromiter(accumulate(map(len, bare), initial=0), np.intp, len(bare) + 1)
    ends = np.concatenate(([0], np.cumsum(kept)))[bounds].tolist()
    return [joined[start:end] for start, end in pairwise(ends)]


def _unwrapped(folded: str) -> str:
    if "@" in folded or "#" in folded or "http" in folded or "www." in folded:
        return _WRAPPING.sub(" ", folded)
    return folded


@cache
def _is_content() -> NDArray[np.bool_]:
    return np.fromiter((chr(cp).isalnum() for cp in range(sys.maxunicode + 1)), np.bool_)
