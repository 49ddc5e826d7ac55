WITH
    requests AS
    (
        SELECT
            cost,
            input_tokens,
            model_id,
            output_tokens,
            prompt_id,
            request_arrival_time
        FROM
        (
            SELECT
                argMax(tuple(stored.cost, stored.model_id), tuple(stored.created_at)) AS newest_row,
                CAST(toString(tupleElement(newest_row, 1)), 'Nullable(Decimal(18, 12))') AS cost,
                toNullable(tupleElement(newest_row, 2)) AS model_id,
                CAST(NULL, 'Nullable(String)') AS prompt_id,
                CAST(assumeNotNull(stored.request_arrival_time), 'DateTime64(6, \'UTC\')') AS request_arrival_time,
                stored.inference_id AS inference_id
            FROM ModelInferenceDetails AS stored
            WHERE stored.request_arrival_time IS NOT NULL
            GROUP BY
                stored.project_id,
                stored.request_arrival_time,
                stored.inference_id
        ) AS arrivals
        LEFT JOIN
        (
            SELECT
                argMax(tuple(stored.input_tokens, stored.output_tokens), tuple(stored.timestamp, stored.id)) AS newest_row,
                stored.inference_id AS calls_inference_id,
                accurateCastOrNull(tupleElement(newest_row, 1), 'UInt32') AS input_tokens,
                accurateCastOrNull(tupleElement(newest_row, 2), 'UInt32') AS output_tokens
            FROM ModelInference AS stored
            WHERE stored.inference_id IN
            (
                SELECT stored.inference_id
                FROM ModelInferenceDetails AS stored
                WHERE CAST(assumeNotNull(stored.request_arrival_time), 'DateTime64(6, \'UTC\')') >= {from:DateTime64(6, 'UTC')}
                    AND CAST(assumeNotNull(stored.request_arrival_time), 'DateTime64(6, \'UTC\')') < {to:DateTime64(6, 'UTC')}
            )
            GROUP BY
                stored.inference_id
        ) AS calls ON inference_id = calls_inference_id
    )
SELECT
    if(place <= 2, place, 0) AS group_rank,
    group_rank = 0 AS is_others,
    if(is_others, NULL, any(counted.model_id)) AS model,
    materialize(toInt64(1767225600000000)) AS bucket,
    sum(counted.request_count) AS request_count,
    sum(counted.cost_known) AS cost_known,
    sum(counted.cost_sum) AS cost_sum,
    sum(counted.total_token_known) AS total_token_known,
    sum(counted.total_token_sum) AS total_token_sum
FROM
(
    SELECT
        model_id,
        count() AS request_count,
        count(cost) AS cost_known,
        sum(cost) AS cost_sum,
        countIf(isNotNull(input_tokens) OR isNotNull(output_tokens)) AS total_token_known,
        sum(ifNull(input_tokens, 0) + ifNull(output_tokens, 0)) AS total_token_sum,
        row_number() OVER (
            ORDER BY
                sum(cost) DESC NULLS LAST,
                toString(model_id) ASC NULLS LAST
        ) AS place
    FROM requests
    WHERE request_arrival_time >= {from:DateTime64(6, 'UTC')}
        AND request_arrival_time < {to:DateTime64(6, 'UTC')}
        AND (prompt_id IS NULL OR prompt_id = '')
    GROUP BY model_id
) AS counted
GROUP BY
    group_rank,
    bucket
ORDER BY
    is_others ASC,
    group_rank ASC,
    bucket ASC
