WITH
    requests AS
    (
        SELECT
            cost,
            prompt_id,
            request_arrival_time,
            response_time_us
        FROM
        (
            SELECT
                argMax(tuple(stored.cost), tuple(stored.created_at)) AS newest_row,
                CAST(toString(tupleElement(newest_row, 1)), 'Nullable(Decimal(18, 12))') AS cost,
                CAST(NULL, 'Nullable(String)') AS prompt_id,
                CAST(assumeNotNull(stored.request_arrival_time), 'DateTime64(6, \'UTC\')') AS request_arrival_time,
                stored.inference_id AS inference_id
            FROM ModelInferenceDetails AS stored
            WHERE stored.request_arrival_time IS NOT NULL
            GROUP BY
                stored.project_id,
                stored.request_arrival_time,
                stored.inference_id
        ) AS arrivals
        LEFT JOIN
        (
            SELECT
                argMax(tuple(stored.response_time_ms), tuple(stored.timestamp, stored.id)) AS newest_row,
                stored.inference_id AS calls_inference_id,
                accurateCastOrNull(round(tupleElement(newest_row, 1) * 1000), 'Int64') AS response_time_us
            FROM ModelInference AS stored
            WHERE stored.inference_id IN
            (
                SELECT stored.inference_id
                FROM ModelInferenceDetails AS stored
                WHERE CAST(assumeNotNull(stored.request_arrival_time), 'DateTime64(6, \'UTC\')') >= {before_look_back_from:DateTime64(6, 'UTC')}
                    AND CAST(assumeNotNull(stored.request_arrival_time), 'DateTime64(6, \'UTC\')') < {to:DateTime64(6, 'UTC')}
            )
            GROUP BY
                stored.inference_id
        ) AS calls ON inference_id = calls_inference_id
    )
SELECT *
FROM
(
    SELECT
        1767484800000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767484800000000, 86400000000) * 86400000000 AS bucket,
        count() AS request_count,
        countIf(response_time_us >= 0) AS latency_measured,
        NULL AS concurrency_peak,
        count(cost) AS cost_known,
        sum(cost) AS cost_sum,
        0 AS part
    FROM requests
    WHERE request_arrival_time >= {before_from:DateTime64(6, 'UTC')}
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
        NULL AS cost_known,
        NULL AS cost_sum,
        1 AS part
    FROM
    (
        SELECT
            toUnixTimestamp64Micro(request_arrival_time) AS started,
            started + assumeNotNull(least(response_time_us, 4260211200000000)) AS ended,
            arrayJoin(range(
                1767484800000000 + intDiv(greatest(started - 1767484800000000, 0), 86400000000) * 86400000000,
                least(ended, toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})),
                86400000000
            )) AS slot,
            greatest(started, slot) AS span_start,
            least(ended, slot + 86400000000, toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})) AS span_end
        FROM requests
        WHERE request_arrival_time >= {before_look_back_from:DateTime64(6, 'UTC')}
            AND request_arrival_time < {to:DateTime64(6, 'UTC')}
            AND response_time_us > 0
            AND (prompt_id IS NULL OR prompt_id = '')
    )
    WHERE span_start < span_end
        AND (bucket < 1767571200000000 OR started >= toUnixTimestamp64Micro({look_back_from:DateTime64(6, 'UTC')}))
    GROUP BY
        bucket
)
ORDER BY
    bucket ASC,
    part ASC
