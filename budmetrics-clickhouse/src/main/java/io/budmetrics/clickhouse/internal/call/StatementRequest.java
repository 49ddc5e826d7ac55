package io.budmetrics.clickhouse.internal.call;

import io.budmetrics.sql.SqlParameter;
import java.util.List;
import java.util.Objects;

/**
 * What is to be run.
 *
 * @param what names the statement in logs and errors; no values
 * @param comment appears in the server's log; no values
 * @param sql the text, with <code>{name:type}</code> where a parameter stands; no FORMAT clause
 * @param parameters the values
 * @param options what is sent along
 * @param startNanos from where its time counts, by System.nanoTime()
 * @param cancellation ends it early
 */
public record StatementRequest(
        String what,
        String comment,
        String sql,
        List<SqlParameter> parameters,
        StatementOptions options,
        long startNanos,
        Cancellation cancellation) {
    /** Refuses what is null. */
    public StatementRequest {
        Objects.requireNonNull(sql, "sql is null");
        Objects.requireNonNull(options, "options is null");
        Objects.requireNonNull(cancellation, "cancellation is null");
    }

    /**
     * A statement that is tagged with what it is, and counts from now.
     *
     * @param what names the statement in logs, errors and the server's log; no values
     * @param sql the text, with <code>{name:type}</code> where a parameter stands; no FORMAT clause
     * @param parameters the values
     * @param options sent along
     * @return the request
     */
    public static StatementRequest of(
            String what, String sql, List<SqlParameter> parameters, StatementOptions options) {
        return new StatementRequest(
                what, "budmetrics " + what, sql, parameters, options, System.nanoTime(), new Cancellation());
    }
}
