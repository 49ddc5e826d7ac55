package io.budmetrics.analytics;

import static io.budmetrics.metric.Metrics.BLOCKED_REQUESTS;
import static io.budmetrics.metric.Metrics.CONCURRENT_REQUESTS;
import static io.budmetrics.metric.Metrics.COST;
import static io.budmetrics.metric.Metrics.LATENCY;
import static io.budmetrics.metric.Metrics.QUEUING_TIME;
import static io.budmetrics.metric.Metrics.REASONING_TOKENS;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static io.budmetrics.metric.Metrics.SUCCESSFUL_REQUESTS;
import static io.budmetrics.metric.Metrics.TOTAL_TOKENS;
import static io.budmetrics.metric.Metrics.TPOT;
import static io.budmetrics.metric.Metrics.TTFT;
import static io.budmetrics.metric.Metrics.UNIQUE_USERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.budmetrics.GoldenQuestions;
import io.budmetrics.QueryBuilder;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Quantity;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.Metric;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Layout;
import io.budmetrics.schema.StoredColumn;
import io.budmetrics.time.Comparison;
import io.budmetrics.time.Frequency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The SQL over other tables than the library's own, character for character, and what is refused. After an intended change run
 * the tests with <code>-Dgolden.update=true</code> and read the difference.
 */
