WITH
    (
        SELECT tupleElement(groupArray(tuple(model_id)), 1)
        FROM
        (
            SELECT model_id
            FROM InferenceFact FINAL
            WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
                AND request_arrival_time < {to:DateTime64(6, 'UTC')}
                AND ifNull(country_code != {country_2:String}, 1)
                AND (prompt_id IS NULL OR prompt_id = '')
            GROUP BY model_id
            HAVING countIf(country_code = {country:String} OR response_time_us > {response_time:Int64}) >= {having_1:Float64}
            ORDER BY
                countIf(country_code = {country:String} OR response_time_us > {response_time:Int64}) DESC NULLS LAST,
                toString(model_id) ASC NULLS LAST
            LIMIT 5
        )
    ) AS top_groups
SELECT
    indexOf(top_groups, model_id) AS group_rank,
    group_rank = 0 AS is_others,
    top_groups[group_rank] AS model,
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count,
    countIf(country_code = {country:String} OR response_time_us > {response_time:Int64}) AS own_german_or_slow_count
FROM InferenceFact FINAL
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND ifNull(country_code != {country_2:String}, 1)
    AND (prompt_id IS NULL OR prompt_id = '')
    AND (ifNull(model_id, toUUID('00000000-0000-0000-0000-000000000000')), isNull(model_id)) IN
    (
        SELECT ifNull(model_id, toUUID('00000000-0000-0000-0000-000000000000')), isNull(model_id)
        FROM InferenceFact FINAL
        WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
            AND request_arrival_time < {to:DateTime64(6, 'UTC')}
            AND ifNull(country_code != {country_2:String}, 1)
            AND (prompt_id IS NULL OR prompt_id = '')
        GROUP BY model_id
        HAVING countIf(country_code = {country:String} OR response_time_us > {response_time:Int64}) >= {having_1:Float64}
    )
GROUP BY
    group_rank,
    bucket
ORDER BY
    is_others ASC,
    group_rank ASC,
    bucket ASC
-- {country:String} = 'DE'
-- {response_time:Int64} = 2000000
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
-- {country_2:String} = 'US'
-- {having_1:Float64} = 1.0
