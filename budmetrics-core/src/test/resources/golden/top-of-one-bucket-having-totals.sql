SELECT
    if(place <= 3, place, 0) AS group_rank,
    group_rank = 0 AS is_others,
    if(is_others, NULL, any(counted.project_id)) AS project,
    if(is_others, NULL, any(counted.country_code)) AS country,
    if(is_others, NULL, any(counted.latency_class_2s_index)) AS latency_class_2s,
    materialize(toInt64(1767225600000000)) AS bucket,
    grouping(group_rank, bucket) AS totals,
    sum(counted.request_count) AS request_count,
    sum(counted.success_count) AS success_count,
    sum(counted.success_known) AS success_known,
    sum(counted.output_token_known) AS output_token_known,
    sum(counted.output_token_sum) AS output_token_sum,
    sum(counted.cost_outcome_known) AS cost_outcome_known,
    sum(counted.cost_outcome_sum) AS cost_outcome_sum,
    sum(counted.cost_success_count) AS cost_success_count
FROM
(
    WITH
        if(response_time_us >= 0, response_time_us >= 2000000, NULL) AS latency_class_2s_index,
        toUnixTimestamp64Micro(request_arrival_time) AS span_start,
        least(toUnixTimestamp64Micro(request_arrival_time) + least(response_time_us, 4260211200000000), toUnixTimestamp64Micro({to:DateTime64(6, 'UTC')})) AS span_end,
        if(output_tokens > 1 AND ttft_us >= 0 AND response_time_us >= ttft_us AND ifNull(streamed, 1), (response_time_us - ttft_us) / (output_tokens - 1), NULL) AS tpot_us
    SELECT
        project_id,
        country_code,
        latency_class_2s_index,
        count() AS request_count,
        countIf(is_success) AS success_count,
        count(is_success) AS success_known,
        count(output_tokens) AS output_token_known,
        sum(output_tokens) AS output_token_sum,
        countIf(isNotNull(cost) AND isNotNull(is_success)) AS cost_outcome_known,
        sumIf(cost, isNotNull(cost) AND isNotNull(is_success)) AS cost_outcome_sum,
        countIf(isNotNull(cost) AND is_success) AS cost_success_count,
        row_number() OVER (
            ORDER BY
                sumIf(tpot_us, tpot_us >= 0) / nullIf(countIf(tpot_us >= 0), 0) ASC NULLS LAST,
                toString(project_id) ASC NULLS LAST,
                country_code ASC NULLS LAST,
                latency_class_2s_index ASC NULLS LAST
        ) AS place
    FROM InferenceFact FINAL
    WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
        AND request_arrival_time < {to:DateTime64(6, 'UTC')}
        AND (prompt_id IS NULL OR prompt_id = '')
    GROUP BY project_id, country_code, latency_class_2s_index
    HAVING count() >= {having_1:Float64}
        AND if(countIf(response_time_us >= 0) = 0, NULL, ifNull(maxIntersectionsIf(span_start, span_end, response_time_us > 0), 0)) <= {having_2:Float64}
) AS counted
GROUP BY GROUPING SETS
(
    (group_rank, bucket),
    (group_rank),
    (bucket),
    ()
)
HAVING count() > 0
ORDER BY
    totals > 1 ASC,
    is_others ASC,
    group_rank ASC,
    totals ASC,
    bucket ASC
-- {from:DateTime64(6, 'UTC')} = toDateTime64('2026-01-05 00:00:00.000000', 6, 'UTC')
-- {to:DateTime64(6, 'UTC')} = toDateTime64('2026-01-19 00:00:00.000000', 6, 'UTC')
-- {having_1:Float64} = 2.0
-- {having_2:Float64} = 1000.0
