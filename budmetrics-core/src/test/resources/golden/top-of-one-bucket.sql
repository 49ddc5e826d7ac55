SELECT
    if(place <= 10, place, 0) AS group_rank,
    group_rank = 0 AS is_others,
    if(is_others, NULL, any(counted.model_id)) AS model,
    materialize(toInt64(1767225600000000)) AS bucket,
    sum(counted.request_count) AS request_count,
    sum(counted.cost_known) AS cost_known,
    sum(counted.cost_sum) AS cost_sum
FROM
(
    SELECT
        model_id,
        count() AS request_count,
        count(cost) AS cost_known,
        sum(cost) AS cost_sum,
        row_number() OVER (
            ORDER BY
                sum(cost) DESC NULLS LAST,
                toString(model_id) ASC NULLS LAST
        ) AS place
    FROM InferenceFact FINAL
    WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
        AND request_arrival_time < {to:DateTime64(6, 'UTC')}
        AND (prompt_id IS NULL OR prompt_id = '')
    GROUP BY model_id
) AS counted
GROUP BY
    group_rank,
    bucket
ORDER BY
    is_others ASC,
    group_rank ASC,
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
