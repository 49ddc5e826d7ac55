package io.budmetrics.clickhouse.internal.call;

import com.clickhouse.jdbc.ConnectionImpl;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Connections of the caller's DataSource, pooled or not. */
final class CallersConnections implements ConnectionSource {
    /** A pool may hand out connections that an abort has closed before it noticed. */
    private static final int ATTEMPTS = 16;

    private final DataSource dataSource;

    CallersConnections(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public Lease lease(long deadlineNanos) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            Connection connection = dataSource.getConnection();
            if (connection == null) {
                throw new SQLException("the data source gave null");
            }
            ConnectionImpl driverConnection = unwrapped(connection);
            if (!driverConnection.isClosed() || attempt == ATTEMPTS) {
                try {
                    return new Lease(driverConnection, (raw, broken) -> giveBack(connection, raw, broken));
                } catch (SQLException | RuntimeException e) {
                    Lease.closeQuietly(connection);
                    throw e;
                }
            }
            giveBack(connection, driverConnection, true);
        }
    }

    @Override
    public BudMetricsException noneInTime(long timeoutMillis) {
        return BudMetricsException.of(
                ErrorCode.QUERY_TIMEOUT, "the data source gave no connection within " + timeoutMillis + " ms");
    }

    private static void giveBack(Connection connection, ConnectionImpl driverConnection, boolean broken) {
        if (broken) {
            Lease.closeQuietly(driverConnection);
            showAsBroken(connection);
        }
        Lease.closeQuietly(connection);
    }

    /** A pool evicts a connection when a call on it fails; so one that is bound to fail is made. */
    private static void showAsBroken(Connection connection) {
        try {
            connection.createStatement().close();
        } catch (SQLException | RuntimeException expected) {
            // that was the purpose
        }
    }

    private static ConnectionImpl unwrapped(Connection connection) {
        try {
            if (connection.isWrapperFor(ConnectionImpl.class)) {
                return connection.unwrap(ConnectionImpl.class);
            }
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            // told below: it is not the driver's
        }
        String found = connection.getClass().getName();
        Lease.closeQuietly(connection);
        throw BudMetricsException.of(ErrorCode.INVALID_CONFIGURATION, """
                the DataSource gives connections (%s) that do not unwrap to the official ClickHouse driver; configure it so:
                  DataSource dataSource = new com.clickhouse.jdbc.DataSourceImpl("jdbc:clickhouse://host:8123/database", properties);
                  BudMetrics budMetrics = BudMetrics.over(dataSource);
                A pool gets the same URL and com.clickhouse.jdbc.Driver as its driver class.""".formatted(found));
    }

    @Override
    public void close() {
        // the caller's pool stays open
    }
}
