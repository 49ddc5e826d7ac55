package io.budmetrics.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.clickhouse.embedded.EmbeddedClickHouse;
import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** On an engine of its own, which has no query log: one is put where a server has it. */
final class SlowStatementIT {
    private static final Instant FROM = Instant.parse("2026-03-04T23:30:00Z");
    private static final Instant TO = Instant.parse("2026-03-05T00:30:00Z");

    /** The columns of a server's log that are asked for, with the types that they have there. */
    private static final String LOG = """
            CREATE TABLE system.query_log
            (
                type Enum8('QueryStart' = 1, 'QueryFinish' = 2, 'ExceptionBeforeStart' = 3, 'ExceptionWhileProcessing' = 4),
                event_date Date,
                event_time DateTime,
                query_start_time_microseconds DateTime64(6),
                query_duration_ms UInt64,
                read_rows UInt64,
                read_bytes UInt64,
                result_rows UInt64,
                memory_usage UInt64,
                query String,
                exception_code Int32,
                is_initial_query UInt8,
                user LowCardinality(String),
                query_id String,
                log_comment String
            )
            ENGINE = MergeTree
            ORDER BY (event_date, event_time)""";

    private static String row(
            String type, String started, int millis, int code, int initial, String id, String comment) {
        return "('" + type + "', toDate(toDateTime('" + started.substring(0, 19) + "', 'UTC'), 'UTC'), '"
                + started.substring(0, 19) + "', toDateTime64('" + started + "', 6, 'UTC'), " + millis
                + ", 10, 20, 30, 40, 'SELECT 1', " + code + ", " + initial + ", 'u', '" + id + "', '" + comment + "')";
    }

    @Test
    void theSlowestOfOursComeFirstWithTheirTags() {
        try (EmbeddedClickHouse engine = EmbeddedClickHouse.start();
                BudMetrics client = BudMetrics.over(engine.dataSource());
                DriverClient writer = DriverClient.over(engine.dataSource())) {
            assertThatThrownBy(() -> client.execute(SlowStatement.between(FROM, TO, Duration.ZERO, 1)))
                    .isInstanceOfSatisfying(BudMetricsException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
                        assertThat(e.reason()).contains("query_log");
                    });

            writer.execute(LOG);
            String finished = "QueryFinish";
            String start = "2026-03-05 00:00:00.123456";
            writer.execute("INSERT INTO system.query_log VALUES "
                    + String.join(
                            ", ",
                            row(finished, start, 900, 0, 1, "a", "budmetrics question dashboard=home team=core"),
                            row("QueryStart", start, 0, 0, 1, "a", "budmetrics question dashboard=home team=core"),
                            row("ExceptionWhileProcessing", start, 5000, 159, 1, "b", "budmetrics schema check"),
                            row("ExceptionBeforeStart", start, 901, 60, 1, "c", "budmetrics statement"),
                            row(finished, start, 800, 0, 1, "too fast", "budmetrics question"),
                            row(finished, start, 9000, 0, 1, "of others", "dashboard"),
                            row(finished, start, 9000, 0, 1, "of others too", "budmetricsx question"),
                            row(finished, start, 9000, 0, 0, "of another server", "budmetrics question"),
                            row(finished, "2026-03-04 23:29:59.999999", 9000, 0, 1, "before", "budmetrics question"),
                            row(finished, "2026-03-04 23:30:00.000000", 1000, 0, 1, "first", "budmetrics insert"),
                            row(finished, "2026-03-05 00:30:00.000000", 9000, 0, 1, "after", "budmetrics question")));

            List<SlowStatement> slow =
                    client.execute(SlowStatement.between(FROM, TO, Duration.ofNanos(900_999_999), 100));

            assertThat(slow).extracting(SlowStatement::queryId).containsExactly("b", "first", "c", "a");
            assertThat(slow.get(3))
                    .isEqualTo(new SlowStatement(
                            "a",
                            "question",
                            Map.of("dashboard", "home", "team", "core"),
                            Instant.parse("2026-03-05T00:00:00.123456Z"),
                            new SlowStatement.Work(Duration.ofMillis(900), 10, 20, 30, 40),
                            OptionalInt.empty()));
            assertThat(slow.get(0).what()).isEqualTo("schema check");
            assertThat(slow.get(0).serverCode()).hasValue(159);
            assertThat(client.execute(SlowStatement.between(FROM, TO, Duration.ZERO, 2)))
                    .hasSize(2);
        }
    }

    @Test
    void argumentsOutOfRange_areRefused() {
        assertRefused(TO, FROM, Duration.ZERO, 1);
        assertRefused(FROM, FROM, Duration.ZERO, 1);
        assertRefused(FROM, TO, Duration.ofMillis(-1), 1);
        assertRefused(FROM, TO, Duration.ZERO, 0);
        assertRefused(FROM, TO, Duration.ZERO, 10_001);
    }

    private static void assertRefused(Instant from, Instant to, Duration atLeast, int most) {
        assertThatThrownBy(() -> SlowStatement.between(from, to, atLeast, most))
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_QUERY));
    }
}
