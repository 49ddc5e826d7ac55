SELECT *
FROM
(
    SELECT
        api_key_project_id AS user_project,
        roundDown(toUnixTimestamp64Micro(request_arrival_time), [1759276800000000, 1761955200000000, 1764547200000000, 1767225600000000]::Array(Int64)) AS bucket,
        count() AS request_count,
        countIf(response_time_us >= 0) AS latency_measured,
        NULL AS concurrency_peak,
        0 AS part
    FROM InferenceFact FINAL
    WHERE request_arrival_time >= {before_from:DateTime64(6, 'UTC')}
        AND request_arrival_time < {to:DateTime64(6, 'UTC')}
        AND NOT (request_arrival_time >= {bucket_start:DateTime64(6, 'UTC')} AND request_arrival_time < {from:DateTime64(6, 'UTC')})
        AND (prompt_id IS NULL OR prompt_id = '')
    GROUP BY
        user_project,
        bucket
    UNION ALL
    SELECT
        api_key_project_id AS user_project,
        slot AS bucket,
        NULL AS request_count,
        NULL AS latency_measured,
        maxIntersections(span_start, span_end) AS concurrency_peak,
        1 AS part
    FROM
    (
        SELECT
            api_key_project_id,
            toUnixTimestamp64Micro(request_arrival_time) AS started,
            started + assumeNotNull(least(response_time_us, 4260211200000000)) AS ended,
            arrayJoin(arrayDistinct(arrayMap(
                moment -> roundDown(moment, [1759276800000000, 1761955200000000, 1764547200000000, 1767225600000000]::Array(Int64)),
                arrayPushBack(
                    range(greatest(started, toInt64(1759276800000000)), least(ended, toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})), 2592000000000),
                    greatest(least(ended, toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})) - 1, toInt64(1759276800000000))
                )
            ))) AS slot,
            greatest(started, slot, if(slot < 1761955200000000, 0, toUnixTimestamp64Micro({from:DateTime64(6, 'UTC')}))) AS span_start,
            least(ended, transform(slot, [1759276800000000, 1761955200000000, 1764547200000000, 1767225600000000]::Array(Int64), [1761955200000000, 1764547200000000, 1767225600000000, 1769904000000000]::Array(Int64)), toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})) AS span_end
        FROM InferenceFact FINAL
        WHERE request_arrival_time >= {before_look_back_from:DateTime64(6, 'UTC')}
            AND request_arrival_time < {to:DateTime64(6, 'UTC')}
            AND response_time_us > 0
            AND (prompt_id IS NULL OR prompt_id = '')
    )
    WHERE span_start < span_end
        AND (bucket < 1761955200000000 OR started >= toUnixTimestamp64Micro({look_back_from:DateTime64(6, 'UTC')}))
    GROUP BY
        user_project,
        bucket
)
ORDER BY
    toString(user_project) ASC NULLS LAST,
    bucket ASC,
    part ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2025-11-15 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
-- {before_from:DateTime64(6, 'UTC')} = toDateTime64('2025-10-01 00:00:00.000000', 6, 'UTC')
-- {bucket_start:DateTime64(6, 'UTC')} = toDateTime64('2025-11-01 00:00:00.000000', 6, 'UTC')
-- {look_back_from:DateTime64(6, 'UTC')} = toDateTime64('2025-11-14 18:00:00.000000', 6, 'UTC')
-- {before_look_back_from:DateTime64(6, 'UTC')} = toDateTime64('2025-09-30 18:00:00.000000', 6, 'UTC')
