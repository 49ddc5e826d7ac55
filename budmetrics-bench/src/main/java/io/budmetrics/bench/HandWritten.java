package io.budmetrics.bench;

import static io.budmetrics.filter.Dimension.ENDPOINT;
import static io.budmetrics.filter.Dimension.ERROR_TYPE;
import static io.budmetrics.filter.Dimension.MODEL;
import static io.budmetrics.filter.Dimension.PROJECT;
import static io.budmetrics.metric.Metrics.AVERAGE_CONCURRENCY;
import static io.budmetrics.metric.Metrics.CACHE;
import static io.budmetrics.metric.Metrics.CONCURRENT_REQUESTS;
import static io.budmetrics.metric.Metrics.COST;
import static io.budmetrics.metric.Metrics.FAILED_REQUESTS;
import static io.budmetrics.metric.Metrics.INPUT_TOKENS;
import static io.budmetrics.metric.Metrics.LATENCY;
import static io.budmetrics.metric.Metrics.OUTPUT_TOKENS;
import static io.budmetrics.metric.Metrics.QUEUING_TIME;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static io.budmetrics.metric.Metrics.SUCCESSFUL_REQUESTS;
import static io.budmetrics.metric.Metrics.THROUGHPUT;
import static io.budmetrics.metric.Metrics.TPOT;
import static io.budmetrics.metric.Metrics.TTFT;
import static io.budmetrics.metric.Metrics.UNIQUE_USERS;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.StatementListener;
import io.budmetrics.clickhouse.StatementStats;
import io.budmetrics.clickhouse.embedded.EmbeddedClickHouse;
import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.clickhouse.synthetic.SyntheticTraffic;
import io.budmetrics.filter.Quantity;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.metric.MlPerf;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlStatement;
import io.budmetrics.time.Frequency;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Twenty typical questions beside statements that are written by hand for the same numbers: the time at the server and the
 * rows that it read. Both return as many rows, else it fails.
 */
public final class HandWritten {
    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2026-04-01T00:00:00Z");
    private static final Instant MONTH = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant TEN_DAYS = Instant.parse("2026-03-22T00:00:00Z");
    private static final Instant DAY = Instant.parse("2026-03-24T00:00:00Z");
    private static final int ROUNDS = 25;

    private final UUID project;
    private final List<Pair> pairs = new ArrayList<>();
    private @Nullable StatementStats last;

    private record Pair(String title, AnalyticsBuilder question, String sql) {}

    private record Measured(double millis, int rows) {}

    private HandWritten(UUID project) {
        this.project = project;
    }

    /**
     * Measures and prints a table.
     *
     * @param arguments how many inferences; 5,000,000 unless given
     * @throws SQLException when the engine fails
     */
    public static void main(String[] arguments) throws SQLException {
        long records = arguments.length > 0 ? Long.parseLong(arguments[0]) : 5_000_000;
        SyntheticTraffic traffic =
                SyntheticTraffic.builder().records(records).between(FROM, TO).build();
        try (EmbeddedClickHouse engine = EmbeddedClickHouse.start()) {
            SchemaMigrator.over(engine.dataSource()).migrate();
            try (InferenceWriter writer = InferenceWriter.over(engine.dataSource())) {
                traffic.writeTo(writer, done -> {});
            }
            try (Connection connection = engine.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("OPTIMIZE TABLE " + InferenceFact.table().name() + " FINAL");
            }
            HandWritten comparison = new HandWritten(traffic.projects().get(0));
            comparison.write();
            try (BudMetrics client = BudMetrics.builder()
                    .dataSource(engine.dataSource())
                    .listener(comparison.new Last())
                    .build()) {
                comparison.compare(client);
            }
        }
    }

    private final class Last implements StatementListener {
        @Override
        public void succeeded(StatementStats stats) {
            last = stats;
        }
    }

