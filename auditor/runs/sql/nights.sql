-- Which awake accounts are as they were on an earlier night; DuckDB alone runs this. ``state``
-- stands for everything an account is judged by: profile, wanted posts, changes and tallies.
-- Times are microseconds since 1970: what is kept was judged at one and holds before another.

-- table: states
SELECT a.account, concat_ws('/', a.seen, a.alike, coalesce(CAST(p.row AS VARCHAR), '-'),
    coalesce(w.rows, 0), coalesce(w.total, 0), coalesce(c.rows, 0), coalesce(c.total, 0)) AS state
FROM awake a
LEFT JOIN accounts p ON a.account = p.account
LEFT JOIN (
  SELECT w.account, count(*) AS rows, sum(p.row) AS total
  FROM wanted_posts w
  JOIN posts p ON w.slice = p.slice AND w.line = p.line
  GROUP BY w.account
) w ON a.account = w.account
LEFT JOIN (
  SELECT account, count(*) AS rows, sum(row) AS total FROM change_facts GROUP BY account
) c ON a.account = c.account

-- table: unchanged
SELECT s.account
FROM states s
JOIN kept_accounts k ON s.account = k.account AND s.state = k.state
WHERE k.until IS NULL OR k.judged = $now OR (k.judged < $now AND $now < k.until)

-- table: changed_awake
SELECT a.*
FROM awake a
LEFT JOIN unchanged u ON a.account = u.account
WHERE u.account IS NULL
