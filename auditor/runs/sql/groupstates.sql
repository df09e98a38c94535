-- What the rows of each group are made of, as one word: the numbers of its members and what is
-- shown of their accounts. There is none while a member has no number (${numbers}). DuckDB alone
-- runs this.

-- table: ${states}
SELECT cluster, CASE WHEN count(*) = count(f.row) THEN
    concat_ws('/', count(*), sum(md5_number_upper(f.face)), sum(md5_number_lower(f.face)))
  END AS state
FROM (
  SELECT m.cluster, n.row, concat(n.row, '/', m.shown) AS face
  FROM group_members m
  LEFT JOIN ${numbers} n ON m.slice = n.slice AND m.line = n.line
) f
GROUP BY cluster
