WITH
    requests AS
    (
        SELECT
            toNullable(nullIf(stored.model, '')) AS model_name,
            CAST(NULL, 'Nullable(String)') AS prompt_id,
            CAST(assumeNotNull(stored.ts), 'DateTime64(6, \'UTC\')') AS request_arrival_time,
            accurateCastOrNull(round(stored.latency_ms * 1000), 'Int64') AS response_time_us
        FROM logs.`my-llm-log` AS stored
        WHERE stored.ts IS NOT NULL
    )
SELECT *
FROM
(
    SELECT
        model_name AS model_name_key,
        1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
        count() AS request_count,
        countIf(response_time_us >= 0) AS latency_measured,
        NULL AS concurrency_peak,
        0 AS part
    FROM requests
    WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
        AND request_arrival_time < {to:DateTime64(6, 'UTC')}
        AND (prompt_id IS NULL OR prompt_id = '')
    GROUP BY
        model_name_key,
        bucket
    UNION ALL
    SELECT
        model_name AS model_name_key,
        slot AS bucket,
        NULL AS request_count,
        NULL AS latency_measured,
        maxIntersections(span_start, span_end) AS concurrency_peak,
        1 AS part
    FROM
    (
        SELECT
            model_name,
            toUnixTimestamp64Micro(request_arrival_time) AS started,
            started + assumeNotNull(least(response_time_us, 4260211200000000)) AS ended,
            arrayJoin(range(
                1767571200000000 + intDiv(greatest(started - 1767571200000000, 0), 86400000000) * 86400000000,
                least(ended, toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})),
                86400000000
            )) AS slot,
            greatest(started, slot) AS span_start,
            least(ended, slot + 86400000000, toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})) AS span_end
        FROM requests
        WHERE request_arrival_time >= {look_back_from:DateTime64(6, 'UTC')}
            AND request_arrival_time < {to:DateTime64(6, 'UTC')}
            AND response_time_us > 0
            AND (prompt_id IS NULL OR prompt_id = '')
    )
    WHERE span_start < span_end
    GROUP BY
        model_name_key,
        bucket
)
ORDER BY
    model_name_key ASC NULLS LAST,
    bucket ASC,
    part ASC
