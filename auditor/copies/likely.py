"""Which texts a later night will have to compare, told before any two are: SQL, for DuckDB.

They can then be read beside what else is read of their slices. Asked for later are pairs of two old
contents too, whose link is gone, say: rare, and read when they are.
"""

from __future__ import annotations

from typing import Final

from auditor.copies.join import MOST_COPIED, TWO_BEFORE, VERDICTS, Step

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

_NEAR: Final = Step(
    "near_new",
    """
SELECT contents.*, new.digest_high IS NOT NULL AS is_new
FROM contents
JOIN (
  SELECT DISTINCT band, bucket FROM contents JOIN new_contents USING (digest_high, digest_low)
) AS shared ON contents.band = shared.band AND contents.bucket = shared.bucket
LEFT JOIN new_contents AS new
  ON contents.digest_high = new.digest_high AND contents.digest_low = new.digest_low
""",
)
"""The rows of ``contents`` of all buckets in which a new one stands."""

_PAIRS: Final = Step(
    "likely_pairs",
    "{hubs} UNION {neighbours}".format(
        hubs=MOST_COPIED.format(contents="near_new"),
        neighbours=TWO_BEFORE.format(contents="near_new"),
    ),
)

_TEXTS: Final = Step(
    "likely_texts",
    """
SELECT DISTINCT unnest([left_post, right_post]) AS post
FROM likely_pairs
WHERE left_post IN (SELECT post FROM near_new WHERE is_new)
  OR right_post IN (SELECT post FROM near_new WHERE is_new)
""",
)

LIKELY: Final = (_NEW, _NEAR, _PAIRS, _TEXTS)
"""The steps to ``likely_texts``: a row for each post, of ``contents`` and ``VERDICTS``."""
