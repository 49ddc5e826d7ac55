package io.budmetrics.metric;

/** Words that several definitions of the catalogue share. */
final class Rules {
    static final String SUM_RULE = "0 where nothing arrived; absent where requests arrived and it is known of none";
    static final String MEAN_RULE = "absent where none was measured";
    static final String NO_STANDARD = "none";
    static final String OTEL = "OpenTelemetry GenAI: ";

    private Rules() {}
}
