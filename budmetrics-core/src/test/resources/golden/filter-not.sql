SELECT
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count
FROM InferenceFact FINAL
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND ifNull(model_id != {model:UUID}, 1)
    AND (ifNull(status_code NOT IN {status_code:Array(Int64)}, 1) OR cached = {cached:Bool})
    AND ifNull(response_time_us < {response_time:Int64}, 1)
    AND ifNull(output_tokens > {output_tokens:Int64}, 1)
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    bucket
ORDER BY
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
-- {model:UUID} = toUUID('019787c1-3de1-7b50-969b-e0a58514b6a1')
-- {status_code:Array(Int64)} = [429,500]
-- {cached:Bool} = true
-- {response_time:Int64} = 2000000
-- {output_tokens:Int64} = 100
