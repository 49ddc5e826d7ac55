package io.budmetrics.clickhouse.ingest;

/** What became of a record that was given to {@link InferenceWriter#tryWrite}. */
public enum Outcome {
    /** It is stored. */
    WRITTEN,
    /** The server said no: it is not stored. Whether another try may help, the reason says. */
    REFUSED,
    /**
     * The time was over, or the thread was interrupted, before the server confirmed it: it may be stored or not.
     * Writing it again is safe.
     */
    UNKNOWN
}
