package io.budmetrics.clickhouse.internal.call;

import com.clickhouse.client.api.query.QueryResponse;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.sql.Columns;
import java.util.Map;

/** Whether an answer that was read without an error is ClickHouse's, and all of it. */
public final class AnswerCheck {
    private static final String PREFIX = "X-ClickHouse-";
    private static final String SUMMARY = PREFIX + "Summary";

    private AnswerCheck() {}

    /**
     * A body that something in between has shortened at the edge of a block looks whole, so the server's own count decides.
     * The format says nothing at all about an empty result, so what came with the empty body has to; a command such as an
     * INSERT reports the rows it wrote as its result.
     */
    static void requireWhole(Columns columns, QueryResponse response, boolean yieldsRows) {
        if (yieldsRows && response.getResultRows() > columns.rowCount()) {
            throw BudMetricsException.of(
                    ErrorCode.DATABASE_UNAVAILABLE, "the answer has fewer rows than the server counted");
        }
        if (columns.rowCount() > 0) {
            return;
        }
        Map<String, String> headers = response.getResponseHeaders();
        requireClickHouse(headers);
        if (yieldsRows && !headers.getOrDefault(SUMMARY, "").endsWith("}")) {
            // the HTTP client takes half a head for a whole one; with its summary the server has said how many rows
            // there are
            throw BudMetricsException.of(ErrorCode.DATABASE_UNAVAILABLE, "the answer ends in its header");
        }
    }

    /**
     * Throws when an answer without rows does not come from ClickHouse.
     *
     * @param headers those of the answer
     * @throws BudMetricsException DATABASE_ERROR
     */
    public static void requireClickHouse(Map<String, String> headers) {
        if (headers.keySet().stream().noneMatch(name -> name.regionMatches(true, 0, PREFIX, 0, PREFIX.length()))) {
            throw BudMetricsException.of(
                    ErrorCode.DATABASE_ERROR,
                    "the answer is empty and does not come from ClickHouse; check the HTTP port");
        }
    }

    static void closeQuietly(QueryResponse response) {
        try {
            response.close();
        } catch (Exception e) {
            CallLog.LOG.debug("a response could not be closed: {}", e.getClass().getName());
        }
    }
}
