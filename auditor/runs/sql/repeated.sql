-- The posts of keys that several have (table repeated); DuckDB alone runs this. Whether it is the
-- same name, and the same account that says the same, is asked of these few.

-- table: doubled_posts
SELECT account, post_id, slice, line
FROM post_facts
WHERE CAST(hash(account, post_id) >> 1 AS BIGINT) IN (SELECT key FROM repeated WHERE band = $names)

-- table: repeating_posts
SELECT account, digest
FROM posts
WHERE digest IN (SELECT key FROM repeated WHERE band = $digests)
