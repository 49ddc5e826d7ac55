SELECT
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count,
    countIf(response_time_us >= 0) AS latency_measured,
    sumIf(response_time_us, response_time_us >= 0) AS latency_sum,
    minIf(response_time_us, response_time_us >= 0) AS latency_min,
    maxIf(response_time_us, response_time_us >= 0) AS latency_max,
    quantilesExactInclusiveIf(0.5, 0.95)(response_time_us, response_time_us >= 0) AS latency_quantiles,
    array(toFloat64(arrayElement(arraySort(groupArrayIf(response_time_us, response_time_us >= 0)), toInt64(floor(countIf(response_time_us >= 0) * 0.5 - 0.979981992270027 * sqrt(countIf(response_time_us >= 0)))))), toFloat64(arrayElement(arraySort(groupArrayIf(response_time_us, response_time_us >= 0)), toInt64(ceil(countIf(response_time_us >= 0) * 0.5 + 0.979981992270027 * sqrt(countIf(response_time_us >= 0)))) + 1)), toFloat64(arrayElement(arraySort(groupArrayIf(response_time_us, response_time_us >= 0)), toInt64(floor(countIf(response_time_us >= 0) * 0.95 - 0.4271642470794707 * sqrt(countIf(response_time_us >= 0)))))), toFloat64(arrayElement(arraySort(groupArrayIf(response_time_us, response_time_us >= 0)), toInt64(ceil(countIf(response_time_us >= 0) * 0.95 + 0.4271642470794707 * sqrt(countIf(response_time_us >= 0)))) + 1))) AS latency_bounds
FROM InferenceFact FINAL
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    bucket
ORDER BY
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
