package io.budmetrics.clickhouse.internal;

import io.budmetrics.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * One call that is under way, and who may end it: its own thread by finishing, or the watchdog by aborting. While it
 * waits for a connection there is nothing to close, so an abort interrupts its thread, and takes the interrupt back when
 * the thread has noticed.
 */
final class InFlight {
    private final Thread caller;
    private final long deadlineNanos;
    private final @Nullable String queryId;
    private @Nullable Lease lease;
    private boolean interrupted;
    private boolean finished;
    private @Nullable ErrorCode abortedFor;

    InFlight(Thread caller, long deadlineNanos, @Nullable String queryId) {
        this.caller = caller;
        this.deadlineNanos = deadlineNanos;
        this.queryId = queryId;
    }

    /** Why the call has to end now; null when it may go on. */
    @Nullable
    ErrorCode reasonToAbort(long nowNanos) {
        if (caller.isInterrupted()) {
            return ErrorCode.QUERY_CANCELLED;
        }
        return nowNanos - deadlineNanos >= 0 ? ErrorCode.QUERY_TIMEOUT : null;
    }

    /** Ends the call; returns the connection to close, null when the call has none or has ended before. */
    synchronized @Nullable Lease abort(ErrorCode reason) {
        if (finished || abortedFor != null) {
            return null;
        }
        abortedFor = reason;
        if (lease == null && !caller.isInterrupted()) {
            interrupted = true;
            caller.interrupt();
        }
        return lease;
    }

    /** The call has its connection, which an abort from here on closes; false when an abort came before. */
    synchronized boolean borrowed(Lease newLease) {
        if (abortedFor != null) {
            return false;
        }
        lease = newLease;
        return true;
    }

    /** Ends the call: from here on the watchdog leaves it alone. Returns the reason of an abort. */
    synchronized @Nullable ErrorCode finish() {
        finished = true;
        if (interrupted) {
            // it was ours, not the caller's
            boolean ignored = Thread.interrupted();
            interrupted = false;
        }
        return abortedFor;
    }

    @Nullable
    String queryId() {
        return queryId;
    }
}
