SELECT
    country_code AS country,
    region AS region_key,
    status_code AS status_code_key,
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count,
    countIf(is_success) AS success_count,
    count(is_success) AS success_known
FROM InferenceFact FINAL
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    country,
    region_key,
    status_code_key,
    bucket
ORDER BY
    country ASC NULLS LAST,
    region_key ASC NULLS LAST,
    status_code_key ASC NULLS LAST,
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
