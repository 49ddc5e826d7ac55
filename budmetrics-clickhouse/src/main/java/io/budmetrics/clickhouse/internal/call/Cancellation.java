package io.budmetrics.clickhouse.internal.call;

/** Ends a call from another thread. Safe for use by many threads. */
public final class Cancellation {
    private volatile boolean cancelled;

    /** Nothing is cancelled yet. */
    public Cancellation() {}

    /** Ends the call, and keeps one that has not begun from beginning. */
    public void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }
}
