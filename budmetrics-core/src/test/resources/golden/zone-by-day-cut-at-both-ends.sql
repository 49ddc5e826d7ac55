SELECT *
FROM
(
    SELECT
        transform(toUnixTimestamp64Micro(request_arrival_time) - (toUnixTimestamp64Micro(request_arrival_time) - roundDown(toUnixTimestamp64Micro(request_arrival_time), [1759269600000000, 1761516000000000, 1761519600000000, 1774821600000000]::Array(Int64))) % 86400000000, [1761516000000000]::Array(Int64), [1761429600000000]::Array(Int64)) AS bucket,
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
                moment -> transform(moment - (moment - roundDown(moment, [1759269600000000, 1761516000000000, 1761519600000000, 1774821600000000]::Array(Int64))) % 86400000000, [1761516000000000]::Array(Int64), [1761429600000000]::Array(Int64)),
                arrayPushBack(
                    range(greatest(started, toInt64(1759269600000000)), least(ended, toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})), 82800000000),
                    greatest(least(ended, toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})) - 1, toInt64(1759269600000000))
                )
            ))) AS slot,
            greatest(started, slot, toUnixTimestamp64Micro({from:DateTime64(6, 'UTC')})) AS span_start,
            least(ended, transform(slot, [1761429600000000, 1774738800000000]::Array(Int64), [1761519600000000, 1774821600000000]::Array(Int64), slot + 86400000000), toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})) AS span_end
        FROM InferenceFact FINAL
        WHERE request_arrival_time >= {look_back_from:DateTime64(6, 'UTC')}
            AND request_arrival_time < {to:DateTime64(6, 'UTC')}
            AND response_time_us > 0
            AND (prompt_id IS NULL OR prompt_id = '')
    )
    WHERE span_start < span_end
    GROUP BY
        bucket
)
ORDER BY
    bucket ASC,
    part ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2025-09-30 23:30:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-04-30 20:30:00.000000', 6, 'UTC')
-- {look_back_from:DateTime64(6, 'UTC')} = toDateTime64('2025-09-30 22:30:00.000000', 6, 'UTC')
