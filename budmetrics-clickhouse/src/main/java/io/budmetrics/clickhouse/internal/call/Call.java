package io.budmetrics.clickhouse.internal.call;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What the tries of one call share. Its time counts from a start that may lie before the first of them.
 *
 * @param what names the call in logs and errors; no values
 * @param sql the text whose names an error may show; no values
 * @param timeout the total time it may take
 * @param startNanos from where its time counts, by System.nanoTime()
 * @param retries how often it may be sent again
 * @param queryIds gives an id for each try
 * @param cancellation ends it early
 */
record Call(
        String what,
        String sql,
        Duration timeout,
        long startNanos,
        int retries,
        Supplier<String> queryIds,
        Cancellation cancellation) {
    /** A call without a statement that the server could be told to stop. */
    static Call withoutId(String what, Duration timeout) {
        return new Call(what, "", timeout, System.nanoTime(), 0, () -> "", new Cancellation());
    }

    long deadlineNanos() {
        return startNanos + timeout.toNanos();
    }

    long leftNanos() {
        return deadlineNanos() - System.nanoTime();
    }

    static BudMetricsException cancelled(String message) {
        return BudMetricsException.of(ErrorCode.QUERY_CANCELLED, message);
    }
}
