SELECT
    model_id AS model,
    country_code AS country,
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
    grouping(model, bucket) AS totals,
    count() AS request_count,
    countIf(response_time_us >= 0) AS latency_measured,
    sumIf(response_time_us, response_time_us >= 0) AS latency_sum,
    minIf(response_time_us, response_time_us >= 0) AS latency_min,
    maxIf(response_time_us, response_time_us >= 0) AS latency_max,
    quantilesExactInclusiveIf(0.95, 0.99)(response_time_us, response_time_us >= 0) AS latency_quantiles
FROM InferenceFact FINAL
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY GROUPING SETS
(
    (model, country, bucket),
    (model, country),
    (bucket),
    ()
)
HAVING count() > 0
ORDER BY
    totals > 1 ASC,
    toString(model) ASC NULLS LAST,
    country ASC NULLS LAST,
    totals ASC,
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
