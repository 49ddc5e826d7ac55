WITH
    requests AS
    (
        SELECT
            CAST(CAST(toString(stored.cost_cents), 'Nullable(Decimal(38, 12))') / 100, 'Nullable(Decimal(18, 12))') AS cost,
            toNullable(CAST(nullIf(stored.endpoint, ''), 'Nullable(UUID)')) AS endpoint_id,
            CAST('b1a7c5f0-3c1e-4a55-9d0e-0a4d3d3b1a01', 'Nullable(UUID)') AS project_id,
            CAST(NULL, 'Nullable(String)') AS prompt_id,
            CAST(assumeNotNull(stored.ts), 'DateTime64(6, \'UTC\')') AS request_arrival_time
        FROM logs.`my-llm-log` AS stored
        WHERE stored.ts IS NOT NULL
    )
SELECT
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count,
    count(cost) AS cost_known,
    sum(cost) AS cost_sum
FROM requests
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND project_id = {project:UUID}
    AND isNotNull(endpoint_id)
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    bucket
ORDER BY
    bucket ASC
