package io.budmetrics.error;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The exception that the library throws for every failure. Its message names fields, numbers, units and zones, never ids,
 * users or texts of a tenant, so it may be logged.
 */
public final class BudMetricsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The code, stable across versions. */
    private final ErrorCode code;

    /** Whether sending again may help. */
    private final boolean retryable;

    /** The id the server knows, or null. */
    private final @Nullable String queryId;

    /** ClickHouse's code, or 0. */
    private final int serverCode;

    private BudMetricsException(
            ErrorCode code,
            String message,
            boolean retryable,
            @Nullable String queryId,
            int serverCode,
            @Nullable Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code is null");
        this.retryable = retryable;
        this.queryId = queryId;
        this.serverCode = serverCode;
    }

    /**
     * Creates an error in a question; nothing was sent.
     *
     * @param message names the field, what was given and what to do instead
     * @return the exception, to be thrown
     */
    public static BudMetricsException invalidQuery(String message) {
        return of(ErrorCode.INVALID_QUERY, message);
    }

    /**
     * Creates an error in a record that was to be written; it was not sent.
     *
     * @param message names the field, what was given and what to do instead
     * @return the exception, to be thrown
     */
    public static BudMetricsException invalidRecord(String message) {
        return of(ErrorCode.INVALID_RECORD, message);
    }

    /**
     * Creates an error in the configuration of the application, which its users cannot correct.
     *
     * @param message names the setting, what was given and what to do instead
     * @return the exception, to be thrown
     */
    public static BudMetricsException invalidConfiguration(String message) {
        return of(ErrorCode.INVALID_CONFIGURATION, message);
    }

    /**
     * Creates an error without a cause from the server.
     *
     * @param code the reason
     * @param message what went wrong and what to do
     * @return the exception, to be thrown; not retryable
     */
    public static BudMetricsException of(ErrorCode code, String message) {
        return new BudMetricsException(code, message, false, null, 0, null);
    }

    /**
     * Creates an error that another exception caused.
     *
     * @param code the reason
     * @param message what went wrong and what to do
     * @param cause what was thrown
     * @return the exception, to be thrown; not retryable
     */
    public static BudMetricsException of(ErrorCode code, String message, Throwable cause) {
        return new BudMetricsException(code, message, false, null, 0, cause);
    }

    /**
     * Returns this error with the ids and codes of its statement added.
     *
     * @param newQueryId the query id that was sent
     * @param newServerCode ClickHouse's own error code, 0 when there is none
     * @param newRetryable whether the same statement may succeed when it is sent again
     * @return a new exception with the same code, message, cause and stack trace
     */
    public BudMetricsException forStatement(String newQueryId, int newServerCode, boolean newRetryable) {
        BudMetricsException exception =
                new BudMetricsException(code, reason(), newRetryable, newQueryId, newServerCode, getCause());
        exception.setStackTrace(getStackTrace());
        return exception;
    }

    /**
     * Returns the stable code of the error.
     *
     * @return the code
     */
    public ErrorCode code() {
        return code;
    }

    /**
     * Returns whether the same statement may succeed when it is sent again.
     *
     * @return true when nothing but the moment was wrong
     */
    public boolean retryable() {
        return retryable;
    }

    /**
     * Returns the id by which the server knows the statement.
     *
     * @return the query id; empty when nothing was sent
     */
    public Optional<String> queryId() {
        return Optional.ofNullable(queryId);
    }

    /**
     * Returns ClickHouse's own error code, such as 60 for an unknown table.
     *
     * @return the code; empty when the server sent none
     */
    public OptionalInt serverCode() {
        return serverCode == 0 ? OptionalInt.empty() : OptionalInt.of(serverCode);
    }

    /**
     * Returns the message without the code and ids, to show to the sender of an invalid question.
     *
     * @return names the field, what was given and what to do instead
     */
    public String reason() {
        return Objects.requireNonNullElse(super.getMessage(), "");
    }

    /**
     * Returns the code, the reason and, if known, the query id and the server's code.
     *
     * @return one line
     */
    @Override
    public String getMessage() {
        StringBuilder text = new StringBuilder().append(code).append(": ").append(reason());
        if (serverCode != 0) {
            text.append(" [ClickHouse code ").append(serverCode).append(']');
        }
        if (queryId != null) {
            text.append(" [query id ").append(queryId).append(']');
        }
        return text.toString();
    }
}
