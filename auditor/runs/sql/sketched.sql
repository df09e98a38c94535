-- The sketches of the posts that stayed.

-- table: sketches
SELECT s.*
FROM sketch_facts s
LEFT JOIN (
  SELECT f.post FROM post_facts f
  JOIN lost_posts lost ON f.slice = lost.slice AND f.line = lost.line
) gone ON s.post = gone.post
WHERE gone.post IS NULL
