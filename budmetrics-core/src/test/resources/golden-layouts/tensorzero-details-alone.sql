WITH
    requests AS
    (
        SELECT
            argMax(tuple(stored.cost, stored.is_success), tuple(stored.created_at)) AS newest_row,
            CAST(toString(tupleElement(newest_row, 1)), 'Nullable(Decimal(18, 12))') AS cost,
            CAST(tupleElement(newest_row, 2), 'Nullable(Bool)') AS is_success,
            toNullable(stored.project_id) AS project_id,
            CAST(NULL, 'Nullable(String)') AS prompt_id,
            CAST(assumeNotNull(stored.request_arrival_time), 'DateTime64(6, \'UTC\')') AS request_arrival_time
        FROM ModelInferenceDetails AS stored
        WHERE stored.request_arrival_time IS NOT NULL
        GROUP BY
            stored.project_id,
            stored.request_arrival_time,
            stored.inference_id
    )
SELECT
    project_id AS project,
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count,
    count(cost) AS cost_known,
    sum(cost) AS cost_sum,
    countIf(is_success) AS success_count,
    count(is_success) AS success_known
FROM requests
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    project,
    bucket
ORDER BY
    toString(project) ASC NULLS LAST,
    bucket ASC
