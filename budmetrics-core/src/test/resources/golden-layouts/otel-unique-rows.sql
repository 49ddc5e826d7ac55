WITH
    requests AS
    (
        SELECT
            toNullable(nullIf(stored.prompt_id, '')) AS prompt_id,
            CAST(assumeNotNull(ifNull(stored.request_arrival_time, stored.timestamp)), 'DateTime64(6, \'UTC\')') AS request_arrival_time
        FROM InferenceFact AS stored
        WHERE ifNull(stored.request_arrival_time, stored.timestamp) IS NOT NULL
    )
SELECT
    1767571200000000 + intDiv(toUnixTimestamp64Micro(request_arrival_time) - 1767571200000000, 86400000000) * 86400000000 AS bucket,
    count() AS request_count
FROM requests
WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
    AND request_arrival_time < {to:DateTime64(6, 'UTC')}
    AND (prompt_id IS NULL OR prompt_id = '')
GROUP BY
    bucket
ORDER BY
    bucket ASC
