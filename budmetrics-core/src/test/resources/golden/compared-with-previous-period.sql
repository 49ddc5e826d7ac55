SELECT *
FROM
(
    SELECT
        model_id AS model,
        1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
        0 AS compared,
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
    GROUP BY
        model,
        bucket
    UNION ALL
    SELECT
        model_id AS model,
        1766361600000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1766361600000000, 86400000000) * 86400000000 AS bucket,
        1 AS compared,
        count() AS request_count,
        countIf(response_time_us >= 0) AS latency_measured,
        sumIf(response_time_us, response_time_us >= 0) AS latency_sum,
        minIf(response_time_us, response_time_us >= 0) AS latency_min,
        maxIf(response_time_us, response_time_us >= 0) AS latency_max,
        quantilesExactInclusiveIf(0.95, 0.99)(response_time_us, response_time_us >= 0) AS latency_quantiles
    FROM InferenceFact FINAL
    WHERE request_arrival_time >= {compared_from:DateTime64(6, 'UTC')}
        AND request_arrival_time < {compared_to:DateTime64(6, 'UTC')}
        AND (prompt_id IS NULL OR prompt_id = '')
    GROUP BY
        model,
        bucket
)
ORDER BY
    toString(model) ASC NULLS LAST,
    compared ASC,
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
-- {compared_from:DateTime64(6, 'UTC')} = toDateTime64('2025-12-22 00:00:00.000000', 6, 'UTC')
-- {compared_to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
