-- Rows that share their key with another: their whole content decides which one stays.

-- table: contested_posts
SELECT f.slice, f.line, 0 AS part
FROM doubled_posts f
JOIN (
  SELECT account, post_id FROM doubled_posts GROUP BY account, post_id HAVING count(*) > 1
) twice ON f.account = twice.account AND f.post_id = twice.post_id

-- table: contested_accounts
SELECT f.slice, f.line, 0 AS part
FROM account_facts f
JOIN (
  SELECT account FROM account_facts GROUP BY account HAVING count(*) > 1
) twice ON f.account = twice.account
