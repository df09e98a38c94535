-- Which groups are as they were on an earlier night, by ${states}; DuckDB alone runs this.

-- table: ${known}
SELECT s.cluster, s.state, k.rows
FROM ${states} s
JOIN kept_groups k ON s.state = k.state
