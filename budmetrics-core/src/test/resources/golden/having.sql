SELECT
    model_id AS model,
    country_code AS country,
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
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
    AND (ifNull(model_id, toUUID('00000000-0000-0000-0000-000000000000')), isNull(model_id), ifNull(country_code, ''), isNull(country_code)) IN
    (
        SELECT ifNull(model_id, toUUID('00000000-0000-0000-0000-000000000000')), isNull(model_id), ifNull(country_code, ''), isNull(country_code)
        FROM InferenceFact FINAL
        WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
            AND request_arrival_time < {to:DateTime64(6, 'UTC')}
            AND (prompt_id IS NULL OR prompt_id = '')
        GROUP BY model_id, country_code
        HAVING count() >= {having_1:Float64}
            AND sumIf(response_time_us, response_time_us >= 0) / nullIf(countIf(response_time_us >= 0), 0) < {having_2:Float64}
    )
GROUP BY
    model,
    country,
    bucket
ORDER BY
    toString(model) ASC NULLS LAST,
    country ASC NULLS LAST,
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
-- {having_1:Float64} = 100.0
-- {having_2:Float64} = 2000000.0
