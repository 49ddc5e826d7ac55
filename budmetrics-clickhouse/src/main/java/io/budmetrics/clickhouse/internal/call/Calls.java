package io.budmetrics.clickhouse.internal.call;

import io.budmetrics.clickhouse.internal.ServerCode;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.util.Objects;

/**
 * How a call is started, watched, ended and sent again.
 *
 * <p><b>Started.</b> A call is refused, and nothing is sent, when the client is closed, the thread is interrupted, the call is
 * cancelled or its time is over before it begins. Otherwise it is in flight: an {@link InFlight} is registered with the
 * {@link Watchdog} until the call has ended, through all of its tries and the pauses between them.
 *
 * <p><b>Watched.</b> A read of the driver notices neither a deadline nor an interrupt nor a cancellation, and a socket has no
 * time limit: with one, the HTTP client below the driver would send requests a second time. So the watchdog alone ends calls.
 * It looks at each every 10 ms. A call that has a connection loses it: its socket is closed, which is what frees the thread that
 * reads, and the server is told to stop ({@link KillQuery}). A call that has none, because it waits for one or for its
 * next try, is interrupted, and the interrupt is taken back when the call ends, unless it was the caller's own. Both race
 * with the call itself, and {@link InFlight} decides who was first.
 *
 * <p><b>Sent again.</b> A try that failed is repeated when the call allows it, the failure has to do with the connection or with
 * how busy the server is ({@link #sentAgain}), nobody has ended the call, and the pause before the next try ({@link Backoff})
 * ends before the deadline. Each try has a connection and a query id of its own, so that a kill can never hit another try.
 *
 * <p><b>Ended.</b> Whatever a try threw, an abort explains it: the reason of the abort is what the caller gets, as
 * QUERY_TIMEOUT or QUERY_CANCELLED. Closing the client aborts all calls; one that starts in the same moment sees that the
 * client is closed or is aborted, since it registers before it looks.
 *
 * <p>docs/decisions/0009-the-watchdog-alone-ends-calls.md has the reasons, what was tried instead, and the one socket that this
 * can leave behind.
 */
final class Calls implements AutoCloseable {
    private final ConnectionSource connections;
    private final Attempts attempts;
    private final Watchdog watchdog;
    private volatile boolean closed;

    Calls(ConnectionSource connections) {
        this.connections = connections;
        this.attempts = new Attempts(connections);
        this.watchdog = new Watchdog(new KillQuery(attempts));
    }

    <T> T run(Call call, Attempts.Work<T> work) {
        requireStart(call);
        InFlight inFlight = new InFlight(Thread.currentThread(), call.deadlineNanos(), call.cancellation());
        ErrorCode abortedFor;
        T outcome = null;
        BudMetricsException failure = null;
        try {
            watchdog.watch(inFlight);
            if (closed) {
                // closed between the look and the start: close() may not have seen this call
                watchdog.abortAll();
            }
            outcome = tried(call, inFlight, work);
        } catch (BudMetricsException e) {
            failure = e;
        } finally {
            watchdog.forget(inFlight);
            abortedFor = inFlight.finish();
        }
        if (abortedFor != null) {
            throw aborted(call, inFlight, abortedFor);
        }
        if (failure != null) {
            CallLog.LOG.debug("{} failed with {}, query id {}", call.what(), failure.code(), inFlight.queryId());
            throw failure;
        }
        return Objects.requireNonNull(outcome, "the call gave null");
    }

    private void requireStart(Call call) {
        requireOpen(call.what());
        if (Thread.currentThread().isInterrupted()) {
            throw Call.cancelled("the thread was interrupted; " + call.what() + " was not sent");
        }
        if (call.cancellation().isCancelled()) {
            throw Call.cancelled(call.what() + " was cancelled by the caller before it was sent");
        }
        if (call.leftNanos() <= 0) {
            throw BudMetricsException.of(
                    ErrorCode.QUERY_TIMEOUT,
                    call.what() + " was not started within " + call.timeout().toMillis()
                            + " ms (executor busy) and was not sent");
        }
    }

    /** Throws when the client is closed. */
    void requireOpen(String what) {
        if (closed) {
            throw new IllegalStateException("the client is closed, so " + what
                    + " was not sent; keep one client open and close it after the last call");
        }
    }

    private <T> T tried(Call call, InFlight inFlight, Attempts.Work<T> work) {
        Backoff backoff = Backoff.until(call.deadlineNanos());
        while (true) {
            try {
                return attempts.attempt(call, inFlight, work);
            } catch (BudMetricsException e) {
                boolean again = backoff.pauses() < call.retries() && sentAgain(e) && !inFlight.isAborted();
                if (!again || !paused(call, backoff)) {
                    throw e;
                }
                CallLog.LOG.debug(
                        "{} failed with {}, query id {}, and is sent again", call.what(), e.code(), inFlight.queryId());
            }
        }
    }

    private static boolean paused(Call call, Backoff backoff) {
        try {
            return backoff.pause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Call.cancelled(call.what() + " was cancelled: its thread was interrupted");
        }
    }

    /** What has to do with the connection or with how busy the server is, and not with the statement. */
    private static boolean sentAgain(BudMetricsException failure) {
        return failure.serverCode().isPresent()
                ? ServerCode.retried(failure.serverCode().getAsInt())
                : failure.code() == ErrorCode.DATABASE_UNAVAILABLE && failure.retryable();
    }

    private BudMetricsException aborted(Call call, InFlight inFlight, ErrorCode reason) {
        if (reason == ErrorCode.QUERY_TIMEOUT && !inFlight.hadConnection()) {
            return attempts.noneInTime(call);
        }
        String message;
        if (reason == ErrorCode.QUERY_TIMEOUT) {
            message = call.what() + " did not end within " + call.timeout().toMillis() + " ms";
        } else if (closed) {
            message = call.what() + " was cancelled: the client was closed";
        } else if (call.cancellation().isCancelled()) {
            message = call.what() + " was cancelled by the caller";
        } else {
            message = call.what() + " was cancelled: its thread was interrupted";
        }
        BudMetricsException exception = BudMetricsException.of(reason, message);
        String queryId = inFlight.queryId();
        return queryId.isEmpty() ? exception : exception.forStatement(queryId, 0, false);
    }

    boolean isClosed() {
        return closed;
    }

    /** Aborts what is under way and gives up the connections; calls after it are refused. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        watchdog.abortAll();
        connections.close();
    }
}
