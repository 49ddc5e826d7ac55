package io.budmetrics.clickhouse.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.analytics.AnalyticsQuestion.TopN;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.clickhouse.migrate.LayoutTables;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.Having;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Layout;
import io.budmetrics.schema.StoredColumn;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The same traffic in all layouts, as far as they can hold it, gives the same answers to random questions; what a layout
 * cannot serve is refused by the column that it does not have. More questions:
 * <code>-Dbudmetrics.layouts.questions=500</code>; others: <code>-Dbudmetrics.layouts.seed=7000</code>.
 */
@ExtendWith(ClickHouseExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LayoutsIT {
    private static final int QUESTIONS = Integer.getInteger("budmetrics.layouts.questions", 7);
    private static final int QUESTIONS_PER_TRAFFIC = 7;
    private static final long FIRST_SEED = Long.getLong("budmetrics.layouts.seed", 1);
    private static final Pattern REFUSAL =
            Pattern.compile("(?:metric|grouping|ranking|having|filter|traffic) .*needs (\\w+) of .*");

    /** In the order of their delivery, a second each. */
    private static final String DELIVERED = "1000000000"
            + " + if(toUnixTimestamp64Micro(ingested_at) >= 1700000000000000, 1000000, 0)"
            + " + intDiv(toUnixTimestamp64Micro(ingested_at) % 100000000000000, 1000)";

    private static final Layout LOG = Layout.table("my_llm_log")
            .column(InferenceFact.REQUEST_ARRIVAL_TIME, "ts")
            .column(InferenceFact.REQUEST_FORWARD_TIME, "forwarded")
            .column(
                    InferenceFact.RESPONSE_TIME_US,
                    StoredColumn.of("latency_ms").times(1000))
            .column(InferenceFact.TTFT_US, StoredColumn.of("ttft-s").times(1_000_000))
            .column(InferenceFact.IS_SUCCESS, StoredColumn.of("state").is("ok"))
            .column(InferenceFact.COST, StoredColumn.of("micro_dollars").dividedBy(1_000_000))
            .column(InferenceFact.INPUT_TOKENS, StoredColumn.of("tokens_in").nullIf(-1))
            .column(InferenceFact.OUTPUT_TOKENS, "tokens_out")
            .column(InferenceFact.PROJECT_ID, "project")
            .column(
                    InferenceFact.MODEL_ID,
                    StoredColumn.of("model").nullIfEmpty().asUuid())
            .column(InferenceFact.ENDPOINT_ID, StoredColumn.of("model_id"))
            .column(InferenceFact.USER_ID, StoredColumn.of("user").nullIfEmpty())
            .column(InferenceFact.CACHED, "cached")
            .column(InferenceFact.STREAMED, "streamed")
            .column(InferenceFact.IS_BLOCKED, "from")
            .column(InferenceFact.PROMPT_ID, StoredColumn.of("prompt").nullIfEmpty())
            .column(InferenceFact.STATUS_CODE, StoredColumn.of("status"))
            .column(
                    InferenceFact.MODEL_NAME,
                    StoredColumn.of("response_time_us").nullIfEmpty())
            .build();

    private static final String LOG_TABLE = """
            CREATE TABLE my_llm_log
            (
                ts DateTime64(3, 'Asia/Kolkata'),
                forwarded Nullable(DateTime64(3)),
                latency_ms Nullable(Float64),
                `ttft-s` Nullable(Float64),
                state Enum8('ok' = 1, 'failed' = 2),
                micro_dollars Nullable(Int64),
                tokens_in Int64,
                tokens_out Nullable(UInt64),
                project Nullable(UUID),
                model String,
                model_id Nullable(UUID),
                user LowCardinality(String),
                cached UInt8,
                streamed Nullable(Bool),
                `from` Nullable(UInt8),
                prompt String,
                status Nullable(Int32),
                response_time_us String
            )
            ENGINE = MergeTree
            PARTITION BY toYear(ts)
            ORDER BY ts""";

    private TestServer own;
    private TestServer others;
    private TrafficTable table;
    private final Map<String, BudMetrics> clients = new HashMap<>();
    private final Map<String, Layout> layouts =
            Map.of("log", LOG, "otel", Layout.otelInferenceFact(), "tensorzero", Layout.tensorzero());

    @BeforeAll
    void createTables(TestServer server) {
        own = server.newDatabase();
        others = server.newDatabase();
        table = TrafficTable.in(own.dataSource());
        LayoutTables.over(others.dataSource()).createTensorZero();
        LayoutTables.over(others.dataSource()).createOtelInferenceFact();
        others.execute(LOG_TABLE);
        layouts.forEach((name, layout) -> clients.put(
                name,
                BudMetrics.builder()
                        .dataSource(others.dataSource())
                        .layout(layout)
                        .build()));
    }

    @AfterAll
    void close() {
        clients.values().forEach(BudMetrics::close);
        table.close();
    }

    @Test
    void tablesOfTheLayouts_haveAllMappedColumns() {
        layouts.values().forEach(LayoutTables.over(others.dataSource())::require);
    }

    /** What all of them can hold. */
    @Test
    void allLayoutsGiveTheSameAnswers() {
        ask(LayoutsIT::inSeconds, List.of("tensorzero", "otel", "log"));
    }

    /** A gateway whose calls to models are not all told. */
    @Test
    void tensorZeroGivesTheSameAnswersWhereNoCallIsKnown() {
        ask(
                row -> Math.floorMod(row.inferenceId().hashCode(), 3) > 0
                        ? inSeconds(row)
                        : withoutCall(inSeconds(row)),
                List.of("tensorzero"));
    }

    /** With prompts, blocked requests and what is not attributed. */
    @Test
    void widerLayoutsGiveTheSameAnswersAboutMore() {
        ask(LayoutsIT::inMillis, List.of("otel", "log"));
    }

    private void ask(UnaryOperator<OracleRow> narrowed, List<String> names) {
        int asked = 0;
        int served = 0;
        Set<String> missing = new TreeSet<>();
        for (long seed = FIRST_SEED; asked < QUESTIONS; seed++) {
            List<OracleRow> rows = RandomTraffic.table(seed);
            if (rows.size() < 30) {
                continue;
            }
            table.hold(rows.stream().map(narrowed).toList());
            names.forEach(this::fill);
            for (int serial = 0; serial < QUESTIONS_PER_TRAFFIC && asked < QUESTIONS; serial++) {
                long number = 1000 * seed + serial;
                AnalyticsQuestion question =
                        switch (serial % 10) {
                            case 8 -> RandomQuestions.havingOfOneBucket(number).build();
                            case 9 -> RandomQuestions.topOfOneBucket(number).build();
                            default -> RandomQuestions.question(number);
                        };
                asked++;
                for (String name : names) {
                    String place = name + ", table seed " + seed + ", question " + serial;
                    served += compared(place, name, question, missing) ? 1 : 0;
                }
            }
        }
        // parts that are refused are left out; what is left without a metric is not asked
        assertThat(served).isGreaterThan(asked * names.size() / 2);
        assertThat(missing).isNotEmpty();
    }

    private boolean compared(String place, String name, AnalyticsQuestion whole, Set<String> missing) {
        Layout layout = Objects.requireNonNull(layouts.get(name));
        SqlContext compiler = SqlContext.of(layout);
        Optional<AnalyticsQuestion> part = served(compiler, layout, whole, missing);
        boolean wholeIsServed = refusal(compiler, layout, whole).isEmpty();
        assertThat(wholeIsServed)
                .as(place)
                .isEqualTo(part.isPresent() && part.get().equals(whole));
        if (part.isEmpty()) {
            return false;
        }
        AnalyticsQuestion question =
                part.get().range().asOf().isPresent() ? part.get() : part.get().asOf(Instant.now());
        OracleAnswer expected = Translation.answer(question, table.ask(question));
        OracleAnswer actual;
        try {
            actual = Translation.answer(
                    question, Objects.requireNonNull(clients.get(name)).execute(question));
        } catch (BudMetricsException e) {
            throw new AssertionError(place + "\n" + question.statement(compiler).inlined(), e);
        }
        List<String> differences = Difference.between(expected, actual, question.withDelta());
        if (!differences.isEmpty()) {
            fail(place + "\n" + question.statement(compiler).inlined() + "\n"
                    + String.join("\n", differences.subList(0, Math.min(12, differences.size()))));
        }
        return true;
    }

    /** The question without what is refused; empty when no metric is left. */
    private static Optional<AnalyticsQuestion> served(
            SqlContext compiler, Layout layout, AnalyticsQuestion whole, Set<String> missing) {
        AnalyticsQuestion bare = with(
                whole,
                List.of(Metrics.REQUEST_COUNT),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                TrafficSource.ALL);
        List<Metric<?>> metrics = new ArrayList<>();
        for (Metric<?> metric : whole.metrics()) {
            if (accepted(
                    compiler,
                    layout,
                    with(
                            bare,
                            List.of(metric),
                            bare.filters(),
                            bare.groupBy(),
                            bare.top(),
                            List.of(),
                            bare.trafficSource()),
                    missing)) {
                metrics.add(metric);
            }
        }
        List<Filter> filters = new ArrayList<>();
        for (Filter filter : whole.filters()) {
            if (accepted(
                    compiler,
                    layout,
                    with(
                            bare,
                            bare.metrics(),
                            List.of(filter),
                            bare.groupBy(),
                            bare.top(),
                            List.of(),
                            bare.trafficSource()),
                    missing)) {
                filters.add(filter);
            }
        }
        List<Dimension<?>> groupBy = new ArrayList<>();
        for (Dimension<?> dimension : whole.groupBy()) {
            if (accepted(
                    compiler,
                    layout,
                    with(
                            bare,
                            bare.metrics(),
                            bare.filters(),
                            List.of(dimension),
                            bare.top(),
                            List.of(),
                            bare.trafficSource()),
                    missing)) {
                groupBy.add(dimension);
            }
        }
        Optional<TopN> top = whole.top()
                .filter(one -> !groupBy.isEmpty())
                .filter(one -> accepted(
                        compiler,
                        layout,
                        with(
                                bare,
                                bare.metrics(),
                                bare.filters(),
                                groupBy,
                                Optional.of(one),
                                List.of(),
                                bare.trafficSource()),
                        missing));
        List<Having> having = new ArrayList<>();
        for (Having one : groupBy.isEmpty() ? List.<Having>of() : whole.having()) {
            if (accepted(
                    compiler,
                    layout,
                    with(bare, bare.metrics(), bare.filters(), groupBy, bare.top(), List.of(one), bare.trafficSource()),
                    missing)) {
                having.add(one);
            }
        }
        TrafficSource source = accepted(
                        compiler,
                        layout,
                        with(
                                bare,
                                bare.metrics(),
                                bare.filters(),
                                bare.groupBy(),
                                bare.top(),
                                List.of(),
                                whole.trafficSource()),
                        missing)
                ? whole.trafficSource()
                : TrafficSource.ALL;
        return metrics.isEmpty()
                ? Optional.empty()
                : Optional.of(with(whole, metrics, filters, groupBy, top, having, source));
    }

    private static AnalyticsQuestion with(
            AnalyticsQuestion question,
            List<? extends Metric<?>> metrics,
            List<Filter> filters,
            List<Dimension<?>> groupBy,
            Optional<TopN> top,
            List<Having> having,
            TrafficSource source) {
        AnalyticsBuilder builder = QueryBuilder.analytics()
                .range(question.range())
                .every(question.frequency())
                .metrics(metrics.toArray(Metric<?>[]::new))
                .where(filters.toArray(Filter[]::new))
                .groupBy(groupBy.toArray(Dimension<?>[]::new))
                .having(having.toArray(Having[]::new))
                .traffic(source)
                .lookBack(question.lookBack());
        if (top.isPresent()) {
            builder = builder.top(top.get());
        }
        if (question.withDelta()) {
            builder = builder.withDelta();
        }
        if (question.withTotals()) {
            builder = builder.withTotals();
        }
        if (question.comparison().isPresent()) {
            builder = builder.comparedWith(question.comparison().get());
        }
        if (!question.showsEmptyBuckets()) {
            builder = builder.onlyBucketsWithTraffic();
        }
        return builder.build();
    }

    private static boolean accepted(
            SqlContext compiler, Layout layout, AnalyticsQuestion question, Set<String> missing) {
        Optional<String> column = refusal(compiler, layout, question);
        column.ifPresent(missing::add);
        return column.isEmpty();
    }

    /** The column that a question is refused by, which the layout indeed does not have. */
    private static Optional<String> refusal(SqlContext compiler, Layout layout, AnalyticsQuestion question) {
        try {
            return question.statement(compiler).sql().isEmpty() ? Optional.of("nothing") : Optional.empty();
        } catch (BudMetricsException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_QUERY);
            Matcher refusal = REFUSAL.matcher(e.reason());
            assertThat(refusal.matches()).as(e.reason()).isTrue();
            assertThat(layout.has(refusal.group(1))).as(e.reason()).isFalse();
            return Optional.of(refusal.group(1));
        }
    }

    // What each can hold

    /** Times in seconds, durations in milliseconds, everything attributed, no prompts. */
    private static OracleRow inSeconds(OracleRow row) {
        OracleRow narrow = inMillis(row);
        long arrival = narrow.arrival() - Math.floorMod(narrow.arrival(), 1_000_000L);
        String user = narrow.user();
        Long forward = narrow.forward();
        long later = forward == null ? 0 : (forward - narrow.arrival()) / 1_000_000 * 1_000_000;
        return narrow.movedBy(arrival - narrow.arrival())
                .withForwardAfter(later)
                .withProject(narrow.project() == null ? RandomTraffic.PROJECTS.get(0) : narrow.project())
                .withEndpoint(narrow.endpoint() == null ? RandomTraffic.ENDPOINTS.get(0) : narrow.endpoint())
                .withModel(narrow.model() == null ? RandomTraffic.MODELS.get(0) : narrow.model())
                .withPrompt(null)
                .withBlocked(null)
                .withUser(
                        user == null
                                ? null
                                : UUID.nameUUIDFromBytes(user.getBytes(StandardCharsets.UTF_8))
                                        .toString());
    }

    private static OracleRow withoutCall(OracleRow row) {
        Map<String, Object> more = new HashMap<>(row.more());
        more.keySet().removeAll(List.of("model_name", "model_provider", "endpoint_type", "finish_reason"));
        return row.withTokens(null, null)
                .withTimes(null, null)
                .withFlags(row.success(), null, null)
                .withMore(more);
    }

    /** Times and durations in milliseconds, costs in millionths; success and cache known, streaming not. */
    private static OracleRow inMillis(OracleRow row) {
        Map<String, Object> more = new HashMap<>(row.more());
        RandomTraffic.DURATIONS.forEach(
                name -> more.computeIfPresent(name, (column, value) -> (Long) value < 0 ? null : value));
        more.computeIfPresent(
                "finish_reason", (column, value) -> value.toString().endsWith("A") ? "stop" : "content_filter");
        String user = row.user();
        String prompt = row.prompt();
        OracleRow narrow = row.movedBy(-Math.floorMod(row.arrival(), 1000L));
        Long forward = narrow.forward();
        BigDecimal cost = row.cost();
        return (forward == null ? narrow : narrow.withForwardAfter((forward - narrow.arrival()) / 1000 * 1000))
                .withTimes(millis(row.responseUs()), millis(row.ttftUs()))
                .withFlags(Boolean.TRUE.equals(row.success()), Boolean.TRUE.equals(row.cached()), null)
                .withCost(cost == null ? null : cost.setScale(6, RoundingMode.DOWN))
                .withPrompt(prompt == null || prompt.isEmpty() ? null : prompt)
                .withUser(user == null || user.isEmpty() ? null : user)
                .withOtherTokens(null, null, null)
                .withMore(more);
    }

    private static @Nullable Long millis(@Nullable Long micros) {
        return micros == null || micros < 0 || micros / 1000 > 0xFFFF_FFFFL ? null : (Long) (micros / 1000 * 1000);
    }

    // How each holds it

    private void fill(String name) {
        String from = " FROM " + own.database() + ".InferenceFact";
        switch (name) {
            case "tensorzero" -> {
                others.execute("TRUNCATE TABLE ModelInferenceDetails");
                others.execute("TRUNCATE TABLE ModelInference");
                String call = " WHERE cached IS NOT NULL";
                String into =
                        "INSERT INTO ModelInference (id, inference_id, model_name, model_provider_name, endpoint_type,"
                                + " input_tokens, output_tokens, response_time_ms, ttft_ms, cached, finish_reason, timestamp) ";
                others.execute(into
                        + "SELECT generateUUIDv7(), inference_id, ifNull(model_name, ''), ifNull(model_provider, ''),"
                        + " ifNull(endpoint_type, ''), input_tokens, output_tokens, intDiv(response_time_us, 1000),"
                        + " intDiv(ttft_us, 1000), cached, finish_reason, " + DELIVERED + from + call);
                // what was tried before it
                others.execute(
                        into + "SELECT generateUUIDv7(), inference_id, 'tried', 'tried', 'tried', 77, NULL, 5, 6, NOT"
                                + " cached, 'unknown', " + DELIVERED + " - 2000000" + from + call
                                + " AND cityHash64(inference_id) % 2");
                others.execute(
                        "INSERT INTO ModelInferenceDetails (inference_id, project_id, endpoint_id, model_id, cost,"
                                + " is_success, request_arrival_time, request_forward_time, api_key_id, user_id, api_key_project_id,"
                                + " error_code, error_type, status_code, created_at) SELECT inference_id, project_id, endpoint_id,"
                                + " model_id, toFloat64(toString(cost)), is_success, request_arrival_time, request_forward_time, api_key_id,"
                                + " toUUIDOrNull(user_id), api_key_project_id, error_code, error_type, status_code, "
                                + DELIVERED + from);
            }
            case "otel" -> {
                others.execute("TRUNCATE TABLE InferenceFact");
                String same =
                        "inference_id, project_id, endpoint_id, model_id, api_key_id, api_key_project_id, user_id,"
                                + " request_forward_time, is_success, cost, inference_cost, status_code, error_code, error_type,"
                                + " input_tokens, output_tokens, cached, finish_reason, function_name, variant_name, country_code,"
                                + " region, city, isp, device_type, browser_name, os_name, is_bot, method, path, body_size,"
                                + " response_size, model_version, block_reason, routing_decision, is_blocked, rule_name, prompt_id,"
                                + " prompt_version, tts_character_count, images_generated, embedding_input_count,"
                                + " embedding_dimensions, document_page_count, country_name, timezone, asn, browser_version,"
                                + " os_version, rule_type, client_prompt_id, response_status";
                String once = "count() OVER (PARTITION BY inference_id) = 1";
                // some arrived when their span began, as far as is known
                String spanTells = once + " AND cityHash64(inference_id) % 5 = 0";
                others.execute("INSERT INTO InferenceFact (" + same
                        + ", request_arrival_time, timestamp, trace_id, span_id,"
                        + " response_time_ms, ttft_ms, processing_time_ms, gateway_processing_ms, total_duration_ms,"
                        + " audio_duration_seconds, model_name, model_provider, endpoint_type) SELECT "
                        + same.replace(
                                " cost, inference_cost",
                                " toFloat64(toString(cost)), toFloat64(toString(inference_cost))")
                        + ", if("
                        + spanTells + ", NULL, request_arrival_time), if(" + spanTells + ", request_arrival_time,"
                        + " toDateTime64(" + DELIVERED + ", 3, 'UTC')), concat(toString(inference_id),"
                        + " ifNull(toString(project_id), ''), toString(request_arrival_time)), '', intDiv(response_time_us, 1000),"
                        + " intDiv(ttft_us, 1000), intDiv(processing_time_us, 1000), intDiv(gateway_processing_us, 1000),"
                        + " intDiv(total_duration_us, 1000), audio_duration_us / 1000000, ifNull(model_name, ''),"
                        + " ifNull(model_provider, ''), ifNull(endpoint_type, '')" + from);
            }
            default -> {
                others.execute("TRUNCATE TABLE my_llm_log");
                others.execute(
                        "INSERT INTO my_llm_log SELECT request_arrival_time, request_forward_time, response_time_us /"
                                + " 1000, ttft_us / 1000000, if(is_success, 'ok', 'failed'), toInt64(toDecimal128(cost, 12) * 1000000),"
                                + " ifNull(input_tokens, -1), output_tokens, project_id, ifNull(toString(model_id), ''), endpoint_id,"
                                + " ifNull(user_id, ''), assumeNotNull(cached), streamed, is_blocked, ifNull(prompt_id, ''), status_code,"
                                + " ifNull(model_name, '')" + from + " FINAL");
            }
        }
    }
}
