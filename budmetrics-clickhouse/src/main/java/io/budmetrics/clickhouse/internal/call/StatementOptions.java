package io.budmetrics.clickhouse.internal.call;

import io.budmetrics.error.BudMetricsException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is sent along with every statement.
 *
 * @param timeout the total time one call may take, getting a connection included
 * @param limits what it may cost at the server
 * @param readOnly whether the server is told to refuse anything that writes
 * @param queryCacheTtl how long the server may answer from its query cache; null switches that off
 * @param slowStatement from which duration on a statement is logged as slow
 * @param retries how often a read-only statement may be sent again after a failure that has nothing to do with it
 * @param stated settings of the server that the statement rests on; the limits above win over them
 */
public record StatementOptions(
        Duration timeout,
        StatementLimits limits,
        boolean readOnly,
        @Nullable Duration queryCacheTtl,
        Duration slowStatement,
        int retries,
        StatedSettings stated) {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final int MOST_RETRIES = 10;

    /** Refuses retries below 0 or above 10, and durations that are not positive or longer than a day. */
    public StatementOptions {
        Objects.requireNonNull(limits, "limits is null");
        requireDuration("timeout", timeout);
        requireDuration("slowStatement", slowStatement);
        Objects.requireNonNull(stated, "stated is null");
        if (queryCacheTtl != null) {
            requireDuration("queryCacheTtl", queryCacheTtl);
        }
        if (retries < 0 || retries > MOST_RETRIES) {
            throw BudMetricsException.invalidConfiguration("retries is " + retries + "; give 0 to " + MOST_RETRIES);
        }
    }

    /**
     * The same with settings that the statement rests on.
     *
     * @param newStated sent along with the statement
     * @return the options
     */
    public StatementOptions stating(StatedSettings newStated) {
        return new StatementOptions(timeout, limits, readOnly, queryCacheTtl, slowStatement, retries, newStated);
    }

    /**
     * For schema changes and writing: a minute, no limits, not read-only, sent once.
     *
     * @return the options
     */
    public static StatementOptions defaults() {
        return within(Duration.ofMinutes(1));
    }

    /**
     * The same with another time.
     *
     * @param timeout the total time one call may take
     * @return the options
     */
    public static StatementOptions within(Duration timeout) {
        return new StatementOptions(
                timeout, StatementLimits.none(), false, null, Duration.ofSeconds(10), 0, StatedSettings.NONE);
    }

    private static void requireDuration(String name, Duration value) {
        Objects.requireNonNull(value, () -> name + " is null");
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw BudMetricsException.invalidConfiguration(
                    name + " is " + value + "; give more than 0 and at most a day");
        }
    }
}
