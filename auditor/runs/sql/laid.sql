-- Posts that are read once for all that is asked of them; Spark alone runs this, as one machine cuts
-- its work into parts (candidates.py).

-- table: asked_posts
SELECT slice, line, max(judged) = 1 AS judged, max(copyable) = 1 AS copyable
FROM (
  SELECT slice, line, 1 AS judged, 0 AS copyable FROM wanted_posts
  UNION ALL
  SELECT p.slice, p.line, 0 AS judged, 1 AS copyable
  FROM (SELECT DISTINCT post FROM buckets) b
  JOIN posts p ON b.post = p.post
) asked
GROUP BY slice, line

-- table: laid_members
SELECT l.*, m.cluster, a.verified
FROM shared_members m
JOIN copyable_posts l ON m.post = l.post
LEFT JOIN accounts a ON l.account = a.account
LEFT JOIN opted_out x ON l.account = x.account
WHERE x.account IS NULL
