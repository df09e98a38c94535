"""Which texts may be copies of one another: SQL over the sketches, for DuckDB and for Spark SQL.

Every step is one SELECT that reads the tables of the steps before it; an engine keeps each result
under the name of its step. The table ``sketches`` comes first: ``post`` and ``account`` (BIGINT,
any numbers that tell posts and accounts apart) and the columns of ``Sketches.columns``. Which
texts are paired depends on the texts alone, not on these numbers nor on the order of the rows.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from auditor.copies.bits import NEAR
from auditor.copies.sketches import most_bits_apart


class Step(NamedTuple):
    """One SELECT, and the name under which its result is kept."""

    name: str
    select: str


BUCKETS: Final = Step(
    "buckets",
    """
SELECT shared.band, shared.bucket, sketches.post, account, digest_high, digest_low, bits
FROM shared_keys AS shared
JOIN sketches ON sketches.post = shared.post
""",
)
"""The posts that share the key of a band with another post, a row a band; most posts have none.

``shared_keys`` (band INTEGER, bucket BIGINT, post BIGINT) is ``copies.SHARED``: to look a column of
keys through as numbers costs a tenth of grouping it. Where rows were lost since, a post may be left
alone with its key; no later step counts it.
"""

CONTENTS: Final = Step(
    "contents",
    """
SELECT band, bucket, digest_high, digest_low, bits, post, posts,
       sum(neighbours) OVER (PARTITION BY digest_high, digest_low) AS met
FROM (
  SELECT band, bucket, digest_high, digest_low, min(bits) AS bits, min(post) AS post,
         count(*) AS posts, count(*) OVER (PARTITION BY band, bucket) AS neighbours
  FROM (SELECT /*+ REPARTITION(band, bucket) */ * FROM buckets) AS together
  GROUP BY band, bucket, digest_high, digest_low
) AS grouped
WHERE neighbours > 1
""",
)
"""Equal contents as one (``post`` stands for all), where different ones share a key.

``posts`` counts the equal ones; ``met`` counts how many contents it meets in all bands.
"""

_NEAR_PAIRS: Final = """
SELECT left_post, right_post, min(turn) AS turn
FROM (
  SELECT least(post, other) AS left_post, greatest(post, other) AS right_post, turn
  FROM (
    SELECT post, bits,
      CASE steps WHEN 0 THEN hub WHEN 1 THEN one_before ELSE two_before END AS other,
      CASE steps WHEN 0 THEN hub_bits WHEN 1 THEN one_bits ELSE two_bits END AS other_bits,
      CASE steps WHEN 0 THEN 1 ELSE 2 END AS turn
    FROM (
      SELECT post, bits,
        first_value(post) OVER (
          PARTITION BY band, bucket ORDER BY posts DESC, met DESC, digest_high, digest_low
        ) AS hub,
        first_value(bits) OVER (
          PARTITION BY band, bucket ORDER BY posts DESC, met DESC, digest_high, digest_low
        ) AS hub_bits,
        lag(post, 1) OVER (
          PARTITION BY band, bucket ORDER BY digest_high, digest_low) AS one_before,
        lag(bits, 1) OVER (PARTITION BY band, bucket ORDER BY digest_high, digest_low) AS one_bits,
        lag(post, 2) OVER (
          PARTITION BY band, bucket ORDER BY digest_high, digest_low) AS two_before,
        lag(bits, 2) OVER (PARTITION BY band, bucket ORDER BY digest_high, digest_low) AS two_bits
      FROM contents
    ) AS stood
    CROSS JOIN (SELECT 0 AS steps UNION ALL SELECT 1 UNION ALL SELECT 2) AS back
  ) AS beside
  WHERE other <> post AND {near}
) AS paired
GROUP BY left_post, right_post
"""


def near_pairs(least_likeness: float) -> Step:
    """Return the step that pairs contents that may have a likeness (0..1) of at least that.

    Each content is paired with the one most copied of its bucket (``turn`` 1): it is what the
    others were made from, so that they meet there although two copies of it differ by twice as much
    from one another. And with the two before it (``turn`` 2), where it is not by now. Together at
    most three pairs a row of ``contents``, so that a ring of a hundred thousand costs no more than
    its members. Most of those that share a key by chance stand far apart in their bits.
    """
    near = NEAR.format(one="bits", other="other_bits", most=most_bits_apart(least_likeness))
    return Step("near_pairs", _NEAR_PAIRS.format(near=near))


HUBS: Final = Step("hubs", "SELECT left_post, right_post FROM near_pairs WHERE turn = 1")
"""The first pairs to compare: each content with the one most copied of its bucket."""

NEIGHBOURS: Final = Step(
    "neighbours",
    """
