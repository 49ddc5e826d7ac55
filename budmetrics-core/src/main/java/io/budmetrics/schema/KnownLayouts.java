package io.budmetrics.schema;

import java.util.List;

/** Layouts over tables that other programs fill. */
final class KnownLayouts {
    private static final long MICROS_PER_MILLI = 1000;
    private static final String INFERENCE_ID = "inference_id";
    private static final String ARRIVAL = "request_arrival_time";

    private KnownLayouts() {}

    static Layout otelInferenceFact() {
        LayoutBuilder builder = Layout.table("InferenceFact").withFinal();
        same(
                builder,
                InferenceFact.INFERENCE_ID,
                InferenceFact.USER_ID,
                InferenceFact.PROJECT_ID,
                InferenceFact.ENDPOINT_ID,
                InferenceFact.MODEL_ID,
                InferenceFact.API_KEY_ID,
                InferenceFact.API_KEY_PROJECT_ID);
        // a span has a beginning even where nothing else of the request was told
        builder.column(
                InferenceFact.REQUEST_ARRIVAL_TIME, StoredColumn.of(ARRIVAL).orElse("timestamp"));
        sameNamed(builder);
        return builder.column(
                        InferenceFact.FINISH_REASON,
                        StoredColumn.of("finish_reason").asText())
                .column(InferenceFact.RESPONSE_TIME_US, millis("response_time_ms"))
                .column(InferenceFact.TTFT_US, millis("ttft_ms"))
                .column(InferenceFact.PROCESSING_TIME_US, millis("processing_time_ms"))
                .column(InferenceFact.GATEWAY_PROCESSING_US, millis("gateway_processing_ms"))
                .column(InferenceFact.TOTAL_DURATION_US, millis("total_duration_ms"))
                .column(
                        InferenceFact.AUDIO_DURATION_US,
                        StoredColumn.of("audio_duration_seconds").times(1_000_000))
                .unknown(InferenceFact.STREAMED)
                // the key of the table
                .filled("trace_id", INFERENCE_ID)
                .filled("span_id", ARRIVAL)
                .build();
    }

    /** Columns of a collector that are called as the logical ones. */
    private static void sameNamed(LayoutBuilder builder) {
        same(
                builder,
                InferenceFact.REQUEST_FORWARD_TIME,
                InferenceFact.REQUEST_TIMESTAMP,
                InferenceFact.RESPONSE_TIMESTAMP,
                InferenceFact.IS_SUCCESS,
                InferenceFact.STATUS_CODE,
                InferenceFact.COST,
                InferenceFact.INFERENCE_COST,
                InferenceFact.INPUT_TOKENS,
                InferenceFact.OUTPUT_TOKENS,
                InferenceFact.CACHED,
                InferenceFact.IS_BOT,
                InferenceFact.IS_BLOCKED,
                InferenceFact.ASN,
                InferenceFact.BODY_SIZE,
                InferenceFact.RESPONSE_SIZE,
                InferenceFact.TTS_CHARACTER_COUNT,
                InferenceFact.IMAGES_GENERATED,
                InferenceFact.EMBEDDING_INPUT_COUNT,
                InferenceFact.EMBEDDING_DIMENSIONS,
                InferenceFact.DOCUMENT_PAGE_COUNT);
        texts(
                builder,
                InferenceFact.ERROR_CODE,
                InferenceFact.ERROR_TYPE,
                InferenceFact.MODEL_NAME,
                InferenceFact.MODEL_PROVIDER,
                InferenceFact.MODEL_VERSION,
                InferenceFact.ENDPOINT_TYPE,
                InferenceFact.FUNCTION_NAME,
                InferenceFact.VARIANT_NAME,
                InferenceFact.COUNTRY_CODE,
                InferenceFact.COUNTRY_NAME,
                InferenceFact.REGION,
                InferenceFact.CITY,
                InferenceFact.TIMEZONE,
                InferenceFact.ISP,
                InferenceFact.DEVICE_TYPE,
                InferenceFact.BROWSER_NAME,
                InferenceFact.BROWSER_VERSION,
                InferenceFact.OS_NAME,
                InferenceFact.OS_VERSION,
                InferenceFact.METHOD,
                InferenceFact.PATH,
                InferenceFact.ROUTING_DECISION,
                InferenceFact.BLOCK_REASON,
                InferenceFact.RULE_NAME,
                InferenceFact.RULE_TYPE,
                InferenceFact.PROMPT_ID,
                InferenceFact.CLIENT_PROMPT_ID,
                InferenceFact.PROMPT_VERSION,
                InferenceFact.RESPONSE_STATUS);
    }

    static Layout tensorzero() {
        LayoutBuilder calls =
                LayoutBuilder.joined("calls", "ModelInference").newestOf(List.of(INFERENCE_ID), "timestamp", "id");
        same(calls, InferenceFact.INPUT_TOKENS, InferenceFact.OUTPUT_TOKENS, InferenceFact.CACHED);
        texts(calls, InferenceFact.MODEL_NAME, InferenceFact.ENDPOINT_TYPE);
        calls.column(
                        InferenceFact.MODEL_PROVIDER,
                        StoredColumn.of("model_provider_name").nullIfEmpty())
                .column(
                        InferenceFact.FINISH_REASON,
                        StoredColumn.of("finish_reason").asText())
                .column(InferenceFact.RESPONSE_TIME_US, millis("response_time_ms"))
                .column(InferenceFact.TTFT_US, millis("ttft_ms"))
                .filled("id", INFERENCE_ID)
                .filled(INFERENCE_ID, INFERENCE_ID)
                .filled("timestamp", ARRIVAL);

        LayoutBuilder details = Layout.table("ModelInferenceDetails")
                .newestOf(List.of("project_id", ARRIVAL, INFERENCE_ID), "created_at");
        same(
                details,
                InferenceFact.INFERENCE_ID,
                InferenceFact.PROJECT_ID,
                InferenceFact.ENDPOINT_ID,
                InferenceFact.MODEL_ID,
                InferenceFact.API_KEY_ID,
                InferenceFact.API_KEY_PROJECT_ID);
        same(
                details,
                InferenceFact.REQUEST_ARRIVAL_TIME,
                InferenceFact.REQUEST_FORWARD_TIME,
                InferenceFact.IS_SUCCESS,
                InferenceFact.STATUS_CODE,
                InferenceFact.COST);
        texts(details, InferenceFact.ERROR_CODE, InferenceFact.ERROR_TYPE);
        return details.column(InferenceFact.USER_ID, StoredColumn.of("user_id").asText())
                .unknown(InferenceFact.STREAMED, InferenceFact.IS_BLOCKED, InferenceFact.PROMPT_ID)
                .join(calls)
                .build();
    }

    private static StoredColumn millis(String name) {
        return StoredColumn.of(name).times(MICROS_PER_MILLI);
    }

    private static void same(LayoutBuilder builder, Column... columns) {
        for (Column column : columns) {
            builder.column(column, column.name());
        }
    }

    private static void texts(LayoutBuilder builder, Column... columns) {
        for (Column column : columns) {
            builder.column(column, StoredColumn.of(column.name()).nullIfEmpty());
        }
    }
}
