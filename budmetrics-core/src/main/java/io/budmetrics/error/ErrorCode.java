package io.budmetrics.error;

/** The stable reasons of a {@link BudMetricsException}; callers may switch over them. */
public enum ErrorCode {
    /** The question, the record or a setting is not valid; nothing was sent. */
    INVALID_QUERY,
    /** The caller's own code or configuration is not valid, such as a layout or a limit; nothing was sent. */
    INVALID_CONFIGURATION,
    /** The server could not be reached, or left before it answered. */
    DATABASE_UNAVAILABLE,
    /** The answer did not come within the time limit. */
    QUERY_TIMEOUT,
    /** The statement was cancelled, by the caller or by somebody at the server. */
    QUERY_CANCELLED,
    /** A limit on memory, rows, bytes or concurrency was reached. */
    RESOURCE_EXHAUSTED,
    /** The user may not do this, or is not known. */
    ACCESS_DENIED,
    /** The tables or columns of the server are not the ones the statement needs. */
    SCHEMA_MISMATCH,
    /** Any other error that the server reported. */
    DATABASE_ERROR
}
