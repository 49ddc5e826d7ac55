package io.budmetrics.clickhouse.internal.call;

import com.clickhouse.client.api.Client;
import com.clickhouse.jdbc.ConnectionImpl;
import java.sql.Connection;
import java.sql.SQLException;

/** One driver connection, borrowed for one statement. */
final class Lease {
    private final ConnectionImpl driverConnection;
    private final Client client;
    private final Returning returning;
    private volatile String requestId = "";
    private volatile boolean aborted;

    Lease(ConnectionImpl driverConnection, Returning returning) throws SQLException {
        this.driverConnection = driverConnection;
        this.client = driverConnection.getClient();
        NoRedirects.in(client);
        this.returning = returning;
    }

    Client client() {
        return client;
    }

    /** The id under which the next request goes out. */
    void sends(String newRequestId) {
        requestId = newRequestId;
    }

    /**
     * Closes the sockets: the only thing that frees a thread that reads an answer. Safe from any thread. A socket that is
     * opened meanwhile, after a host name was looked up, is not known to the driver yet; so the request is cancelled too,
     * before and after, which keeps it from going out. Such a socket is held by nobody then, and the garbage collector
     * closes it.
     */
    void abort() {
        aborted = true;
        cancelRequest();
        closeQuietly(driverConnection);
        cancelRequest();
    }

    private void cancelRequest() {
        try {
            client.cancelTransportRequest(requestId);
        } catch (RuntimeException e) {
            CallLog.LOG.debug(
                    "a request could not be cancelled: {}", e.getClass().getName());
        }
    }

    /** Whether it was aborted: then no answer may be waited for, since its socket may be one that is open still. */
    boolean isAborted() {
        return aborted;
    }

    /** Returns the connection, or tells its owner that it cannot be used any more. */
    void release(boolean broken) {
        returning.giveBack(driverConnection, broken);
    }

    static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException | RuntimeException e) {
            CallLog.LOG.debug(
                    "a connection could not be closed: {}", e.getClass().getName());
        }
    }

    /** Where a connection goes when it is no longer needed. */
    @FunctionalInterface
    interface Returning {
        void giveBack(ConnectionImpl driverConnection, boolean broken);
    }
}
