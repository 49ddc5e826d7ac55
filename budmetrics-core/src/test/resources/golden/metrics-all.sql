SELECT *
FROM
(
    WITH
        toUnixTimestamp64Micro(request_forward_time) - toUnixTimestamp64Micro(request_arrival_time) AS queue_time_us,
        if(output_tokens > 1 AND ttft_us >= 0 AND response_time_us >= ttft_us AND ifNull(streamed, 1), (response_time_us - ttft_us) / (output_tokens - 1), NULL) AS tpot_us
    SELECT
        1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
        count() AS request_count,
        countIf(is_success) AS success_count,
        count(is_success) AS success_known,
        countIf(is_success = 0) AS failure_count,
        countIf(is_blocked) AS blocked_count,
        count(is_blocked) AS blocked_known,
        count(user_id) AS user_known,
        uniqExact(user_id) AS user_count,
        countIf(queue_time_us >= 0) AS queuing_time_measured,
        sumIf(queue_time_us, queue_time_us >= 0) AS queuing_time_sum,
        minIf(queue_time_us, queue_time_us >= 0) AS queuing_time_min,
        maxIf(queue_time_us, queue_time_us >= 0) AS queuing_time_max,
        countIf(ttft_us >= 0 AND ifNull(streamed, 1)) AS ttft_measured,
        sumIf(ttft_us, ttft_us >= 0 AND ifNull(streamed, 1)) AS ttft_sum,
        minIf(ttft_us, ttft_us >= 0 AND ifNull(streamed, 1)) AS ttft_min,
        maxIf(ttft_us, ttft_us >= 0 AND ifNull(streamed, 1)) AS ttft_max,
        quantilesExactInclusiveIf(0.95, 0.99)(ttft_us, ttft_us >= 0 AND ifNull(streamed, 1)) AS ttft_quantiles,
        countIf(tpot_us >= 0) AS tpot_measured,
        sumIf(tpot_us, tpot_us >= 0) AS tpot_sum,
        minIf(tpot_us, tpot_us >= 0) AS tpot_min,
        maxIf(tpot_us, tpot_us >= 0) AS tpot_max,
        quantilesExactInclusiveIf(0.95, 0.99)(tpot_us, tpot_us >= 0) AS tpot_quantiles,
        countIf(response_time_us >= 0) AS latency_measured,
        sumIf(response_time_us, response_time_us >= 0) AS latency_sum,
        minIf(response_time_us, response_time_us >= 0) AS latency_min,
        maxIf(response_time_us, response_time_us >= 0) AS latency_max,
        quantilesExactInclusiveIf(0.95, 0.99)(response_time_us, response_time_us >= 0) AS latency_quantiles,
        countIf(tpot_us > 0) AS output_speed_measured,
        sumIf(1000000 / tpot_us, tpot_us > 0) AS output_speed_sum,
        minIf(1000000 / tpot_us, tpot_us > 0) AS output_speed_min,
        maxIf(1000000 / tpot_us, tpot_us > 0) AS output_speed_max,
        quantilesExactInclusiveIf(0.95, 0.99)(1000000 / tpot_us, tpot_us > 0) AS output_speed_quantiles,
        count(input_tokens) AS input_token_known,
        sum(input_tokens) AS input_token_sum,
        count(output_tokens) AS output_token_known,
        sum(output_tokens) AS output_token_sum,
        countIf(isNotNull(input_tokens) OR isNotNull(output_tokens)) AS total_token_known,
        sum(ifNull(input_tokens, 0) + ifNull(output_tokens, 0)) AS total_token_sum,
        count(reasoning_tokens) AS reasoning_token_known,
        sum(reasoning_tokens) AS reasoning_token_sum,
        countIf(isNotNull(output_tokens) AND response_time_us >= 0) AS throughput_measured,
        sumIf(output_tokens, isNotNull(output_tokens) AND response_time_us >= 0) AS throughput_tokens,
        sumIf(response_time_us, isNotNull(output_tokens) AND response_time_us >= 0) AS throughput_time,
        NULL AS concurrency_peak,
        NULL AS concurrency_time,
        count(cached) AS cache_known,
        countIf(cached) AS cache_hits,
        countIf(cached AND response_time_us >= 0) AS cache_hits_measured,
        sumIf(response_time_us, cached AND response_time_us >= 0) AS cache_hits_time,
        countIf(cached = 0 AND response_time_us >= 0) AS cache_misses_measured,
        sumIf(response_time_us, cached = 0 AND response_time_us >= 0) AS cache_misses_time,
        countIf(isNotNull(input_tokens) AND isNotNull(cache_read_tokens) AND cache_read_tokens <= input_tokens) AS prompt_cache_known,
        sumIf(cache_read_tokens, isNotNull(input_tokens) AND isNotNull(cache_read_tokens) AND cache_read_tokens <= input_tokens) AS prompt_cache_read,
        sumIf(input_tokens, isNotNull(input_tokens) AND isNotNull(cache_read_tokens) AND cache_read_tokens <= input_tokens) AS prompt_cache_tokens,
        countIf(isNotNull(input_tokens) AND isNotNull(cache_read_tokens)) AS prompt_cache_excluded_known,
        sumIf(cache_read_tokens, isNotNull(input_tokens) AND isNotNull(cache_read_tokens)) AS prompt_cache_excluded_read,
        sumIf(input_tokens + cache_read_tokens + ifNull(cache_write_tokens, 0), isNotNull(input_tokens) AND isNotNull(cache_read_tokens)) AS prompt_cache_excluded_tokens,
        count(cost) AS cost_known,
        sum(cost) AS cost_sum,
        countIf(isNotNull(cost) AND isNotNull(is_success)) AS cost_outcome_known,
        sumIf(cost, isNotNull(cost) AND isNotNull(is_success)) AS cost_outcome_sum,
        countIf(isNotNull(cost) AND is_success) AS cost_success_count,
        countIf(isNotNull(cost) AND (isNotNull(input_tokens) OR isNotNull(output_tokens))) AS cost_tokens_known,
        sumIf(cost, isNotNull(cost) AND (isNotNull(input_tokens) OR isNotNull(output_tokens))) AS cost_tokens_sum,
        sumIf(ifNull(input_tokens, 0) + ifNull(output_tokens, 0), isNotNull(cost) AND (isNotNull(input_tokens) OR isNotNull(output_tokens))) AS cost_tokens,
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
        NULL AS success_count,
        NULL AS success_known,
        NULL AS failure_count,
        NULL AS blocked_count,
        NULL AS blocked_known,
        NULL AS user_known,
        NULL AS user_count,
        NULL AS queuing_time_measured,
        NULL AS queuing_time_sum,
        NULL AS queuing_time_min,
        NULL AS queuing_time_max,
        NULL AS ttft_measured,
        NULL AS ttft_sum,
        NULL AS ttft_min,
        NULL AS ttft_max,
        [] AS ttft_quantiles,
        NULL AS tpot_measured,
        NULL AS tpot_sum,
        NULL AS tpot_min,
        NULL AS tpot_max,
        [] AS tpot_quantiles,
        NULL AS latency_measured,
        NULL AS latency_sum,
        NULL AS latency_min,
        NULL AS latency_max,
        [] AS latency_quantiles,
        NULL AS output_speed_measured,
        NULL AS output_speed_sum,
        NULL AS output_speed_min,
        NULL AS output_speed_max,
        [] AS output_speed_quantiles,
        NULL AS input_token_known,
        NULL AS input_token_sum,
        NULL AS output_token_known,
        NULL AS output_token_sum,
        NULL AS total_token_known,
        NULL AS total_token_sum,
        NULL AS reasoning_token_known,
        NULL AS reasoning_token_sum,
        NULL AS throughput_measured,
        NULL AS throughput_tokens,
        NULL AS throughput_time,
        maxIntersections(span_start, span_end) AS concurrency_peak,
        sum(span_end - span_start) AS concurrency_time,
        NULL AS cache_known,
        NULL AS cache_hits,
        NULL AS cache_hits_measured,
        NULL AS cache_hits_time,
        NULL AS cache_misses_measured,
        NULL AS cache_misses_time,
        NULL AS prompt_cache_known,
        NULL AS prompt_cache_read,
        NULL AS prompt_cache_tokens,
        NULL AS prompt_cache_excluded_known,
        NULL AS prompt_cache_excluded_read,
        NULL AS prompt_cache_excluded_tokens,
        NULL AS cost_known,
        NULL AS cost_sum,
        NULL AS cost_outcome_known,
        NULL AS cost_outcome_sum,
        NULL AS cost_success_count,
        NULL AS cost_tokens_known,
        NULL AS cost_tokens_sum,
        NULL AS cost_tokens,
        1 AS part
    FROM
    (
        SELECT
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
            AND (prompt_id IS NULL OR prompt_id = '')
    )
    WHERE span_start < span_end
    GROUP BY
        bucket
)
ORDER BY
    bucket ASC,
    part ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
-- {look_back_from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-04 23:00:00.000000', 6, 'UTC')
