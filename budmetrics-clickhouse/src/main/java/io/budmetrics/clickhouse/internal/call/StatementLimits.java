package io.budmetrics.clickhouse.internal.call;

import io.budmetrics.error.BudMetricsException;

/**
 * What one statement may cost at the server; 0 leaves a limit to the server.
 *
 * @param maxResultRows rows of a result, more is an error
 * @param maxRowsToRead rows a statement may scan
 * @param maxBytesToRead bytes a statement may scan
 * @param maxMemoryBytes memory a statement may use at the server
 * @param maxThreads threads a statement may use at the server
 */
public record StatementLimits(
        long maxResultRows, long maxRowsToRead, long maxBytesToRead, long maxMemoryBytes, int maxThreads) {
    /** Refuses numbers below 0. */
    public StatementLimits {
        requireNotNegative("maxResultRows", maxResultRows);
        requireNotNegative("maxRowsToRead", maxRowsToRead);
        requireNotNegative("maxBytesToRead", maxBytesToRead);
        requireNotNegative("maxMemoryBytes", maxMemoryBytes);
        requireNotNegative("maxThreads", maxThreads);
    }

    /**
     * Leaves every limit to the server.
     *
     * @return the limits
     */
    public static StatementLimits none() {
        return new StatementLimits(0, 0, 0, 0, 0);
    }

    private static void requireNotNegative(String name, long value) {
        if (value < 0) {
            throw BudMetricsException.invalidConfiguration(name + " is " + value + "; give 0 or more");
        }
    }
}
