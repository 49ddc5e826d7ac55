WITH
    toUnixTimestamp64Micro(request_forward_time) - toUnixTimestamp64Micro(request_arrival_time) AS queue_time_us
SELECT
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count,
    countIf(isNotNull(response_size)) AS own_reply_size_measured,
    sumIf(response_size, isNotNull(response_size)) AS own_reply_size_sum,
    minIf(response_size, isNotNull(response_size)) AS own_reply_size_min,
    maxIf(response_size, isNotNull(response_size)) AS own_reply_size_max,
    quantilesExactInclusiveIf(0.5, 0.99)(response_size, isNotNull(response_size)) AS own_reply_size_quantiles,
    countIf(isNotNull(cost) AND streamed = {streamed:Bool}) AS own_price_of_streams_measured,
    sumIf(cost, isNotNull(cost) AND streamed = {streamed:Bool}) AS own_price_of_streams_sum,
    minIf(toFloat64(cost), isNotNull(cost) AND streamed = {streamed:Bool}) AS own_price_of_streams_min,
    maxIf(toFloat64(cost), isNotNull(cost) AND streamed = {streamed:Bool}) AS own_price_of_streams_max,
    countIf(queue_time_us >= 0) AS own_waited_known,
    sumIf(queue_time_us, queue_time_us >= 0) AS own_waited_sum,
    countIf((isNotNull(input_tokens) OR isNotNull(output_tokens)) AND cached = {cached:Bool}) AS own_all_tokens_known,
    sumIf(ifNull(input_tokens, 0) + ifNull(output_tokens, 0), (isNotNull(input_tokens) OR isNotNull(output_tokens)) AND cached = {cached:Bool}) AS own_all_tokens_sum
FROM InferenceFact FINAL
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    bucket
ORDER BY
    bucket ASC
-- {streamed:Bool} = true
-- {cached:Bool} = true
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
