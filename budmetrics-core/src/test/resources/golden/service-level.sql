WITH
    (
        SELECT tupleElement(groupArray(tuple(model_id)), 1)
        FROM
        (
            WITH
                if(output_tokens > 1 AND ttft_us >= 0 AND response_time_us >= ttft_us AND ifNull(streamed, 1), (response_time_us - ttft_us) / (output_tokens - 1), NULL) AS tpot_us
            SELECT model_id
            FROM InferenceFact FINAL
            WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
                AND request_arrival_time < {to:DateTime64(6, 'UTC')}
                AND (prompt_id IS NULL OR prompt_id = '')
            GROUP BY model_id
            ORDER BY
                if(countIf(ifNull(is_blocked, 0) = 0 AND ifNull(streamed, 1) AND is_success AND ttft_us >= 0 AND ttft_us <= 450000 AND (output_tokens < 2 OR tpot_us <= 40000) AND response_time_us >= 0 AND response_time_us <= 10000000) + countIf(ifNull(is_blocked, 0) = 0 AND ifNull(streamed, 1) AND (is_success = 0 OR ttft_us > 450000 OR tpot_us > 40000 OR response_time_us > 10000000)) = 0, NULL, countIf(ifNull(is_blocked, 0) = 0 AND ifNull(streamed, 1) AND is_success AND ttft_us >= 0 AND ttft_us <= 450000 AND (output_tokens < 2 OR tpot_us <= 40000) AND response_time_us >= 0 AND response_time_us <= 10000000)) DESC NULLS LAST,
                toString(model_id) ASC NULLS LAST
            LIMIT 5
        )
    ) AS top_groups,
    if(output_tokens > 1 AND ttft_us >= 0 AND response_time_us >= ttft_us AND ifNull(streamed, 1), (response_time_us - ttft_us) / (output_tokens - 1), NULL) AS tpot_us
SELECT
    indexOf(top_groups, model_id) AS group_rank,
    group_rank = 0 AS is_others,
    top_groups[group_rank] AS model,
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count,
    countIf(ifNull(is_blocked, 0) = 0 AND ifNull(streamed, 1) AND is_success AND ttft_us >= 0 AND ttft_us <= 450000 AND (output_tokens < 2 OR tpot_us <= 40000) AND response_time_us >= 0 AND response_time_us <= 10000000) AS good_ttft_450ms_tpot_40ms_latency_10000ms_success,
    countIf(ifNull(is_blocked, 0) = 0 AND ifNull(streamed, 1) AND (is_success = 0 OR ttft_us > 450000 OR tpot_us > 40000 OR response_time_us > 10000000)) AS bad_ttft_450ms_tpot_40ms_latency_10000ms_success,
    countIf(ifNull(is_blocked, 0) = 0 AND ifNull(streamed, 1) AND ifNull(is_success, 1) AND ttft_us >= 0 AND ttft_us <= 2000000 AND (output_tokens < 2 OR tpot_us <= 200000)) AS good_ttft_2000ms_tpot_200ms,
    countIf(ifNull(is_blocked, 0) = 0 AND ifNull(streamed, 1) AND (is_success = 0 OR ttft_us > 2000000 OR tpot_us > 200000)) AS bad_ttft_2000ms_tpot_200ms
FROM InferenceFact FINAL
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    group_rank,
    bucket
ORDER BY
    is_others ASC,
    group_rank ASC,
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
