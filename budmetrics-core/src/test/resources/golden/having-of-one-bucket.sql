WITH
    if(response_time_us >= 0, response_time_us >= 2000000, NULL) AS latency_class_2s_index,
    toUnixTimestamp64Micro(request_arrival_time) AS span_start,
    least(toUnixTimestamp64Micro(request_arrival_time) + least(response_time_us, 4260211200000000), toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})) AS span_end
SELECT
    model_id AS model,
    latency_class_2s_index AS latency_class_2s,
    roundDown(toUnixTimestamp64Micro(request_arrival_time), [1767225600000000]::Array(Int64)) AS bucket,
    count() AS request_count,
    count(cost) AS cost_known,
    sum(cost) AS cost_sum,
    countIf(response_time_us >= 0) AS latency_measured,
    sumIf(response_time_us, response_time_us >= 0) AS latency_sum,
    minIf(response_time_us, response_time_us >= 0) AS latency_min,
    maxIf(response_time_us, response_time_us >= 0) AS latency_max,
    quantilesExactInclusiveIf(0.95, 0.99)(response_time_us, response_time_us >= 0) AS latency_quantiles
FROM InferenceFact FINAL
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND project_id = {project:UUID}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    model,
    latency_class_2s,
    bucket
HAVING sum(cost) > {having_1:Decimal(76, 24)}
    AND if(countIf(response_time_us >= 0) = 0, NULL, ifNull(maxIntersectionsIf(span_start, span_end, response_time_us > 0), 0)) <= {having_2:Float64}
ORDER BY
    toString(model) ASC NULLS LAST,
    latency_class_2s ASC NULLS LAST,
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
-- {project:UUID} = toUUID('019787c1-3de1-7b50-969b-e0a58514b6a1')
-- {having_1:Decimal(76, 24)} = toDecimal256('0.500000000000000000000000', 24)
-- {having_2:Float64} = 1000.0
