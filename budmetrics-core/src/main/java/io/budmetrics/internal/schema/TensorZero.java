package io.budmetrics.internal.schema;

import io.budmetrics.schema.Column;
import io.budmetrics.schema.Table;
import io.budmetrics.schema.Table.SkipIndex;
import java.util.List;

/**
 * Describes the tables of a TensorZero gateway that {@link io.budmetrics.schema.Layout#tensorzero} reads, so that they can be created where there
 * is no gateway. They are not part of the library's own schema, and no migration touches them.
 */
public final class TensorZero {
    private static final Table DETAILS = Table.builder("ModelInferenceDetails")
            .columns(List.of(
                    new Column("inference_id", "UUID"),
                    new Column("request_ip", "Nullable(IPv4)"),
                    new Column("project_id", "UUID"),
                    new Column("endpoint_id", "UUID"),
                    new Column("model_id", "UUID"),
                    new Column("cost", "Nullable(Float64)"),
                    new Column("response_analysis", "Nullable(String)"),
                    new Column("is_success", "Bool"),
                    new Column("request_arrival_time", "DateTime"),
                    new Column("request_forward_time", "DateTime"),
                    new Column("api_key_id", "Nullable(UUID)"),
                    new Column("user_id", "Nullable(UUID)"),
                    new Column("api_key_project_id", "Nullable(UUID)"),
                    new Column("error_code", "Nullable(String)"),
                    new Column("error_message", "Nullable(String)"),
                    new Column("error_type", "Nullable(String)"),
                    new Column("status_code", "Nullable(UInt16)"),
                    new Column("created_at", "DateTime", "", "now()")))
            .engine("MergeTree")
            .partitionBy("toYYYYMM(request_arrival_time)")
            .orderBy("project_id", "model_id", "endpoint_id", "request_arrival_time", "inference_id")
            .build();

    private static final Table MODEL_INFERENCE = Table.builder("ModelInference")
            .columns(List.of(
                    new Column("id", "UUID"),
                    new Column("inference_id", "UUID"),
                    new Column("raw_request", "String"),
                    new Column("raw_response", "String"),
                    new Column("model_name", "LowCardinality(String)"),
                    new Column("model_provider_name", "LowCardinality(String)"),
                    new Column("endpoint_type", "LowCardinality(String)", "", "'chat'"),
                    new Column("input_tokens", "Nullable(UInt32)"),
                    new Column("output_tokens", "Nullable(UInt32)"),
                    new Column("response_time_ms", "Nullable(UInt32)"),
                    new Column("ttft_ms", "Nullable(UInt32)"),
                    new Column("system", "Nullable(String)"),
                    new Column("input_messages", "String"),
                    new Column("output", "String"),
                    new Column("cached", "Bool", "", "false"),
                    new Column(
                            "finish_reason",
                            "Nullable(Enum8('stop' = 1, 'length' = 2, 'tool_call' = 3, 'content_filter' = 4, 'unknown' = 5))"),
                    new Column("timestamp", "DateTime", "", "UUIDv7ToDateTime(id)")))
            .indexes(new SkipIndex("inference_id_index", "inference_id", "minmax", 1))
            .engine("MergeTree")
            .partitionBy("toYYYYMM(timestamp)")
            .orderBy("model_name", "timestamp", "inference_id")
            .build();

    private TensorZero() {}

    /**
     * The descriptions of both tables.
     *
     * @return <code>ModelInferenceDetails</code> and <code>ModelInference</code>
     */
    public static List<Table> tables() {
        return List.of(DETAILS, MODEL_INFERENCE);
    }
}
