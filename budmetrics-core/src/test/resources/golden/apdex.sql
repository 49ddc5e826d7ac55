WITH
    if(output_tokens > 1 AND ttft_us >= 0 AND response_time_us >= ttft_us AND ifNull(streamed, 1), (response_time_us - ttft_us) / (output_tokens - 1), NULL) AS tpot_us
SELECT
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count,
    countIf(ifNull(is_blocked, 0) = 0 AND ifNull(is_success, 1) AND ttft_us >= 0 AND ifNull(streamed, 1) AND ttft_us <= 500000) AS apdex_ttft_500ms_satisfied,
    countIf(ifNull(is_blocked, 0) = 0 AND ifNull(is_success, 1) AND ttft_us >= 0 AND ifNull(streamed, 1) AND ttft_us > 500000 AND ttft_us <= 2000000) AS apdex_ttft_500ms_tolerating,
    countIf(ifNull(is_blocked, 0) = 0 AND ifNull(streamed, 1) AND (is_success = 0 OR ttft_us >= 0 AND ifNull(streamed, 1) AND ttft_us > 2000000)) AS apdex_ttft_500ms_frustrated,
    countIf(ifNull(is_blocked, 0) = 0 AND ifNull(is_success, 1) AND response_time_us >= 0 AND response_time_us <= 1500000) AS apdex_latency_1500ms_satisfied,
    countIf(ifNull(is_blocked, 0) = 0 AND ifNull(is_success, 1) AND response_time_us >= 0 AND response_time_us > 1500000 AND response_time_us <= 6000000) AS apdex_latency_1500ms_tolerating,
    countIf(ifNull(is_blocked, 0) = 0 AND (is_success = 0 OR response_time_us >= 0 AND response_time_us > 6000000)) AS apdex_latency_1500ms_frustrated,
    countIf(ifNull(is_blocked, 0) = 0 AND ifNull(is_success, 1) AND tpot_us >= 0 AND tpot_us <= 40500) AS apdex_tpot_40500us_satisfied,
    countIf(ifNull(is_blocked, 0) = 0 AND ifNull(is_success, 1) AND tpot_us >= 0 AND tpot_us > 40500 AND tpot_us <= 162000) AS apdex_tpot_40500us_tolerating,
    countIf(ifNull(is_blocked, 0) = 0 AND ifNull(streamed, 1) AND (is_success = 0 OR tpot_us >= 0 AND tpot_us > 162000)) AS apdex_tpot_40500us_frustrated
FROM InferenceFact FINAL
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    bucket
ORDER BY
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
