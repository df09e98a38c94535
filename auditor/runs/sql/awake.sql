-- Which accounts are judged, and with which of their posts.

-- table: noted_posts
-- The posts that wake, or say what another says; whether it is of the same account, is asked of
-- these few.
SELECT p.post, p.account, p.digest, p.published, p.slice, p.line, p.size, p.wakes
FROM posts p
LEFT JOIN (
  SELECT post FROM shared_digests
  UNION
  SELECT post FROM own_copies WHERE posts >= $near_least
) n ON p.post = n.post
WHERE p.wakes OR n.post IS NOT NULL

-- table: repeats
-- What an account said again as often, within the time, as some rule asks.
SELECT DISTINCT account, digest
FROM (
  SELECT account, digest, lead(published, $more) OVER (
    PARTITION BY account, digest ORDER BY published
  ) - published AS taken
  FROM noted_posts
  WHERE digest IS NOT NULL AND published IS NOT NULL
) timed
WHERE taken <= $reach

-- table: repeaters
-- The same of nearly equal posts, of whatever content: which are alike is not known yet.
SELECT DISTINCT account
FROM (
  SELECT p.account, lead(p.published, $near_more) OVER (
    PARTITION BY p.account ORDER BY p.published
  ) - p.published AS taken
  FROM noted_posts p
  JOIN own_copies n ON p.post = n.post
  WHERE n.posts >= $near_least AND p.published IS NOT NULL
) timed
WHERE taken <= $near_reach

-- table: woken_posts
SELECT p.account, p.slice, p.line, p.size
FROM noted_posts p
LEFT JOIN repeats r ON p.account = r.account AND p.digest = r.digest
LEFT JOIN (
  SELECT o.post
  FROM own_copies o
  JOIN noted_posts p ON o.post = p.post
  JOIN repeaters q ON p.account = q.account
  WHERE o.posts >= $near_least
) n ON p.post = n.post
WHERE p.wakes OR r.account IS NOT NULL OR n.post IS NOT NULL

-- table: owners
-- The greatest of several words Spark finds by sorting: of numbers it need not.
SELECT p.account, count(*) AS seen, coalesce(max(n.posts), 0) AS alike,
  max(CASE WHEN p.reads THEN 1 ELSE 0 END) AS reads
FROM posts p
LEFT JOIN own_copies n ON p.post = n.post
GROUP BY p.account

-- table: changed
SELECT DISTINCT account
FROM change_facts

-- table: listed
-- Joined from all three sides: a list of the accounts of each would group all posts once more. The
-- key of an account begins with its platform, whose name holds no colon (sources.conform).
SELECT k.account, split_part(k.account, ':', 1) AS platform, k.profile,
  k.name, k.url, k.followers, k.verified, k.monetisation, k.missing, k.slice, k.line,
  k.seen, k.alike, k.wakes OR w.account IS NOT NULL AS wakes, k.reads,
  x.account IS NOT NULL AS opted_out
FROM (
  SELECT coalesce(a.account, o.account, c.account) AS account,
    a.account IS NOT NULL AS profile,
    a.name, a.url, a.followers, a.verified, a.monetisation, a.missing, a.slice, a.line,
    coalesce(o.seen, 0) AS seen, coalesce(o.alike, 0) AS alike,
    coalesce(a.wakes, FALSE) OR ($by_change AND c.account IS NOT NULL) AS wakes,
    $always OR coalesce(a.reads, FALSE) OR coalesce(o.reads, 0) = 1 AS reads
  FROM accounts a
  FULL JOIN owners o ON a.account = o.account
  FULL JOIN changed c ON coalesce(a.account, o.account) = c.account
) k
LEFT JOIN (SELECT DISTINCT account FROM woken_posts) w ON k.account = w.account
LEFT JOIN opted_out x ON k.account = x.account

-- table: awake
SELECT account, platform, profile, slice, line, seen, alike, reads
FROM listed
WHERE wakes AND NOT opted_out

-- table: recent_posts
SELECT account, slice, line, size
FROM (
  SELECT p.account, p.slice, p.line, p.size,
    row_number() OVER (
      PARTITION BY p.account ORDER BY coalesce(p.published, 0) DESC, p.post_id DESC
    ) AS place
  FROM posts p
  JOIN awake a ON p.account = a.account
  WHERE a.reads AND a.seen >= $fewest
) ranked
WHERE place <= $recent

-- table: wanted_posts
SELECT w.account, w.slice, w.line, w.size
FROM woken_posts w
JOIN awake a ON w.account = a.account
UNION
SELECT account, slice, line, size FROM recent_posts
