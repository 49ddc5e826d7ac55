package io.budmetrics.clickhouse;

import io.budmetrics.error.BudMetricsException;
import java.time.Duration;
import java.util.Objects;

/**
 * The limits on what one question may cost. Immutable; each <code>with</code> method returns a changed copy. 0 leaves a
 * limit to the server; a statement above a limit ends with RESOURCE_EXHAUSTED, one above the time with QUERY_TIMEOUT.
 */
public final class QueryLimits {
    private static final QueryLimits DEFAULTS = new QueryLimits(Duration.ofSeconds(60), 1_000_000, 0, 0, 0, 0);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Duration timeout;
    private final long maxResultRows;
    private final long maxRowsToRead;
    private final long maxBytesToRead;
    private final long maxMemoryBytes;
    private final int maxThreads;

    private QueryLimits(
            Duration timeout,
            long maxResultRows,
            long maxRowsToRead,
            long maxBytesToRead,
            long maxMemoryBytes,
            int maxThreads) {
        this.timeout = timeout;
        this.maxResultRows = maxResultRows;
        this.maxRowsToRead = maxRowsToRead;
        this.maxBytesToRead = maxBytesToRead;
        this.maxMemoryBytes = maxMemoryBytes;
        this.maxThreads = maxThreads;
    }

    /**
     * Returns the default limits: a minute and a million rows of result; all other limits are the server's.
     *
     * @return the limits
     */
    public static QueryLimits defaults() {
        return DEFAULTS;
    }

    /**
     * Limits the total time of one call, including getting a connection.
     *
     * @param newTimeout more than 0, at most a day
     * @return a changed copy
     * @throws BudMetricsException INVALID_CONFIGURATION when it is out of range
     */
    public QueryLimits withTimeout(Duration newTimeout) {
        Objects.requireNonNull(newTimeout, "timeout is null");
        if (newTimeout.isNegative() || newTimeout.isZero() || newTimeout.compareTo(LONGEST) > 0) {
            throw BudMetricsException.invalidConfiguration(
                    "timeout is " + newTimeout + "; give more than 0 and at most a day");
        }
        return new QueryLimits(newTimeout, maxResultRows, maxRowsToRead, maxBytesToRead, maxMemoryBytes, maxThreads);
    }

    /**
     * Limits the number of rows of a result.
     *
     * @param rows 0 for no limit by the client
     * @return a changed copy
     * @throws BudMetricsException INVALID_CONFIGURATION when it is negative
     */
    public QueryLimits withMaxResultRows(long rows) {
        return new QueryLimits(
                timeout, notNegative("maxResultRows", rows), maxRowsToRead, maxBytesToRead, maxMemoryBytes, maxThreads);
    }

    /**
     * Limits the number of rows that a statement may scan.
     *
     * @param rows 0 for no limit by the client
     * @return a changed copy
     * @throws BudMetricsException INVALID_CONFIGURATION when it is negative
     */
    public QueryLimits withMaxRowsToRead(long rows) {
        return new QueryLimits(
                timeout, maxResultRows, notNegative("maxRowsToRead", rows), maxBytesToRead, maxMemoryBytes, maxThreads);
    }

    /**
     * Limits the number of uncompressed bytes that a statement may scan.
     *
     * @param bytes 0 for no limit by the client
     * @return a changed copy
     * @throws BudMetricsException INVALID_CONFIGURATION when it is negative
     */
    public QueryLimits withMaxBytesToRead(long bytes) {
        return new QueryLimits(
                timeout,
                maxResultRows,
                maxRowsToRead,
                notNegative("maxBytesToRead", bytes),
                maxMemoryBytes,
                maxThreads);
    }

    /**
     * Limits the memory that a statement may use at the server.
     *
     * @param bytes 0 for no limit by the client
     * @return a changed copy
     * @throws BudMetricsException INVALID_CONFIGURATION when it is negative
     */
    public QueryLimits withMaxMemoryBytes(long bytes) {
        return new QueryLimits(
                timeout,
                maxResultRows,
                maxRowsToRead,
                maxBytesToRead,
                notNegative("maxMemoryBytes", bytes),
                maxThreads);
    }

    /**
     * Limits the number of threads that a statement may use at the server.
     *
     * @param threads 0 for no limit by the client
     * @return a changed copy
     * @throws BudMetricsException INVALID_CONFIGURATION when it is negative
     */
    public QueryLimits withMaxThreads(int threads) {
        return new QueryLimits(timeout, maxResultRows, maxRowsToRead, maxBytesToRead, maxMemoryBytes, (int)
                notNegative("maxThreads", threads));
    }

    private static long notNegative(String name, long value) {
        if (value < 0) {
            throw BudMetricsException.invalidConfiguration(name + " is " + value + "; give 0 or more");
        }
        return value;
    }

    /**
     * The total time of one call.
     *
     * @return more than 0
     */
    public Duration timeout() {
        return timeout;
    }

    /**
     * Rows a result may have.
     *
     * @return 0 for no limit by the client
     */
    public long maxResultRows() {
        return maxResultRows;
    }

    /**
     * Rows a statement may scan.
     *
     * @return 0 for no limit by the client
     */
    public long maxRowsToRead() {
        return maxRowsToRead;
    }

    /**
     * Bytes a statement may scan, uncompressed.
     *
     * @return 0 for no limit by the client
     */
    public long maxBytesToRead() {
        return maxBytesToRead;
    }

    /**
     * Memory a statement may use at the server, in bytes.
     *
     * @return 0 for no limit by the client
     */
    public long maxMemoryBytes() {
        return maxMemoryBytes;
    }

    /**
     * Threads a statement may use at the server.
     *
     * @return 0 for no limit by the client
     */
    public int maxThreads() {
        return maxThreads;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QueryLimits that
                && timeout.equals(that.timeout)
                && maxResultRows == that.maxResultRows
                && maxRowsToRead == that.maxRowsToRead
                && maxBytesToRead == that.maxBytesToRead
                && maxMemoryBytes == that.maxMemoryBytes
                && maxThreads == that.maxThreads;
    }

    @Override
    public int hashCode() {
        return Objects.hash(timeout, maxResultRows, maxRowsToRead, maxBytesToRead, maxMemoryBytes, maxThreads);
    }

    @Override
    public String toString() {
        return "QueryLimits[timeout=" + timeout + ", maxResultRows=" + maxResultRows + ", maxRowsToRead="
                + maxRowsToRead + ", maxBytesToRead=" + maxBytesToRead + ", maxMemoryBytes=" + maxMemoryBytes
                + ", maxThreads=" + maxThreads + "]";
    }
}
