package io.budmetrics.clickhouse.internal;

import java.sql.SQLException;

/** Where driver connections come from. Safe for use by many threads. */
interface ConnectionSource extends AutoCloseable {
    /** Borrows a connection that nobody else uses, waiting until a point of System.nanoTime() where it can. */
    Lease lease(long deadlineNanos) throws SQLException, InterruptedException;

    /** Gives up what the source owns; never the caller's pool. */
    @Override
    void close();
}
