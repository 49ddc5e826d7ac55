package io.budmetrics.clickhouse;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.sql.Columns;

/**
 * What a question would read, estimated by the server's index without reading any rows. Filters on what the index does not
 * know make it less. Immutable.
 *
 * @param rows rows that would be scanned
 * @param parts parts of the table that would be opened
 * @param marks granules that would be read
 */
public record QueryEstimate(long rows, long parts, long marks) {
    /** Each table of the statement has a row. */
    static QueryEstimate of(Columns columns) {
        long rows = 0;
        long parts = 0;
        long marks = 0;
        for (int row = 0; row < columns.rowCount(); row++) {
            rows += columns.longAt(columns.indexOf("rows"), row);
            parts += columns.longAt(columns.indexOf("parts"), row);
            marks += columns.longAt(columns.indexOf("marks"), row);
        }
        return new QueryEstimate(rows, parts, marks);
    }

    QueryEstimate times(int scans) {
        return new QueryEstimate(rows * scans, parts * scans, marks * scans);
    }

    /**
     * Throws if the estimate exceeds a limit on rows.
     *
     * @param budget how many rows may be scanned
     * @return this estimate
     * @throws BudMetricsException RESOURCE_EXHAUSTED when it is more
     */
    @CanIgnoreReturnValue
    public QueryEstimate requireAtMostRows(long budget) {
        if (rows > budget) {
            throw BudMetricsException.of(
                    ErrorCode.RESOURCE_EXHAUSTED,
                    "the question would scan " + rows + " rows in " + parts + " parts, more than the " + budget
                            + " allowed; ask for a shorter range or fewer projects");
        }
        return this;
    }
}
