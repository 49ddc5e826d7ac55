SELECT *
FROM
(
    SELECT
        roundDown(toUnixTimestamp64Micro(request_arrival_time), [1767222000000000, 1769900400000000]::Array(Int64)) AS bucket,
        0 AS compared,
        count() AS request_count,
        countIf(response_time_us >= 0) AS latency_measured,
        NULL AS concurrency_peak,
        0 AS part
    FROM InferenceFact FINAL
    WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
        AND request_arrival_time < {to:DateTime64(6, 'UTC')}
        AND (prompt_id IS NULL OR prompt_id = '')
    GROUP BY
        bucket
    UNION ALL
    SELECT
        slot AS bucket,
        0 AS compared,
        NULL AS request_count,
        NULL AS latency_measured,
        maxIntersections(span_start, span_end) AS concurrency_peak,
        1 AS part
    FROM
    (
        SELECT
            toUnixTimestamp64Micro(request_arrival_time) AS started,
            started + assumeNotNull(least(response_time_us, 4260211200000000)) AS ended,
            arrayJoin(arrayDistinct(arrayMap(
                moment -> roundDown(moment, [1767222000000000, 1769900400000000]::Array(Int64)),
                arrayPushBack(
                    range(greatest(started, toInt64(1767222000000000)), least(ended, toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})), 2678400000000),
                    greatest(least(ended, toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})) - 1, toInt64(1767222000000000))
                )
            ))) AS slot,
            greatest(started, slot) AS span_start,
            least(ended, transform(slot, [1767222000000000, 1769900400000000]::Array(Int64), [1769900400000000, 1772319600000000]::Array(Int64)), toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})) AS span_end
        FROM InferenceFact FINAL
        WHERE request_arrival_time >= {look_back_from:DateTime64(6, 'UTC')}
            AND request_arrival_time < {to:DateTime64(6, 'UTC')}
            AND response_time_us > 0
            AND (prompt_id IS NULL OR prompt_id = '')
    )
    WHERE span_start < span_end
    GROUP BY
        bucket
    UNION ALL
    SELECT
        roundDown(toUnixTimestamp64Micro(request_arrival_time), [1764543600000000, 1767222000000000]::Array(Int64)) AS bucket,
        1 AS compared,
        count() AS request_count,
        countIf(response_time_us >= 0) AS latency_measured,
        NULL AS concurrency_peak,
        0 AS part
    FROM InferenceFact FINAL
    WHERE request_arrival_time >= {compared_from:DateTime64(6, 'UTC')}
        AND request_arrival_time < {compared_to:DateTime64(6, 'UTC')}
        AND (prompt_id IS NULL OR prompt_id = '')
    GROUP BY
        bucket
    UNION ALL
    SELECT
        slot AS bucket,
        1 AS compared,
        NULL AS request_count,
        NULL AS latency_measured,
        maxIntersections(span_start, span_end) AS concurrency_peak,
        1 AS part
    FROM
    (
        SELECT
            toUnixTimestamp64Micro(request_arrival_time) AS started,
            started + assumeNotNull(least(response_time_us, 4260211200000000)) AS ended,
            arrayJoin(arrayDistinct(arrayMap(
                moment -> roundDown(moment, [1764543600000000, 1767222000000000]::Array(Int64)),
                arrayPushBack(
                    range(greatest(started, toInt64(1764543600000000)), least(ended, toUnixTimestamp64Micro({compared_to:DateTime64(6, 'UTC')})), 2678400000000),
                    greatest(least(ended, toUnixTimestamp64Micro({compared_to:DateTime64(6, 'UTC')})) - 1, toInt64(1764543600000000))
                )
            ))) AS slot,
            greatest(started, slot) AS span_start,
            least(ended, transform(slot, [1764543600000000, 1767222000000000]::Array(Int64), [1767222000000000, 1769900400000000]::Array(Int64)), toUnixTimestamp64Micro({compared_to:DateTime64(6, 'UTC')})) AS span_end
        FROM InferenceFact FINAL
        WHERE request_arrival_time >= {compared_look_back_from:DateTime64(6, 'UTC')}
            AND request_arrival_time < {compared_to:DateTime64(6, 'UTC')}
            AND response_time_us > 0
            AND (prompt_id IS NULL OR prompt_id = '')
    )
    WHERE span_start < span_end
    GROUP BY
        bucket
)
ORDER BY
    compared ASC,
    bucket ASC,
    part ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2025-12-31 23:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-02-28 23:00:00.000000', 6, 'UTC')
-- {look_back_from:DateTime64(6, 'UTC')} = toDateTime64('2025-12-31 22:00:00.000000', 6, 'UTC')
-- {compared_from:DateTime64(6, 'UTC')} = toDateTime64('2025-11-30 23:00:00.000000', 6, 'UTC')
-- {compared_to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-31 23:00:00.000000', 6, 'UTC')
-- {compared_look_back_from:DateTime64(6, 'UTC')} = toDateTime64('2025-11-30 22:00:00.000000', 6, 'UTC')
