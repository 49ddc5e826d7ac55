WITH
    (
        SELECT tupleElement(groupArray(tuple(model_id)), 1)
        FROM
        (
            WITH
                if(output_tokens > 1 AND ttft_us >= 0 AND response_time_us >= ttft_us AND ifNull(streamed, 1), (response_time_us - ttft_us) / (output_tokens - 1), NULL) AS tpot_us
            SELECT model_id
            FROM InferenceFact FINAL
            WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
                AND request_arrival_time < {to:DateTime64(6, 'UTC')}
                AND project_id = {project:UUID}
                AND (prompt_id IS NULL OR prompt_id = '')
            GROUP BY model_id
            HAVING sum(cost) > {having_1:Decimal(76, 24)}
                AND sumIf(tpot_us, tpot_us >= 0) / nullIf(countIf(tpot_us >= 0), 0) <= {having_2:Float64}
            ORDER BY
                count() DESC NULLS LAST,
                toString(model_id) ASC NULLS LAST
            LIMIT 3
        )
    ) AS top_groups
SELECT
    indexOf(top_groups, model_id) AS group_rank,
    group_rank = 0 AS is_others,
    top_groups[group_rank] AS model,
    1767484800000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767484800000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count
FROM InferenceFact FINAL
WHERE request_arrival_time >= {before_from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND project_id = {project:UUID}
    AND (prompt_id IS NULL OR prompt_id = '')
    AND (ifNull(model_id, toUUID('00000000-0000-0000-0000-000000000000')), isNull(model_id)) IN
    (
        WITH
            if(output_tokens > 1 AND ttft_us >= 0 AND response_time_us >= ttft_us AND ifNull(streamed, 1), (response_time_us - ttft_us) / (output_tokens - 1), NULL) AS tpot_us
        SELECT ifNull(model_id, toUUID('00000000-0000-0000-0000-000000000000')), isNull(model_id)
        FROM InferenceFact FINAL
        WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
            AND request_arrival_time < {to:DateTime64(6, 'UTC')}
            AND project_id = {project:UUID}
            AND (prompt_id IS NULL OR prompt_id = '')
        GROUP BY model_id
        HAVING sum(cost) > {having_1:Decimal(76, 24)}
            AND sumIf(tpot_us, tpot_us >= 0) / nullIf(countIf(tpot_us >= 0), 0) <= {having_2:Float64}
    )
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
-- {project:UUID} = toUUID('019787c1-3de1-7b50-969b-e0a58514b6a1')
-- {having_1:Decimal(76, 24)} = toDecimal256('0.500000000000000000000000', 24)
-- {having_2:Float64} = 50000.0
