package io.budmetrics.clickhouse.internal.call;

import io.budmetrics.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * One call that is under way, and who may end it: its own thread by finishing, or the watchdog by aborting. While it has
 * no connection, waiting for one or for another try, there is nothing to close: then an abort interrupts its thread, and
 * the interrupt is taken back when the thread has noticed.
 */
final class InFlight {
    private final Thread caller;
    private final long deadlineNanos;
    private final Cancellation cancellation;
    private @Nullable Lease lease;
    private String queryId = "";
    private boolean interruptedByCaller;
    private boolean interrupted;
    private boolean finished;
    private @Nullable ErrorCode abortedFor;

    InFlight(Thread caller, long deadlineNanos, Cancellation cancellation) {
        this.caller = caller;
        this.deadlineNanos = deadlineNanos;
        this.cancellation = cancellation;
    }

    /** Why the call has to end now; null when it may go on. */
    @Nullable
    ErrorCode reasonToAbort(long nowNanos) {
        synchronized (this) {
            if (abortedFor != null) {
                return abortedFor;
            }
            // a pool may take it for itself between this look and the abort
            interruptedByCaller |= caller.isInterrupted();
            if (cancellation.isCancelled() || interruptedByCaller) {
                return ErrorCode.QUERY_CANCELLED;
            }
        }
        return nowNanos - deadlineNanos >= 0 ? ErrorCode.QUERY_TIMEOUT : null;
    }

    /**
     * Ends the call; returns the connection to close, null when it has none or has ended before. A call that waits for a
     * connection still is interrupted anew: a pool may have taken the interrupt before for one of its own.
     */
    synchronized @Nullable Lease abort(ErrorCode reason) {
        if (finished) {
            return null;
        }
        boolean waits = lease == null && !caller.isInterrupted();
        boolean first = abortedFor == null;
        if (first) {
            abortedFor = reason;
            interrupted = waits;
        }
        if (waits) {
            caller.interrupt();
        }
        return first ? lease : null;
    }

    /** The call has a connection, which an abort from here on closes; false when an abort came before. */
    synchronized boolean borrowed(Lease newLease, String newQueryId) {
        if (abortedFor != null) {
            return false;
        }
        lease = newLease;
        queryId = newQueryId;
        return true;
    }

    /** The call is done with its connection. Returns whether an abort has closed it. */
    synchronized boolean returned() {
        boolean closed = abortedFor != null && lease != null;
        if (abortedFor == null) {
            lease = null;
        }
        return closed;
    }

    synchronized boolean isAborted() {
        return abortedFor != null;
    }

    /** Whether the call had a connection when it ended. */
    synchronized boolean hadConnection() {
        return lease != null;
    }

    /** Ends the call: from here on the watchdog leaves it alone. Returns the reason of an abort. */
    synchronized @Nullable ErrorCode finish() {
        finished = true;
        if (interruptedByCaller) {
            // again, in case that a pool kept it
            caller.interrupt();
        } else if (interrupted) {
            boolean ignored = Thread.interrupted();
            interrupted = false;
        }
        return abortedFor;
    }

    /** The id under which the server knows what was sent last; empty when it has none. */
    synchronized String queryId() {
        return queryId;
    }
}
