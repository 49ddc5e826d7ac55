SELECT
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 3600000000) * 3600000000 AS bucket,
    count() AS request_count,
    countIf(isNotNull(output_tokens) AND response_time_us >= 0) AS throughput_measured,
    sumIf(output_tokens, isNotNull(output_tokens) AND response_time_us >= 0) AS throughput_tokens,
    sumIf(response_time_us, isNotNull(output_tokens) AND response_time_us >= 0) AS throughput_time
FROM InferenceFact FINAL
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    bucket
ORDER BY
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 09:41:07.123456', 6, 'UTC')
