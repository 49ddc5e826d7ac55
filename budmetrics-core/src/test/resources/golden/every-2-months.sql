SELECT
    roundDown(toUnixTimestamp64Micro(request_arrival_time), [1756641600000000, 1761912000000000, 1767182400000000]::Array(Int64)) AS bucket,
    count() AS request_count,
    count(output_tokens) AS output_token_known,
    sum(output_tokens) AS output_token_sum
FROM InferenceFact FINAL
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    bucket
ORDER BY
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2025-08-31 12:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