final class LayoutSqlTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "golden-layouts");
    private static final Instant FROM = Instant.parse("2026-01-05T00:00:00Z");
    private static final UUID PROJECT = UUID.fromString("b1a7c5f0-3c1e-4a55-9d0e-0a4d3d3b1a01");

    private static final Layout LOG = Layout.table("logs.my-llm-log")
            .column(InferenceFact.REQUEST_ARRIVAL_TIME, "ts")
            .column(
                    InferenceFact.RESPONSE_TIME_US,
                    StoredColumn.of("latency_ms").times(1000))
            .column(InferenceFact.IS_SUCCESS, StoredColumn.of("status").below(400))
            .column(InferenceFact.COST, StoredColumn.of("cost_cents").dividedBy(100))
            .column(InferenceFact.INPUT_TOKENS, StoredColumn.of("tokens in").nullIf(0))
            .column(InferenceFact.MODEL_NAME, StoredColumn.of("model").nullIfEmpty())
            .column(
                    InferenceFact.ENDPOINT_ID,
                    StoredColumn.of("endpoint").nullIfEmpty().asUuid())
            .constant(InferenceFact.PROJECT_ID, PROJECT)
            .unknown(InferenceFact.PROMPT_ID, InferenceFact.IS_BLOCKED)
            .build();

    private static AnalyticsBuilder asking(Metric<?>... metrics) {
        return QueryBuilder.analytics()
                .metrics(metrics)
                .between(FROM, FROM.plusSeconds(7 * 86_400))
                .every(Frequency.DAY);
    }

    private static Map<String, String> cases() {
        Map<String, String> cases = new LinkedHashMap<>();
        cases.put("log-count", sql(LOG, asking(REQUEST_COUNT).build()));
        cases.put(
                "log-grouped-top-delta",
                sql(
                        LOG,
                        asking(LATENCY, COST, SUCCESSFUL_REQUESTS)
                                .groupBy(Dimension.PROJECT, Dimension.MODEL_NAME)
                                .top(3, COST)
                                .where(Dimension.ENDPOINT.is(PROJECT), Quantity.INPUT_TOKENS.atLeast(100L))
                                .withDelta()
                                .build()));
        cases.put(
                "log-concurrency",
                sql(
                        LOG,
                        asking(CONCURRENT_REQUESTS)
                                .groupBy(Dimension.MODEL_NAME)
                                .build()));
        cases.put(
                "otel-speeds",
                sql(
                        Layout.otelInferenceFact(),
                        asking(TTFT, TPOT, QUEUING_TIME)
                                .groupBy(Dimension.MODEL)
                                .build()));
        cases.put(
                "otel-unique-rows",
                sql(
                        Layout.otelInferenceFact().withUniqueRows(),
                        asking(REQUEST_COUNT).build()));
        cases.put(
                "tensorzero-details-alone",
                sql(
                        Layout.tensorzero(),
                        asking(COST, SUCCESSFUL_REQUESTS)
                                .groupBy(Dimension.PROJECT)
                                .build()));
        cases.put(
                "tensorzero-both",
                sql(
                        Layout.tensorzero(),
                        asking(COST, LATENCY, TOTAL_TOKENS)
                                .groupBy(Dimension.MODEL)
                                .top(2)
                                .withDelta()
                                .build()));
        cases.put(
                "tensorzero-top-of-one-bucket",
                sql(
                        Layout.tensorzero(),
                        asking(COST, TOTAL_TOKENS)
                                .every(Frequency.YEAR)
                                .groupBy(Dimension.MODEL)
                                .top(2)
                                .build()));
        cases.put(
                "tensorzero-unique-rows",
                sql(Layout.tensorzero().withUniqueRows(), asking(COST, LATENCY).build()));
        cases.put(
                "tensorzero-concurrency-delta",
                sql(
                        Layout.tensorzero(),
                        asking(CONCURRENT_REQUESTS, COST).withDelta().build()));
        cases.put(
                "log-compared-totals",
                sql(
                        LOG,
                        asking(REQUEST_COUNT)
                                .groupBy(Dimension.MODEL_NAME)
                                .comparedWith(Comparison.previousRange())
                                .withTotals()
                                .build()));
        cases.put(
                "log-scoped-twice",
                sql(
                        SqlContext.of(LOG)
                                .scopedTo(Dimension.PROJECT.is(PROJECT))
                                .scopedTo(Dimension.ENDPOINT.isPresent()),
                        asking(COST).build()));
        return cases;
    }

    private static String sql(Layout layout, AnalyticsQuestion question) {
        return sql(SqlContext.of(layout), question);
    }

    private static int scansToChooseGroups(SqlContext context, AnalyticsQuestion question) {
        return question.facts(context).scans() - 1;
    }

    private static String sql(SqlContext compiler, AnalyticsQuestion question) {
        return question.statement(compiler).sql() + "\n";
    }

    static List<String> names() {
        return List.copyOf(cases().keySet());
    }

    @BeforeAll
    static void writeTheFilesWhenAsked() throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(FOLDER);
            for (Map.Entry<String, String> entry : cases().entrySet()) {
                Files.writeString(FOLDER.resolve(entry.getKey() + ".sql"), entry.getValue());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void theSqlIsTheGoldenOne(String name) throws IOException {
        assertThat(Objects.requireNonNull(cases().get(name)))
                .isEqualTo(Files.readString(FOLDER.resolve(name + ".sql")));
    }

    @Test
    void everyFileBelongsToACase() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            names().stream().map(name -> name + ".sql").toList());
        }
    }

    private static String refusal(Layout layout, AnalyticsBuilder question) {
        return refusal(SqlContext.of(layout), question);
    }

    private static String refusal(SqlContext compiler, AnalyticsBuilder question) {
        AnalyticsQuestion built = question.build();
        BudMetricsException refused = catchThrowableOfType(BudMetricsException.class, () -> built.statement(compiler));
        assertThat(refused).isNotNull();
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_QUERY);
        return refused.reason();
    }

    @Test
    void aQuestionThatNeedsWhatIsNotThereIsRefusedByTheColumnAndWhatNeedsIt() {
        assertThat(refusal(LOG, asking(QUEUING_TIME)))
                .isEqualTo("metric queuing_time needs request_forward_time of logs.my-llm-log, which is not there;"
                        + " ask without it, or map the column in the layout");
        assertThat(refusal(LOG, asking(REQUEST_COUNT).groupBy(Dimension.COUNTRY)))
                .startsWith("grouping by country needs country_code of logs.my-llm-log, which is not there");
        assertThat(refusal(
                        LOG,
                        asking(REQUEST_COUNT)
                                .where(Dimension.API_KEY.is(PROJECT).not())))
                .startsWith("filter on api_key needs api_key_id of");
        assertThat(refusal(LOG, asking(REQUEST_COUNT).where(Quantity.OUTPUT_TOKENS.above(3L))))
                .startsWith("filter on output_tokens needs output_tokens of");
        assertThat(refusal(LOG, asking(REQUEST_COUNT).groupBy(Dimension.PROJECT).top(3, REASONING_TOKENS)))
                .startsWith("ranking by reasoning_token needs reasoning_tokens of");
        assertThat(refusal(LOG, asking(UNIQUE_USERS))).startsWith("metric unique_users needs user_id of");
        Layout narrow = Layout.table("log")
                .column(InferenceFact.REQUEST_ARRIVAL_TIME, "ts")
                .build();
        assertThat(refusal(narrow, asking(CONCURRENT_REQUESTS).traffic(TrafficSource.ALL)))
                .startsWith("metric concurrent_requests needs response_time_us of log");
        assertThat(refusal(narrow, asking(REQUEST_COUNT)))
                .isEqualTo(
                        "traffic INFERENCE needs prompt_id of log, which is not there; ask for TrafficSource.ALL, or declare"
                                + " unknown(InferenceFact.PROMPT_ID) in the layout when no request came through a stored prompt");
    }

    @Test
    void everyPartOfAQuestion_isCheckedForMissingColumns() {
        assertThat(refusal(LOG, asking(REQUEST_COUNT).groupBy(Dimension.PROJECT).having(REASONING_TOKENS.atLeast(1))))
                .startsWith("having of reasoning_token needs reasoning_tokens of");
        assertThat(refusal(SqlContext.of(LOG).scopedTo(Dimension.API_KEY.is(PROJECT)), asking(REQUEST_COUNT)))
                .startsWith("scope on api_key needs api_key_id of");
        Layout withoutStreamed = Layout.table("log")
                .column(InferenceFact.REQUEST_ARRIVAL_TIME, "ts")
                .column(InferenceFact.TTFT_US, "ttft")
                .build();
        Filter fast = Quantity.TTFT.below(Duration.ofSeconds(1));
        for (Filter filter : List.of(fast, Quantity.TTFT.isMissing())) {
            assertThat(refusal(
                            withoutStreamed,
                            asking(REQUEST_COUNT).traffic(TrafficSource.ALL).where(filter)))
                    .startsWith("filter on time_to_first_token needs streamed of log");
        }
        Filter answered = Dimension.MODEL_NAME.isPresent();
        Filter abroad = Dimension.COUNTRY.isMissing();
        for (Filter filter : List.of(abroad, answered.and(abroad), answered.or(abroad))) {
            assertThat(refusal(LOG, asking(REQUEST_COUNT).where(filter)))
                    .startsWith("filter on country needs country_code of");
        }
        assertThat(refusal(LOG, asking(REQUEST_COUNT).where(Quantity.BODY_SIZE.isMissing())))
                .startsWith("filter on body_size needs body_size of");
    }

    @Test
    void aScopeStandsWhereverTheTableIsRead() {
        SqlContext everything = SqlContext.of(Layout.inferenceFact());
        SqlContext scoped = everything.scopedTo(Quantity.PAGES.atLeast(7L));
        assertThat(everything.isScoped()).isFalse();
        assertThat(scoped.isScoped()).isTrue();
        GoldenQuestions.all().forEach((name, question) -> assertThat(
                        question.statement(scoped).sql().split("\\{pages:Int64}", -1))
                .as(name)
                .hasSameSizeAs(question.statement(everything).sql().split("FROM InferenceFact", -1)));
    }

    @Test
    void theTableIsReadOnceMoreForEachChoiceOfGroups() {
        SqlContext compiler = SqlContext.of(Layout.inferenceFact());
        Map<Integer, Integer> statements = new TreeMap<>();
        GoldenQuestions.all().forEach((name, question) -> {
            String sql = question.statement(compiler).sql();
            if (!sql.contains("UNION ALL")) {
                int choosing = scansToChooseGroups(compiler, question);
                assertThat(sql.split("FROM InferenceFact", -1)).as(name).hasSize(2 + choosing);
                statements.merge(choosing, 1, Integer::sum);
            }
        });
        assertThat(statements).containsOnlyKeys(0, 1, 2);
        assertThat(scansToChooseGroups(
                        compiler, Objects.requireNonNull(GoldenQuestions.all().get("top-of-one-bucket-having-totals"))))
                .isZero();
    }

    @Test
    void unknownColumn_mayBeUsedIncidentallyButNotAskedAbout() {
        assertThat(refusal(LOG, asking(REQUEST_COUNT).traffic(TrafficSource.PROMPT)))
                .isEqualTo("traffic PROMPT needs prompt_id of logs.my-llm-log, which is declared unknown;"
                        + " ask without it");
        assertThat(refusal(LOG, asking(BLOCKED_REQUESTS))).startsWith("metric blocked_request needs is_blocked of");
        assertThat(refusal(Layout.otelInferenceFact(), asking(REQUEST_COUNT).where(Dimension.STREAMED.is(true))))
                .startsWith("filter on streamed needs streamed of InferenceFact, which is declared unknown");
        Layout unsaid = Layout.table("log")
                .column(InferenceFact.REQUEST_ARRIVAL_TIME, "ts")
                .column(InferenceFact.TTFT_US, "ttft")
                .build();
        assertThat(refusal(unsaid, asking(TTFT).traffic(TrafficSource.ALL)))
                .isEqualTo("metric ttft needs streamed of log, which is not there; map the column in the layout, or"
                        + " declare it unknown()");
    }
}
