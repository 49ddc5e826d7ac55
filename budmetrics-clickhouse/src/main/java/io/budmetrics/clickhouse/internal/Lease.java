package io.budmetrics.clickhouse.internal;

import com.clickhouse.client.api.Client;
import com.clickhouse.jdbc.ConnectionImpl;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One driver connection, borrowed for one statement. */
final class Lease {
    private static final Logger LOG = LoggerFactory.getLogger(DriverClient.class);

    private final ConnectionImpl driverConnection;
    private final Client client;
    private final Returning returning;

    Lease(ConnectionImpl driverConnection, Returning returning) throws SQLException {
        this.driverConnection = driverConnection;
        this.client = driverConnection.getClient();
        this.returning = returning;
    }

    Client client() {
        return client;
    }

    /** Closes the sockets: the only thing that frees a thread that waits for an answer. Safe from any thread. */
    void abort() {
        closeQuietly(driverConnection);
    }

    /** Gives the connection back, or lets whoever owns it know that it is of no use any more. */
    void release(boolean broken) {
        returning.giveBack(driverConnection, broken);
    }

    static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException | RuntimeException e) {
            LOG.debug("a connection could not be closed: {}", e.getClass().getName());
        }
    }

    /** Where a connection goes when it is no longer needed. */
    @FunctionalInterface
    interface Returning {
        void giveBack(ConnectionImpl driverConnection, boolean broken);
    }
}
