WITH
    (
        SELECT groupArray(tuple(latency_class_500ms_2s_index, token_size_index))
        FROM
        (
            WITH
                if(response_time_us >= 0, (response_time_us >= 500000) + (response_time_us >= 2000000), NULL) AS latency_class_500ms_2s_index,
                if(isNotNull(input_tokens) OR isNotNull(output_tokens), (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 100) + (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 1000) + (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 10000) + (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 100000), NULL) AS token_size_index
            SELECT latency_class_500ms_2s_index, token_size_index
            FROM InferenceFact FINAL
            WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
                AND request_arrival_time < {to:DateTime64(6, 'UTC')}
                AND ifNull(if(response_time_us >= 0, (response_time_us >= 500000) + (response_time_us >= 2000000), NULL) != {latency_class:Int64}, 1)
                AND (status_code >= 100) + (status_code >= 200) + (status_code >= 300) + (status_code >= 400) + (status_code >= 500) + (status_code >= 600) IN {status_class:Array(Int64)}
                AND (prompt_id IS NULL OR prompt_id = '')
            GROUP BY latency_class_500ms_2s_index, token_size_index
            HAVING count() >= {having_1:Float64}
            ORDER BY
                count() DESC NULLS LAST,
                latency_class_500ms_2s_index ASC NULLS LAST,
                token_size_index ASC NULLS LAST
            LIMIT 3
        )
    ) AS top_groups
SELECT *
FROM
(
    WITH
        if(response_time_us >= 0, (response_time_us >= 500000) + (response_time_us >= 2000000), NULL) AS latency_class_500ms_2s_index,
        if(isNotNull(input_tokens) OR isNotNull(output_tokens), (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 100) + (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 1000) + (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 10000) + (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 100000), NULL) AS token_size_index
    SELECT
        indexOf(top_groups, tuple(latency_class_500ms_2s_index, token_size_index)) AS group_rank,
        group_rank = 0 AS is_others,
        tupleElement(top_groups[group_rank], 1) AS latency_class_500ms_2s,
        tupleElement(top_groups[group_rank], 2) AS token_size,
        1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
        count() AS request_count,
        countIf(response_time_us >= 0) AS latency_measured,
        NULL AS concurrency_peak,
        0 AS part
    FROM InferenceFact FINAL
    WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
        AND request_arrival_time < {to:DateTime64(6, 'UTC')}
        AND ifNull(if(response_time_us >= 0, (response_time_us >= 500000) + (response_time_us >= 2000000), NULL) != {latency_class:Int64}, 1)
        AND (status_code >= 100) + (status_code >= 200) + (status_code >= 300) + (status_code >= 400) + (status_code >= 500) + (status_code >= 600) IN {status_class:Array(Int64)}
        AND (prompt_id IS NULL OR prompt_id = '')
        AND (ifNull(latency_class_500ms_2s_index, 0), isNull(latency_class_500ms_2s_index), ifNull(token_size_index, 0), isNull(token_size_index)) IN
        (
            WITH
                if(response_time_us >= 0, (response_time_us >= 500000) + (response_time_us >= 2000000), NULL) AS latency_class_500ms_2s_index,
                if(isNotNull(input_tokens) OR isNotNull(output_tokens), (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 100) + (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 1000) + (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 10000) + (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 100000), NULL) AS token_size_index
            SELECT ifNull(latency_class_500ms_2s_index, 0), isNull(latency_class_500ms_2s_index), ifNull(token_size_index, 0), isNull(token_size_index)
            FROM InferenceFact FINAL
            WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
                AND request_arrival_time < {to:DateTime64(6, 'UTC')}
                AND ifNull(if(response_time_us >= 0, (response_time_us >= 500000) + (response_time_us >= 2000000), NULL) != {latency_class:Int64}, 1)
                AND (status_code >= 100) + (status_code >= 200) + (status_code >= 300) + (status_code >= 400) + (status_code >= 500) + (status_code >= 600) IN {status_class:Array(Int64)}
                AND (prompt_id IS NULL OR prompt_id = '')
            GROUP BY latency_class_500ms_2s_index, token_size_index
            HAVING count() >= {having_1:Float64}
        )
    GROUP BY
        group_rank,
        bucket
    UNION ALL
    SELECT
        indexOf(top_groups, tuple(running_latency_class_500ms_2s_index, running_token_size_index)) AS group_rank,
        group_rank = 0 AS is_others,
        tupleElement(top_groups[group_rank], 1) AS latency_class_500ms_2s,
        tupleElement(top_groups[group_rank], 2) AS token_size,
        slot AS bucket,
        NULL AS request_count,
        NULL AS latency_measured,
        maxIntersections(span_start, span_end) AS concurrency_peak,
        1 AS part
    FROM
    (
        WITH
            if(response_time_us >= 0, (response_time_us >= 500000) + (response_time_us >= 2000000), NULL) AS latency_class_500ms_2s_index,
            if(isNotNull(input_tokens) OR isNotNull(output_tokens), (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 100) + (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 1000) + (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 10000) + (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 100000), NULL) AS token_size_index
        SELECT
            latency_class_500ms_2s_index AS running_latency_class_500ms_2s_index,
            token_size_index AS running_token_size_index,
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
            AND ifNull(if(response_time_us >= 0, (response_time_us >= 500000) + (response_time_us >= 2000000), NULL) != {latency_class:Int64}, 1)
            AND (status_code >= 100) + (status_code >= 200) + (status_code >= 300) + (status_code >= 400) + (status_code >= 500) + (status_code >= 600) IN {status_class:Array(Int64)}
            AND (prompt_id IS NULL OR prompt_id = '')
            AND (ifNull(latency_class_500ms_2s_index, 0), isNull(latency_class_500ms_2s_index), ifNull(token_size_index, 0), isNull(token_size_index)) IN
            (
                WITH
                    if(response_time_us >= 0, (response_time_us >= 500000) + (response_time_us >= 2000000), NULL) AS latency_class_500ms_2s_index,
                    if(isNotNull(input_tokens) OR isNotNull(output_tokens), (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 100) + (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 1000) + (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 10000) + (ifNull(input_tokens, 0) + ifNull(output_tokens, 0) >= 100000), NULL) AS token_size_index
                SELECT ifNull(latency_class_500ms_2s_index, 0), isNull(latency_class_500ms_2s_index), ifNull(token_size_index, 0), isNull(token_size_index)
                FROM InferenceFact FINAL
                WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
                    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
                    AND ifNull(if(response_time_us >= 0, (response_time_us >= 500000) + (response_time_us >= 2000000), NULL) != {latency_class:Int64}, 1)
                    AND (status_code >= 100) + (status_code >= 200) + (status_code >= 300) + (status_code >= 400) + (status_code >= 500) + (status_code >= 600) IN {status_class:Array(Int64)}
                    AND (prompt_id IS NULL OR prompt_id = '')
                GROUP BY latency_class_500ms_2s_index, token_size_index
                HAVING count() >= {having_1:Float64}
            )
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
-- {latency_class:Int64} = 0
-- {status_class:Array(Int64)} = [2,4]
-- {having_1:Float64} = 2.0
