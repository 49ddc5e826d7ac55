package io.budmetrics.schema;

import java.util.List;

/**
 * Describes the library's own table, <code>InferenceFact</code>, which has one row per inference; its columns are the logical
 * columns of every question. Durations are integer microseconds, costs exact decimals, and whatever was not measured or is
 * not known is NULL, never 0 or empty.
 *
 * <p>A column that is added here needs a migration step that adds it at the server; see {@link Schema}.
 *
 * <p>Times are UTC to the microsecond. A row is identified by project, arrival time and inference id; when the same
 * inference is written again, the row that was written last counts.
 */
public final class InferenceFact {
    private static final String ZSTD_1 = "ZSTD(1)";
    private static final String ZSTD_3 = "ZSTD(3)";
    private static final String DELTA = "Delta(8), T64, ZSTD(1)";
    private static final String LZ4 = "LZ4";
    private static final String T64 = "T64, ZSTD(1)";

    // Identity

    /** Identity of the inference. */
    public static final Column INFERENCE_ID = new Column("inference_id", "UUID", LZ4);

    /** The project that owns the endpoint; null: not attributed. */
    public static final Column PROJECT_ID = new Column("project_id", "Nullable(UUID)", ZSTD_1);

    /** The endpoint that was called; null: not attributed. */
    public static final Column ENDPOINT_ID = new Column("endpoint_id", "Nullable(UUID)", ZSTD_1);

    /** The model that answered; null: no model was reached or known. */
    public static final Column MODEL_ID = new Column("model_id", "Nullable(UUID)", ZSTD_1);

    /** The API key of the caller; null: no key or not known. */
    public static final Column API_KEY_ID = new Column("api_key_id", "Nullable(UUID)", ZSTD_1);

    /** The project that owns the API key: the user project; null: no key or not known. */
    public static final Column API_KEY_PROJECT_ID = new Column("api_key_project_id", "Nullable(UUID)", ZSTD_1);

    /** The end user, as the caller names them; null: not given. */
    public static final Column USER_ID = new Column("user_id", "Nullable(String)", ZSTD_1);

    // Time

    /** When the request arrived: event time, to the microsecond. */
    public static final Column REQUEST_ARRIVAL_TIME = new Column("request_arrival_time", "DateTime64(6, 'UTC')", DELTA);

    /**
     * When the request was forwarded to the model; not before the arrival, to the microsecond; null: not forwarded or
     * not measured.
     */
    public static final Column REQUEST_FORWARD_TIME =
            new Column("request_forward_time", "Nullable(DateTime64(6, 'UTC'))", DELTA);

    /** When the gateway read the request, by its own clock, to the microsecond; null: not measured. */
    public static final Column REQUEST_TIMESTAMP =
            new Column("request_timestamp", "Nullable(DateTime64(6, 'UTC'))", DELTA);

    /** When the gateway had sent the response, by its own clock, to the microsecond; null: not measured. */
    public static final Column RESPONSE_TIMESTAMP =
            new Column("response_timestamp", "Nullable(DateTime64(6, 'UTC'))", DELTA);

    // Outcome and cost

    /** Whether the request succeeded; null: not known. */
    public static final Column IS_SUCCESS = new Column("is_success", "Nullable(Bool)", ZSTD_1);

    /** HTTP status that the caller got, 100 to 599; null: not known. */
    public static final Column STATUS_CODE = new Column("status_code", "Nullable(UInt16)", ZSTD_1);

    /** Price billed to the caller, in currency of the installation; null: not priced. */
    public static final Column COST = new Column("cost", "Nullable(Decimal(18, 12))", T64);

    /** What the provider charges, in currency of the installation; null: not known. */
    public static final Column INFERENCE_COST = new Column("inference_cost", "Nullable(Decimal(18, 12))", T64);

    /** Analysis of the response, as JSON; null: not analysed. */
    public static final Column RESPONSE_ANALYSIS = new Column("response_analysis", "Nullable(String)", ZSTD_3);

    // Error

