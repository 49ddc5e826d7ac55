package io.budmetrics.clickhouse.internal.call;

import com.clickhouse.jdbc.ConnectionImpl;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** A small set of driver connections of our own; the last one given back goes out first, as its socket is warm. */
final class OwnConnections implements ConnectionSource {
    private final DataSource driver;
    private final int size;
    private final Semaphore free;
    private final ConcurrentLinkedDeque<ConnectionImpl> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    OwnConnections(DataSource driver, int size) {
        this.driver = driver;
        this.size = size;
        this.free = new Semaphore(size, true);
    }

    @Override
    public Lease lease(long deadlineNanos) throws SQLException, InterruptedException {
        long left = deadlineNanos - System.nanoTime();
        if (!free.tryAcquire(left, TimeUnit.NANOSECONDS)) {
            throw noneInTime(TimeUnit.NANOSECONDS.toMillis(left));
        }
        boolean given = false;
        try {
            Lease lease = new Lease(connection(), this::giveBack);
            given = true;
            return lease;
        } finally {
            if (!given) {
                free.release();
            }
        }
    }

    @Override
    public BudMetricsException noneInTime(long timeoutMillis) {
        return BudMetricsException.of(
                ErrorCode.RESOURCE_EXHAUSTED,
                "all " + size + " connections were busy for " + timeoutMillis
                        + " ms; run fewer statements at once, or raise maxConnections");
    }

    private ConnectionImpl connection() throws SQLException {
        ConnectionImpl kept = idle.pollFirst();
        while (kept != null) {
            if (!kept.isClosed()) {
                return kept;
            }
            kept = idle.pollFirst();
        }
        Connection fresh = driver.getConnection();
        return fresh.unwrap(ConnectionImpl.class);
    }

    private void giveBack(ConnectionImpl connection, boolean broken) {
        if (broken || closed) {
            Lease.closeQuietly(connection);
        } else {
            idle.addFirst(connection);
            if (closed) {
                // closed between the look and the return
                closeIdle();
            }
        }
        free.release();
    }

    private void closeIdle() {
        for (ConnectionImpl kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
            Lease.closeQuietly(kept);
        }
    }

    @Override
    public void close() {
        closed = true;
        closeIdle();
    }
}
