-- What several posts have in common (table shared), by its kind.

-- table: shared_keys
SELECT band, bucket, post FROM shared WHERE band < $names

-- table: shared_names
SELECT post FROM shared WHERE band = $names

-- table: shared_digests
SELECT post FROM shared WHERE band = $digests

-- table: doubled_posts
-- The posts that may share their name with another; whether they do, is asked of these few.
SELECT f.account, f.post_id, f.slice, f.line
FROM post_facts f
JOIN shared_names s ON f.post = s.post