    private void compare(BudMetrics client) {
        SqlContext compiler = SqlContext.of(Layout.inferenceFact());
        System.out.println("| question | ours | by hand | ratio | rows read, ours | by hand |");
        System.out.println("|---|---|---|---|---|---|");
        for (Pair pair : pairs) {
            SqlStatement<?> compiled = pair.question.build().statement(compiler);
            SqlStatement<Integer> ours = SqlStatement.of(compiled.sql(), compiled.parameters(), Columns::rowCount);
            SqlStatement<Integer> byHand = SqlStatement.of(pair.sql, List.of(), Columns::rowCount);
            Measured best = null;
            Measured bestByHand = null;
            for (int round = 0; round < ROUNDS; round++) {
                best = better(best, run(client, ours));
                bestByHand = better(bestByHand, run(client, byHand));
            }
            Measured mine = Objects.requireNonNull(best);
            Measured theirs = Objects.requireNonNull(bestByHand);
            if (mine.rows != theirs.rows) {
                throw new IllegalStateException(pair.title + ": " + mine.rows + " rows, by hand " + theirs.rows);
            }
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.1f ms | %.1f ms | %.2f | %,d | %,d |%n",
                    pair.title,
                    mine.millis,
                    theirs.millis,
                    mine.millis / theirs.millis,
                    rowsRead(client, ours),
                    rowsRead(client, byHand));
        }
    }

    private static Measured better(@Nullable Measured known, Measured found) {
        return known == null || found.millis < known.millis ? found : known;
    }

    private Measured run(BudMetrics client, SqlStatement<Integer> statement) {
        int rows = client.execute(statement);
        StatementStats stats = Objects.requireNonNull(last);
        return new Measured(
                stats.times().waiting().plus(stats.times().transfer()).toNanos() / 1e6, rows);
    }

    /** The rows of the granules that the keys leave, over all tables of the statement. */
    private static long rowsRead(BudMetrics client, SqlStatement<?> statement) {
        return client.execute(SqlStatement.of("EXPLAIN ESTIMATE " + statement.sql(), statement.parameters(), found -> {
            long rows = 0;
            for (int row = 0; row < found.rowCount(); row++) {
                rows += found.longAt(found.indexOf("rows"), row);
            }
            return rows;
        }));
    }

    private void add(String title, AnalyticsBuilder question, String sql) {
        pairs.add(new Pair(
                title,
                question,
                sql.replace("PROJECT", "toUUID('" + project + "')")
                        .replace("PLAIN", "(prompt_id IS NULL OR prompt_id = '')")));
    }

    private static AnalyticsBuilder ask(Instant from, Frequency frequency, Metric<?>... metrics) {
        return QueryBuilder.analytics().metrics(metrics).between(from, TO).every(frequency);
    }

    private static AnalyticsBuilder askOfDay(Frequency frequency, Metric<?>... metrics) {
        return QueryBuilder.analytics()
                .metrics(metrics)
                .between(DAY, DAY.plus(Duration.ofDays(1)))
                .every(frequency);
    }

    private void write() {
        add("requests by day, three months", ask(FROM, Frequency.DAY, REQUEST_COUNT), """
                SELECT toStartOfDay(request_arrival_time, 'UTC') AS day, count()
                FROM InferenceFact FINAL
                WHERE request_arrival_time >= '2026-01-01' AND request_arrival_time < '2026-04-01' AND PLAIN
                GROUP BY day ORDER BY day""");
        add(
                "requests by hour, a month, one project",
                ask(MONTH, Frequency.HOUR, REQUEST_COUNT).where(PROJECT.is(project)),
                """
                SELECT toStartOfHour(request_arrival_time) AS hour, count()
                FROM InferenceFact FINAL
                WHERE project_id = PROJECT
                    AND request_arrival_time >= '2026-03-01' AND request_arrival_time < '2026-04-01' AND PLAIN
                GROUP BY hour ORDER BY hour""");
        add("latency with p95 and p99 by day, a month", ask(MONTH, Frequency.DAY, LATENCY), """
                SELECT toStartOfDay(request_arrival_time, 'UTC') AS day, count(),
                    countIf(response_time_us >= 0), sumIf(response_time_us, response_time_us >= 0),
                    minIf(response_time_us, response_time_us >= 0), maxIf(response_time_us, response_time_us >= 0),
                    quantilesExactInclusiveIf(0.95, 0.99)(response_time_us, response_time_us >= 0)
                FROM InferenceFact FINAL
                WHERE request_arrival_time >= '2026-03-01' AND request_arrival_time < '2026-04-01' AND PLAIN
                GROUP BY day ORDER BY day""");
        add(
                "time to first token by endpoint and day, ten days",
                ask(TEN_DAYS, Frequency.DAY, TTFT).groupBy(ENDPOINT),
                """
                SELECT endpoint_id, toStartOfDay(request_arrival_time, 'UTC') AS day, count(),
                    countIf(ttft_us >= 0 AND streamed IS DISTINCT FROM false AS measured), sumIf(ttft_us, measured),
                    minIf(ttft_us, measured), maxIf(ttft_us, measured),
                    quantilesExactInclusiveIf(0.95, 0.99)(ttft_us, measured)
                FROM InferenceFact FINAL
                WHERE request_arrival_time >= '2026-03-22' AND request_arrival_time < '2026-04-01' AND PLAIN
                GROUP BY endpoint_id, day ORDER BY endpoint_id, day""");
        add(
                "successes and failures by day, three months",
                ask(FROM, Frequency.DAY, SUCCESSFUL_REQUESTS, FAILED_REQUESTS),
                """
                SELECT toStartOfDay(request_arrival_time, 'UTC') AS day, count(),
                    countIf(is_success), count(is_success), countIf(NOT is_success)
                FROM InferenceFact FINAL
                WHERE request_arrival_time >= '2026-01-01' AND request_arrival_time < '2026-04-01' AND PLAIN
                GROUP BY day ORDER BY day""");
        add(
                "failures by error type and hour, a day",
                askOfDay(Frequency.HOUR, FAILED_REQUESTS).groupBy(ERROR_TYPE),
                """
                SELECT error_type, toStartOfHour(request_arrival_time) AS hour, count(),
                    countIf(NOT is_success), count(is_success)
                FROM InferenceFact FINAL
                WHERE request_arrival_time >= '2026-03-24' AND request_arrival_time < '2026-03-25' AND PLAIN
                GROUP BY error_type, hour ORDER BY error_type, hour""");
        add(
                "cost by project and month, three months",
                ask(FROM, Frequency.MONTH, COST).groupBy(PROJECT),
                """
                SELECT project_id, toStartOfMonth(request_arrival_time, 'UTC') AS month, count(), count(cost), sum(cost)
                FROM InferenceFact FINAL
                WHERE request_arrival_time >= '2026-01-01' AND request_arrival_time < '2026-04-01' AND PLAIN
                GROUP BY project_id, month ORDER BY project_id, month""");
        add(
                "cost of the three most expensive models, a month",
                ask(MONTH, Frequency.MONTH, COST).groupBy(MODEL).top(3),
                """
                SELECT if(place > 3, NULL, model_id) AS model, sum(requests), sum(priced), sum(spent)
                FROM
                (
                    SELECT model_id, count() AS requests, count(cost) AS priced, sum(cost) AS spent,
                        row_number() OVER (ORDER BY spent DESC) AS place
                    FROM InferenceFact FINAL
                    WHERE request_arrival_time >= '2026-03-01' AND request_arrival_time < '2026-04-01' AND PLAIN
                    GROUP BY model_id
                )
                GROUP BY model ORDER BY model IS NULL, sum(spent) DESC""");
        add(
                "tokens by model and day, a month",
                ask(MONTH, Frequency.DAY, INPUT_TOKENS, OUTPUT_TOKENS).groupBy(MODEL),
                """
                SELECT model_id, toStartOfDay(request_arrival_time, 'UTC') AS day, count(),
                    count(input_tokens), sum(input_tokens), count(output_tokens), sum(output_tokens)
                FROM InferenceFact FINAL
                WHERE request_arrival_time >= '2026-03-01' AND request_arrival_time < '2026-04-01' AND PLAIN
                GROUP BY model_id, day ORDER BY model_id, day""");
        add(
                "throughput by model and day, ten days",
                ask(TEN_DAYS, Frequency.DAY, THROUGHPUT).groupBy(MODEL),
                """
                SELECT model_id, toStartOfDay(request_arrival_time, 'UTC') AS day, count(),
                    countIf(output_tokens IS NOT NULL AND response_time_us >= 0 AS known),
                    sumIf(output_tokens, known), sumIf(response_time_us, known)
                FROM InferenceFact FINAL
                WHERE request_arrival_time >= '2026-03-22' AND request_arrival_time < '2026-04-01' AND PLAIN
                GROUP BY model_id, day ORDER BY model_id, day""");
        add("response-cache hits by day, a month", ask(MONTH, Frequency.DAY, CACHE), """
                SELECT toStartOfDay(request_arrival_time, 'UTC') AS day, count(), count(cached), countIf(cached),
                    countIf(cached AND response_time_us >= 0 AS hit), sumIf(response_time_us, hit)
                FROM InferenceFact FINAL
                WHERE request_arrival_time >= '2026-03-01' AND request_arrival_time < '2026-04-01' AND PLAIN
                GROUP BY day ORDER BY day""");
        add("unique users by day, a month", ask(MONTH, Frequency.DAY, UNIQUE_USERS), """
                SELECT toStartOfDay(request_arrival_time, 'UTC') AS day, count(), count(user_id), uniqExact(user_id)
                FROM InferenceFact FINAL
                WHERE request_arrival_time >= '2026-03-01' AND request_arrival_time < '2026-04-01' AND PLAIN
                GROUP BY day ORDER BY day""");
        add("queue time by hour, ten days", ask(TEN_DAYS, Frequency.HOUR, QUEUING_TIME), """
                SELECT toStartOfHour(request_arrival_time) AS hour, count(),
                    countIf(dateDiff('microsecond', request_arrival_time, request_forward_time) AS queued >= 0),
                    sumIf(queued, queued >= 0), minIf(queued, queued >= 0), maxIf(queued, queued >= 0)
                FROM InferenceFact FINAL
                WHERE request_arrival_time >= '2026-03-22' AND request_arrival_time < '2026-04-01' AND PLAIN
                GROUP BY hour ORDER BY hour""");
        add("time per output token by day, ten days", ask(TEN_DAYS, Frequency.DAY, TPOT), """
                SELECT toStartOfDay(request_arrival_time, 'UTC') AS day, count(),
                    countIf(output_tokens > 1 AND ttft_us >= 0 AND response_time_us >= ttft_us
                        AND streamed IS DISTINCT FROM false AS measured),
                    sumIf((response_time_us - ttft_us) / (output_tokens - 1) AS tpot, measured),
                    minIf(tpot, measured), maxIf(tpot, measured),
                    quantilesExactInclusiveIf(0.95, 0.99)(tpot, measured)
                FROM InferenceFact FINAL
                WHERE request_arrival_time >= '2026-03-22' AND request_arrival_time < '2026-04-01' AND PLAIN
                GROUP BY day ORDER BY day""");
        add(
                "attainment of MLPerf's limits by day, ten days",
                ask(TEN_DAYS, Frequency.DAY, Metrics.sloAttainment(MlPerf.LLAMA3_1_8B_SERVER)),
                """
                SELECT toStartOfDay(request_arrival_time, 'UTC') AS day, count(),
                    countIf(open AND is_success IS DISTINCT FROM false AND first = 1 AND each = 1),
                    countIf(open AND (is_success = false OR first = 0 OR each = 0))
                FROM
                (
                    SELECT request_arrival_time, is_success, is_blocked IS DISTINCT FROM true AS open,
                        if(ttft_us >= 0 AND streamed IS DISTINCT FROM false, ttft_us <= 2000000, NULL) AS first,
                        if(output_tokens > 1 AND ttft_us >= 0 AND response_time_us >= ttft_us
                            AND streamed IS DISTINCT FROM false,
                            (response_time_us - ttft_us) / (output_tokens - 1) <= 100000, NULL) AS each
                    FROM InferenceFact FINAL
                    WHERE request_arrival_time >= '2026-03-22' AND request_arrival_time < '2026-04-01' AND PLAIN
                )
                GROUP BY day ORDER BY day""");
        add(
                "peak concurrency by hour, a day, one project",
                askOfDay(Frequency.HOUR, CONCURRENT_REQUESTS).where(PROJECT.is(project)),
                """
                SELECT *
                FROM
                (
                    SELECT hour, countIf(started >= hour) AS arrived,
                        maxIntersections(greatest(started, hour), least(ended, hour + 3600000000)) AS peak
                    FROM
                    (
                        SELECT toUnixTimestamp64Micro(request_arrival_time) AS started, started + response_time_us AS ended,
                            arrayJoin(range(intDiv(started, 3600000000) * 3600000000,
                                least(ended, 1774396800000000), 3600000000)) AS hour
                        FROM InferenceFact FINAL
                        WHERE project_id = PROJECT AND response_time_us > 0 AND PLAIN
                            AND request_arrival_time >= '2026-03-23 23:00:00' AND request_arrival_time < '2026-03-25'
                    )
                    WHERE hour >= 1774310400000000
                    GROUP BY hour
                    UNION ALL
                    SELECT 1000000 * toInt64(toStartOfHour(request_arrival_time)), count(), countIf(response_time_us >= 0)
                    FROM InferenceFact FINAL
                    WHERE project_id = PROJECT AND PLAIN
                        AND request_arrival_time >= '2026-03-24' AND request_arrival_time < '2026-03-25'
                    GROUP BY toStartOfHour(request_arrival_time)
                )
                ORDER BY hour""");
        add("average concurrency by day, ten days", ask(TEN_DAYS, Frequency.DAY, AVERAGE_CONCURRENCY), """
                SELECT *
                FROM
                (
                    SELECT day, 0 AS arrived, sum(least(ended, day + 86400000000) - greatest(started, day)) AS time
                    FROM
                    (
                        SELECT toUnixTimestamp64Micro(request_arrival_time) AS started, started + response_time_us AS ended,
                            arrayJoin(range(intDiv(started, 86400000000) * 86400000000,
                                least(ended, 1775001600000000), 86400000000)) AS day
                        FROM InferenceFact FINAL
                        WHERE response_time_us > 0 AND PLAIN
                            AND request_arrival_time >= '2026-03-21 23:00:00' AND request_arrival_time < '2026-04-01'
                    )
                    WHERE day >= 1774137600000000
                    GROUP BY day
                    UNION ALL
                    SELECT 1000000 * toInt64(toStartOfDay(request_arrival_time, 'UTC')), count(),
                        toInt64(countIf(response_time_us >= 0))
                    FROM InferenceFact FINAL
                    WHERE request_arrival_time >= '2026-03-22' AND request_arrival_time < '2026-04-01' AND PLAIN
                    GROUP BY toStartOfDay(request_arrival_time, 'UTC')
                )
                ORDER BY day""");
        add(
                "requests by day in Berlin, three months",
                ask(Instant.parse("2025-12-31T23:00:00Z"), Frequency.DAY, REQUEST_COUNT)
                        .in(ZoneId.of("Europe/Berlin")),
                """
                SELECT toStartOfDay(request_arrival_time, 'Europe/Berlin') AS day, count()
                FROM InferenceFact FINAL
                WHERE request_arrival_time >= '2025-12-31 23:00:00' AND request_arrival_time < '2026-04-01' AND PLAIN
                GROUP BY day ORDER BY day""");
        add(
                "slow requests by model and day, a month",
                ask(MONTH, Frequency.DAY, REQUEST_COUNT)
                        .where(Quantity.LATENCY.atLeast(Duration.ofSeconds(30)))
                        .groupBy(MODEL),
                """
                SELECT model_id, toStartOfDay(request_arrival_time, 'UTC') AS day, count()
                FROM InferenceFact FINAL
                WHERE request_arrival_time >= '2026-03-01' AND request_arrival_time < '2026-04-01'
                    AND response_time_us >= 30000000 AND PLAIN
                GROUP BY model_id, day ORDER BY model_id, day""");
        add(
                "requests, successes and latency of the top five models by day, ten days",
                ask(TEN_DAYS, Frequency.DAY, REQUEST_COUNT, SUCCESSFUL_REQUESTS, LATENCY)
                        .groupBy(MODEL)
                        .top(5),
                """
                WITH top AS
                (
                    SELECT model_id
                    FROM InferenceFact FINAL
                    WHERE request_arrival_time >= '2026-03-22' AND request_arrival_time < '2026-04-01' AND PLAIN
                    GROUP BY model_id ORDER BY count() DESC LIMIT 5
                )
                SELECT if(model_id IN top, model_id, NULL) AS model, toStartOfDay(request_arrival_time, 'UTC') AS day,
                    count(), countIf(is_success), count(is_success), countIf(response_time_us >= 0),
                    sumIf(response_time_us, response_time_us >= 0), minIf(response_time_us, response_time_us >= 0),
                    maxIf(response_time_us, response_time_us >= 0),
                    quantilesExactInclusiveIf(0.95, 0.99)(response_time_us, response_time_us >= 0)
                FROM InferenceFact FINAL
                WHERE request_arrival_time >= '2026-03-22' AND request_arrival_time < '2026-04-01' AND PLAIN
                GROUP BY model, day ORDER BY model, day""");
    }
}
