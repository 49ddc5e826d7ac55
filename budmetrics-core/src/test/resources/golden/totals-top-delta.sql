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
    bucket >= 1767571200000000 AS in_range,
    grouping(group_rank, bucket) AS totals,
    count() AS request_count,
    count(user_id) AS user_known,
    uniqExact(user_id) AS user_count
FROM InferenceFact FINAL
WHERE request_arrival_time >= {before_from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND project_id = {project:UUID}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY GROUPING SETS
(
    (group_rank, bucket),
    (group_rank, in_range),
    (bucket),
    (in_range)
)
HAVING in_range OR totals IN (0, 2)
ORDER BY
    totals > 1 ASC,
    is_others ASC,
    group_rank ASC,
    totals ASC,
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
-- {before_from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-04 00:00:00.000000', 6, 'UTC')
-- {project:UUID} = toUUID('019787c1-3de1-7b50-969b-e0a58514b6a1')
