package io.budmetrics.internal.schema;

import io.budmetrics.schema.Column;
import io.budmetrics.schema.Table;
import java.util.List;

/**
 * Describes the table of a collector of OpenTelemetry traces that {@link io.budmetrics.schema.Layout#otelInferenceFact} reads, as far as the
 * layout needs it, so that it can be created where there is no collector. It has the name of the library's own table, so
 * both cannot be in one database.
 */
public final class OtelInferenceFact {
    private static final Table TABLE = Table.builder("InferenceFact")
            .columns(List.of(
                    new Column("id", "UUID", "", "generateUUIDv4()"),
                    new Column("trace_id", "String"),
                    new Column("span_id", "String"),
                    new Column("inference_id", "Nullable(UUID)"),
                    new Column("project_id", "Nullable(UUID)"),
                    new Column("endpoint_id", "Nullable(UUID)"),
                    new Column("model_id", "Nullable(UUID)"),
                    new Column("api_key_id", "Nullable(UUID)"),
                    new Column("api_key_project_id", "Nullable(UUID)"),
                    new Column("user_id", "Nullable(String)"),
                    new Column("timestamp", "DateTime64(3)"),
                    new Column("request_arrival_time", "Nullable(DateTime64(3))"),
                    new Column("request_forward_time", "Nullable(DateTime64(3))"),
                    new Column("is_success", "Bool", "", "true"),
                    new Column("cost", "Nullable(Float64)"),
                    new Column("inference_cost", "Nullable(Float64)"),
                    new Column("status_code", "Nullable(UInt16)"),
                    new Column("error_code", "Nullable(String)"),
                    new Column("error_type", "Nullable(String)"),
                    new Column("model_name", "LowCardinality(String)", "", "''"),
                    new Column("model_provider", "LowCardinality(String)", "", "''"),
                    new Column("endpoint_type", "LowCardinality(String)", "", "'chat'"),
                    new Column("input_tokens", "Nullable(UInt32)"),
                    new Column("output_tokens", "Nullable(UInt32)"),
                    new Column("response_time_ms", "Nullable(UInt32)"),
                    new Column("ttft_ms", "Nullable(UInt32)"),
                    new Column("cached", "Bool", "", "false"),
                    new Column(
                            "finish_reason",
                            "Nullable(Enum8('stop' = 1, 'length' = 2, 'tool_call' = 3, 'content_filter' = 4, 'unknown' = 5))"),
                    new Column("function_name", "LowCardinality(Nullable(String))"),
                    new Column("variant_name", "LowCardinality(Nullable(String))"),
                    new Column("processing_time_ms", "Nullable(UInt32)"),
                    new Column("country_code", "LowCardinality(Nullable(String))"),
                    new Column("country_name", "Nullable(String)"),
                    new Column("region", "Nullable(String)"),
                    new Column("city", "Nullable(String)"),
                    new Column("timezone", "Nullable(String)"),
                    new Column("isp", "Nullable(String)"),
                    new Column("asn", "Nullable(UInt32)"),
                    new Column("device_type", "LowCardinality(Nullable(String))"),
                    new Column("browser_name", "LowCardinality(Nullable(String))"),
                    new Column("browser_version", "Nullable(String)"),
                    new Column("os_name", "LowCardinality(Nullable(String))"),
                    new Column("os_version", "Nullable(String)"),
                    new Column("is_bot", "Nullable(Bool)"),
                    new Column("method", "LowCardinality(Nullable(String))"),
                    new Column("path", "Nullable(String)"),
                    new Column("body_size", "Nullable(UInt32)"),
                    new Column("response_size", "Nullable(UInt32)"),
                    new Column("gateway_processing_ms", "Nullable(UInt32)"),
                    new Column("total_duration_ms", "Nullable(UInt32)"),
                    new Column("model_version", "Nullable(String)"),
                    new Column("block_reason", "Nullable(String)"),
                    new Column("routing_decision", "LowCardinality(Nullable(String))"),
                    new Column("is_blocked", "Nullable(Bool)"),
                    new Column("request_timestamp", "Nullable(DateTime64(3))"),
                    new Column("response_timestamp", "Nullable(DateTime64(3))"),
                    new Column("rule_type", "LowCardinality(Nullable(String))"),
                    new Column("rule_name", "Nullable(String)"),
                    new Column("prompt_id", "Nullable(String)"),
                    new Column("client_prompt_id", "Nullable(String)"),
                    new Column("prompt_version", "Nullable(String)"),
                    new Column("response_status", "LowCardinality(Nullable(String))"),
                    new Column("audio_duration_seconds", "Nullable(Float32)"),
                    new Column("tts_character_count", "Nullable(UInt32)"),
                    new Column("images_generated", "Nullable(UInt8)"),
                    new Column("embedding_input_count", "Nullable(UInt32)"),
                    new Column("embedding_dimensions", "Nullable(UInt32)"),
                    new Column("document_page_count", "Nullable(UInt16)")))
            .engine("ReplacingMergeTree(timestamp)")
            .partitionBy("toYYYYMM(timestamp)")
            .orderBy("trace_id", "span_id")
            .settings("allow_nullable_key = 1")
            .build();

    private OtelInferenceFact() {}

    /**
     * Returns the description of a collector's table.
     *
     * @return <code>InferenceFact</code>, as a collector fills it
     */
    public static Table table() {
        return TABLE;
    }
}
