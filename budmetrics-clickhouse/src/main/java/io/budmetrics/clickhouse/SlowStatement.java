package io.budmetrics.clickhouse;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlParameter;
import io.budmetrics.sql.SqlStatement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * A slow statement of this library, as recorded in the server's <code>system.query_log</code>, without values or results.
 * Immutable.
 *
 * @param queryId the id that it was sent under, which is also in the library's log and errors
 * @param what what it was, such as <code>question</code> or <code>insert</code>
 * @param tags those of {@link BudMetrics#withTags}
 * @param started when the server began with it, to the microsecond
 * @param work what the server did for it
 * @param serverCode ClickHouse's code of the error it ended with; empty when it succeeded
 */
public record SlowStatement(
        String queryId, String what, Map<String, String> tags, Instant started, Work work, OptionalInt serverCode) {
    /**
     * What the server did for a statement.
     *
     * @param took how long the server worked on it, in whole milliseconds
     * @param rowsRead rows read from tables
     * @param bytesRead bytes read from tables, before compression
     * @param resultRows rows of the result
     * @param memoryBytes the most memory that it took, in bytes
     */
    public record Work(Duration took, long rowsRead, long bytesRead, long resultRows, long memoryBytes) {
        /** Refuses null. */
        public Work {
            Objects.requireNonNull(took, "took is null");
        }
    }

    private static final String OURS = "budmetrics ";
    private static final int MOST = 10_000;

    /** The log is sorted by the time of the event, which is when a statement ended. */
    private static final String SQL = """
            SELECT
                query_id,
                log_comment,
                toUnixTimestamp64Micro(query_start_time_microseconds) AS started,
                query_duration_ms,
                read_rows,
                read_bytes,
                result_rows,
                memory_usage,
                exception_code
            FROM system.query_log
            WHERE type != 'QueryStart'
                AND is_initial_query = 1
                AND event_date >= toDate({from:DateTime64(6, 'UTC')}) - 1
                AND query_start_time_microseconds >= {from:DateTime64(6, 'UTC')}
                AND query_start_time_microseconds < {to:DateTime64(6, 'UTC')}
                AND query_duration_ms >= {millis:Int64}
                AND startsWith(log_comment, 'budmetrics ')
            ORDER BY
                query_duration_ms DESC,
                started DESC,
                query_id
            LIMIT {most:Int64}""";

    /** Rejects null. */
    public SlowStatement {
        Objects.requireNonNull(queryId, "queryId is null");
        Objects.requireNonNull(what, "what is null");
        tags = Map.copyOf(tags);
        Objects.requireNonNull(started, "started is null");
        Objects.requireNonNull(work, "work is null");
        Objects.requireNonNull(serverCode, "serverCode is null");
    }

    /**
     * Returns a statement that lists the slow statements of this library, by all clients and users; for {@link
     * BudMetrics#execute(SqlStatement)}. The server writes its log every few seconds, and only where its configuration has
     * a <code>query_log</code>: without one, running this is a SCHEMA_MISMATCH, as is a log of a server too old to have
     * these columns. The user must be allowed to <code>SELECT</code> from it.
     *
     * @param from when they began, inclusive
     * @param to when they began, exclusive
     * @param atLeast how long they took, 0 or more; compared in whole milliseconds
     * @param most how many there are at most, 1 to 10,000
     * @return a statement that yields them, the slowest first
     * @throws BudMetricsException INVALID_QUERY when an argument is out of range, or the range empty
     */
    public static SqlStatement<List<SlowStatement>> between(Instant from, Instant to, Duration atLeast, int most) {
        Objects.requireNonNull(from, "from is null");
        Objects.requireNonNull(to, "to is null");
        Objects.requireNonNull(atLeast, "atLeast is null");
        if (!from.isBefore(to)) {
            throw BudMetricsException.invalidQuery("to " + to + " is not after from " + from);
        }
        if (atLeast.isNegative()) {
            throw BudMetricsException.invalidQuery("atLeast is " + atLeast + "; give 0 or more");
        }
        if (most < 1 || most > MOST) {
            throw BudMetricsException.invalidQuery("most is " + most + "; give 1 to " + MOST);
        }
        return SqlStatement.of(
                SQL,
                List.of(
                        SqlParameter.of("from", from),
                        SqlParameter.of("to", to),
                        SqlParameter.of("millis", atLeast.toMillis()),
                        SqlParameter.of("most", most)),
                SlowStatement::all);
    }

    private static List<SlowStatement> all(Columns columns) {
        List<SlowStatement> statements = new ArrayList<>();
        for (int row = 0; row < columns.rowCount(); row++) {
            statements.add(one(columns, row));
        }
        return List.copyOf(statements);
    }

    private static SlowStatement one(Columns columns, int row) {
        List<String> what = new ArrayList<>();
        Map<String, String> tags = new TreeMap<>();
        String comment = columns.textAt(columns.indexOf("log_comment"), row);
        for (String word : comment.substring(OURS.length()).split(" ", -1)) {
            int equals = word.indexOf('=');
            if (equals < 0) {
                what.add(word);
            } else {
                tags.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        int code = (int) columns.longAt(columns.indexOf("exception_code"), row);
        return new SlowStatement(
                columns.textAt(columns.indexOf("query_id"), row),
                String.join(" ", what),
                tags,
                Instant.EPOCH.plus(columns.longAt(columns.indexOf("started"), row), ChronoUnit.MICROS),
                new Work(
                        Duration.ofMillis(columns.longAt(columns.indexOf("query_duration_ms"), row)),
                        columns.longAt(columns.indexOf("read_rows"), row),
                        columns.longAt(columns.indexOf("read_bytes"), row),
                        columns.longAt(columns.indexOf("result_rows"), row),
                        columns.longAt(columns.indexOf("memory_usage"), row)),
                code == 0 ? OptionalInt.empty() : OptionalInt.of(code));
    }
}
