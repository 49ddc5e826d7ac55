SELECT
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count
FROM InferenceFact FINAL
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND isNull(model_id)
    AND notEmpty(country_code)
    AND (ifNull(empty(city), 1) OR isNull(cost))
    AND response_time_us >= 0
    AND (isNotNull(input_tokens) OR isNotNull(output_tokens))
    AND ifNull(NOT (toUnixTimestamp64Micro(request_forward_time) - toUnixTimestamp64Micro(request_arrival_time) >= 0), 1)
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    bucket
ORDER BY
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
