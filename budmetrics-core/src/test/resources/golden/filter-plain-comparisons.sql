SELECT
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count,
    count(cost) AS cost_known,
    sum(cost) AS cost_sum
FROM InferenceFact FINAL
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND project_id = {project:UUID}
    AND is_success = {success:Bool}
    AND status_code IN {status_code:Array(Int64)}
    AND country_code IN {country:Array(String)}
    AND response_time_us >= {response_time:Int64}
    AND cost > {price:Decimal(38, 12)}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    bucket
ORDER BY
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
-- {project:UUID} = toUUID('019787c1-3de1-7b50-969b-e0a58514b6a1')
-- {success:Bool} = true
-- {status_code:Array(Int64)} = [200,206]
-- {country:Array(String)} = ['DE','FR']
-- {response_time:Int64} = 2000000
-- {price:Decimal(38, 12)} = toDecimal128('0.100000000000', 12)
