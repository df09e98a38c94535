-- Which groups are as they were on an earlier night, by ${states}; DuckDB alone runs this.

-- table: ${known}
SELECT s.cluster, s.state
FROM ${states} s
SEMI JOIN kept_groups k ON s.state = k.state
