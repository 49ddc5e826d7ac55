SELECT
    roundDown(toUnixTimestamp64Micro(request_arrival_time), [1760911200000000, 1760997600000000, 1761084000000000, 1761170400000000, 1761256800000000, 1761343200000000, 1761429600000000, 1761519600000000]::Array(Int64)) AS bucket,
    count() AS request_count
FROM InferenceFact FINAL
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    bucket
ORDER BY
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2025-10-20 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2025-10-27 00:00:00.000000', 6, 'UTC')
