WITH
    (
        SELECT tupleElement(groupArray(tuple(streamed)), 1)
        FROM
        (
            WITH
                toUnixTimestamp64Micro(request_arrival_time) AS span_start,
                least(toUnixTimestamp64Micro(request_arrival_time) + least(response_time_us, 4260211200000000), toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})) AS span_end
            SELECT streamed
            FROM InferenceFact FINAL
            WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
                AND request_arrival_time < {to:DateTime64(6, 'UTC')}
                AND (project_id = {project:UUID} OR ifNull(response_time_us < {response_time:Int64}, 1))
                AND (prompt_id IS NULL OR prompt_id = '')
            GROUP BY streamed
            ORDER BY
                if(countIf(response_time_us >= 0) = 0, NULL, ifNull(maxIntersectionsIf(span_start, span_end, response_time_us > 0), 0)) DESC NULLS LAST,
                streamed ASC NULLS LAST
            LIMIT 2
        )
    ) AS top_groups
SELECT *
FROM
(
    SELECT
        indexOf(top_groups, streamed) AS group_rank,
        group_rank = 0 AS is_others,
        top_groups[group_rank] AS streamed_key,
        1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
        count() AS request_count,
        countIf(response_time_us >= 0) AS latency_measured,
        NULL AS concurrency_peak,
        0 AS part
    FROM InferenceFact FINAL
    WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
        AND request_arrival_time < {to:DateTime64(6, 'UTC')}
        AND (project_id = {project:UUID} OR ifNull(response_time_us < {response_time:Int64}, 1))
        AND (prompt_id IS NULL OR prompt_id = '')
    GROUP BY
        group_rank,
        bucket
    UNION ALL
    SELECT
        indexOf(top_groups, streamed) AS group_rank,
        group_rank = 0 AS is_others,
        top_groups[group_rank] AS streamed_key,
        slot AS bucket,
        NULL AS request_count,
        NULL AS latency_measured,
        maxIntersections(span_start, span_end) AS concurrency_peak,
        1 AS part
    FROM
    (
        SELECT
            streamed,
            toUnixTimestamp64Micro(request_arrival_time) AS started,
            started + assumeNotNull(least(response_time_us, 4260211200000000)) AS ended,
            arrayJoin(range(
                1767571200000000 + intDiv(greatest(started - 1767571200000000, 0), 86400000000) * 86400000000,
                least(ended, toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})),
                86400000000
            )) AS slot,
            greatest(started, slot) AS span_start,
            least(ended, slot + 86400000000, toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})) AS span_end
        FROM InferenceFact FINAL
        WHERE request_arrival_time >= {look_back_from:DateTime64(6, 'UTC')}
            AND request_arrival_time < {to:DateTime64(6, 'UTC')}
            AND response_time_us > 0
            AND (project_id = {project:UUID} OR ifNull(response_time_us < {response_time:Int64}, 1))
            AND (prompt_id IS NULL OR prompt_id = '')
    )
    WHERE span_start < span_end
    GROUP BY
        group_rank,
        bucket
)
ORDER BY
    is_others ASC,
    group_rank ASC,
    bucket ASC,
    part ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
-- {look_back_from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-04 23:00:00.000000', 6, 'UTC')
-- {project:UUID} = toUUID('019787c1-3de1-7b50-969b-e0a58514b6a1')
-- {response_time:Int64} = 2000000
