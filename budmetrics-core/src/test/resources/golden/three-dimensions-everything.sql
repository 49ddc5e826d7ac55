WITH
    (
        SELECT groupArray(tuple(project_id, model_id, endpoint_id))
        FROM
        (
            SELECT project_id, model_id, endpoint_id
            FROM InferenceFact FINAL
            WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
                AND request_arrival_time < {to:DateTime64(6, 'UTC')}
                AND (prompt_id IS NULL OR prompt_id = '')
            GROUP BY project_id, model_id, endpoint_id
            ORDER BY
                count() DESC NULLS LAST,
                toString(project_id) ASC NULLS LAST,
                toString(model_id) ASC NULLS LAST,
                toString(endpoint_id) ASC NULLS LAST
            LIMIT 10
        )
    ) AS top_groups
SELECT *
FROM
(
    WITH
        toUnixTimestamp64Micro(request_forward_time) - toUnixTimestamp64Micro(request_arrival_time) AS queue_time_us
    SELECT
        indexOf(top_groups, tuple(project_id, model_id, endpoint_id)) AS group_rank,
        group_rank = 0 AS is_others,
        tupleElement(top_groups[group_rank], 1) AS project,
        tupleElement(top_groups[group_rank], 2) AS model,
        tupleElement(top_groups[group_rank], 3) AS endpoint,
        1767484800000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767484800000000, 86400000000) * 86400000000 AS bucket,
        count() AS request_count,
        countIf(is_success) AS success_count,
        count(is_success) AS success_known,
        countIf(is_success = 0) AS failure_count,
        countIf(queue_time_us >= 0) AS queuing_time_measured,
        sumIf(queue_time_us, queue_time_us >= 0) AS queuing_time_sum,
        minIf(queue_time_us, queue_time_us >= 0) AS queuing_time_min,
        maxIf(queue_time_us, queue_time_us >= 0) AS queuing_time_max,
        count(input_tokens) AS input_token_known,
        sum(input_tokens) AS input_token_sum,
        count(output_tokens) AS output_token_known,
        sum(output_tokens) AS output_token_sum,
        countIf(response_time_us >= 0) AS latency_measured,
        NULL AS concurrency_peak,
        countIf(ttft_us >= 0 AND ifNull(streamed, 1)) AS ttft_measured,
        sumIf(ttft_us, ttft_us >= 0 AND ifNull(streamed, 1)) AS ttft_sum,
        minIf(ttft_us, ttft_us >= 0 AND ifNull(streamed, 1)) AS ttft_min,
        maxIf(ttft_us, ttft_us >= 0 AND ifNull(streamed, 1)) AS ttft_max,
        quantilesExactInclusiveIf(0.95, 0.99)(ttft_us, ttft_us >= 0 AND ifNull(streamed, 1)) AS ttft_quantiles,
        sumIf(response_time_us, response_time_us >= 0) AS latency_sum,
        minIf(response_time_us, response_time_us >= 0) AS latency_min,
        maxIf(response_time_us, response_time_us >= 0) AS latency_max,
        quantilesExactInclusiveIf(0.95, 0.99)(response_time_us, response_time_us >= 0) AS latency_quantiles,
        countIf(isNotNull(output_tokens) AND response_time_us >= 0) AS throughput_measured,
        sumIf(output_tokens, isNotNull(output_tokens) AND response_time_us >= 0) AS throughput_tokens,
        sumIf(response_time_us, isNotNull(output_tokens) AND response_time_us >= 0) AS throughput_time,
        count(cached) AS cache_known,
        countIf(cached) AS cache_hits,
        countIf(cached AND response_time_us >= 0) AS cache_hits_measured,
        sumIf(response_time_us, cached AND response_time_us >= 0) AS cache_hits_time,
        0 AS part
    FROM InferenceFact FINAL
    WHERE request_arrival_time >= {before_from:DateTime64(6, 'UTC')}
        AND request_arrival_time < {to:DateTime64(6, 'UTC')}
        AND (prompt_id IS NULL OR prompt_id = '')
    GROUP BY
        group_rank,
        bucket
    UNION ALL
    SELECT
        indexOf(top_groups, tuple(project_id, model_id, endpoint_id)) AS group_rank,
        group_rank = 0 AS is_others,
        tupleElement(top_groups[group_rank], 1) AS project,
        tupleElement(top_groups[group_rank], 2) AS model,
        tupleElement(top_groups[group_rank], 3) AS endpoint,
        slot AS bucket,
        NULL AS request_count,
        NULL AS success_count,
        NULL AS success_known,
        NULL AS failure_count,
        NULL AS queuing_time_measured,
        NULL AS queuing_time_sum,
        NULL AS queuing_time_min,
        NULL AS queuing_time_max,
        NULL AS input_token_known,
        NULL AS input_token_sum,
        NULL AS output_token_known,
        NULL AS output_token_sum,
        NULL AS latency_measured,
        maxIntersections(span_start, span_end) AS concurrency_peak,
        NULL AS ttft_measured,
        NULL AS ttft_sum,
        NULL AS ttft_min,
        NULL AS ttft_max,
        [] AS ttft_quantiles,
        NULL AS latency_sum,
        NULL AS latency_min,
        NULL AS latency_max,
        [] AS latency_quantiles,
        NULL AS throughput_measured,
        NULL AS throughput_tokens,
        NULL AS throughput_time,
        NULL AS cache_known,
        NULL AS cache_hits,
        NULL AS cache_hits_measured,
        NULL AS cache_hits_time,
        1 AS part
    FROM
    (
        SELECT
            project_id,
            model_id,
            endpoint_id,
            toUnixTimestamp64Micro(request_arrival_time) AS started,
            started + assumeNotNull(least(response_time_us, 4260211200000000)) AS ended,
            arrayJoin(range(
                1767484800000000 + intDiv(greatest(started - 1767484800000000, 0), 86400000000) * 86400000000,
                least(ended, toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})),
                86400000000
            )) AS slot,
            greatest(started, slot) AS span_start,
            least(ended, slot + 86400000000, toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})) AS span_end
        FROM InferenceFact FINAL
        WHERE request_arrival_time >= {before_look_back_from:DateTime64(6, 'UTC')}
            AND request_arrival_time < {to:DateTime64(6, 'UTC')}
            AND response_time_us > 0
            AND (prompt_id IS NULL OR prompt_id = '')
    )
    WHERE span_start < span_end
        AND (bucket < 1767571200000000 OR started >= toUnixTimestamp64Micro({look_back_from:DateTime64(6, 'UTC')}))
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
-- {before_from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-04 00:00:00.000000', 6, 'UTC')
-- {look_back_from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-04 23:00:00.000000', 6, 'UTC')
-- {before_look_back_from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-03 23:00:00.000000', 6, 'UTC')
