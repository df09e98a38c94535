-- What each awake account is judged by, as one word: profile, wanted posts, changes and tallies.
-- DuckDB alone runs this.

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
