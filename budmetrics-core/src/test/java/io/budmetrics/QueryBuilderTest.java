package io.budmetrics;

import static io.budmetrics.filter.Dimension.MODEL;
import static io.budmetrics.filter.Dimension.PROJECT;
import static io.budmetrics.filter.Dimension.PROMPT;
import static io.budmetrics.metric.Metrics.LATENCY;
import static io.budmetrics.metric.Metrics.QUEUING_TIME;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static io.budmetrics.metric.Metrics.TTFT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.analytics.AnalyticsQuestion.TopN;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.metric.MlPerf;
import io.budmetrics.metric.ServiceLevel;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.Layout;
import io.budmetrics.time.Frequency;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryBuilderTest {
    private static final Instant FROM = Instant.parse("2026-01-07T09:30:00Z");
    private static final Instant TO = Instant.parse("2026-01-09T00:00:00Z");
    private static final AnalyticsBuilder COUNTS =
            QueryBuilder.analytics().metrics(REQUEST_COUNT).between(FROM, TO);

    @Test
    void aQuestionSurvivesItsJson() throws Exception {
        AnalyticsQuestion question = QueryBuilder.analytics()
                .metrics(REQUEST_COUNT, LATENCY.withPercentiles(0.5, 0.999))
                .between(FROM, TO)
                .every(Frequency.every(3, Frequency.Unit.HOUR))
                .where(PROJECT.in(new UUID(1, 2), new UUID(3, 4)), PROMPT.is("it's {p0:UUID} \\ \n 100%"))
                .groupBy(MODEL)
                .top(new TopN(5, QUEUING_TIME, false))
                .traffic(TrafficSource.ALL)
                .lookBack(Duration.ofMinutes(5))
                .asOf(Instant.parse("2026-01-08T00:00:00.123456Z"))
                .withDelta()
                .withDetails()
                .onlyBucketsWithTraffic()
                .build();
        ObjectMapper mapper = new ObjectMapper();

        AnalyticsQuestion read = mapper.readValue(mapper.writeValueAsString(question), AnalyticsQuestion.class);

        assertThat(read).isEqualTo(question).hasSameHashCodeAs(question);
    }

    @Test
    void aQuestionWithLimitsSurvivesItsJson() throws Exception {
        ServiceLevel unnamed = ServiceLevel.builder()
                .ttft(Duration.ofNanos(450_500_000))
                .tpot(Duration.ofMillis(40))
                .latency(Duration.ofSeconds(9))
                .success()
                .build();
        AnalyticsQuestion question = COUNTS.metrics(
                        Metrics.goodput(unnamed),
                        Metrics.sloAttainment(MlPerf.LLAMA2_70B_SERVER),
                        Metrics.sloAttainment(unnamed),
                        Metrics.UNIQUE_USERS_ESTIMATED,
                        Metrics.TPOT.withPercentiles(0.5).withMinimumSample(30),
                        LATENCY.withMinimumSample(10),
                        Metrics.SUCCESSFUL_REQUESTS.withMinimumSample(100))
                .groupBy(MODEL)
                .top(3, Metrics.apdex(TTFT, Duration.ofMillis(500)).withMinimumSample(5))
                .build();
        ObjectMapper mapper = new ObjectMapper();
        String json = mapper.writeValueAsString(question);

        assertThat(mapper.readValue(json, AnalyticsQuestion.class)).isEqualTo(question);
        assertThat(json)
                .contains("\"slo_attainment_llama2_70b_server\":{\"metric\":\"slo_attainment\",\"name\":"
                        + "\"llama2_70b_server\",\"ttft_us\":2000000,\"tpot_us\":200000}")
                .contains("\"unique_users\":{\"metric\":\"unique_users\",\"estimated\":true}");
        assertThat(question.metrics().toString()).contains("goodput_ttft_450500us_tpot_40ms_latency_9000ms_success");
    }

    @Test
    void rankingByAMetricThatIsAskedForIsRankingByItAsItIsAskedFor() {
        AnalyticsBuilder asked = COUNTS.metrics(LATENCY.withPercentiles(0.5)).groupBy(MODEL);

        assertThat(asked.top(3, LATENCY).build()).isEqualTo(asked.top(3).build());
    }

    @Test
    void limitsThatMakeNoSenseAreRefusedWithAdvice() {
        ServiceLevel.Builder level = ServiceLevel.builder().success();
        List<ThrowingCallable> nonsense = List.of(
                () -> ServiceLevel.builder().build(),
                () -> level.named("Chat").build(),
                () -> level.named("").build(),
                () -> level.named("a'; DROP TABLE x").build(),
                () -> level.ttft(Duration.ZERO).build(),
                () -> level.tpot(Duration.ofMillis(-1)).build(),
                () -> level.latency(Duration.ofDays(2)).build(),
                () -> level.latency(Duration.ofNanos(1)).build(),
                () -> Metrics.apdex(TTFT, Duration.ofDays(2)),
                () -> COUNTS.metrics(
                                Metrics.goodput(level.named("a").build()),
                                Metrics.goodput(level.named("a")
                                        .ttft(Duration.ofMillis(1))
                                        .build()))
                        .build(),
                () -> COUNTS.metrics(Metrics.UNIQUE_USERS, Metrics.UNIQUE_USERS_ESTIMATED)
                        .build(),
                () -> COUNTS.metrics(Metrics.UNIQUE_USERS)
                        .groupBy(MODEL)
                        .top(3, Metrics.UNIQUE_USERS_ESTIMATED)
                        .build(),
                () -> LATENCY.withMinimumSample(0),
                () -> REQUEST_COUNT.withMinimumSample(10),
                () -> Metrics.goodput(level.build()).withMinimumSample(10),
                () -> Metrics.named("DROP", Map.of("metric", "goodput", "name", "b", "success", true)),
                () -> Metrics.named("DROP", Map.of("metric", "goodput", "name", 1)),
                () -> Metrics.named("goodput", Map.of()),
                () -> Metrics.named("latency", Map.of("metric", "latency", "minimum_sample", "ten")),
                () -> Metrics.named("goodput_a", Map.of("metric", "goodput", "name", "b", "success", true)),
                () -> Metrics.named("goodput_a", Map.of("metric", "goodput", "name", "a", "success", "yes")),
                () -> Metrics.named("goodput_a", Map.of("metric", "goodput", "name", "a", "ttft_us", 1.5)),
                () -> Metrics.named("apdex_cost_1ms", Map.of("metric", "apdex", "of", "cost", "target_us", 1000)),
                () -> Metrics.named("apdex_ttft_1ms", Map.of("metric", "apdex", "of", "ttft")));
        for (ThrowingCallable question : nonsense) {
            assertThatExceptionOfType(BudMetricsException.class)
                    .isThrownBy(question)
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_QUERY))
                    .withMessageContaining(";")
                    .withMessageNotContainingAny("null", "DROP");
        }
    }

    @Test
    void oneAliasMeansOneNumber() {
        Map<String, Aggregate> byAlias = new HashMap<>();
        List<Metric<?>> metrics = new ArrayList<>(Metrics.all());
        for (ServiceLevel level : MlPerf.all()) {
            metrics.add(Metrics.goodput(level));
            metrics.add(Metrics.sloAttainment(level));
        }
        metrics.add(Metrics.apdex(TTFT, Duration.ofMillis(500)));
        metrics.add(Metrics.apdex(LATENCY, Duration.ofMillis(500)));
        for (Metric<?> metric : metrics) {
            for (Aggregate aggregate : Internals.of(metric).aggregates()) {
                assertThat(byAlias.merge(aggregate.alias(), aggregate, (known, other) -> known))
                        .isEqualTo(aggregate);
            }
        }
    }

    @Test
    void noNameOfTheCallerStandsInAStatement() {
        ServiceLevel level = ServiceLevel.builder()
                .named("something_private")
                .ttft(Duration.ofMillis(450))
                .build();

        assertThat(COUNTS.metrics(Metrics.goodput(level))
                        .build()
                        .statement(SqlContext.of(Layout.inferenceFact()))
                        .sql())
                .contains("good_ttft_450ms")
                .doesNotContain("something_private");
    }

    @Test
    void json_compatibleRequestParses() throws Exception {
        String json = """
                {"metrics": ["request_count", "ttft"], "from_date": "2026-01-07 00:00:00", "to_date": "2026-01-08T00:00:00+05:30",
                 "frequency_unit": "hour", "frequency_interval": null, "filters": {"project": "00000000-0000-0001-0000-000000000002"},
                 "group_by": ["model"], "topk": 3}
                """;

        AnalyticsQuestion question = new ObjectMapper().readValue(json, AnalyticsQuestion.class);

        assertThat(question)
                .isEqualTo(QueryBuilder.analytics()
                        .metrics(REQUEST_COUNT, TTFT)
                        .between(Instant.parse("2026-01-07T00:00:00Z"), Instant.parse("2026-01-07T18:30:00Z"))
                        .every(Frequency.HOUR)
                        .where(PROJECT.is(new UUID(1, 2)))
                        .groupBy(MODEL)
                        .top(3)
                        .withDelta()
                        .build());
    }

    @Test
    void zonesAndWeeksSurviveTheirJson() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        AnalyticsQuestion question = COUNTS.in(ZoneId.of("America/New_York"))
                .every(Frequency.weeksFrom(DayOfWeek.SUNDAY))
                .build();

        String json = mapper.writeValueAsString(question);

        assertThat(json).contains("\"time_zone\":\"America/New_York\"", "\"week_start\":\"sunday\"");
        assertThat(mapper.readValue(json, AnalyticsQuestion.class)).isEqualTo(question);
        assertThat(mapper.writeValueAsString(COUNTS.build())).doesNotContain("time_zone", "week_start");
    }

    @Test
    void aZoneWithOneOffsetIsThatOffset() {
        AnalyticsQuestion utc = COUNTS.build();

        assertThat(COUNTS.in(ZoneId.of("Etc/UTC")).build()).isEqualTo(utc);
        assertThat(COUNTS.in(ZoneId.of("UTC")).build()).isEqualTo(utc);
        assertThat(COUNTS.in(ZoneId.of("Etc/GMT-5")).build())
                .isEqualTo(COUNTS.in(ZoneId.of("+05:00")).build());
    }

    @ParameterizedTest
    @CsvSource({
        "europe/berlin, Europe/Berlin",
        "Kolkata, Asia/Kolkata",
        "new york, America/New_York",
        "PST, America/Los_Angeles",
        "Europe/Atlantis, Europe/Paris",
        "'', Europe/Paris"
    })
    void anUnknownZoneIsRefusedWithOneThatIsKnown(String zone, String proposed) {
        String json = "{\"metrics\": [\"request_count\"], \"from_date\": \"2026-01-07T00:00:00Z\", \"time_zone\": \""
                + zone + "\"}";

        assertThatExceptionOfType(JacksonException.class)
                .isThrownBy(() -> new ObjectMapper().readValue(json, AnalyticsQuestion.class))
                .havingRootCause()
                .isInstanceOf(BudMetricsException.class)
                .withMessageContaining("time_zone is not a zone that this JVM knows; give ")
                .withMessageContaining(proposed);
    }

    @ParameterizedTest
    @CsvSource({
        "day, 1, sunday, are single weeks",
        "week, 2, sunday, are single weeks",
        "week, 1, Sunday, week_start is not a day of the week; give monday or sunday"
    })
    void aWeekStartThatMeansNothingIsRefused(String unit, int interval, String start, String message) {
        String json =
                "{\"metrics\": [\"request_count\"], \"from_date\": \"2026-01-07T00:00:00Z\", \"frequency_unit\": \""
                        + unit + "\", \"frequency_interval\": " + interval + ", \"week_start\": \"" + start + "\"}";

        assertThatExceptionOfType(JacksonException.class)
                .isThrownBy(() -> new ObjectMapper().readValue(json, AnalyticsQuestion.class))
                .havingRootCause()
                .isInstanceOf(BudMetricsException.class)
                .withMessageContaining(message);
    }

    @Test
    void whatMakesNoSenseIsRefusedWithAdvice() {
        List<ThrowingCallable> nonsense = List.of(
                () -> QueryBuilder.analytics().between(FROM, TO).build(),
                () -> QueryBuilder.analytics().metrics(REQUEST_COUNT).build(),
                () -> COUNTS.between(TO, FROM).build(),
                () -> COUNTS.between(FROM, FROM).build(),
                () -> COUNTS.between(Instant.parse("1969-12-31T00:00:00Z"), TO).build(),
                () -> COUNTS.between(FROM, Instant.parse("2200-01-01T00:00:00Z"))
                        .build(),
                () -> COUNTS.asOf(FROM).build(),
                () -> COUNTS.metrics(LATENCY, LATENCY.withPercentiles(0.5)).build(),
                () -> COUNTS.between(FROM.plusNanos(1), FROM.plusNanos(999)).build(),
                () -> COUNTS.between(Instant.EPOCH, TO).every(Frequency.HOUR).build(),
                () -> COUNTS.between(Instant.EPOCH, TO)
                        .every(Frequency.DAY)
                        .in(ZoneId.of("Europe/Paris"))
                        .build(),
                () -> new Frequency(2, Frequency.Unit.WEEK, DayOfWeek.SUNDAY),
                () -> new Frequency(1, Frequency.Unit.DAY, DayOfWeek.SUNDAY),
                () -> COUNTS.top(5).build(),
                () -> COUNTS.having(REQUEST_COUNT.atLeast(5)).build(),
                () -> COUNTS.groupBy(MODEL)
                        .having(LATENCY.below(5), LATENCY.below(6))
                        .build(),
                () -> COUNTS.metrics(LATENCY)
                        .groupBy(MODEL)
                        .having(LATENCY.withMinimumSample(5).below(5))
                        .build(),
                () -> LATENCY.below(Double.NaN),
                () -> LATENCY.below(1e-13),
                () -> LATENCY.below(1e19),
                () -> COUNTS.groupBy(MODEL).top(0).build(),
                () -> COUNTS.groupBy(MODEL).top(1001).build(),
                () -> COUNTS.groupBy(MODEL, MODEL).build(),
                () -> COUNTS.where(MODEL.in(List.of())).build(),
                () -> COUNTS.where(PROMPT.is("")).build(),
                () -> COUNTS.where(MODEL.is(new UUID(1, 1)), MODEL.is(new UUID(2, 2)))
                        .build(),
                () -> COUNTS.lookBack(Duration.ofSeconds(-1)).build(),
                () -> Frequency.every(0, Frequency.Unit.DAY),
                () -> LATENCY.withPercentiles(99),
                () -> LATENCY.withPercentiles(0.5, 0.5),
                () -> COUNTS.since(FROM).build().statement(SqlContext.of(Layout.inferenceFact())),
                () -> COUNTS.since(Instant.EPOCH)
                        .every(Frequency.MINUTE)
                        .build()
                        .asOf(TO)
                        .statement(SqlContext.of(Layout.inferenceFact())));
        for (ThrowingCallable question : nonsense) {
            assertThatExceptionOfType(BudMetricsException.class)
                    .isThrownBy(question)
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_QUERY))
                    .withMessageContainingAll(";")
                    .withMessageNotContaining("null");
        }
    }

    @Test
    void aBuilderIsAValue() {
        AnalyticsBuilder base = COUNTS.groupBy(MODEL);
        AnalyticsQuestion before = base.build();
        Metric<?> other = LATENCY;

        assertThat(base.metrics(other).withDelta().build()).isNotEqualTo(before);
        assertThat(base.build()).isEqualTo(before);
    }

    @Test
    void noTextOfAStatementHoldsAValueOfTheCaller() {
        String hostile = "x' OR 1=1 -- {from:DateTime64(6, 'UTC')}";
        var statement = COUNTS.traffic(TrafficSource.ALL)
                .where(PROMPT.is(hostile))
                .build()
                .statement(SqlContext.of(Layout.inferenceFact()));

        assertThat(statement.sql()).doesNotContain("OR 1=1").contains("prompt_id = {prompt:String}");
        assertThat(statement.toString()).doesNotContain("OR 1=1");
        assertThat(statement.inlined())
                .contains("prompt_id = 'x\\' OR 1=1 -- {from:DateTime64(6, \\'UTC\\')}'")
                .doesNotContain("{to:");
    }
}
