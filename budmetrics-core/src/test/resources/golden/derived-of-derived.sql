WITH
    (
        SELECT tupleElement(groupArray(tuple(project_id)), 1)
        FROM
        (
            WITH
                toUnixTimestamp64Micro(request_forward_time) - toUnixTimestamp64Micro(request_arrival_time) AS queue_time_us,
                toUnixTimestamp64Micro(request_arrival_time) AS span_start,
                least(toUnixTimestamp64Micro(request_arrival_time) + least(response_time_us, 4260211200000000), toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})) AS span_end
            SELECT project_id
            FROM InferenceFact FINAL
            WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
                AND request_arrival_time < {to:DateTime64(6, 'UTC')}
                AND (prompt_id IS NULL OR prompt_id = '')
            GROUP BY project_id
            ORDER BY
                (sumIf(queue_time_us, queue_time_us >= 0) / nullIf(countIf(queue_time_us >= 0), 0) + if(countIf(ttft_us >= 0 AND ifNull(streamed, 1)) < 30, NULL, sumIf(ttft_us, ttft_us >= 0 AND ifNull(streamed, 1)) / nullIf(countIf(ttft_us >= 0 AND ifNull(streamed, 1)), 0))) / nullIf(toFloat64(toDecimal256(toDecimal256(sum(cost), 24) / nullIf(if(countIf(response_time_us >= 0) = 0, NULL, ifNull(maxIntersectionsIf(span_start, span_end, response_time_us > 0), 0)), 0), 24)), 0) DESC NULLS LAST,
                toString(project_id) ASC NULLS LAST
            LIMIT 3
        )
    ) AS top_groups
SELECT
    indexOf(top_groups, project_id) AS group_rank,
    group_rank = 0 AS is_others,
    top_groups[group_rank] AS project,
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count
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
