-- The members of groups across accounts, and what is shown of who published them, for nights that
-- know of earlier ones; DuckDB alone runs this.

-- table: group_members
SELECT 'posts' AS kind, p.slice, p.line, m.cluster, a.verified,
  concat(coalesce(a.verified, '-'), '/', coalesce('+' || a.name, '-')) AS shown
FROM shared_members m
JOIN posts p ON m.post = p.post
LEFT JOIN accounts a ON p.account = a.account
LEFT JOIN opted_out x ON p.account = x.account
WHERE x.account IS NULL
