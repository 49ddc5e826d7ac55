package io.budmetrics.clickhouse.internal.call;

import com.clickhouse.client.api.query.QueryResponse;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.time.Duration;
import java.util.UUID;

/**
 * Tells the server to stop a statement whose caller has left, since it would work on for an answer that nobody reads. Best
 * effort, also when the client is closed: at most 5 s on a connection of its own, and a failure is only logged.
 */
final class KillQuery implements Watchdog.Kill {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Attempts attempts;

    KillQuery(Attempts attempts) {
        this.attempts = attempts;
    }

    @Override
    public void send(String queryId, Watchdog watchdog) {
        Call call = Call.withoutId("kill", TIMEOUT);
        InFlight inFlight = new InFlight(Thread.currentThread(), call.deadlineNanos(), call.cancellation());
        watchdog.watch(inFlight);
        try {
            String told = attempts.attempt(call, inFlight, (lease, none) -> {
                String killId = UUID.randomUUID().toString();
                lease.sends(killId);
                // the id is a UUID made here
                QueryResponse response = lease.client()
                        .query("KILL QUERY WHERE query_id = '" + queryId + "' ASYNC", OperationSettings.kill(killId))
                        .join();
                AnswerCheck.closeQuietly(response);
                return queryId;
            });
            CallLog.LOG.debug("told the server to stop query id {}", told);
        } catch (BudMetricsException e) {
            CallLog.LOG.debug("could not tell the server to stop query id {}: {}", queryId, e.code());
        } finally {
            watchdog.forget(inFlight);
            ErrorCode ignored = inFlight.finish();
        }
    }
}
