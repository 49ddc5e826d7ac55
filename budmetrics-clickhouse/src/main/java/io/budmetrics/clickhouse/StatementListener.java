package io.budmetrics.clickhouse;

import io.budmetrics.error.BudMetricsException;
import java.time.Duration;
import java.util.Map;

/**
 * Is notified of every statement of a client. Its methods are called on the thread that runs the statement, several at a
 * time, and should be quick; what they throw is logged and changes nothing. None gets a value of the caller's.
 */
public interface StatementListener {
    /**
     * Called when a statement is about to be sent.
     *
     * @param tags those of the client
     */
    default void started(Map<String, String> tags) {}

    /**
     * Called when a statement was answered.
     *
     * @param stats what it took
     */
    default void succeeded(StatementStats stats) {}

    /**
     * Called when a statement failed and will not be sent again. For every statement that was started, either this or
     * {@link #succeeded} is called.
     *
     * @param failure what the caller gets, with its code and, where known, its query id. Where the caller gets an exception
     *     of another type, because a mapper threw it or the client was closed at that moment, this one says so
     * @param took from the call to the failure
     * @param tags those of the client
     */
    default void failed(BudMetricsException failure, Duration took, Map<String, String> tags) {}
}
