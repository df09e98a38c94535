-- Of the rows of one key the newest stays, of equally new ones the fuller, then the one that is
-- spelt greater; a capture without a time is older than any other. What says exactly the same as
-- the one that stays goes without a word (differs is false).

-- table: lost_$kind
SELECT slice, line, content <> best AS differs
FROM (
  SELECT slice, line, content,
    row_number() OVER (
      PARTITION BY $key
      ORDER BY coalesce(fetched, -9223372036854775807) DESC, collected DESC, content DESC, slice, line
    ) AS place,
    first_value(content) OVER (
      PARTITION BY $key
      ORDER BY coalesce(fetched, -9223372036854775807) DESC, collected DESC, content DESC, slice, line
    ) AS best
  FROM ${kind}_contents
) ranked
WHERE place > 1

-- table: $kind
SELECT f.*
FROM $facts f
LEFT JOIN lost_$kind lost ON f.slice = lost.slice AND f.line = lost.line
WHERE lost.line IS NULL
