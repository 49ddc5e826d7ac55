package io.budmetrics.error;

/** The stable codes of a {@link BudMetricsException}; callers may switch over them. */
public enum ErrorCode {
    /** The question is not valid, and its sender can correct it; nothing was sent. */
    INVALID_QUERY,
    /** A record to be written is not valid, and its producer can correct it; it was not sent. */
    INVALID_RECORD,
    /** The application is set up wrongly: a host, a certificate, a limit, a layout, a migration; asking again cannot help. */
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
