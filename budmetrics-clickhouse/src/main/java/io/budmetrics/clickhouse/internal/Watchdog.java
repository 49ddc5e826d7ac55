package io.budmetrics.clickhouse.internal;

import io.budmetrics.error.ErrorCode;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends calls at their deadline and when their thread is interrupted. It polls, since the driver's reads notice neither;
 * its thread exists only while there are calls, so that nothing is left when a client is forgotten.
 */
final class Watchdog {
    private static final long TICK_MILLIS = 10;
    private static final long LINGER_MILLIS = 2_000;
    private static final AtomicLong ABORTS = new AtomicLong();

    private final Set<InFlight> calls = ConcurrentHashMap.newKeySet();
    private final Consumer<String> kill;
    private @Nullable Thread thread;

    Watchdog(Consumer<String> kill) {
        this.kill = kill;
    }

    void watch(InFlight call) {
        calls.add(call);
        synchronized (this) {
            if (thread == null) {
                thread = new Thread(this::run, "budmetrics-watchdog");
                thread.setDaemon(true);
                thread.start();
            } else {
                notifyAll();
            }
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
        while (true) {
            synchronized (this) {
                long giveUp = System.nanoTime() + LINGER_MILLIS * 1_000_000;
                try {
                    wait(TICK_MILLIS);
                    while (calls.isEmpty()) {
                        long left = (giveUp - System.nanoTime()) / 1_000_000;
                        if (left <= 0) {
                            thread = null;
                            return;
                        }
                        wait(left);
                    }
                } catch (InterruptedException e) {
                    // nobody but the JVM's end has a reason to interrupt this thread: the next call starts another
                    thread = null;
                    return;
                }
            }
            long now = System.nanoTime();
            for (InFlight call : calls) {
                ErrorCode reason = call.reasonToAbort(now);
                if (reason != null) {
                    abort(call, reason);
                }
            }
        }
    }

    private void abort(InFlight call, ErrorCode reason) {
        if (!call.abort(reason)) {
            return;
        }
        // on a thread of its own: closing a TLS socket and sending KILL may both wait
        Thread aborter = new Thread(
                () -> {
                    call.lease().abort();
                    String queryId = call.queryId();
                    if (queryId != null) {
                        kill.accept(queryId);
                    }
                },
                "budmetrics-abort-" + ABORTS.incrementAndGet());
        aborter.setDaemon(true);
        aborter.start();
    }
}
