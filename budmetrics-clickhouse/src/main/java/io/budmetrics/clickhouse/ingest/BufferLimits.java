package io.budmetrics.clickhouse.ingest;

import io.budmetrics.error.BudMetricsException;
import java.time.Duration;
import java.util.Objects;

/** Refuses limits of a buffer that it could not work with. */
final class BufferLimits {
    private static final Duration LONGEST_DELAY = Duration.ofHours(1);

    private BufferLimits() {}

    static long inRange(String name, long value, long most) {
        if (value < 1 || value > most) {
            throw BudMetricsException.invalidConfiguration(
                    name + " is " + value + "; give 1 " + (most == Long.MAX_VALUE ? "or more" : "to " + most));
        }
        return value;
    }

    static Duration delay(String name, Duration delay) {
        Objects.requireNonNull(delay, name + " is null");
        if (delay.isNegative() || delay.isZero() || delay.compareTo(LONGEST_DELAY) > 0) {
            throw BudMetricsException.invalidConfiguration(
                    name + " is " + delay + "; give more than 0 and at most " + LONGEST_DELAY);
        }
        return delay;
    }
}
