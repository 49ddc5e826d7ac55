WITH
    requests AS
    (
        SELECT
            toNullable(stored.model_id) AS model_id,
            accurateCastOrNull(stored.output_tokens, 'UInt32') AS output_tokens,
            toNullable(nullIf(stored.prompt_id, '')) AS prompt_id,
            CAST(assumeNotNull(ifNull(stored.request_arrival_time, stored.timestamp)), 'DateTime64(6, \'UTC\')') AS request_arrival_time,
            CAST(stored.request_forward_time, 'Nullable(DateTime64(6, \'UTC\'))') AS request_forward_time,
            accurateCastOrNull(round(stored.response_time_ms * 1000), 'Int64') AS response_time_us,
            CAST(NULL, 'Nullable(Bool)') AS streamed,
            accurateCastOrNull(round(stored.ttft_ms * 1000), 'Int64') AS ttft_us
        FROM InferenceFact AS stored FINAL
        WHERE ifNull(stored.request_arrival_time, stored.timestamp) IS NOT NULL
    ),
    if(output_tokens > 1 AND ttft_us >= 0 AND response_time_us >= ttft_us AND ifNull(streamed, 1), (response_time_us - ttft_us) / (output_tokens - 1), NULL) AS tpot_us,
    toUnixTimestamp64Micro(request_forward_time) - toUnixTimestamp64Micro(request_arrival_time) AS queue_time_us
SELECT
    model_id AS model,
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count,
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
    countIf(queue_time_us >= 0) AS queuing_time_measured,
    sumIf(queue_time_us, queue_time_us >= 0) AS queuing_time_sum,
    minIf(queue_time_us, queue_time_us >= 0) AS queuing_time_min,
    maxIf(queue_time_us, queue_time_us >= 0) AS queuing_time_max
FROM requests
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    model,
    bucket
ORDER BY
    toString(model) ASC NULLS LAST,
    bucket ASC
