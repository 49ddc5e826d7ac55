package io.budmetrics.schema;

/** The columns of the table <code>InferenceFact</code>: one row per inference. */
public final class InferenceFact {
    /** Identity of the inference. */
    public static final Column INFERENCE_ID = new Column("inference_id", "UUID");
    /** The project that owns the endpoint. */
    public static final Column PROJECT_ID = new Column("project_id", "Nullable(UUID)");
    /** The endpoint that was called. */
    public static final Column ENDPOINT_ID = new Column("endpoint_id", "Nullable(UUID)");
    /** The model that answered. */
    public static final Column MODEL_ID = new Column("model_id", "Nullable(UUID)");
    /** The API key of the caller. */
    public static final Column API_KEY_ID = new Column("api_key_id", "Nullable(UUID)");
    /** The project that owns the API key. */
    public static final Column API_KEY_PROJECT_ID = new Column("api_key_project_id", "Nullable(UUID)");
    /** The prompt that was used; null or empty for plain inference. */
    public static final Column PROMPT_ID = new Column("prompt_id", "Nullable(String)");
    /** When the request arrived: event time. */
    public static final Column REQUEST_ARRIVAL_TIME = new Column("request_arrival_time", "DateTime64(6, 'UTC')");
    /** When the request was forwarded to the model. */
    public static final Column REQUEST_FORWARD_TIME =
            new Column("request_forward_time", "Nullable(DateTime64(6, 'UTC'))");
    /** Whether the request succeeded; null when unknown. */
    public static final Column IS_SUCCESS = new Column("is_success", "Nullable(Bool)");
    /** Whether the response cache answered; null when unknown. */
    public static final Column CACHED = new Column("cached", "Nullable(Bool)");
    /** Whether the answer was streamed; null when unknown. */
    public static final Column STREAMED = new Column("streamed", "Nullable(Bool)");
    /** Input tokens. */
    public static final Column INPUT_TOKENS = new Column("input_tokens", "Nullable(UInt32)");
    /** Output tokens. */
    public static final Column OUTPUT_TOKENS = new Column("output_tokens", "Nullable(UInt32)");
    /** End-to-end latency in microseconds. */
    public static final Column RESPONSE_TIME_US = new Column("response_time_us", "Nullable(Int64)");
    /** Time to first token in microseconds. */
    public static final Column TTFT_US = new Column("ttft_us", "Nullable(Int64)");
    /** Price billed. */
    public static final Column COST = new Column("cost", "Nullable(Decimal(18, 12))");

    private InferenceFact() {}
}