SELECT chained.left_post, chained.right_post
FROM near_pairs AS chained
LEFT JOIN labels AS one ON one.post = chained.left_post
LEFT JOIN labels AS two ON two.post = chained.right_post
WHERE turn = 2 AND (one.cluster IS NULL OR two.cluster IS NULL OR one.cluster <> two.cluster)
""",
)
"""The other pairs to compare: each content with the two before it, unless they are linked by now.

``labels`` hold the components of the pairs of ``hubs`` that are alike; to leave out what hangs
together already changes no component.
"""

OWN_COPIES: Final = Step(
    "own_copies",
    """
SELECT post, account, count(*) OVER (PARTITION BY account) AS posts
FROM (
  SELECT DISTINCT post, account
  FROM (
    SELECT post, account, count(*) OVER (PARTITION BY account, band, bucket) AS own FROM buckets
  ) AS counted
  WHERE own > 1
) AS chosen
""",
)
"""Posts that share a key with another of their own account, and how many such the account has.

A finding of n near-copies within one account implies ``posts`` of at least n, and that each of
them is listed.
"""

DIGESTS: Final = Step(
    "content_digests", "SELECT DISTINCT post, digest_high, digest_low FROM contents"
)
"""The digest of each content, by the post that stands for it."""

VERDICTS: Final = "kept_pairs"
"""Pairs that were compared before: the digests of both contents, the smaller one first, as
``first_high``, ``first_low``, ``second_high``, ``second_low`` (BIGINT), and ``alike`` (BOOLEAN)."""


def asked_pairs(pairs: Step) -> Step:
    """Return the step that tells which of the pairs were compared before (``VERDICTS``).

    ``alike`` is NULL for the others. A likeness is of contents: it holds on any night.
    """
    select = """
SELECT ordered.*, known.alike
FROM (
  SELECT pairs.left_post, pairs.right_post,
    CASE WHEN straight THEN one_high ELSE two_high END AS first_high,
    CASE WHEN straight THEN one_low ELSE two_low END AS first_low,
    CASE WHEN straight THEN two_high ELSE one_high END AS second_high,
    CASE WHEN straight THEN two_low ELSE one_low END AS second_low
  FROM (
    SELECT left_post, right_post, one.digest_high AS one_high, one.digest_low AS one_low,
      two.digest_high AS two_high, two.digest_low AS two_low,
      one.digest_high < two.digest_high
        OR (one.digest_high = two.digest_high AND one.digest_low < two.digest_low) AS straight
    FROM {pairs}
    JOIN content_digests AS one ON one.post = left_post
    JOIN content_digests AS two ON two.post = right_post
  ) AS pairs
) AS ordered
LEFT JOIN {verdicts} AS known
  ON known.first_high = ordered.first_high AND known.first_low = ordered.first_low
  AND known.second_high = ordered.second_high AND known.second_low = ordered.second_low
"""
    return Step(f"asked_{pairs.name}", select.format(pairs=pairs.name, verdicts=VERDICTS))


def unknown_pairs(asked: Step) -> Step:
    """Return the step that leaves the pairs whose texts must be compared."""
    select = "SELECT left_post, right_post FROM {asked} WHERE alike IS NULL"
    return Step(f"unknown_{asked.name}", select.format(asked=asked.name))


def judged_pairs(asked: Step) -> Step:
    """Return the step that tells of all pairs; what is new stands in ``compared``.

    Columns of ``compared``: left_post, right_post (BIGINT), alike (BOOLEAN).
    """
    select = """
SELECT first_high, first_low, second_high, second_low, asked.left_post, asked.right_post,
  coalesce(asked.alike, compared.alike) AS alike
