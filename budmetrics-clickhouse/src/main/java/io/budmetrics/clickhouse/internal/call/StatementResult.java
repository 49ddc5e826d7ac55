package io.budmetrics.clickhouse.internal.call;

import io.budmetrics.sql.Columns;

/**
 * A result and what it took.
 *
 * @param columns the result
 * @param queryId the id under which the server knows the statement
 * @param waitNanos until the answer began
 * @param transferNanos from there until it was read and decoded
 * @param rowsRead rows the server scanned
 * @param bytesRead bytes the server scanned
 */
public record StatementResult(
        Columns columns, String queryId, long waitNanos, long transferNanos, long rowsRead, long bytesRead) {}
