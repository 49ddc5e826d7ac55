SELECT
    transform(toUnixTimestamp64Micro(request_arrival_time) - (toUnixTimestamp64Micro(request_arrival_time) - roundDown(toUnixTimestamp64Micro(request_arrival_time), [1759010400000000, 1762034400000000, 1762038000000000, 1775340000000000]::Array(Int64))) % 604800000000, [1762034400000000]::Array(Int64), [1761429600000000]::Array(Int64)) AS bucket,
    count() AS request_count
FROM InferenceFact FINAL
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    bucket
ORDER BY
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2025-09-30 22:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-04-30 22:00:00.000000', 6, 'UTC')