FROM {asked} AS asked
LEFT JOIN compared
  ON compared.left_post = asked.left_post AND compared.right_post = asked.right_post
"""
    return Step(f"judged_{asked.name}", select.format(asked=asked.name))


def alike_of(judged: Step) -> str:
    """Return the query for the pairs that are alike."""
    query = "SELECT left_post, right_post FROM {judged} WHERE alike"
    return query.format(judged=judged.name)


WANTED_TEXTS: Final = Step(
    "wanted_texts",
    "SELECT left_post AS post FROM near_pairs UNION SELECT right_post FROM near_pairs",
)
"""The posts whose texts are read again, as ``texts`` (post BIGINT, content VARCHAR)."""

SHARING: Final = Step(
    "sharing", "SELECT DISTINCT post, account, digest_high, digest_low FROM buckets"
)
"""The posts that share a key with another; equal contents share them all."""

MEMBERS: Final = Step(
    "members",
    """
SELECT sharing.post, sharing.account, coalesce(labels.cluster, alike.post) AS cluster
FROM sharing
JOIN (
  SELECT digest_high, digest_low, min(post) AS post
  FROM sharing GROUP BY digest_high, digest_low HAVING count(*) > 1
  UNION
  SELECT digest_high, digest_low, post
  FROM sharing WHERE post IN (SELECT post FROM labels)
) AS alike
  ON sharing.digest_high = alike.digest_high AND sharing.digest_low = alike.digest_low
LEFT JOIN labels ON labels.post = alike.post
""",
)
"""Every post that has a copy, with its cluster; read after the table ``labels`` is filled.

``labels`` (post, cluster: BIGINT) are the components of all pairs that are alike.
"""


def shared_members(least_accounts: int) -> Step:
    """Return the step that keeps the members of clusters of at least so many accounts."""
    select = """
SELECT post, account, cluster
FROM members
WHERE cluster IN (
  SELECT cluster FROM members GROUP BY cluster HAVING count(DISTINCT account) >= {least})
"""
    return Step("shared_members", select.format(least=int(least_accounts)))


def candidates(least_accounts: int) -> Step:
    """Return the step that lists all posts that ``shared_members`` can keep, before any is read.

    Only the texts of ``wanted_texts`` are compared (``compared``), so that a cluster is what equals
    one of ``wanted_texts``, or equal contents of so many accounts that are near no other.
    """
    select = """
SELECT sharing.post, compared.post IS NOT NULL AS compared
FROM sharing
JOIN (
  SELECT digest_high, digest_low
  FROM sharing WHERE post IN (SELECT post FROM wanted_texts)
  UNION
  SELECT digest_high, digest_low
  FROM sharing GROUP BY digest_high, digest_low HAVING count(DISTINCT account) >= {least}
) AS chosen
  ON sharing.digest_high = chosen.digest_high AND sharing.digest_low = chosen.digest_low
LEFT JOIN wanted_texts AS compared ON compared.post = sharing.post
"""
    return Step("candidates", select.format(least=int(least_accounts)))


def texts_of(pairs: Step, texts: str = "texts") -> str:
    """Return the query that hands out both texts of each pair, in no order, from a table."""
    query = """
SELECT left_post, right_post, one.content, two.content
FROM {pairs}
JOIN {texts} AS one ON one.post = left_post
JOIN {texts} AS two ON two.post = right_post
"""
    return query.format(pairs=pairs.name, texts=texts)


FIRSTS: Final = Step(
    "firsts",
    """
SELECT cluster, post AS first_post
FROM (
  SELECT cluster, post, row_number() OVER (
    PARTITION BY cluster ORDER BY published_at NULLS LAST, post_key) AS place
  FROM copied
  WHERE kept
) AS placed
WHERE place = 1
""",
)
"""The earliest collected post of each cluster, to which the others are compared.

``copied`` holds the posts of ``shared_members`` that were read again: ``post``, ``cluster``
(BIGINT), ``kept`` (BOOLEAN: no mark of ``NEVER``), ``published_at`` (TIMESTAMP of one time zone, or
NULL), ``post_key`` and ``content`` (VARCHAR).
"""
