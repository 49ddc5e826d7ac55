package io.budmetrics.metric;

/** Words that several definitions of the catalogue share. */
final class Rules {
    static final String SUM_RULE = "0 if nothing arrived; absent if requests arrived but none has a known value";
    static final String MEAN_RULE = "absent if none was measured";
    static final String NO_STANDARD = "none";
    static final String OTEL = "OpenTelemetry GenAI: ";

    private Rules() {}
}
