WITH
    requests AS
    (
        SELECT
            cost,
            prompt_id,
            request_arrival_time,
            response_time_us
        FROM
        (
            SELECT
                CAST(toString(stored.cost), 'Nullable(Decimal(18, 12))') AS cost,
                CAST(NULL, 'Nullable(String)') AS prompt_id,
                CAST(assumeNotNull(stored.request_arrival_time), 'DateTime64(6, \'UTC\')') AS request_arrival_time,
                stored.inference_id AS inference_id
            FROM ModelInferenceDetails AS stored
            WHERE stored.request_arrival_time IS NOT NULL
        ) AS arrivals
        LEFT JOIN
        (
            SELECT
                stored.inference_id AS calls_inference_id,
                accurateCastOrNull(round(stored.response_time_ms * 1000), 'Int64') AS response_time_us
            FROM ModelInference AS stored
            WHERE stored.inference_id IN
            (
                SELECT stored.inference_id
                FROM ModelInferenceDetails AS stored
                WHERE CAST(assumeNotNull(stored.request_arrival_time), 'DateTime64(6, \'UTC\')') >= {from:DateTime64(6, 'UTC')}
                    AND CAST(assumeNotNull(stored.request_arrival_time), 'DateTime64(6, \'UTC\')') < {to:DateTime64(6, 'UTC')}
            )
        ) AS calls ON inference_id = calls_inference_id
    )
SELECT
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count,
    count(cost) AS cost_known,
    sum(cost) AS cost_sum,
    countIf(response_time_us >= 0) AS latency_measured,
    sumIf(response_time_us, response_time_us >= 0) AS latency_sum,
    minIf(response_time_us, response_time_us >= 0) AS latency_min,
    maxIf(response_time_us, response_time_us >= 0) AS latency_max,
    quantilesExactInclusiveIf(0.95, 0.99)(response_time_us, response_time_us >= 0) AS latency_quantiles
FROM requests
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    bucket
ORDER BY
    bucket ASC
