package io.budmetrics.clickhouse.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.ingest.LayoutWriter;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.clickhouse.migrate.LayoutTables;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.clickhouse.synthetic.SyntheticTraffic;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.question.SqlContext;
import io.budmetrics.record.InferenceRecord;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Layout;
import io.budmetrics.schema.StoredColumn;
import io.budmetrics.time.Frequency;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Made-up traffic gives the same answers over the tables of others as over the library's own, as far as they hold it. */
@ExtendWith(ClickHouseExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SeededLayoutsIT {
    private static final UUID ZERO = new UUID(0, 0);

    private static final SyntheticTraffic TRAFFIC = SyntheticTraffic.builder()
            .records(1_600)
            .between(Instant.parse("2026-01-05T00:00:00Z"), Instant.parse("2026-01-08T00:00:00Z"))
            .batchSize(200)
            .duplicates(0.1)
            .nulls(0.1)
            .clockSkew(0.05)
            .build();

    private TestServer own;
    private TestServer others;

    @BeforeAll
    void createTheOwnTable(TestServer server) {
        own = server.newDatabase();
        SchemaMigrator.over(own.dataSource()).migrate();
    }

    @BeforeEach
    void createADatabase(TestServer server) {
        others = server.newDatabase();
    }

    private LayoutWriter writer(Layout layout) {
        return LayoutWriter.over(others.dataSource(), layout);
    }

    @Test
    void tensorZero() {
        LayoutTables.over(others.dataSource()).createTensorZero();

        sameAnswers(Layout.tensorzero(), SeededLayoutsIT::inSeconds);
    }

    @Test
    void tensorZeroWhoseCallsHaveTheTimeOfTheirId() {
        LayoutTables.over(others.dataSource()).createTensorZero();
        others.execute("DROP TABLE ModelInference");
        others.execute("CREATE TABLE ModelInference (id UUID, inference_id UUID, raw_request String,"
                + " model_name LowCardinality(String), model_provider_name String, endpoint_type String,"
                + " input_tokens Nullable(UInt32), output_tokens Nullable(UInt32), response_time_ms Nullable(UInt32),"
                + " ttft_ms Nullable(UInt32), cached Bool, finish_reason Nullable(String),"
                + " timestamp DateTime MATERIALIZED UUIDv7ToDateTime(id)) ENGINE = MergeTree ORDER BY timestamp");

        sameAnswers(Layout.tensorzero(), SeededLayoutsIT::inSeconds);
    }

    @Test
    void aCollectorsTable() {
        LayoutTables.over(others.dataSource()).createOtelInferenceFact();

        sameAnswers(Layout.otelInferenceFact(), SeededLayoutsIT::inMillis);
    }

    @Test
    void customLayout_readsBackWhatIsWritten() {
        others.execute("CREATE TABLE `the log` (ts DateTime64(3, 'Asia/Kolkata'), `latency ms` Nullable(Float64),"
                + " state Enum8('ok' = 1, 'failed' = 2), micro_dollars Nullable(Int64), tokens_in Int64,"
                + " tokens_out Nullable(UInt64), project Nullable(UUID), model String, id UUID, hit UInt8,"
                + " noted DateTime DEFAULT now(), more String) ENGINE = ReplacingMergeTree ORDER BY (ts, id)");
        Layout layout = Layout.table(others.database() + ".the log")
                .column(InferenceFact.REQUEST_ARRIVAL_TIME, "ts")
                .column(InferenceFact.INFERENCE_ID, "id")
                .column(
                        InferenceFact.RESPONSE_TIME_US,
                        StoredColumn.of("latency ms").times(1000))
                .column(InferenceFact.IS_SUCCESS, StoredColumn.of("state").is("ok"))
                .column(InferenceFact.COST, StoredColumn.of("micro_dollars").dividedBy(1_000_000))
                .column(InferenceFact.INPUT_TOKENS, StoredColumn.of("tokens_in").nullIf(-1))
                .column(InferenceFact.OUTPUT_TOKENS, "tokens_out")
                .column(InferenceFact.PROJECT_ID, "project")
                .column(
                        InferenceFact.MODEL_ID,
                        StoredColumn.of("model").nullIfEmpty().asUuid())
                .column(InferenceFact.CACHED, StoredColumn.of("hit").atLeast(1))
                .constant(InferenceFact.MODEL_PROVIDER, "acme")
                .unknown(InferenceFact.PROMPT_ID, InferenceFact.IS_BLOCKED)
                .withFinal()
                .build();

        sameAnswers(layout, record -> inMillis(record).toBuilder()
                .responseTimeUs(record.responseTimeUs())
                .ttftUs(OptionalLong.empty())
                .cost(record.cost().map(cost -> cost.setScale(6, RoundingMode.DOWN)))
                .modelProvider("acme")
                .promptId(Optional.empty())
                .isBlocked(Optional.empty())
                .build());
    }

    /** Twice, since what is written again must change nothing; and in two goes. */
    private void sameAnswers(Layout layout, UnaryOperator<InferenceRecord> narrowed) {
        own.execute("TRUNCATE TABLE InferenceFact");
        try (InferenceWriter writer = InferenceWriter.over(own.dataSource());
                BudMetrics expected = BudMetrics.over(own.dataSource());
                LayoutWriter layoutWriter = writer(layout);
                BudMetrics actual = BudMetrics.builder()
                        .dataSource(others.dataSource())
                        .layout(layout)
                        .build()) {
            for (List<InferenceRecord> batch : TRAFFIC) {
                writer.write(batch.stream().map(narrowed).toList());
            }
            List<AnalyticsQuestion> questions = questions(layout);
            assertThat(questions).hasSizeGreaterThan(5);

            List<Long> told = new ArrayList<>();
            assertThat(TRAFFIC.writeTo(layoutWriter, Instant.MIN, told::add)).isEqualTo(1_600);
            assertThat(told).hasSize(8).endsWith(1_600L);
            compare(questions, expected, actual);
            assertThat(expected.execute(questions.get(0)).rows().stream()
                            .mapToLong(row -> row.get(Metrics.REQUEST_COUNT).count())
                            .sum())
                    .isGreaterThan(1_200);

            Instant after = Instant.parse("2026-01-06T12:00:00Z");
            assertThat(TRAFFIC.writeTo(layoutWriter, after, done -> {})).isEqualTo(1_600);
            assertThat(TRAFFIC.writeTo(layoutWriter, Instant.MIN, done -> {})).isEqualTo(1_600);
            compare(questions.subList(0, 3), expected, actual);
        }
    }

    private static void compare(List<AnalyticsQuestion> questions, BudMetrics expected, BudMetrics actual) {
        for (AnalyticsQuestion question : questions) {
            assertThat(Difference.between(
                            Translation.answer(question, expected.execute(question)),
                            Translation.answer(question, actual.execute(question)),
                            false))
                    .as(question.toString())
                    .isEmpty();
        }
    }

    /** Whatever the layout serves; of it some by whatever it knows. */
    private static List<AnalyticsQuestion> questions(Layout layout) {
        SqlContext compiler = SqlContext.of(layout);
        List<Metric<?>> metrics = Metrics.all().stream()
                .filter(metric -> served(compiler, question(List.of(metric), List.of())))
                .toList();
        assertThat(metrics).contains(Metrics.REQUEST_COUNT, Metrics.LATENCY, Metrics.COST);
        List<AnalyticsQuestion> questions = new ArrayList<>();
        questions.add(question(metrics, List.of()));
        for (Dimension<?> dimension : Dimension.all()) {
            AnalyticsQuestion question =
                    question(List.of(Metrics.REQUEST_COUNT, Metrics.LATENCY, Metrics.COST), List.of(dimension));
            if (served(compiler, question)) {
                questions.add(question);
            }
        }
        return questions;
    }

    private static AnalyticsQuestion question(List<? extends Metric<?>> metrics, List<Dimension<?>> groupBy) {
        return QueryBuilder.analytics()
                .metrics(metrics.toArray(new Metric<?>[0]))
                .between(TRAFFIC.from(), TRAFFIC.until())
                .every(Frequency.every(1, Frequency.Unit.DAY))
                .traffic(TrafficSource.ALL)
                .groupBy(groupBy.toArray(new Dimension<?>[0]))
                .build();
    }

    private static boolean served(SqlContext compiler, AnalyticsQuestion question) {
        try {
            return !question.statement(compiler).sql().isEmpty();
        } catch (BudMetricsException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_QUERY);
            return false;
        }
    }

    // What they hold

    private static InferenceRecord inMillis(InferenceRecord record) {
        return record.toBuilder()
                .requestArrivalTime(record.requestArrivalTime().truncatedTo(ChronoUnit.MILLIS))
                .requestForwardTime(record.requestForwardTime().map(time -> time.truncatedTo(ChronoUnit.MILLIS)))
                .requestTimestamp(record.requestTimestamp().map(time -> time.truncatedTo(ChronoUnit.MILLIS)))
                .responseTimestamp(record.responseTimestamp().map(time -> time.truncatedTo(ChronoUnit.MILLIS)))
                .isSuccess(record.isSuccess().orElse(false))
                .cached(record.cached().orElse(false))
                .streamed(Optional.empty())
                .responseTimeUs(millis(record.responseTimeUs()))
                .ttftUs(millis(record.ttftUs()))
                .processingTimeUs(millis(record.processingTimeUs()))
                .gatewayProcessingUs(millis(record.gatewayProcessingUs()))
                .totalDurationUs(millis(record.totalDurationUs()))
                .build();
    }

    private static OptionalLong millis(OptionalLong micros) {
        return micros.isPresent() ? OptionalLong.of(micros.getAsLong() / 1000 * 1000) : micros;
    }

    private static InferenceRecord inSeconds(InferenceRecord record) {
        Instant arrival = record.requestArrivalTime().truncatedTo(ChronoUnit.SECONDS);
        Instant forwarded = record.requestForwardTime()
                .map(time -> time.truncatedTo(ChronoUnit.SECONDS))
                .orElse(arrival);
        return inMillis(record).toBuilder()
                .requestArrivalTime(arrival)
                .requestForwardTime(forwarded)
                .projectId(record.projectId().orElse(ZERO))
                .endpointId(record.endpointId().orElse(ZERO))
                .modelId(record.modelId().orElse(ZERO))
                .userId(record.userId().map(user -> UUID.nameUUIDFromBytes(user.getBytes(StandardCharsets.UTF_8))
                        .toString()))
                .promptId(Optional.empty())
                .isBlocked(Optional.empty())
                .build();
    }

    // What is refused

    private void refused(String columns, String engine, Layout layout, String message) {
        others.execute("DROP TABLE IF EXISTS log");
        others.execute("CREATE TABLE log (" + columns + ") ENGINE = " + engine);
        assertThatThrownBy(() -> writer(layout)).isInstanceOfSatisfying(BudMetricsException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
            assertThat(e.reason()).contains(message);
        });
    }

    @Test
    void unwritableColumn_isRefusedByName() {
        refused(
                "ts DateTime, status UInt16",
                "MergeTree ORDER BY ts",
                Layout.table("log")
                        .column(InferenceFact.REQUEST_ARRIVAL_TIME, "ts")
                        .column(InferenceFact.STATUS_CODE, "status")
                        .column(
                                InferenceFact.IS_SUCCESS,
                                StoredColumn.of("status").below(400))
                        .build(),
                "column status of log is read for status_code and for is_success");
        refused(
                "ts DateTime, day Date MATERIALIZED toDate(ts), ms UInt32, us UInt64 ALIAS ms * 1000",
                "MergeTree ORDER BY ts",
                Layout.table("log")
                        .column(InferenceFact.REQUEST_ARRIVAL_TIME, "ts")
                        .column(InferenceFact.RESPONSE_TIME_US, "us")
                        .build(),
                "column us of log is ALIAS and cannot be written for response_time_us");
        Layout replaced = Layout.table("log")
                .column(InferenceFact.REQUEST_ARRIVAL_TIME, "ts")
                .withFinal()
                .build();
        refused(
                "ts DateTime, tenant String",
                "ReplacingMergeTree ORDER BY (tenant, ts)",
                replaced,
                "column tenant of log is part of the key");
        others.execute("CREATE VIEW seen AS SELECT ts FROM log");
        assertThatThrownBy(() -> writer(Layout.table("seen")
                        .column(InferenceFact.REQUEST_ARRIVAL_TIME, "ts")
                        .build()))
                .isInstanceOf(BudMetricsException.class)
                .hasMessageContaining("seen is a View; write to the table that it reads");
    }

    @Test
    void aTableThatIsNotThereIsASchemaMismatch() {
        assertThatThrownBy(() -> writer(Layout.tensorzero()))
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH));
    }

    @Test
    void layoutWithDuplicateRows_refusesToResume() {
        others.execute("CREATE TABLE log (ts DateTime) ENGINE = MergeTree ORDER BY ts");
        Layout layout = Layout.table("log")
                .column(InferenceFact.REQUEST_ARRIVAL_TIME, "ts")
                .build();
        try (LayoutWriter writer = writer(layout)) {
            assertThatThrownBy(() -> TRAFFIC.writeTo(writer, TRAFFIC.from(), done -> {}))
                    .isInstanceOf(BudMetricsException.class)
                    .hasMessageContaining("empty the table and write all of it");
        }
    }

    @Test
    void costsKeepTheirDigits() {
        LayoutTables.over(others.dataSource()).createTensorZero();
        InferenceRecord record = InferenceRecord.builder()
                .inferenceId(new UUID(1, 2))
                .requestArrivalTime(TRAFFIC.from())
                .cost(new BigDecimal("0.290000000001"))
                .build();
        try (LayoutWriter writer = writer(Layout.tensorzero());
                BudMetrics client = BudMetrics.builder()
                        .dataSource(others.dataSource())
                        .layout(Layout.tensorzero())
                        .build()) {
            writer.write(List.of(record));
            writer.write(List.of());

            assertThat(client.execute(question(List.of(Metrics.COST), List.of()))
                            .rows()
                            .get(0)
                            .get(Metrics.COST)
                            .total())
                    .contains(new BigDecimal("0.290000000001"));
        }
    }
}
