-- Runs of accounts, in the order of their ids, that one process judges together; and their rows.
-- DuckDB alone runs this.

-- table: sized_accounts
SELECT a.account, $account_bytes + coalesce(sum(w.size), 0) AS bytes
FROM $awake a
LEFT JOIN wanted_posts w ON a.account = w.account
GROUP BY a.account

-- table: parts
SELECT account, bytes,
  CAST(
    (sum(bytes) OVER (ORDER BY account ROWS UNBOUNDED PRECEDING) - bytes) // (
      SELECT greatest($least_bytes, least($most_bytes, sum(least(bytes, $most_bytes)) // $few + 1))
      FROM sized_accounts
    ) AS INTEGER
  ) AS part
FROM sized_accounts

-- table: part_accounts
SELECT a.slice, a.line, p.part
FROM awake a
JOIN parts p ON a.account = p.account
WHERE a.profile

-- table: part_posts
SELECT w.slice, w.line, p.part
FROM wanted_posts w
JOIN parts p ON w.account = p.account

-- table: part_changes
SELECT c.slice, c.line, p.part
FROM change_facts c
JOIN parts p ON c.account = p.account

-- table: part_owners
SELECT a.account, a.seen, a.alike, p.part
FROM awake a
JOIN parts p ON a.account = p.account
