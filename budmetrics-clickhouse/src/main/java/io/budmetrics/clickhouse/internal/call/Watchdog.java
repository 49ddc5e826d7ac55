package io.budmetrics.clickhouse.internal.call;

import io.budmetrics.error.ErrorCode;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Ends calls at their deadline, when they are cancelled and when their thread is interrupted. It polls, since the
 * driver's reads notice neither; its thread exists only while there are calls, so that nothing is left when a client
 * is forgotten.
 */
final class Watchdog {
    private static final long TICK_MILLIS = 10;
    private static final long LINGER_MILLIS = 2_000;
    private static final AtomicLong ABORTS = new AtomicLong();

    private final Set<InFlight> calls = ConcurrentHashMap.newKeySet();
    private final Kill kill;
    private @Nullable Thread thread;

    Watchdog(Kill kill) {
        this.kill = kill;
    }

    void watch(InFlight call) {
        synchronized (this) {
            if (thread == null) {
                Thread started = new Thread(this::run, "budmetrics-watchdog");
                started.setDaemon(true);
                started.start();
                thread = started;
            } else if (calls.isEmpty()) {
                notifyAll();
            }
            calls.add(call);
        }
    }

    void forget(InFlight call) {
        calls.remove(call);
    }

    /** Ends every call that is under way. */
    void abortAll() {
        calls.forEach(call -> abort(call, ErrorCode.QUERY_CANCELLED));
    }

    private void run() {
        try {
            while (awaitTick()) {
                long now = System.nanoTime();
                for (InFlight call : calls) {
                    ErrorCode reason = call.reasonToAbort(now);
                    if (reason != null) {
                        abort(call, reason);
                    }
                }
            }
        } catch (InterruptedException e) {
            // nobody but the JVM's end has a reason to interrupt this thread: the next call starts another
            leave();
        }
    }

    /** Waits for the next look; false when there was nothing to look at for a while and the thread is to end. */
    private synchronized boolean awaitTick() throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            boolean idle = calls.isEmpty();
            long left = (idle ? LINGER_MILLIS : TICK_MILLIS) - (System.nanoTime() - start) / 1_000_000;
            if (left <= 0) {
                if (idle) {
                    leave();
                }
                return !idle;
            }
            wait(left);
        }
    }

    private synchronized void leave() {
        thread = null;
    }

    private void abort(InFlight call, ErrorCode reason) {
        Lease lease = call.abort(reason);
        if (lease == null) {
            return;
        }
        // on a thread of its own: closing a TLS socket and sending KILL may both wait
        Thread aborter = new Thread(
                () -> {
                    lease.abort();
                    String queryId = call.queryId();
                    if (!queryId.isEmpty()) {
                        kill.send(queryId, this);
                    }
                },
                "budmetrics-abort-" + ABORTS.incrementAndGet());
        aborter.setDaemon(true);
        try {
            aborter.start();
        } catch (OutOfMemoryError e) {
            // no thread to be had: then without KILL, which needs the watchdog itself
            lease.abort();
        }
    }

    /** Tells the server to stop a statement; runs on a thread that may wait. */
    @FunctionalInterface
    interface Kill {
        void send(String queryId, Watchdog watchdog);
    }
}
