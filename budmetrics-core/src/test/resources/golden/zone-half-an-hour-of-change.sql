SELECT
    toUnixTimestamp64Micro(request_arrival_time) - (toUnixTimestamp64Micro(request_arrival_time) - if(toUnixTimestamp64Micro(request_arrival_time) < 1775316600000000, toInt64(1775001600000000), toInt64(1775316600000000))) % 3600000000 AS bucket,
    count() AS request_count
FROM InferenceFact FINAL
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    bucket
ORDER BY
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-04-01 00:10:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-04-08 00:00:00.000000', 6, 'UTC')
