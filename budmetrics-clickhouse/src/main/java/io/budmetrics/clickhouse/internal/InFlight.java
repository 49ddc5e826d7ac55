package io.budmetrics.clickhouse.internal;

import io.budmetrics.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** One call that is under way, and who may end it: its own thread by finishing, or the watchdog by aborting. */
final class InFlight {
    private final Thread caller;
    private final long deadlineNanos;
    private final Lease lease;
    private final @Nullable String queryId;
    private boolean finished;
    private @Nullable ErrorCode abortedFor;

    InFlight(Thread caller, long deadlineNanos, Lease lease, @Nullable String queryId) {
        this.caller = caller;
        this.deadlineNanos = deadlineNanos;
        this.lease = lease;
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

    /** Whether the abort was first; then the connection is nobody's any more and may be closed. */
    synchronized boolean abort(ErrorCode reason) {
        if (finished || abortedFor != null) {
            return false;
        }
        abortedFor = reason;
        return true;
    }

    /** Ends the call: from here on its connection is safe from the watchdog. Returns the reason of an abort. */
    synchronized @Nullable ErrorCode finish() {
        finished = true;
        return abortedFor;
    }

    Lease lease() {
        return lease;
    }

    @Nullable
    String queryId() {
        return queryId;
    }
}
