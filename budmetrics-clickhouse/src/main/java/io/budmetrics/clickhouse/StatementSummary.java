package io.budmetrics.clickhouse;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener that logs, at info, how long each stage of the statements took: count, mean, median, p95 and p99, and how
 * many failed with which code. It has no thread: the statement that ends after the interval writes the line. Percentiles
 * are read from buckets and at most 3.2 % too high; memory is fixed. Safe for use by many threads and clients.
 */
public final class StatementSummary implements StatementListener {
    private static final Logger LOG = LoggerFactory.getLogger(StatementSummary.class);

    private final long intervalNanos;
    private final AtomicLong nextNanos;
    private volatile Period period = new Period();

    private StatementSummary(Duration interval) {
        this.intervalNanos = interval.toNanos();
        this.nextNanos = new AtomicLong(System.nanoTime() + intervalNanos);
    }

    /**
     * Creates a summary that is logged at most once in an interval, and then begins anew.
     *
     * @param interval more than 0, at most a day
     * @return the listener
     * @throws BudMetricsException INVALID_CONFIGURATION when it is out of range
     */
    public static StatementSummary loggedEvery(Duration interval) {
        Objects.requireNonNull(interval, "interval is null");
        if (interval.isNegative() || interval.isZero() || interval.compareTo(Duration.ofDays(1)) > 0) {
            throw BudMetricsException.invalidConfiguration(
                    "interval is " + interval + "; give more than 0 and at most a day");
        }
        return new StatementSummary(interval);
    }

    @Override
    public void succeeded(StatementStats stats) {
        period.add(stats);
        logWhenDue();
    }

    @Override
    public void failed(BudMetricsException failure, Duration took, Map<String, String> tags) {
        period.add(failure.code());
        logWhenDue();
    }

    private void logWhenDue() {
        long due = nextNanos.get();
        long now = System.nanoTime();
        if (now - due >= 0 && nextNanos.compareAndSet(due, now + intervalNanos)) {
            Period over = period;
            period = new Period();
            LOG.info("{}", over);
        }
    }

    /** Returns the line that would be logged now. */
    @Override
    public String toString() {
        return period.toString();
    }

    /** What was heard since the last line. */
    private static final class Period {
        private final DurationHistogram build = new DurationHistogram();
        private final DurationHistogram waiting = new DurationHistogram();
        private final DurationHistogram transfer = new DurationHistogram();
        private final DurationHistogram map = new DurationHistogram();
        private final DurationHistogram total = new DurationHistogram();
        private final Map<ErrorCode, Long> failures = new ConcurrentHashMap<>();

        void add(StatementStats stats) {
            build.add(stats.times().build().toNanos());
            waiting.add(stats.times().waiting().toNanos());
            transfer.add(stats.times().transfer().toNanos());
            map.add(stats.times().map().toNanos());
            total.add(stats.times().total().toNanos());
        }

        void add(ErrorCode code) {
            failures.merge(code, 1L, Long::sum);
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("statements: build ")
                    .append(build)
                    .append("; waiting ")
                    .append(waiting)
                    .append("; transfer ")
                    .append(transfer)
                    .append("; map ")
                    .append(map)
                    .append("; total ")
                    .append(total);
            new TreeMap<>(failures)
                    .forEach((code, count) ->
                            text.append("; ").append(code).append(' ').append(count));
            return text.toString();
        }
    }
}
