WITH
    (
        SELECT tupleElement(groupArray(tuple(model_id)), 1)
        FROM
        (
            SELECT model_id
            FROM InferenceFact FINAL
            WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
                AND request_arrival_time < {to:DateTime64(6, 'UTC')}
                AND project_id IN {project:Array(UUID)}
                AND (prompt_id IS NULL OR prompt_id = '')
            GROUP BY model_id
            ORDER BY
                count() DESC NULLS LAST,
                toString(model_id) ASC NULLS LAST
            LIMIT 5
        )
    ) AS top_groups
SELECT
    indexOf(top_groups, model_id) AS group_rank,
    group_rank = 0 AS is_others,
    top_groups[group_rank] AS model,
    1767484800000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767484800000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count,
    countIf(response_time_us >= 0) AS latency_measured,
    sumIf(response_time_us, response_time_us >= 0) AS latency_sum,
    minIf(response_time_us, response_time_us >= 0) AS latency_min,
    maxIf(response_time_us, response_time_us >= 0) AS latency_max,
    quantilesExactInclusiveIf(0.95, 0.99)(response_time_us, response_time_us >= 0) AS latency_quantiles,
    countIf(is_success) AS success_count,
    count(is_success) AS success_known
FROM InferenceFact FINAL
WHERE request_arrival_time >= {before_from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND project_id IN {project:Array(UUID)}
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
-- {before_from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-04 00:00:00.000000', 6, 'UTC')
-- {project:Array(UUID)} = [toUUID('019787c1-3de1-7b50-969b-e0a58514b6a1'),toUUID('019787c1-3de1-7b50-969b-e0a58514b6a4')]
