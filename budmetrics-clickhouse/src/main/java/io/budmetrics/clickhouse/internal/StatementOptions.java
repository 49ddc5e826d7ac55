package io.budmetrics.clickhouse.internal;

import io.budmetrics.error.BudMetricsException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is sent along with every statement. 0 leaves a limit to the server.
 *
 * @param timeout the total time one call may take, getting a connection included
 * @param maxResultRows rows of a result, more is an error
 * @param maxRowsToRead rows a statement may scan
 * @param maxBytesToRead bytes a statement may scan
 * @param maxMemoryBytes memory a statement may use at the server
 * @param maxThreads threads a statement may use at the server
 * @param readOnly whether the server is told to refuse anything that writes
 * @param queryCacheTtl how long the server may answer from its query cache; null switches that off
 * @param slowStatement from which duration on a statement is logged as slow
 * @param retries how often a read-only statement may be sent again after a failure that has nothing to do with it
 * @param stated settings of the server that the statement rests on; the limits above win over them
 */
public record StatementOptions(
        Duration timeout,
        long maxResultRows,
        long maxRowsToRead,
        long maxBytesToRead,
        long maxMemoryBytes,
        int maxThreads,
        boolean readOnly,
        @Nullable Duration queryCacheTtl,
        Duration slowStatement,
        int retries,
        StatedSettings stated) {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final int MOST_RETRIES = 10;

    /** Refuses numbers below 0, more than 10 retries, and durations that are not positive or longer than a day. */
    public StatementOptions {
        requireDuration("timeout", timeout);
        requireDuration("slowStatement", slowStatement);
        Objects.requireNonNull(stated, "stated is null");
        if (queryCacheTtl != null) {
            requireDuration("queryCacheTtl", queryCacheTtl);
        }
        requireNotNegative("maxResultRows", maxResultRows);
        requireNotNegative("maxRowsToRead", maxRowsToRead);
        requireNotNegative("maxBytesToRead", maxBytesToRead);
        requireNotNegative("maxMemoryBytes", maxMemoryBytes);
        requireNotNegative("maxThreads", maxThreads);
        if (retries < 0 || retries > MOST_RETRIES) {
            throw BudMetricsException.invalidQuery("retries must be from 0 to " + MOST_RETRIES + ", was " + retries);
        }
    }

    /**
     * Leaves all other settings to the user's profile.
     *
     * @param timeout the total time one call may take, getting a connection included
     * @param maxResultRows rows of a result, more is an error
     * @param maxRowsToRead rows a statement may scan
     * @param maxBytesToRead bytes a statement may scan
     * @param maxMemoryBytes memory a statement may use at the server
     * @param maxThreads threads a statement may use at the server
     * @param readOnly whether the server is told to refuse anything that writes
     * @param queryCacheTtl how long the server may answer from its query cache; null switches that off
     * @param slowStatement from which duration on a statement is logged as slow
     * @param retries how often a read-only statement may be sent again after a failure that has nothing to do with it
     */
    public StatementOptions(
            Duration timeout,
            long maxResultRows,
            long maxRowsToRead,
            long maxBytesToRead,
            long maxMemoryBytes,
            int maxThreads,
            boolean readOnly,
            @Nullable Duration queryCacheTtl,
            Duration slowStatement,
            int retries) {
        this(
                timeout,
                maxResultRows,
                maxRowsToRead,
                maxBytesToRead,
                maxMemoryBytes,
                maxThreads,
                readOnly,
                queryCacheTtl,
                slowStatement,
                retries,
                StatedSettings.NONE);
    }

    /**
     * The same with settings that the statement rests on.
     *
     * @param newStated sent along with the statement
     * @return the options
     */
    public StatementOptions stating(StatedSettings newStated) {
        return new StatementOptions(
                timeout,
                maxResultRows,
                maxRowsToRead,
                maxBytesToRead,
                maxMemoryBytes,
                maxThreads,
                readOnly,
                queryCacheTtl,
                slowStatement,
                retries,
                newStated);
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
        return new StatementOptions(timeout, 0, 0, 0, 0, 0, false, null, Duration.ofSeconds(10), 0);
    }

    private static void requireDuration(String name, Duration value) {
        Objects.requireNonNull(value, () -> name + " is null");
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw BudMetricsException.invalidQuery(name + " must be more than 0 and at most a day, was " + value);
        }
    }

    private static void requireNotNegative(String name, long value) {
        if (value < 0) {
            throw BudMetricsException.invalidQuery(name + " must not be negative, was " + value);
        }
    }
}
