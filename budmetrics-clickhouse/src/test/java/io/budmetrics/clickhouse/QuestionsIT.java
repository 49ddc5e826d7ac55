package io.budmetrics.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.clickhouse.synthetic.SyntheticTraffic;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Quantity;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.question.SqlContext;
import io.budmetrics.record.InferenceRecord;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.SqlStatement;
import io.budmetrics.time.Frequency;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the client does with questions around asking them, on two months of traffic. */
@ExtendWith(ClickHouseExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(180)
final class QuestionsIT {
    private static final int RECORDS = 20_000;

    private BudMetrics client;
    private UUID project = new UUID(0, 0);

    @BeforeAll
    void write(TestServer server) {
        TestServer own = server.newDatabase();
        SchemaMigrator.over(own.dataSource()).migrate();
        try (InferenceWriter writer = InferenceWriter.over(own.dataSource())) {
            for (String until : List.of("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z")) {
                SyntheticTraffic traffic = SyntheticTraffic.builder()
                        .records(RECORDS)
                        .days(20)
                        .until(Instant.parse(until))
                        .seed(until.hashCode())
                        .build();
                project = traffic.projects().get(7);
                for (List<InferenceRecord> batch : traffic) {
                    writer.write(batch);
                }
            }
        }
        client = BudMetrics.over(own.dataSource());
    }

    @AfterAll
    void close() {
        client.close();
    }

    private static AnalyticsBuilder march(Metric<?>... metrics) {
        return QueryBuilder.analytics()
                .metrics(metrics)
                .between(Instant.parse("2026-03-01T00:00:00Z"), Instant.parse("2026-04-01T00:00:00Z"))
                .every(Frequency.DAY)
                .traffic(TrafficSource.ALL);
    }

    @Test
    void anEstimateCountsWhatTheIndexLeaves() {
        QueryEstimate month = client.estimate(march(Metrics.REQUEST_COUNT).build());
        assertThat(month.rows()).isEqualTo(RECORDS);
        assertThat(month.parts()).isPositive();
        assertThat(month.marks()).isPositive();
        QueryEstimate both = client.estimate(QueryBuilder.analytics()
                .metrics(Metrics.REQUEST_COUNT)
                .between(Instant.parse("2026-02-01T00:00:00Z"), Instant.parse("2026-04-01T00:00:00Z"))
                .every(Frequency.DAY)
                .build());
        assertThat(both.rows()).isEqualTo(2 * RECORDS);
        AnalyticsQuestion ofProject = march(Metrics.REQUEST_COUNT)
                .where(Dimension.PROJECT.is(project))
                .build();
        long asked = client.execute(ofProject).rows().stream()
                .mapToLong(row -> row.get(Metrics.REQUEST_COUNT).count())
                .sum();
        assertThat(client.estimate(ofProject).rows()).isBetween(asked, (long) RECORDS);
        QueryEstimate ranked = client.estimate(
                march(Metrics.REQUEST_COUNT).groupBy(Dimension.MODEL).top(3).build());
        assertThat(ranked.rows()).isEqualTo(2 * RECORDS);
        QueryEstimate held = client.estimate(march(Metrics.REQUEST_COUNT)
                .groupBy(Dimension.MODEL)
                .having(Metrics.LATENCY.above(1))
                .top(3)
                .build());
        assertThat(held.rows()).isEqualTo(3 * RECORDS);
        QueryEstimate ofOnePeriod = client.estimate(march(Metrics.COST)
                .every(Frequency.MONTH)
                .groupBy(Dimension.MODEL)
                .having(Metrics.LATENCY.above(1))
                .top(3)
                .build());
        assertThat(ofOnePeriod.rows()).isEqualTo(RECORDS);
        QueryEstimate heldInOnePeriod = client.estimate(march(Metrics.LATENCY)
                .every(Frequency.MONTH)
                .groupBy(Dimension.MODEL)
                .having(Metrics.LATENCY.above(1))
                .build());
        assertThat(heldInOnePeriod.rows()).isEqualTo(RECORDS);
        QueryEstimate running =
                client.estimate(march(Metrics.CONCURRENT_REQUESTS).build());
        assertThat(running.rows())
                .as("arrived, and running, whose look back reaches into February")
                .isBetween(2L * RECORDS, 3L * RECORDS);
    }

    @Test
    void theServersPlanShowsItsIndexes() {
        String plan = client.explain(march(Metrics.LATENCY)
                .where(Dimension.PROJECT.is(project))
                .groupBy(Dimension.MODEL)
                .top(3)
                .build());
        assertThat(plan).contains("ReadFromMergeTree", "InferenceFact", "Partition", "PrimaryKey", "\n");
    }

    @Test
    void nestedConditionsBesideTheProjectLeaveItsIndex() {
        Filter nested = Dimension.COUNTRY
                .is("DE")
                .not()
                .or(Quantity.LATENCY.atLeast(Duration.ofSeconds(1)).and(Dimension.STREAMED.isPresent()));
        AnalyticsQuestion question = march(Metrics.LATENCY).where(nested.not()).build();
        BudMetrics scoped = client.scopedTo(Dimension.PROJECT.is(project));

        assertThat(client.explain(question)).doesNotContain("project_id\n");
        assertThat(client.explain(march(Metrics.LATENCY)
                        .where(Dimension.PROJECT.is(project), nested)
                        .build()))
                .containsPattern("Keys: *\\R *project_id\\R *request_arrival_time");
        assertThat(scoped.explain(question)).containsPattern("Keys: *\\R *project_id\\R *request_arrival_time");
    }

    static Stream<AnalyticsQuestion> described() {
        Metric<?>[] all = Metrics.all().toArray(new Metric<?>[0]);
        return Stream.concat(
                Metrics.all().stream().map(metric -> march(metric).build()),
                Stream.of(
                        march(Metrics.REQUEST_COUNT)
                                .traffic(TrafficSource.PROMPT)
                                .build(),
                        march(Metrics.COST)
                                .groupBy(Dimension.PROJECT, Dimension.PROMPT)
                                .build(),
                        march(Metrics.LATENCY)
                                .where(Dimension.API_KEY.is(new UUID(1, 2)))
                                .groupBy(Dimension.USER_PROJECT)
                                .withDelta()
                                .build(),
                        march(Metrics.REQUEST_COUNT)
                                .where(Dimension.COUNTRY.is("DE").not().or(Quantity.TPOT.below(Duration.ofMillis(50))))
                                .groupBy(Dimension.DEVICE)
                                .having(Metrics.COST.above(0))
                                .build(),
                        march(all)
                                .groupBy(Dimension.MODEL, Dimension.ENDPOINT)
                                .withDelta()
                                .build()));
    }

    /** The plan of rows that are known to be unique: FINAL also reads the keys it merges by. */
    @ParameterizedTest
    @MethodSource("described")
    void theColumnsDescribedAreThoseTheServerReads(AnalyticsQuestion question) {
        SqlStatement<?> statement =
                question.statement(SqlContext.of(Layout.inferenceFact().withUniqueRows()));
        List<String> plan = client.execute(SqlStatement.of(
                "EXPLAIN indexes = 1\n" + statement.sql() + "\nSETTINGS optimize_move_to_prewhere = 0",
                statement.parameters(),
                columns -> {
                    List<String> lines = new ArrayList<>();
                    for (int row = 0; row < columns.rowCount(); row++) {
                        lines.add(columns.textAt(0, row).replaceAll("^[^A-Za-z]+", ""));
                    }
                    return lines;
                }));
        Set<String> read = new TreeSet<>();
        boolean reading = false;
        for (String line : plan) {
            reading |= line.startsWith("ReadFromMergeTree");
            if (reading && line.startsWith("Output: ")) {
                read.addAll(List.of(line.substring("Output: ".length()).split(", ", -1)));
                reading = false;
            }
        }
        QuestionDescription description = client.describe(question);
        assertThat(description.tables()).containsExactly("InferenceFact");
        assertThat(description.columns()).containsExactlyInAnyOrderElementsOf(read);
        assertThat(description.buckets()).isEqualTo(31);
    }

    @Test
    void severalAtOnceAnswerInOrder() {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            List<AnalyticsQuestion> questions = new ArrayList<>();
            for (Metric<?> metric : Metrics.all()) {
                questions.add(march(metric).groupBy(Dimension.MODEL).top(2).build());
                questions.add(march(metric).every(Frequency.HOUR).build());
            }
            List<AnalyticsAnswer> answers = client.executeAll(questions, executor);
            assertThat(answers).hasSameSizeAs(questions);
            for (int i = 0; i < questions.size(); i++) {
                assertThat(answers.get(i))
                        .as("%s", questions.get(i))
                        .isEqualTo(client.execute(
                                questions.get(i).asOf(answers.get(i).asOf())));
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void aCancelledFutureEndsTheStatementAtTheServer() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            CompletableFuture<Long> endless = client.executeAsync(
                    SqlStatement.of(
                            "SELECT count() AS a FROM numbers(300000000000000) WHERE number % 7 = 1",
                            List.of(), columns -> columns.longAt(0, 0)),
                    executor);
            while (running() == 0) {
                Thread.sleep(20);
            }
            assertThat(endless.cancel(true)).isTrue();
            assertThat(catchThrowableOfType(CancellationException.class, endless::join))
                    .isNotNull();
            for (int i = 0; i < 500 && running() > 0; i++) {
                Thread.sleep(20);
            }
            assertThat(running()).isZero();
            assertThat(executor.submit(() -> 7).get()).isEqualTo(7);
        } finally {
            executor.shutdownNow();
        }
    }

    private long running() {
        return client.execute(SqlStatement.of(
                "SELECT count() AS a FROM system.processes WHERE query LIKE '%(300000000000000)%7 = 1'",
                List.of(), columns -> columns.longAt(0, 0)));
    }

    @Test
    void limitsOfOneCall() {
        AnalyticsQuestion question = march(Metrics.COST).build();
        for (QueryLimits limits : List.of(
                QueryLimits.defaults().withMaxBytesToRead(1000),
                QueryLimits.defaults().withMaxRowsToRead(1000),
                QueryLimits.defaults().withMaxResultRows(3),
                QueryLimits.defaults().withMaxMemoryBytes(1000))) {
            BudMetricsException exception = Objects.requireNonNull(catchThrowableOfType(
                    BudMetricsException.class, () -> client.withLimits(limits).execute(question)));
            assertThat(exception.code()).as("%s", limits).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
            assertThat(exception.retryable()).isFalse();
        }
        assertThat(client.execute(question).rows()).hasSize(31);
        assertThat(client.withLimits(QueryLimits.defaults().withMaxRowsToRead(1000))
                        .estimate(question)
                        .rows())
                .isEqualTo(RECORDS);
    }
}
