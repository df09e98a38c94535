-- Which awake accounts are as they were on an earlier night, by ${states}; DuckDB alone runs this.
-- Times are microseconds since 1970: what is kept was judged at one and holds before another.

-- table: ${unchanged}
SELECT s.account
FROM ${states} s
JOIN kept_accounts k ON s.account = k.account AND s.state = k.state
WHERE k.until IS NULL OR k.judged = $now OR (k.judged < $now AND $now < k.until)

-- table: ${changed}
SELECT a.*
FROM awake a
LEFT JOIN ${unchanged} u ON a.account = u.account
WHERE u.account IS NULL
