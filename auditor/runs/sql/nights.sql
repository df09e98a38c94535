-- The rows that awake accounts are judged by: profiles, wanted posts and changes. DuckDB alone runs
-- this.

-- table: judged_rows
SELECT account, 'accounts' AS kind, slice, line FROM awake WHERE profile
UNION ALL
SELECT account, 'posts' AS kind, slice, line FROM wanted_posts
UNION ALL
SELECT c.account, 'changes' AS kind, c.slice, c.line
FROM change_facts c
JOIN awake a ON c.account = a.account
