WITH
    (
        SELECT groupArray(tuple(cached, model_name, status_code))
        FROM
        (
            SELECT cached, model_name, status_code
            FROM InferenceFact FINAL
            WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
                AND request_arrival_time < {to:DateTime64(6, 'UTC')}
                AND (prompt_id IS NULL OR prompt_id = '')
            GROUP BY cached, model_name, status_code
            ORDER BY
                sum(cost) DESC NULLS LAST,
                cached ASC NULLS LAST,
                model_name ASC NULLS LAST,
                status_code ASC NULLS LAST
            LIMIT 3
        )
    ) AS top_groups
SELECT
    indexOf(top_groups, tuple(cached, model_name, status_code)) AS group_rank,
    group_rank = 0 AS is_others,
    tupleElement(top_groups[group_rank], 1) AS cached_key,
    tupleElement(top_groups[group_rank], 2) AS model_name_key,
    tupleElement(top_groups[group_rank], 3) AS status_code_key,
    1767484800000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767484800000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count
FROM InferenceFact FINAL
WHERE request_arrival_time >= {before_from:DateTime64(6, 'UTC')}
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
-- {before_from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-04 00:00:00.000000', 6, 'UTC')
