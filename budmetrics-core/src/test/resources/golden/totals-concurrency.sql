SELECT *
FROM
(
    SELECT
        streamed AS streamed_key,
        1766966400000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1766966400000000, 604800000000) * 604800000000 AS bucket,
        bucket >= 1767571200000000 AS in_range,
        grouping(streamed_key, bucket) AS totals,
        count() AS request_count,
        countIf(response_time_us >= 0) AS latency_measured,
        NULL AS concurrency_peak,
        NULL AS concurrency_time,
        0 AS part
    FROM InferenceFact FINAL
    WHERE request_arrival_time >= {before_from:DateTime64(6, 'UTC')}
        AND request_arrival_time < {to:DateTime64(6, 'UTC')}
        AND NOT (request_arrival_time >= {bucket_start:DateTime64(6, 'UTC')} AND request_arrival_time < {from:DateTime64(6, 'UTC')})
        AND (prompt_id IS NULL OR prompt_id = '')
        AND (ifNull(streamed, 0), isNull(streamed)) IN
        (
            SELECT ifNull(streamed, 0), isNull(streamed)
            FROM InferenceFact FINAL
            WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
                AND request_arrival_time < {to:DateTime64(6, 'UTC')}
                AND (prompt_id IS NULL OR prompt_id = '')
            GROUP BY streamed
            HAVING count() >= {having_1:Float64}
        )
    GROUP BY GROUPING SETS
    (
        (streamed_key, bucket),
        (streamed_key, in_range),
        (bucket),
        (in_range)
    )
    HAVING in_range OR totals IN (0, 2)
    UNION ALL
    SELECT
        streamed AS streamed_key,
        slot AS bucket,
        bucket >= 1767571200000000 AS in_range,
        grouping(streamed_key, bucket) AS totals,
        NULL AS request_count,
        NULL AS latency_measured,
        maxIntersections(span_start, span_end) AS concurrency_peak,
        sum(span_end - span_start) AS concurrency_time,
        1 AS part
    FROM
    (
        SELECT
            streamed,
            toUnixTimestamp64Micro(request_arrival_time) AS started,
            started + assumeNotNull(least(response_time_us, 4260211200000000)) AS ended,
            arrayJoin(range(
                1766966400000000 + intDiv(greatest(started - 1766966400000000, 0), 604800000000) * 604800000000,
                least(ended, toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})),
                604800000000
            )) AS slot,
            greatest(started, slot, if(slot < 1767571200000000, 0, toUnixTimestamp64Micro({from:DateTime64(6, 'UTC')}))) AS span_start,
            least(ended, slot + 604800000000, toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})) AS span_end
        FROM InferenceFact FINAL
        WHERE request_arrival_time >= {before_look_back_from:DateTime64(6, 'UTC')}
            AND request_arrival_time < {to:DateTime64(6, 'UTC')}
            AND response_time_us > 0
            AND (prompt_id IS NULL OR prompt_id = '')
            AND (ifNull(streamed, 0), isNull(streamed)) IN
            (
                SELECT ifNull(streamed, 0), isNull(streamed)
                FROM InferenceFact FINAL
                WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
                    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
                    AND (prompt_id IS NULL OR prompt_id = '')
                GROUP BY streamed
                HAVING count() >= {having_1:Float64}
            )
    )
    WHERE span_start < span_end
        AND (bucket < 1767571200000000 OR started >= toUnixTimestamp64Micro({look_back_from:DateTime64(6, 'UTC')}))
    GROUP BY GROUPING SETS
    (
        (streamed_key, bucket),
        (streamed_key, in_range),
        (bucket),
        (in_range)
    )
    HAVING in_range OR totals IN (0, 2)
)
ORDER BY
    totals > 1 ASC,
    streamed_key ASC NULLS LAST,
    totals ASC,
    bucket ASC,
    part ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 01:30:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
-- {before_from:DateTime64(6, 'UTC')} = toDateTime64('2025-12-29 00:00:00.000000', 6, 'UTC')
-- {bucket_start:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {look_back_from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:30:00.000000', 6, 'UTC')
-- {before_look_back_from:DateTime64(6, 'UTC')} = toDateTime64('2025-12-28 23:00:00.000000', 6, 'UTC')
-- {having_1:Float64} = 2.0
