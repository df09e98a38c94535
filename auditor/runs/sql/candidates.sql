-- The posts that may be in a group across accounts: those whose texts are compared (``compared``), and
-- those of equal content, which need not be. One machine reads them once and finds its members
-- among them; DuckDB alone runs this.

-- table: wanted_candidates
SELECT p.slice, p.line, w.post IS NOT NULL AS compared
FROM (
  SELECT s.post
  FROM sharing s
  JOIN (
    SELECT digest_high, digest_low
    FROM sharing GROUP BY digest_high, digest_low HAVING count(*) > 1
  ) e ON s.digest_high = e.digest_high AND s.digest_low = e.digest_low
  UNION
  SELECT post FROM wanted_texts
) c
JOIN posts p ON c.post = p.post
LEFT JOIN wanted_texts w ON c.post = w.post
