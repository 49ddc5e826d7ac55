WITH
    requests AS
    (
        SELECT
            CAST(CAST(toString(stored.cost_cents), 'Nullable(Decimal(38, 12))') / 100, 'Nullable(Decimal(18, 12))') AS cost,
            toNullable(CAST(nullIf(stored.endpoint, ''), 'Nullable(UUID)')) AS endpoint_id,
            accurateCastOrNull(nullIf(stored.`tokens in`, 0), 'UInt32') AS input_tokens,
            CAST(stored.status < 400, 'Nullable(Bool)') AS is_success,
            toNullable(nullIf(stored.model, '')) AS model_name,
            CAST('b1a7c5f0-3c1e-4a55-9d0e-0a4d3d3b1a01', 'Nullable(UUID)') AS project_id,
            CAST(NULL, 'Nullable(String)') AS prompt_id,
            CAST(assumeNotNull(stored.ts), 'DateTime64(6, \'UTC\')') AS request_arrival_time,
            accurateCastOrNull(round(stored.latency_ms * 1000), 'Int64') AS response_time_us
        FROM logs.`my-llm-log` AS stored
        WHERE stored.ts IS NOT NULL
    ),
    (
        SELECT groupArray(tuple(project_id, model_name))
        FROM
        (
            SELECT project_id, model_name
            FROM requests
            WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
                AND request_arrival_time < {to:DateTime64(6, 'UTC')}
                AND endpoint_id = {endpoint:UUID}
                AND input_tokens >= {input_tokens:Int64}
                AND (prompt_id IS NULL OR prompt_id = '')
            GROUP BY project_id, model_name
            ORDER BY
                sum(cost) DESC NULLS LAST,
                toString(project_id) ASC NULLS LAST,
                model_name ASC NULLS LAST
            LIMIT 3
        )
    ) AS top_groups
SELECT
    indexOf(top_groups, tuple(project_id, model_name)) AS group_rank,
    group_rank = 0 AS is_others,
    tupleElement(top_groups[group_rank], 1) AS project,
    tupleElement(top_groups[group_rank], 2) AS model_name_key,
    1767484800000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767484800000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count,
    countIf(response_time_us >= 0) AS latency_measured,
    sumIf(response_time_us, response_time_us >= 0) AS latency_sum,
    minIf(response_time_us, response_time_us >= 0) AS latency_min,
    maxIf(response_time_us, response_time_us >= 0) AS latency_max,
    quantilesExactInclusiveIf(0.95, 0.99)(response_time_us, response_time_us >= 0) AS latency_quantiles,
    count(cost) AS cost_known,
    sum(cost) AS cost_sum,
    countIf(is_success) AS success_count,
    count(is_success) AS success_known
FROM requests
WHERE request_arrival_time >= {before_from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND endpoint_id = {endpoint:UUID}
    AND input_tokens >= {input_tokens:Int64}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    group_rank,
    bucket
ORDER BY
    is_others ASC,
    group_rank ASC,
    bucket ASC
