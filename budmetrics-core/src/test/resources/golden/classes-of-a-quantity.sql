WITH
    if(toUnixTimestamp64Micro(request_forward_time) - toUnixTimestamp64Micro(request_arrival_time) >= 0, (toUnixTimestamp64Micro(request_forward_time) - toUnixTimestamp64Micro(request_arrival_time) >= 100000) + (toUnixTimestamp64Micro(request_forward_time) - toUnixTimestamp64Micro(request_arrival_time) >= 1000000), NULL) AS queue_time_class_100ms_1s_index,
    if(response_time_us >= 0, (response_time_us >= 1000000) + (response_time_us >= 3000000) + (response_time_us >= 10000000) + (response_time_us >= 30000000), NULL) AS latency_class_index
SELECT
    queue_time_class_100ms_1s_index AS queue_time_class_100ms_1s,
    latency_class_index AS latency_class,
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count
FROM InferenceFact FINAL
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    queue_time_class_100ms_1s,
    latency_class,
    bucket
ORDER BY
    queue_time_class_100ms_1s ASC NULLS LAST,
    latency_class ASC NULLS LAST,
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
