WITH
    requests AS
    (
        SELECT
            toNullable(nullIf(stored.model, '')) AS model_name,
            CAST(NULL, 'Nullable(String)') AS prompt_id,
            CAST(assumeNotNull(stored.ts), 'DateTime64(6, \'UTC\')') AS request_arrival_time
        FROM logs.`my-llm-log` AS stored
        WHERE stored.ts IS NOT NULL
    ),
    compared_requests AS
    (
        SELECT
            toNullable(nullIf(stored.model, '')) AS model_name,
            CAST(NULL, 'Nullable(String)') AS prompt_id,
            CAST(assumeNotNull(stored.ts), 'DateTime64(6, \'UTC\')') AS request_arrival_time
        FROM logs.`my-llm-log` AS stored
        WHERE stored.ts IS NOT NULL
    )
SELECT *
FROM
(
    SELECT
        model_name AS model_name_key,
        1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
        0 AS compared,
        grouping(model_name_key, bucket) AS totals,
        count() AS request_count
    FROM requests
    WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
        AND request_arrival_time < {to:DateTime64(6, 'UTC')}
        AND (prompt_id IS NULL OR prompt_id = '')
    GROUP BY GROUPING SETS
    (
        (model_name_key, bucket),
        (model_name_key),
        (bucket),
        ()
    )
    HAVING count() > 0
    UNION ALL
    SELECT
        model_name AS model_name_key,
        1766966400000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1766966400000000, 86400000000) * 86400000000 AS bucket,
        1 AS compared,
        grouping(model_name_key, bucket) AS totals,
        count() AS request_count
    FROM compared_requests
    WHERE request_arrival_time >= {compared_from:DateTime64(6, 'UTC')}
        AND request_arrival_time < {compared_to:DateTime64(6, 'UTC')}
        AND (prompt_id IS NULL OR prompt_id = '')
    GROUP BY GROUPING SETS
    (
        (model_name_key, bucket),
        (model_name_key),
        (bucket),
        ()
    )
    HAVING count() > 0
)
ORDER BY
    totals > 1 ASC,
    model_name_key ASC NULLS LAST,
    compared ASC,
    totals ASC,
    bucket ASC
