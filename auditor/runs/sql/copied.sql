-- The posts of groups across accounts, and what is known of who published them.

-- table: wanted_members
SELECT p.slice, p.line, m.cluster, a.verified
FROM shared_members m
JOIN posts p ON m.post = p.post
LEFT JOIN accounts a ON p.account = a.account
LEFT JOIN opted_out x ON p.account = x.account
WHERE x.account IS NULL

-- table: first_texts
SELECT f.cluster, first.account, first.content, a.name
FROM firsts f
JOIN copied first ON f.first_post = first.post
LEFT JOIN accounts a ON first.account = a.account

-- table: beside_firsts
SELECT c.cluster, c.account, c.post_key, c.published_at, c.content, c.text, c.marks,
  coalesce(t.content, c.content) AS first_content,
  CASE WHEN t.account <> c.account THEN t.name END AS first_name
FROM copied c
LEFT JOIN first_texts t ON c.cluster = t.cluster