    /** Code of the error, as the gateway names it; null: no error or not known. */
    public static final Column ERROR_CODE = new Column("error_code", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Kind of the error; null: no error or not known. */
    public static final Column ERROR_TYPE = new Column("error_type", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Text of the error; null: no error or not known. */
    public static final Column ERROR_MESSAGE = new Column("error_message", "Nullable(String)", ZSTD_3);

    // Model

    /** The call to the model that gave the answer, when it has a separate identity; null: none. */
    public static final Column MODEL_INFERENCE_ID = new Column("model_inference_id", "Nullable(UUID)", ZSTD_1);

    /** Name of the model; null: not known. */
    public static final Column MODEL_NAME = new Column("model_name", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Who runs the model; null: not known. */
    public static final Column MODEL_PROVIDER =
            new Column("model_provider", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Version of the model; null: not known. */
    public static final Column MODEL_VERSION = new Column("model_version", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Kind of the endpoint, such as chat or embedding; null: not known. */
    public static final Column ENDPOINT_TYPE = new Column("endpoint_type", "LowCardinality(Nullable(String))", ZSTD_1);

    // Performance

    /** Input tokens, as the provider counts them, in tokens; null: not measured. */
    public static final Column INPUT_TOKENS = new Column("input_tokens", "Nullable(UInt32)", T64);

    /** Output tokens, as the provider counts them, in tokens; null: not measured. */
    public static final Column OUTPUT_TOKENS = new Column("output_tokens", "Nullable(UInt32)", T64);

    /**
     * Input tokens read from the prompt cache; some providers count them in the input tokens, others beside them, in
     * tokens; null: not measured.
     */
    public static final Column CACHE_READ_TOKENS = new Column("cache_read_tokens", "Nullable(UInt32)", T64);

    /**
     * Input tokens written to the prompt cache; some providers count them in the input tokens, others beside them, in
     * tokens; null: not measured.
     */
    public static final Column CACHE_WRITE_TOKENS = new Column("cache_write_tokens", "Nullable(UInt32)", T64);

    /**
     * Tokens spent on reasoning; some providers count them in the output tokens, others beside them, in tokens; null:
     * not measured.
     */
    public static final Column REASONING_TOKENS = new Column("reasoning_tokens", "Nullable(UInt32)", T64);

    /** End-to-end latency, from arrival to the last byte, in microseconds; null: not measured. */
    public static final Column RESPONSE_TIME_US = new Column("response_time_us", "Nullable(Int64)", T64);

    /**
     * Time to first token, from arrival; not above the latency, in microseconds; null: not measured or not streamed.
     */
    public static final Column TTFT_US = new Column("ttft_us", "Nullable(Int64)", T64);

    /** Whether the response cache answered; null: not known. */
    public static final Column CACHED = new Column("cached", "Nullable(Bool)", ZSTD_1);

    /** Whether the answer was streamed; null: not known. */
    public static final Column STREAMED = new Column("streamed", "Nullable(Bool)", ZSTD_1);

    /** Why the model stopped, such as stop, length, tool_call or content_filter; null: not known. */
    public static final Column FINISH_REASON = new Column("finish_reason", "LowCardinality(Nullable(String))", ZSTD_1);

    // Content

    /** System prompt; null: not kept. */
    public static final Column SYSTEM_PROMPT = new Column("system_prompt", "Nullable(String)", ZSTD_3);

    /** Messages sent to the model, as JSON; null: not kept. */
    public static final Column INPUT_MESSAGES = new Column("input_messages", "Nullable(String)", ZSTD_3);

    /** What the model answered, as JSON; null: not kept. */
    public static final Column OUTPUT = new Column("output", "Nullable(String)", ZSTD_3);

    /** Request to the provider, verbatim; null: not kept. */
    public static final Column RAW_REQUEST = new Column("raw_request", "Nullable(String)", ZSTD_3);

    /** Response of the provider, verbatim; null: not kept. */
    public static final Column RAW_RESPONSE = new Column("raw_response", "Nullable(String)", ZSTD_3);

    /** Request to the gateway, verbatim; null: not kept. */
    public static final Column GATEWAY_REQUEST = new Column("gateway_request", "Nullable(String)", ZSTD_3);

    /** Response of the gateway, verbatim; null: not kept. */
    public static final Column GATEWAY_RESPONSE = new Column("gateway_response", "Nullable(String)", ZSTD_3);

    /** What the guardrails found, as JSON; null: not scanned. */
    public static final Column GUARDRAIL_SCAN_SUMMARY =
            new Column("guardrail_scan_summary", "Nullable(String)", ZSTD_3);

    /** When the model provider dates the answer, to the microsecond; null: not known. */
    public static final Column MODEL_INFERENCE_TIMESTAMP =
            new Column("model_inference_timestamp", "Nullable(DateTime64(6, 'UTC'))", DELTA);

    // Chat

    /** Identity of the chat inference; null: not a chat. */
    public static final Column CHAT_INFERENCE_ID = new Column("chat_inference_id", "Nullable(UUID)", ZSTD_1);

    /** The episode: inferences that belong together; null: none. */
    public static final Column EPISODE_ID = new Column("episode_id", "Nullable(UUID)", ZSTD_1);

    /** Name of the function; null: none. */
    public static final Column FUNCTION_NAME = new Column("function_name", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Variant of the function; null: none. */
    public static final Column VARIANT_NAME = new Column("variant_name", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Time spent in the function, model calls included, in microseconds; null: not measured. */
    public static final Column PROCESSING_TIME_US = new Column("processing_time_us", "Nullable(Int64)", T64);

    /** Input of the function, as JSON; null: not kept. */
    public static final Column CHAT_INPUT = new Column("chat_input", "Nullable(String)", ZSTD_3);

    /** Output of the function, as JSON; null: not kept. */
    public static final Column CHAT_OUTPUT = new Column("chat_output", "Nullable(String)", ZSTD_3);

    /** Tags of the caller, as JSON; null: none. */
    public static final Column TAGS = new Column("tags", "Nullable(String)", ZSTD_3);

    /** Parameters of the model call, as JSON; null: not kept. */
    public static final Column INFERENCE_PARAMS = new Column("inference_params", "Nullable(String)", ZSTD_3);

    /** Extra body fields, as JSON; null: none. */
    public static final Column EXTRA_BODY = new Column("extra_body", "Nullable(String)", ZSTD_3);

    /** Tools offered, as JSON; null: none. */
    public static final Column TOOL_PARAMS = new Column("tool_params", "Nullable(String)", ZSTD_3);

    // Geography

    /** Country of the caller, ISO 3166 alpha-2; null: not located. */
    public static final Column COUNTRY_CODE = new Column("country_code", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Name of the country; null: not located. */
    public static final Column COUNTRY_NAME = new Column("country_name", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Region of the caller; null: not located. */
    public static final Column REGION = new Column("region", "LowCardinality(Nullable(String))", ZSTD_1);

    /** City of the caller; null: not located. */
    public static final Column CITY = new Column("city", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Time zone of the caller, IANA name; null: not located. */
    public static final Column TIMEZONE = new Column("timezone", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Latitude of the caller, in degrees, -90 to 90; null: not located. */
    public static final Column LATITUDE = new Column("latitude", "Nullable(Float64)", ZSTD_1);

    /** Longitude of the caller, in degrees, -180 to 180; null: not located. */
    public static final Column LONGITUDE = new Column("longitude", "Nullable(Float64)", ZSTD_1);

    /** Autonomous system of the caller; null: not located. */
    public static final Column ASN = new Column("asn", "Nullable(UInt32)", ZSTD_1);

    /** Network operator of the caller; null: not located. */
    public static final Column ISP = new Column("isp", "LowCardinality(Nullable(String))", ZSTD_1);

    // Client

    /** Address the request came from; IPv4 as IPv4-mapped IPv6; null: not kept. */
    public static final Column REQUEST_IP = new Column("request_ip", "Nullable(IPv6)", ZSTD_1);

    /** Address of the client as the gateway sees it behind proxies; IPv4 as IPv4-mapped IPv6; null: not kept. */
    public static final Column CLIENT_IP = new Column("client_ip", "Nullable(IPv6)", ZSTD_1);

    /** User agent, verbatim; null: not given. */
    public static final Column USER_AGENT = new Column("user_agent", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Kind of device; null: not known. */
    public static final Column DEVICE_TYPE = new Column("device_type", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Browser or client library; null: not known. */
    public static final Column BROWSER_NAME = new Column("browser_name", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Version of the browser; null: not known. */
    public static final Column BROWSER_VERSION =
            new Column("browser_version", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Operating system; null: not known. */
    public static final Column OS_NAME = new Column("os_name", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Version of the operating system; null: not known. */
    public static final Column OS_VERSION = new Column("os_version", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Whether the client is a bot; null: not known. */
    public static final Column IS_BOT = new Column("is_bot", "Nullable(Bool)", ZSTD_1);

    // Request

    /** HTTP method; null: not known. */
    public static final Column METHOD = new Column("method", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Path of the URL; null: not known. */
    public static final Column PATH = new Column("path", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Query string of the URL; null: none. */
    public static final Column QUERY_PARAMS = new Column("query_params", "Nullable(String)", ZSTD_1);

    /** HTTP version; null: not known. */
    public static final Column PROTOCOL_VERSION =
            new Column("protocol_version", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Size of the request body, in bytes; null: not measured. */
    public static final Column BODY_SIZE = new Column("body_size", "Nullable(UInt32)", T64);

    /** Size of the response body, in bytes; null: not measured. */
    public static final Column RESPONSE_SIZE = new Column("response_size", "Nullable(UInt32)", T64);

    // Gateway

    /** Time the gateway itself took, in microseconds; null: not measured. */
    public static final Column GATEWAY_PROCESSING_US = new Column("gateway_processing_us", "Nullable(Int64)", T64);

    /**
     * Time from reading the request to the end of the response, at the gateway, in microseconds; null: not measured.
     */
    public static final Column TOTAL_DURATION_US = new Column("total_duration_us", "Nullable(Int64)", T64);

    /** How the request was routed; null: not known. */
    public static final Column ROUTING_DECISION =
            new Column("routing_decision", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Addresses of the proxies on the way; null: none. */
    public static final Column PROXY_CHAIN = new Column("proxy_chain", "Nullable(String)", ZSTD_1);

    /** Whether the gateway refused the request; null: not known. */
    public static final Column IS_BLOCKED = new Column("is_blocked", "Nullable(Bool)", ZSTD_1);

    /** Why it was refused; null: not blocked. */
    public static final Column BLOCK_REASON = new Column("block_reason", "LowCardinality(Nullable(String))", ZSTD_1);

    /** The rule that refused it, as the gateway names it; null: not blocked. */
    public static final Column BLOCK_RULE_ID = new Column("block_rule_id", "Nullable(String)", ZSTD_1);

    /** Headers of the request, as JSON; null: not kept. */
    public static final Column REQUEST_HEADERS = new Column("request_headers", "Nullable(String)", ZSTD_3);

    /** Headers of the response, as JSON; null: not kept. */
    public static final Column RESPONSE_HEADERS = new Column("response_headers", "Nullable(String)", ZSTD_3);

    /** Tags of the gateway, as JSON; null: none. */
    public static final Column GATEWAY_TAGS = new Column("gateway_tags", "Nullable(String)", ZSTD_3);

    // Blocking event

    /** Identity of the blocking event; null: not blocked. */
    public static final Column BLOCKING_EVENT_ID = new Column("blocking_event_id", "Nullable(UUID)", ZSTD_1);

    /** The rule that fired; null: not blocked. */
    public static final Column RULE_ID = new Column("rule_id", "Nullable(UUID)", ZSTD_1);

    /** Kind of the rule; null: not blocked. */
    public static final Column RULE_TYPE = new Column("rule_type", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Name of the rule; null: not blocked. */
    public static final Column RULE_NAME = new Column("rule_name", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Priority of the rule; null: not blocked. */
    public static final Column RULE_PRIORITY = new Column("rule_priority", "Nullable(Int32)", ZSTD_1);

    /** What the rule did; null: not blocked. */
    public static final Column ACTION_TAKEN = new Column("action_taken", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Why, in full; null: not blocked. */
    public static final Column BLOCK_REASON_DETAIL = new Column("block_reason_detail", "Nullable(String)", ZSTD_3);

    /** When the rule fired, to the microsecond; null: not blocked. */
    public static final Column BLOCKED_AT = new Column("blocked_at", "Nullable(DateTime64(6, 'UTC'))", DELTA);

    // Prompt

    /** The prompt that was used; null or empty for plain inference; null: plain inference. */
    public static final Column PROMPT_ID = new Column("prompt_id", "Nullable(String)", ZSTD_1);

    /** The prompt, as the client names it; null: plain inference. */
    public static final Column CLIENT_PROMPT_ID = new Column("client_prompt_id", "Nullable(String)", ZSTD_1);

    /** Version of the prompt; null: plain inference. */
    public static final Column PROMPT_VERSION =
            new Column("prompt_version", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Identity of that version; null: plain inference. */
    public static final Column PROMPT_VERSION_ID = new Column("prompt_version_id", "Nullable(UUID)", ZSTD_1);

    /** Variables of the prompt, as JSON; null: none. */
    public static final Column PROMPT_VARIABLES = new Column("prompt_variables", "Nullable(String)", ZSTD_3);

    /** Identity of the response object; null: none. */
    public static final Column RESPONSE_ID = new Column("response_id", "Nullable(String)", ZSTD_1);

    /** Status of the response object; null: none. */
    public static final Column RESPONSE_STATUS =
            new Column("response_status", "LowCardinality(Nullable(String))", ZSTD_1);

    // Modality

    /** Length of the audio, in microseconds; null: no audio. */
    public static final Column AUDIO_DURATION_US = new Column("audio_duration_us", "Nullable(Int64)", T64);

    /** Language that was asked for; null: no audio. */
    public static final Column AUDIO_LANGUAGE =
            new Column("audio_language", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Language that was heard; null: no audio. */
    public static final Column AUDIO_DETECTED_LANGUAGE =
            new Column("audio_detected_language", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Voice of the speech; null: no audio. */
    public static final Column AUDIO_VOICE = new Column("audio_voice", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Format of the audio or its transcript; null: no audio. */
    public static final Column AUDIO_RESPONSE_FORMAT =
            new Column("audio_response_format", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Characters spoken, in characters; null: no speech. */
    public static final Column TTS_CHARACTER_COUNT = new Column("tts_character_count", "Nullable(UInt32)", T64);

    /** Images in the answer, in images; null: no images. */
    public static final Column IMAGES_GENERATED = new Column("images_generated", "Nullable(UInt16)", ZSTD_1);

    /** Size of the images; null: no images. */
    public static final Column IMAGE_SIZE = new Column("image_size", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Quality of the images; null: no images. */
    public static final Column IMAGE_QUALITY = new Column("image_quality", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Style of the images; null: no images. */
    public static final Column IMAGE_STYLE = new Column("image_style", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Texts that were embedded, in texts; null: no embedding. */
    public static final Column EMBEDDING_INPUT_COUNT = new Column("embedding_input_count", "Nullable(UInt32)", T64);

    /** Dimensions of each embedding, in dimensions; null: no embedding. */
    public static final Column EMBEDDING_DIMENSIONS = new Column("embedding_dimensions", "Nullable(UInt32)", ZSTD_1);

    /** Encoding of the embeddings; null: no embedding. */
    public static final Column EMBEDDING_ENCODING_FORMAT =
            new Column("embedding_encoding_format", "LowCardinality(Nullable(String))", ZSTD_1);

    /** Pages of the document, in pages; null: no document. */
    public static final Column DOCUMENT_PAGE_COUNT = new Column("document_page_count", "Nullable(UInt16)", ZSTD_1);

    // Book-keeping

    /**
     * When the row was written, by the server's clock; of two rows of one inference the later one counts, to the
     * microsecond.
     */
    public static final Column INGESTED_AT =
            new Column("ingested_at", "DateTime64(6, 'UTC')", DELTA, "now64(6, 'UTC')");

    private static final List<Column> COLUMNS = List.of(
            INFERENCE_ID,
            PROJECT_ID,
            ENDPOINT_ID,
            MODEL_ID,
            API_KEY_ID,
            API_KEY_PROJECT_ID,
            USER_ID,
            REQUEST_ARRIVAL_TIME,
            REQUEST_FORWARD_TIME,
            REQUEST_TIMESTAMP,
            RESPONSE_TIMESTAMP,
            IS_SUCCESS,
            STATUS_CODE,
            COST,
            INFERENCE_COST,
            RESPONSE_ANALYSIS,
            ERROR_CODE,
            ERROR_TYPE,
            ERROR_MESSAGE,
            MODEL_INFERENCE_ID,
            MODEL_NAME,
            MODEL_PROVIDER,
            MODEL_VERSION,
            ENDPOINT_TYPE,
            INPUT_TOKENS,
            OUTPUT_TOKENS,
            CACHE_READ_TOKENS,
            CACHE_WRITE_TOKENS,
            REASONING_TOKENS,
            RESPONSE_TIME_US,
            TTFT_US,
            CACHED,
            STREAMED,
            FINISH_REASON,
            SYSTEM_PROMPT,
            INPUT_MESSAGES,
            OUTPUT,
            RAW_REQUEST,
            RAW_RESPONSE,
            GATEWAY_REQUEST,
            GATEWAY_RESPONSE,
            GUARDRAIL_SCAN_SUMMARY,
            MODEL_INFERENCE_TIMESTAMP,
            CHAT_INFERENCE_ID,
            EPISODE_ID,
            FUNCTION_NAME,
            VARIANT_NAME,
            PROCESSING_TIME_US,
            CHAT_INPUT,
            CHAT_OUTPUT,
            TAGS,
            INFERENCE_PARAMS,
            EXTRA_BODY,
            TOOL_PARAMS,
            COUNTRY_CODE,
            COUNTRY_NAME,
            REGION,
            CITY,
            TIMEZONE,
            LATITUDE,
            LONGITUDE,
            ASN,
            ISP,
            REQUEST_IP,
            CLIENT_IP,
            USER_AGENT,
            DEVICE_TYPE,
            BROWSER_NAME,
            BROWSER_VERSION,
            OS_NAME,
            OS_VERSION,
            IS_BOT,
            METHOD,
            PATH,
            QUERY_PARAMS,
            PROTOCOL_VERSION,
            BODY_SIZE,
            RESPONSE_SIZE,
            GATEWAY_PROCESSING_US,
            TOTAL_DURATION_US,
            ROUTING_DECISION,
            PROXY_CHAIN,
            IS_BLOCKED,
            BLOCK_REASON,
            BLOCK_RULE_ID,
            REQUEST_HEADERS,
            RESPONSE_HEADERS,
            GATEWAY_TAGS,
            BLOCKING_EVENT_ID,
            RULE_ID,
            RULE_TYPE,
            RULE_NAME,
            RULE_PRIORITY,
            ACTION_TAKEN,
            BLOCK_REASON_DETAIL,
            BLOCKED_AT,
            PROMPT_ID,
            CLIENT_PROMPT_ID,
            PROMPT_VERSION,
            PROMPT_VERSION_ID,
            PROMPT_VARIABLES,
            RESPONSE_ID,
            RESPONSE_STATUS,
            AUDIO_DURATION_US,
            AUDIO_LANGUAGE,
            AUDIO_DETECTED_LANGUAGE,
            AUDIO_VOICE,
            AUDIO_RESPONSE_FORMAT,
            TTS_CHARACTER_COUNT,
            IMAGES_GENERATED,
            IMAGE_SIZE,
            IMAGE_QUALITY,
            IMAGE_STYLE,
            EMBEDDING_INPUT_COUNT,
            EMBEDDING_DIMENSIONS,
            EMBEDDING_ENCODING_FORMAT,
            DOCUMENT_PAGE_COUNT,
            INGESTED_AT);

    private static final Table TABLE = Table.builder("InferenceFact")
            .columns(COLUMNS)
            .engine("ReplacingMergeTree(" + INGESTED_AT.name() + ")")
            .partitionBy("toYYYYMM(" + REQUEST_ARRIVAL_TIME.name() + ")")
            .orderBy(PROJECT_ID.name(), REQUEST_ARRIVAL_TIME.name(), INFERENCE_ID.name())
            .time(REQUEST_ARRIVAL_TIME)
            .settings(
                    "allow_nullable_key = 1",
                    // the window is what lets a writer make a repeated insert a no-op
                    "non_replicated_deduplication_window = 1000",
                    // a TTL takes whole parts and rewrites none
                    "ttl_only_drop_parts = 1")
            .build();

    private InferenceFact() {}

    /**
     * Lists all columns.
     *
     * @return the columns in the order of the table
     */
    public static List<Column> columns() {
        return COLUMNS;
    }

    /**
     * Describes the table.
     *
     * @return its columns, engine, keys and settings
     */
    public static Table table() {
        return TABLE;
    }
}
