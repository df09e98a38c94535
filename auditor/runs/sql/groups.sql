-- Which groups across accounts are as they were on an earlier night; DuckDB alone runs this.
-- ``state`` stands for everything that the rows of a group are made of.

-- table: group_members
SELECT p.slice, p.line, m.cluster, a.verified, concat(p.row, '/', coalesce(a.verified, '-'), '/',
    CASE WHEN a.name IS NULL THEN '-' ELSE concat('+', a.name) END) AS face
FROM shared_members m
JOIN posts p ON m.post = p.post
LEFT JOIN accounts a ON p.account = a.account
LEFT JOIN opted_out x ON p.account = x.account
WHERE x.account IS NULL

-- table: group_states
SELECT cluster,
  concat_ws('/', count(*), sum(md5_number_upper(face)), sum(md5_number_lower(face))) AS state
FROM group_members
GROUP BY cluster

-- table: known_groups
SELECT s.cluster, s.state, k.rows
FROM group_states s
JOIN kept_groups k ON s.state = k.state

-- table: wanted_members
SELECT m.slice, m.line, m.cluster, m.verified
FROM group_members m
LEFT JOIN known_groups k ON m.cluster = k.cluster
WHERE k.cluster IS NULL
