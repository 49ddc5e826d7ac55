SELECT
    roundDown(toUnixTimestamp64Micro(request_arrival_time), [1704063600000000, 1711922400000000, 1719784800000000, 1727733600000000, 1735686000000000, 1743458400000000, 1751320800000000, 1759269600000000, 1767222000000000, 1774994400000000]::Array(Int64)) AS bucket,
    count() AS request_count
FROM InferenceFact FINAL
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    bucket
ORDER BY
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2023-12-31 23:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-04-30 22:00:00.000000', 6, 'UTC')
