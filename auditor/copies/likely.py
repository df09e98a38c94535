"""Which texts a later night will have to compare, told before any two are: SQL, for DuckDB.

They can then be read beside what else is read of their slices. Asked for later are pairs of two old
contents too, whose link is gone, say: rare, and read when they are.
"""

from __future__ import annotations

from typing import Final

from auditor.copies.join import VERDICTS, Step

_UNKNOWN: Final = """
SELECT digest_high, digest_low FROM contents
EXCEPT (
  SELECT first_high, first_low FROM {verdicts}
  UNION
  SELECT second_high, second_low FROM {verdicts}
)
"""
_NEW: Final = Step("new_contents", _UNKNOWN.format(verdicts=VERDICTS))
"""Contents that were in no pair before."""

_POSTS: Final = Step(
    "new_posts",
    "SELECT DISTINCT post FROM contents JOIN new_contents USING (digest_high, digest_low)",
)

_TEXTS: Final = Step(
    "likely_texts",
    """
SELECT DISTINCT unnest([left_post, right_post]) AS post
FROM near_pairs
WHERE left_post IN (SELECT post FROM new_posts) OR right_post IN (SELECT post FROM new_posts)
""",
)

LIKELY: Final = (_NEW, _POSTS, _TEXTS)
"""The steps to ``likely_texts``: a row for each post, of ``contents``, ``near_pairs`` and
``VERDICTS``."""
