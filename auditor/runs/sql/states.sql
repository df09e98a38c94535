-- What each awake account is judged by, as one word: the numbers of its rows added up by kind, and
-- its tallies. There is none while a row has no number (${numbers}). DuckDB alone runs this.

-- table: ${states}
SELECT a.account,
  CASE WHEN count(r.account) = count(n.row) THEN concat_ws('/', a.seen, a.alike,
    count(*) FILTER (r.kind = 'accounts'), coalesce(sum(n.row) FILTER (r.kind = 'accounts'), 0),
    count(*) FILTER (r.kind = 'posts'), coalesce(sum(n.row) FILTER (r.kind = 'posts'), 0),
    count(*) FILTER (r.kind = 'changes'), coalesce(sum(n.row) FILTER (r.kind = 'changes'), 0)
  ) END AS state
FROM awake a
LEFT JOIN judged_rows r ON a.account = r.account
LEFT JOIN ${numbers} n ON r.kind = n.kind AND r.slice = n.slice AND r.line = n.line
GROUP BY a.account, a.seen, a.alike
