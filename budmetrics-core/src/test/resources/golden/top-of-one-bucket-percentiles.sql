WITH
    (
        SELECT tupleElement(groupArray(tuple(model_id)), 1)
        FROM
        (
            SELECT model_id
            FROM InferenceFact FINAL
            WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
                AND request_arrival_time < {to:DateTime64(6, 'UTC')}
                AND (prompt_id IS NULL OR prompt_id = '')
            GROUP BY model_id
            ORDER BY
                sum(cost) DESC NULLS LAST,
                toString(model_id) ASC NULLS LAST
            LIMIT 10
        )
    ) AS top_groups
SELECT
    indexOf(top_groups, model_id) AS group_rank,
    group_rank = 0 AS is_others,
    top_groups[group_rank] AS model,
    roundDown(toUnixTimestamp64Micro(request_arrival_time), [1767225600000000]::Array(Int64)) AS bucket,
    count() AS request_count,
    count(cost) AS cost_known,
    sum(cost) AS cost_sum,
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
    group_rank,
    bucket
ORDER BY
    is_others ASC,
    group_rank ASC,
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
