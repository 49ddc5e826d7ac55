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
            HAVING toDecimal256(sum(cost), 24) / nullIf(sum(output_tokens), 0) > {having_1:Decimal(76, 24)}
            ORDER BY
                toDecimal256(sum(cost), 24) / nullIf(sum(output_tokens), 0) DESC NULLS LAST,
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
    count(cost) AS cost_known,
    sum(cost) AS cost_sum,
    count(output_tokens) AS output_token_known,
    sum(output_tokens) AS output_token_sum
FROM InferenceFact FINAL
WHERE request_arrival_time >= {before_from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND (prompt_id IS NULL OR prompt_id = '')
    AND (ifNull(model_id, toUUID('00000000-0000-0000-0000-000000000000')), isNull(model_id)) IN
    (
        SELECT ifNull(model_id, toUUID('00000000-0000-0000-0000-000000000000')), isNull(model_id)
        FROM InferenceFact FINAL
        WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
            AND request_arrival_time < {to:DateTime64(6, 'UTC')}
            AND (prompt_id IS NULL OR prompt_id = '')
        GROUP BY model_id
        HAVING toDecimal256(sum(cost), 24) / nullIf(sum(output_tokens), 0) > {having_1:Decimal(76, 24)}
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
-- {having_1:Decimal(76, 24)} = toDecimal256('0.000000500000000000000000', 24)
