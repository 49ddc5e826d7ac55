package io.budmetrics.error;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of the library. Its message names fields, numbers, units and zones, never ids, users or texts of a
 * tenant, so it may be logged.
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
     * An error in a question; nothing was sent.
     *
     * @param message names the field, what was given and what to do instead
     * @return the exception, to be thrown
     */
    public static BudMetricsException invalidQuery(String message) {
        return of(ErrorCode.INVALID_QUERY, message);
    }

    /**
     * An error in a record that was to be written; it was not sent.
     *
     * @param message names the field, what was given and what to do instead
     * @return the exception, to be thrown
     */
    public static BudMetricsException invalidRecord(String message) {
        return of(ErrorCode.INVALID_RECORD, message);
    }

    /**
     * An error in how the application is set up, which no user of it can mend.
     *
     * @param message names the setting, what was given and what to do instead
     * @return the exception, to be thrown
     */
    public static BudMetricsException invalidConfiguration(String message) {
        return of(ErrorCode.INVALID_CONFIGURATION, message);
    }

    /**
     * An error without a cause from the server.
     *
     * @param code the reason
     * @param message what went wrong and what to do
     * @return the exception, to be thrown; not retryable
     */
    public static BudMetricsException of(ErrorCode code, String message) {
        return new BudMetricsException(code, message, false, null, 0, null);
    }

    /**
     * An error that another exception caused.
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
     * This error with what is known of the statement.
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
     * The stable reason.
     *
     * @return the code
     */
    public ErrorCode code() {
        return code;
    }

    /**
     * Whether the same statement may succeed when it is sent again.
     *
     * @return true when nothing but the moment was wrong
     */
    public boolean retryable() {
        return retryable;
    }

    /**
     * The id under which the server knows the statement.
     *
     * @return the query id; empty when nothing was sent
     */
    public Optional<String> queryId() {
        return Optional.ofNullable(queryId);
    }

    /**
     * ClickHouse's own error code, such as 60 for an unknown table.
     *
     * @return the code; empty when the server sent none
     */
    public OptionalInt serverCode() {
        return serverCode == 0 ? OptionalInt.empty() : OptionalInt.of(serverCode);
    }

    /**
     * The message alone, without the code and ids: what to show to whoever sent a question that makes no sense.
     *
     * @return names the field, what was given and what to do instead
     */
    public String reason() {
        return Objects.requireNonNullElse(super.getMessage(), "");
    }

    /**
     * The code, the reason and, where known, the query id and the server's code.
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
