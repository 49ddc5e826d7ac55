WITH
    (
        SELECT tupleElement(groupArray(tuple(model_id)), 1)
        FROM
        (
            SELECT model_id
            FROM InferenceFact FINAL
            WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
                AND request_arrival_time < {to:DateTime64(6, 'UTC')}
                AND project_id = {project:UUID}
                AND (prompt_id IS NULL OR prompt_id = '')
            GROUP BY model_id
            HAVING count() >= {having_1:Float64}
            ORDER BY
                count() DESC NULLS LAST,
                toString(model_id) ASC NULLS LAST
            LIMIT 5
        )
    ) AS top_groups
SELECT *
FROM
(
    WITH
        if(output_tokens > 1 AND ttft_us >= 0 AND response_time_us >= ttft_us AND ifNull(streamed, 1), (response_time_us - ttft_us) / (output_tokens - 1), NULL) AS tpot_us
    SELECT
        indexOf(top_groups, model_id) AS group_rank,
        group_rank = 0 AS is_others,
        top_groups[group_rank] AS model,
        1767484800000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767484800000000, 86400000000) * 86400000000 AS bucket,
        0 AS compared,
        bucket >= 1767571200000000 AS in_range,
        grouping(group_rank, bucket) AS totals,
        count() AS request_count,
        countIf(tpot_us >= 0) AS tpot_measured,
        sumIf(tpot_us, tpot_us >= 0) AS tpot_sum,
        minIf(tpot_us, tpot_us >= 0) AS tpot_min,
        maxIf(tpot_us, tpot_us >= 0) AS tpot_max,
        quantilesExactInclusiveIf(0.95, 0.99)(tpot_us, tpot_us >= 0) AS tpot_quantiles
    FROM InferenceFact FINAL
    WHERE request_arrival_time >= {before_from:DateTime64(6, 'UTC')}
        AND request_arrival_time < {to:DateTime64(6, 'UTC')}
        AND project_id = {project:UUID}
        AND (prompt_id IS NULL OR prompt_id = '')
        AND (ifNull(model_id, toUUID('00000000-0000-0000-0000-000000000000')), isNull(model_id)) IN
        (
            SELECT ifNull(model_id, toUUID('00000000-0000-0000-0000-000000000000')), isNull(model_id)
            FROM InferenceFact FINAL
            WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
                AND request_arrival_time < {to:DateTime64(6, 'UTC')}
                AND project_id = {project:UUID}
                AND (prompt_id IS NULL OR prompt_id = '')
            GROUP BY model_id
            HAVING count() >= {having_1:Float64}
        )
    GROUP BY GROUPING SETS
    (
        (group_rank, bucket),
        (group_rank, in_range),
        (bucket),
        (in_range)
    )
    HAVING in_range OR totals IN (0, 2)
    UNION ALL
    WITH
        if(output_tokens > 1 AND ttft_us >= 0 AND response_time_us >= ttft_us AND ifNull(streamed, 1), (response_time_us - ttft_us) / (output_tokens - 1), NULL) AS tpot_us
    SELECT
        indexOf(top_groups, model_id) AS group_rank,
        group_rank = 0 AS is_others,
        top_groups[group_rank] AS model,
        1735948800000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1735948800000000, 86400000000) * 86400000000 AS bucket,
        1 AS compared,
        bucket >= 1736035200000000 AS in_range,
        grouping(group_rank, bucket) AS totals,
        count() AS request_count,
        countIf(tpot_us >= 0) AS tpot_measured,
        sumIf(tpot_us, tpot_us >= 0) AS tpot_sum,
        minIf(tpot_us, tpot_us >= 0) AS tpot_min,
        maxIf(tpot_us, tpot_us >= 0) AS tpot_max,
        quantilesExactInclusiveIf(0.95, 0.99)(tpot_us, tpot_us >= 0) AS tpot_quantiles
    FROM InferenceFact FINAL
    WHERE request_arrival_time >= {compared_before_from:DateTime64(6, 'UTC')}
        AND request_arrival_time < {compared_to:DateTime64(6, 'UTC')}
        AND project_id = {project:UUID}
        AND (prompt_id IS NULL OR prompt_id = '')
        AND (ifNull(model_id, toUUID('00000000-0000-0000-0000-000000000000')), isNull(model_id)) IN
        (
            SELECT ifNull(model_id, toUUID('00000000-0000-0000-0000-000000000000')), isNull(model_id)
            FROM InferenceFact FINAL
            WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
                AND request_arrival_time < {to:DateTime64(6, 'UTC')}
                AND project_id = {project:UUID}
                AND (prompt_id IS NULL OR prompt_id = '')
            GROUP BY model_id
            HAVING count() >= {having_1:Float64}
        )
    GROUP BY GROUPING SETS
    (
        (group_rank, bucket),
        (group_rank, in_range),
        (bucket),
        (in_range)
    )
    HAVING in_range OR totals IN (0, 2)
)
ORDER BY
    totals > 1 ASC,
    is_others ASC,
    group_rank ASC,
    compared ASC,
    totals ASC,
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
-- {before_from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-04 00:00:00.000000', 6, 'UTC')
-- {compared_from:DateTime64(6, 'UTC')} = toDateTime64('2025-01-05 00:00:00.000000', 6, 'UTC')
-- {compared_to:DateTime64(6, 'UTC')} = toDateTime64('2025-01-19 00:00:00.000000', 6, 'UTC')
-- {compared_before_from:DateTime64(6, 'UTC')} = toDateTime64('2025-01-04 00:00:00.000000', 6, 'UTC')
-- {project:UUID} = toUUID('019787c1-3de1-7b50-969b-e0a58514b6a1')
-- {having_1:Float64} = 2.0
