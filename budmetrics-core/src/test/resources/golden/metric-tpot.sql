WITH
    if(output_tokens > 1 AND ttft_us >= 0 AND response_time_us >= ttft_us AND ifNull(streamed, 1), (response_time_us - ttft_us) / (output_tokens - 1), NULL) AS tpot_us
SELECT
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count,
    countIf(tpot_us >= 0) AS tpot_measured,
    sumIf(tpot_us, tpot_us >= 0) AS tpot_sum,
    minIf(tpot_us, tpot_us >= 0) AS tpot_min,
    maxIf(tpot_us, tpot_us >= 0) AS tpot_max,
    quantilesExactInclusiveIf(0.95, 0.99)(tpot_us, tpot_us >= 0) AS tpot_quantiles
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
