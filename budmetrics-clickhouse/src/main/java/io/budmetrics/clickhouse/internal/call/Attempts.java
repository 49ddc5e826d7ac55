package io.budmetrics.clickhouse.internal.call;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;

/**
 * Makes one try of a call: borrows a connection, works with it and gives it back, as broken unless the work succeeded or the
 * server answered with an error in full. What goes wrong is thrown as a {@link BudMetricsException}. Safe for many threads.
 */
final class Attempts {
    private final ConnectionSource connections;

    Attempts(ConnectionSource connections) {
        this.connections = connections;
    }

    <T> T attempt(Call call, InFlight inFlight, Work<T> work) {
        String queryId = call.queryIds().get();
        Lease lease = null;
        boolean broken = true;
        try {
            lease = connections.lease(call.deadlineNanos());
            if (!inFlight.borrowed(lease, queryId)) {
                broken = false;
                throw Call.cancelled(call.what() + " was not sent");
            }
            lease.sends(queryId);
            T outcome = work.run(lease, queryId);
            broken = false;
            return outcome;
        } catch (Exception e) {
            BudMetricsException failure = lease == null ? noConnection(e, queryId) : mapped(e, call, queryId);
            // an error that the server answered in full leaves the connection as good as it was
            broken = broken && failure.serverCode().isEmpty();
            throw failure;
        } catch (OutOfMemoryError e) {
            throw BudMetricsException.of(
                            ErrorCode.RESOURCE_EXHAUSTED,
                            "the answer to " + call.what() + " is larger than the memory that is left")
                    .forStatement(queryId, 0, false);
        } finally {
            boolean closedByAbort = inFlight.returned();
            if (lease != null) {
                lease.release(broken || closedByAbort);
            }
        }
    }

    /** The failure of a call that had no connection at its deadline. */
    BudMetricsException noneInTime(Call call) {
        return connections.noneInTime(call.timeout().toMillis());
    }

    private static BudMetricsException mapped(Exception failure, Call call, String queryId) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return Call.cancelled(call.what() + " was cancelled: its thread was interrupted");
        }
        return ErrorMapping.of(failure, queryId, call.sql());
    }

    private static BudMetricsException noConnection(Exception thrown, String queryId) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        if (Thread.currentThread().isInterrupted()) {
            return Call.cancelled("the thread was interrupted while it waited for a connection");
        }
        return thrown instanceof BudMetricsException ours ? ours : ErrorMapping.ofNoConnection(thrown, queryId);
    }

    /** What is done with a borrowed connection. */
    @FunctionalInterface
    interface Work<T> {
        T run(Lease lease, String queryId) throws Exception;
    }
}
