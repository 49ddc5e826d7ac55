package io.budmetrics.clickhouse.internal.call;

import io.budmetrics.error.BudMetricsException;
import java.sql.SQLException;

/** Where driver connections come from. Safe for use by many threads. */
interface ConnectionSource extends AutoCloseable {
    /** Borrows a connection that nobody else uses, waiting until a point of System.nanoTime() where it can, at most to an
     * interrupt. */
    Lease lease(long deadlineNanos) throws SQLException, InterruptedException;

    /** What to say when no connection could be had until the deadline. */
    BudMetricsException noneInTime(long timeoutMillis);

    /** Gives up what the source owns; never the caller's pool. */
    @Override
    void close();
}
