"""What a text says once its wrapping is off: the basis of comparing copies."""

from __future__ import annotations

import re
from typing import Final

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
    return _OTHER.sub("", _WRAPPING.sub(" ", folded))
