package io.budmetrics.clickhouse.oracle;

import static io.budmetrics.metric.Metrics.CACHE;
import static io.budmetrics.metric.Metrics.CONCURRENT_REQUESTS;
import static io.budmetrics.metric.Metrics.COST;
import static io.budmetrics.metric.Metrics.COST_PER_MILLION_TOKENS;
import static io.budmetrics.metric.Metrics.FAILED_REQUESTS;
import static io.budmetrics.metric.Metrics.INPUT_TOKENS;
import static io.budmetrics.metric.Metrics.LATENCY;
import static io.budmetrics.metric.Metrics.OUTPUT_TOKENS;
import static io.budmetrics.metric.Metrics.QUEUING_TIME;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static io.budmetrics.metric.Metrics.SUCCESSFUL_REQUESTS;
import static io.budmetrics.metric.Metrics.THROUGHPUT;
import static io.budmetrics.metric.Metrics.TTFT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.Row;
import io.budmetrics.analytics.Row.Delta;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.MetricValue.Absence;
import io.budmetrics.metric.Metrics;
import io.budmetrics.time.Frequency;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Small examples with numbers that were worked out by hand: each is a case in which a system of this kind is known to
 * have answered wrongly. The name of a test says what is right.
 */
@ExtendWith(ClickHouseExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NamedExamplesIT {
    private static final UUID A = UUID.fromString("00000000-0000-4000-8000-00000000000a");
    private static final UUID B = UUID.fromString("00000000-0000-4000-8000-00000000000b");
    private static final String DAY = "2026-01-07";

    private TrafficTable table;
    private long serial;

    @BeforeAll
    void createTable(TestServer server) {
        table = TrafficTable.in(server.newDatabase().dataSource());
    }

    @AfterAll
    void close() {
        table.close();
    }

    // helpers

    private OracleRow at(String time) {
        return OracleRow.at(serial++, time.length() > 15 ? time : DAY + "T" + time + "Z");
    }

    private List<OracleRow> times(int count, Supplier<OracleRow> row) {
        List<OracleRow> rows = new ArrayList<>();
        for (int copy = 0; copy < count; copy++) {
            rows.add(row.get());
        }
        return rows;
    }

    @SafeVarargs
    private static List<OracleRow> all(List<OracleRow>... parts) {
        List<OracleRow> rows = new ArrayList<>();
        for (List<OracleRow> part : parts) {
            rows.addAll(part);
        }
        return rows;
    }

    private static AnalyticsBuilder between(String from, String to, Frequency frequency, Metric<?>... metrics) {
        return QueryBuilder.analytics()
                .metrics(metrics)
                .between(Instant.parse(from), Instant.parse(to))
                .every(frequency);
    }

    private static AnalyticsBuilder wholeDay(Metric<?>... metrics) {
        return between("2026-01-07T00:00:00Z", "2026-01-08T00:00:00Z", Frequency.DAY, metrics);
    }

    private AnalyticsAnswer answer(AnalyticsBuilder question) {
        return table.verified(question.build());
    }

    private Row only(AnalyticsBuilder question) {
        List<Row> rows = answer(question).rows();
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }

    private static List<String> counts(AnalyticsAnswer answer) {
        return answer.rows().stream()
                .map(row -> row.bucket().from() + " " + row.get(REQUEST_COUNT).count())
                .toList();
    }

    private static List<Long> countsOf(AnalyticsAnswer answer, UUID model) {
        return answer.rows().stream()
                .filter(row ->
                        row.group().get(Dimension.MODEL).filter(model::equals).isPresent())
                .map(row -> row.get(REQUEST_COUNT).count())
                .toList();
    }

    private static List<String> deltas(AnalyticsAnswer answer, Metric<?> metric) {
        List<String> deltas = new ArrayList<>();
        for (Row row : answer.rows()) {
            Delta delta = row.delta(metric);
            deltas.add(text(delta.change()) + " " + text(delta.ratio()));
        }
        return deltas;
    }

    private static String text(OptionalDouble value) {
        return value.isPresent() ? Double.toString(value.getAsDouble()) : "absent";
    }

    // one population, one definition

    @Test
    void throughputIsARatioOfSums() {
        table.hold(List.of(
                at("10:00:00").withTokens(1L, 100L).withTimes(1_000_000L, null),
                at("10:01:00").withTokens(1L, 10L).withTimes(10_000L, null)));
        assertThat(only(wholeDay(THROUGHPUT)).get(THROUGHPUT).perSecond().orElseThrow())
                .isCloseTo(110_000 / 1010.0, within(1e-9));
    }

    @Test
    void rowsWithoutTheValueDoNotLowerAnAverage() {
        table.hold(List.of(
                at("10:00:00")
                        .withTimes(1_000_000L, 100_000L)
                        .withCost(BigDecimal.ONE)
                        .withTokens(20L, null),
                at("10:01:00")));
        Row row = only(wholeDay(REQUEST_COUNT, TTFT, LATENCY, INPUT_TOKENS, COST));
        assertThat(row.get(TTFT).mean()).hasValue(100);
        assertThat(row.get(LATENCY).mean()).hasValue(1000);
        assertThat(row.get(LATENCY).sampleSize()).isEqualTo(1);
        assertThat(row.get(INPUT_TOKENS).total()).hasValue(20);
        assertThat(row.get(COST).total().orElseThrow()).isEqualByComparingTo("1");
        assertThat(row.get(REQUEST_COUNT).count()).isEqualTo(2);
    }

    @Test
    void successAndFailureCanBeAskedTogether() {
        table.hold(List.of(
                at("10:00:00").withFlags(true, null, null),
                at("10:00:01").withFlags(false, null, null),
                at("10:00:02").withFlags(true, null, null),
                at("10:00:03")));
        Row row = only(wholeDay(SUCCESSFUL_REQUESTS, FAILED_REQUESTS));
        assertThat(row.get(SUCCESSFUL_REQUESTS).count()).hasValue(2);
        assertThat(row.get(SUCCESSFUL_REQUESTS).ratio().orElseThrow()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(row.get(FAILED_REQUESTS).count()).hasValue(1);
        assertThat(row.get(FAILED_REQUESTS).sampleSize()).isEqualTo(3);
    }

    @Test
    void aDeliveryThatCameTwiceIsOneRequest() {
        OracleRow row = at("10:00:00").withCost(new BigDecimal("2.0"));
        table.hold(List.of(row, row.withIngested(row.ingested() + 1), row));
        assertThat(only(wholeDay(REQUEST_COUNT)).get(REQUEST_COUNT).count()).isEqualTo(1);
        assertThat(only(wholeDay(COST)).get(COST).total().orElseThrow()).isEqualByComparingTo("2.0");
    }

    // edges

    @Test
    void aRangeBeginsAndEndsExactly() {
        table.hold(List.of(
                at("10:45:00"),
                at("12:00:00"),
                at("2026-01-08T10:45:00Z"),
                at("08:59:59.999999"),
                at("2026-01-15T09:00:00Z")));
        AnalyticsAnswer answer =
                answer(between("2026-01-07T09:00:00Z", "2026-01-15T09:00:00Z", Frequency.DAY, REQUEST_COUNT));
        assertThat(answer.rows().stream()
                        .mapToLong(row -> row.get(REQUEST_COUNT).count()))
                .containsExactly(2L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
        assertThat(answer.rows().get(0).bucket().partial()).isTrue();
        assertThat(answer.rows().get(0).bucket().coveredSeconds()).isEqualTo(15 * 3600);
        assertThat(answer.rows().get(1).bucket().partial()).isFalse();
        assertThat(answer.rows().get(8).bucket().partial()).isTrue();
    }

    @Test
    void boundsFinerThanASecondAreKept() {
        table.hold(List.of(at("23:59:59.500")));
        assertThat(only(between("2026-01-07T00:00:00Z", "2026-01-07T23:59:59.999999Z", Frequency.DAY, REQUEST_COUNT))
                        .get(REQUEST_COUNT)
                        .count())
                .isEqualTo(1);
        assertThat(only(between("2026-01-07T00:00:00Z", "2026-01-07T23:59:59.500000Z", Frequency.DAY, REQUEST_COUNT))
                        .get(REQUEST_COUNT)
                        .count())
                .isZero();
        assertThat(only(between("2026-01-07T00:00:00Z", "2026-01-07T23:59:59.500000001Z", Frequency.DAY, REQUEST_COUNT))
                        .get(REQUEST_COUNT)
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aDayOfAnotherZoneIsARangeOfInstants() {
        table.hold(List.of(at("2026-01-06T20:00:00Z"), at("2026-01-07T20:00:00Z")));
        AnalyticsAnswer answer = answer(between(
                        "2026-01-06T18:30:00Z",
                        "2026-01-07T18:30:00Z",
                        Frequency.every(1, Frequency.Unit.YEAR),
                        REQUEST_COUNT)
                .onlyBucketsWithTraffic());
        assertThat(counts(answer)).containsExactly("2026-01-01T00:00:00Z 1");
    }

    // calendar

    @Test
    void aWeekBeginsOnMonday() {
        table.hold(List.of(at("12:00:00")));
        assertThat(counts(
                        answer(between("2026-01-07T00:00:00Z", "2026-01-08T00:00:00Z", Frequency.WEEK, REQUEST_COUNT))))
                .containsExactly("2026-01-05T00:00:00Z 1");
    }

    @Test
    void anIntervalOfOneMonthIsTheCalendarMonth() {
        table.hold(List.of(
                at("2026-01-15T00:00:00Z"),
                at("2026-02-15T00:00:00Z"),
                at("2026-03-01T00:00:00Z"),
                at("2026-03-15T00:00:00Z"),
                at("2026-03-31T00:00:00Z")));
        for (Frequency frequency : List.of(Frequency.MONTH, Frequency.every(1, Frequency.Unit.MONTH))) {
            assertThat(counts(
                            answer(between("2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z", frequency, REQUEST_COUNT))))
                    .containsExactly("2026-01-01T00:00:00Z 1", "2026-02-01T00:00:00Z 1", "2026-03-01T00:00:00Z 3");
        }
    }

    @Test
    void twoWeeksAreFourteenDaysFromTheStart() {
        table.hold(List.of(at("2026-01-07T00:00:00Z"), at("2026-01-20T23:59:59Z"), at("2026-01-21T00:00:00Z")));
        assertThat(counts(answer(between(
                        "2026-01-07T00:00:00Z",
                        "2026-02-04T00:00:00Z",
                        Frequency.every(2, Frequency.Unit.WEEK),
                        REQUEST_COUNT))))
                .containsExactly("2026-01-07T00:00:00Z 2", "2026-01-21T00:00:00Z 1");
    }

    @Test
    void severalMonthsAreCountedByTheCalendarFromTheStart() {
        table.hold(List.of(at("2025-12-31T00:00:00Z"), at("2026-02-27T12:00:00Z"), at("2026-02-28T00:00:00Z")));
        assertThat(counts(answer(between(
                        "2025-12-31T00:00:00Z",
                        "2026-06-30T00:00:00Z",
                        Frequency.every(2, Frequency.Unit.MONTH),
                        REQUEST_COUNT))))
                .containsExactly("2025-12-31T00:00:00Z 2", "2026-02-28T00:00:00Z 1", "2026-04-30T00:00:00Z 0");
    }

    @Test
    void theGridLiesOnTheCalendarWhereverTheRangeBegins() {
        List<OracleRow> rows = new ArrayList<>();
        for (String minute : List.of("00", "15", "30", "45")) {
            rows.add(at("09:" + minute + ":00"));
            rows.add(at("10:" + minute + ":00"));
        }
        table.hold(rows);
        assertThat(counts(
                        answer(between("2026-01-07T08:30:00Z", "2026-01-07T12:00:00Z", Frequency.HOUR, REQUEST_COUNT))))
                .containsExactly(
                        "2026-01-07T08:00:00Z 0",
                        "2026-01-07T09:00:00Z 4",
                        "2026-01-07T10:00:00Z 4",
                        "2026-01-07T11:00:00Z 0");
        table.hold(List.of(at("2026-01-12T00:00:00Z")));
        assertThat(counts(
                        answer(between("2026-01-07T00:00:00Z", "2026-01-28T00:00:00Z", Frequency.WEEK, REQUEST_COUNT))))
                .containsExactly(
                        "2026-01-05T00:00:00Z 0",
                        "2026-01-12T00:00:00Z 1",
                        "2026-01-19T00:00:00Z 0",
                        "2026-01-26T00:00:00Z 0");
    }

    @Test
    void aDayHasTwentyFourHoursHoweverFewHaveTraffic() {
        table.hold(List.of(at("06:00:00").withTimes(5L, null), at("07:00:00"), at("10:00:00")));
        AnalyticsAnswer answer =
                answer(between("2026-01-07T00:00:00Z", "2026-01-08T00:00:00Z", Frequency.HOUR, REQUEST_COUNT, LATENCY));
        assertThat(answer.rows()).hasSize(24);
        assertThat(answer.buckets()).hasSize(24);
        assertThat(answer(between("2026-01-07T00:00:00Z", "2026-01-08T00:00:00Z", Frequency.HOUR, REQUEST_COUNT)
                                .onlyBucketsWithTraffic())
                        .rows())
                .hasSize(3);
    }

    @Test
    void theGridIsDenseInEveryGroup() {
        table.hold(List.of(
                at("09:00:00").withModel(A),
                at("11:00:00").withModel(A),
                at("10:00:00").withModel(B)));
        AnalyticsAnswer answer =
                answer(between("2026-01-07T09:00:00Z", "2026-01-07T12:00:00Z", Frequency.HOUR, REQUEST_COUNT)
                        .groupBy(Dimension.MODEL)
                        .withDelta());
        assertThat(countsOf(answer, A)).containsExactly(1L, 0L, 1L);
        assertThat(countsOf(answer, B)).containsExactly(0L, 1L, 0L);
        assertThat(answer.series()).hasSize(2);
        assertThat(answer.series().get(0).rows()).hasSize(3);
    }

    // deltas

    @Test
    void delta_comparesWithAnEmptyBucketBefore() {
        table.hold(all(times(10, () -> at("09:10:00")), times(4, () -> at("11:10:00"))));
        AnalyticsAnswer answer =
                answer(between("2026-01-07T09:00:00Z", "2026-01-07T12:00:00Z", Frequency.HOUR, REQUEST_COUNT)
                        .withDelta());
        // the hour before the range was looked at and is empty, so ten are ten more
        assertThat(deltas(answer, REQUEST_COUNT)).containsExactly("10.0 absent", "-10.0 -1.0", "4.0 absent");
    }

    @Test
    void delta_firstBucketComparesWithTheOneBeforeTheRange() {
        table.hold(all(times(100, () -> at("09:10:00"))));
        assertThat(deltas(answer(wholeDay(REQUEST_COUNT).withDelta()), REQUEST_COUNT))
                .containsExactly("100.0 absent");
        table.hold(all(times(100, () -> at("09:10:00")), times(80, () -> at("2026-01-06T23:59:59.999999Z"))));
        assertThat(deltas(answer(wholeDay(REQUEST_COUNT).withDelta()), REQUEST_COUNT))
                .containsExactly("20.0 0.25");
    }

    @Test
    void aChangeFromZeroHasNoPercentage() {
        table.hold(List.of(
                at("09:00:00").withFlags(true, null, null).withTokens(0L, null),
                at("10:00:00").withFlags(false, null, null).withTokens(1_000_000L, null)));
        AnalyticsAnswer answer = answer(
                between("2026-01-07T09:00:00Z", "2026-01-07T11:00:00Z", Frequency.HOUR, FAILED_REQUESTS, INPUT_TOKENS)
                        .withDelta());
        assertThat(deltas(answer, FAILED_REQUESTS)).containsExactly("0.0 absent", "1.0 absent");
        assertThat(deltas(answer, INPUT_TOKENS)).containsExactly("0.0 absent", "1000000.0 absent");
    }

    @Test
    void delta_againstACutBucketIsNotComparable() {
        table.hold(List.of(at("09:45:00"), at("10:00:00"), at("11:00:00")));
        AnalyticsAnswer answer =
                answer(between("2026-01-07T09:30:00Z", "2026-01-07T12:00:00Z", Frequency.HOUR, REQUEST_COUNT)
                        .withDelta());
        assertThat(answer.rows().stream().map(row -> row.delta(REQUEST_COUNT).comparable()))
                .containsExactly(false, false, true);
    }

    // honesty

    @Test
    void unmeasuredValues_areAbsentNotZero() {
        table.hold(List.of(at("09:00:00")));
        List<Row> rows = answer(between(
                        "2026-01-07T09:00:00Z",
                        "2026-01-07T11:00:00Z",
                        Frequency.HOUR,
                        LATENCY,
                        TTFT,
                        SUCCESSFUL_REQUESTS,
                        CACHE,
                        THROUGHPUT,
                        INPUT_TOKENS,
                        COST,
                        CONCURRENT_REQUESTS))
                .rows();
        Row unmeasured = rows.get(0);
        assertThat(unmeasured.get(LATENCY).mean()).isEmpty();
        assertThat(unmeasured.get(LATENCY).absence()).contains(Absence.NOT_MEASURED);
        assertThat(unmeasured.get(SUCCESSFUL_REQUESTS).count()).isEmpty();
        assertThat(unmeasured.get(SUCCESSFUL_REQUESTS).ratio()).isEmpty();
        assertThat(unmeasured.get(CACHE).hitRatio()).isEmpty();
        assertThat(unmeasured.get(THROUGHPUT).perSecond()).isEmpty();
        assertThat(unmeasured.get(INPUT_TOKENS).total()).isEmpty();
        assertThat(unmeasured.get(COST).total()).isEmpty();
        assertThat(unmeasured.get(CONCURRENT_REQUESTS).peak()).isEmpty();
        Row empty = rows.get(1);
        assertThat(empty.get(LATENCY).mean()).isEmpty();
        assertThat(empty.get(LATENCY).percentile(0.95)).isEmpty();
        assertThat(empty.get(LATENCY).absence()).contains(Absence.NO_TRAFFIC);
        assertThat(empty.get(TTFT).absence()).contains(Absence.NO_TRAFFIC);
        assertThat(empty.get(SUCCESSFUL_REQUESTS).ratio()).isEmpty();
        assertThat(empty.get(SUCCESSFUL_REQUESTS).count()).hasValue(0);
        assertThat(empty.get(INPUT_TOKENS).total()).hasValue(0);
        assertThat(empty.get(CONCURRENT_REQUESTS).peak()).hasValue(0);
    }

    @Test
    void aNullDimensionIsAGroup() {
        table.hold(all(
                times(3, () -> at("09:00:00").withProject(A)),
                times(1, () -> at("09:00:00").withProject(B)),
                times(2, () -> at("09:00:00"))));
        AnalyticsAnswer answer = answer(wholeDay(REQUEST_COUNT).groupBy(Dimension.PROJECT));
        assertThat(answer.rows().stream()
                        .map(row -> row.group().get(Dimension.PROJECT) + " "
                                + row.get(REQUEST_COUNT).count()))
                .containsExactly("Optional[" + A + "] 3", "Optional[" + B + "] 1", "Optional.empty 2");
    }

    @Test
    void everyGroupKeepsItsKey() {
        table.hold(List.of(at("09:00:00").withApiKey(null, A), at("09:00:00").withApiKey(null, B)));
        AnalyticsAnswer answer = answer(wholeDay(REQUEST_COUNT).groupBy(Dimension.USER_PROJECT));
        assertThat(answer.rows().stream()
                        .map(row -> row.group().get(Dimension.USER_PROJECT).orElseThrow()))
                .containsExactly(A, B);
    }

    // top

    private static List<String> models(AnalyticsAnswer answer) {
        return answer.groups().stream()
                .map(group -> group.isOthers()
                        ? "others"
                        : group.get(Dimension.MODEL)
                                .map(id -> id.equals(A) ? "A" : "B")
                                .orElse("null"))
                .toList();
    }

    @Test
    void theRankingSeesOnlyTheTrafficAskedFor() {
        table.hold(all(
                times(20, () -> at("09:00:00").withModel(A).withPrompt("p").withTimes(1_000L, null)),
                times(1, () -> at("09:00:00").withModel(A).withTimes(1_000_000L, null)),
                times(5, () -> at("09:00:00").withModel(B).withTimes(200_000L, null))));
        AnalyticsAnswer answer =
                answer(wholeDay(LATENCY).groupBy(Dimension.MODEL).top(1));
        assertThat(models(answer)).containsExactly("B", "others");
        assertThat(answer.rows().get(0).get(LATENCY).mean()).hasValue(200);
        assertThat(answer.rows().get(1).get(LATENCY).mean()).hasValue(1000);
    }

    @Test
    void aNullGroupCanRankFirst() {
        table.hold(all(
                times(5, () -> at("09:00:00")), times(2, () -> at("09:00:00").withModel(B))));
        AnalyticsAnswer answer =
                answer(wholeDay(REQUEST_COUNT).groupBy(Dimension.MODEL).top(1));
        assertThat(models(answer)).containsExactly("null", "others");
        assertThat(answer.rows().stream().map(row -> row.get(REQUEST_COUNT).count()))
                .containsExactly(5L, 2L);
    }

    @Test
    void groupsWithoutAHeadlineAreOrderedByKeyWhateverTheReason() {
        table.hold(List.of(
                at("09:00:00").withModel(A).withFlags(true, false, null),
                at("09:00:00").withModel(B).withFlags(true, null, null)));
        // of A there is no hit to divide by, of B nobody knows
        AnalyticsBuilder question = wholeDay(Metrics.ratio("successes_per_hit_ratio", SUCCESSFUL_REQUESTS, CACHE))
                .groupBy(Dimension.MODEL);
        assertThat(models(answer(question.top(1)))).containsExactly("A", "others");
    }

    @Test
    void theSmallestPricesAreToldApart() {
        BigDecimal least = new BigDecimal("0.000000000001");
        table.hold(List.of(
                at("09:00:00").withModel(A).withTokens(5_976L, 4_294_967_295L).withCost(least),
                at("09:00:00").withModel(B).withTokens(0L, 4_294_967_295L).withCost(least)));
        assertThat(models(answer(wholeDay(COST_PER_MILLION_TOKENS)
                        .groupBy(Dimension.MODEL)
                        .top(1))))
                .containsExactly("B", "others");
    }

    @Test
    void aZeroHasNoSignInARanking() {
        table.hold(List.of(
                at("09:00:00").withModel(A).withTokens(1L, 3L).withFlags(true, false, null),
                at("09:00:00").withModel(B).withTokens(3L, 1L).withFlags(true, false, null)));
        AnalyticsAnswer answer = answer(wholeDay(Metrics.ratio(
                        "failures_per_token_more",
                        FAILED_REQUESTS,
                        Metrics.difference("more", INPUT_TOKENS, OUTPUT_TOKENS)))
                .groupBy(Dimension.MODEL)
                .top(1));
        assertThat(models(answer)).containsExactly("A", "others");
    }

    @Test
    void everyMetricCanRank() {
        table.hold(List.of(
                at("09:00:00").withModel(A).withFlags(true, false, null).withTimes(1_000L, null),
                at("09:00:00").withModel(B).withFlags(true, true, null).withTimes(2_000L, null)));
        assertThat(models(
                        answer(wholeDay(CACHE, LATENCY).groupBy(Dimension.MODEL).top(1))))
                .containsExactly("B", "others");
        assertThat(models(
                        answer(wholeDay(CACHE, LATENCY).groupBy(Dimension.MODEL).top(1, LATENCY))))
                .containsExactly("A", "others");
    }

    @Test
    void ranking_isOverTheWholeRangeNotASumOfBuckets() {
        table.hold(List.of(
                at("09:00:00").withModel(A).withTokens(0L, 10L).withTimes(1_000_000L, null),
                at("10:00:00").withModel(A).withTokens(0L, 10L).withTimes(1_000_000L, null),
                at("11:00:00").withModel(A).withTokens(0L, 10L).withTimes(1_000_000L, null),
                at("11:00:00").withModel(B).withTokens(0L, 25L).withTimes(1_000_000L, null)));
        AnalyticsAnswer answer =
                answer(between("2026-01-07T09:00:00Z", "2026-01-07T12:00:00Z", Frequency.HOUR, THROUGHPUT)
                        .groupBy(Dimension.MODEL)
                        .top(1));
        assertThat(models(answer)).containsExactly("B", "others");
    }

    @Test
    void topGoesTogetherWithFiltersAndTiesBreakByKey() {
        table.hold(List.of(
                at("09:00:00").withProject(A).withModel(B),
                at("09:00:00").withProject(A).withModel(A),
                at("09:00:00").withProject(B).withModel(B)));
        AnalyticsAnswer answer = answer(wholeDay(REQUEST_COUNT)
                .where(Dimension.PROJECT.is(A))
                .groupBy(Dimension.MODEL)
                .top(1));
        assertThat(models(answer)).containsExactly("A", "others");
        assertThat(answer.rows().get(1).get(REQUEST_COUNT).count()).isEqualTo(1);
    }

    // concurrency and percentiles

    @Test
    void concurrencyIsOverlap() {
        table.hold(List.of(
                at("09:00:00.000").withTimes(1_000_000L, null),
                at("09:00:00.100").withTimes(1_000_000L, null),
                at("09:00:00.200").withTimes(1_000_000L, null)));
        assertThat(only(wholeDay(CONCURRENT_REQUESTS)).get(CONCURRENT_REQUESTS).peak())
                .hasValue(3);
        table.hold(List.of(
                at("09:00:00.000").withTimes(50_000L, null), at("09:00:00.900").withTimes(50_000L, null)));
        assertThat(only(wholeDay(CONCURRENT_REQUESTS)).get(CONCURRENT_REQUESTS).peak())
                .hasValue(1);
        table.hold(List.of(
                at("09:00:00.900").withTimes(500_000L, null), at("09:00:01.100").withTimes(500_000L, null)));
        assertThat(only(wholeDay(CONCURRENT_REQUESTS)).get(CONCURRENT_REQUESTS).peak())
                .hasValue(2);
        table.hold(List.of(
                at("09:00:00").withTimes(500_000L, null),
                at("09:00:00").withTimes(500_000L, null).withPrompt("p")));
        assertThat(only(wholeDay(CONCURRENT_REQUESTS)).get(CONCURRENT_REQUESTS).peak())
                .hasValue(1);
        assertThat(only(wholeDay(CONCURRENT_REQUESTS).traffic(TrafficSource.ALL))
                        .get(CONCURRENT_REQUESTS)
                        .peak())
                .hasValue(2);
    }

    @Test
    void concurrency_includesRequestsFromBeforeTheRange() {
        table.hold(List.of(
                at("08:59:00").withTimes(7_200_000_000L, null),
                at("09:10:00").withTimes(1_000_000L, null),
                at("11:30:00").withTimes(1_000_000L, null)));
        AnalyticsAnswer answer =
                answer(between("2026-01-07T09:00:00Z", "2026-01-07T13:00:00Z", Frequency.HOUR, CONCURRENT_REQUESTS));
        assertThat(answer.rows().stream()
                        .map(row -> row.get(CONCURRENT_REQUESTS).peak()))
                .containsExactly(OptionalLong.of(2), OptionalLong.of(1), OptionalLong.of(1), OptionalLong.of(0));
    }

    @Test
    void percentilesAreExactAndLinearBetweenRanks() {
        table.hold(List.of(
                at("09:00:00").withTimes(1_125_000L, null),
                at("09:00:00").withTimes(1_125_000L, null),
                at("09:00:00").withTimes(1_125_000L, null),
                at("09:00:00").withTimes(2_125_000L, null)));
        Row row = only(wholeDay(LATENCY));
        assertThat(row.get(LATENCY).mean()).hasValue(1375);
        assertThat(row.get(LATENCY).percentile(0.95).orElseThrow()).isCloseTo(1975, within(1e-9));
        assertThat(row.get(LATENCY).percentile(0.99).orElseThrow()).isCloseTo(2095, within(1e-9));
    }

    @Test
    void percentilesOfManyRowsAreExactAndTheSameEveryTime() {
        table.hold(List.of());
        // the latency of row i is i * i microseconds, in an order of its own
        table.execute("INSERT INTO InferenceFact (inference_id, request_arrival_time, response_time_us)"
                + " SELECT generateUUIDv4(number), toDateTime64('2026-01-07 09:00:00', 6, 'UTC') + (number % 3600),"
                + " toInt64(pow(number * 7919 % 300000, 2)) FROM numbers(300000)");
        for (int run = 0; run < 2; run++) {
            Row row = table.ask(wholeDay(REQUEST_COUNT, LATENCY).build()).rows().get(0);
            assertThat(row.get(REQUEST_COUNT).count()).isEqualTo(300_000);
            assertThat(row.get(LATENCY).percentile(0.95).orElseThrow()).isCloseTo(squares(0.95), within(1e-3));
            assertThat(row.get(LATENCY).percentile(0.99).orElseThrow()).isCloseTo(squares(0.99), within(1e-3));
        }
    }

    private static double squares(double fraction) {
        double position = fraction * 299_999;
        double lower = Math.floor(position);
        double low = lower * lower;
        double high = (lower + 1) * (lower + 1);
        return (low + (position - lower) * (high - low)) / 1000;
    }

    // refusals

    @Test
    void invalidQuestions_areRefused() {
        Instant from = Instant.parse("2026-01-07T00:00:00Z");
        refused(() -> wholeDay().build());
        refused(() -> between("2026-01-08T00:00:00Z", "2026-01-07T00:00:00Z", Frequency.DAY, REQUEST_COUNT)
                .build());
        refused(() -> wholeDay(REQUEST_COUNT).groupBy(Dimension.MODEL).top(0).build());
        refused(() -> wholeDay(REQUEST_COUNT).top(3).build());
        refused(() -> Frequency.every(0, Frequency.Unit.DAY));
        refused(() -> Frequency.every(-1, Frequency.Unit.HOUR));
        refused(() ->
                wholeDay(REQUEST_COUNT).where(Dimension.MODEL.in(List.of())).build());
        refused(() -> table.ask(QueryBuilder.analytics()
                .metrics(REQUEST_COUNT)
                .between(from, Instant.parse("2026-03-07T00:00:00Z"))
                .every(Frequency.MINUTE)
                .build()));
        refused(() -> table.ask(QueryBuilder.analytics()
                .metrics(REQUEST_COUNT)
                .between(Instant.parse("1969-12-31T00:00:00Z"), from)
                .every(Frequency.YEAR)
                .build()));
    }

    private static void refused(Supplier<?> question) {
        assertThatThrownBy(question::get).isInstanceOfSatisfying(BudMetricsException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.INVALID_QUERY));
    }

    // six traces of one day

    private static UUID id(String end) {
        return UUID.fromString("019787c1-3de1-7b50-969b-e0a58514" + end);
    }

    private List<OracleRow> sixTraces() {
        return List.of(
                success("06:17:13.145", "b6a1", "b6a2", "b6a4", true, 14, 21, 2_125_000, 450_000),
                success("07:17:13.145", "b6a1", "b6a2", "b6a4", true, 24, 31, 1_125_000, 250_000),
                success("07:17:13.145", "b6a4", "b6a3", "b6a5", false, 24, 31, 1_125_000, 300_000),
                at("08:15:41.527")
                        .withProject(id("b6a1"))
                        .withModel(id("b6a2"))
                        .withEndpoint(id("b6a4"))
                        .withFlags(false, false, null),
                at("08:26:30.036")
                        .withProject(id("b6a1"))
                        .withModel(id("b6a2"))
                        .withEndpoint(id("b6a4"))
                        .withFlags(false, false, null),
                success("10:17:13.145", "b6a1", "b6a2", "b6a4", true, 24, 31, 1_125_000, 250_000)
                        .withCost(new BigDecimal("0.00125")));
    }

    private OracleRow success(
            String time,
            String project,
            String model,
            String endpoint,
            boolean cached,
            long in,
            long out,
            long us,
            long ttft) {
        return at(time).withProject(id(project))
                .withModel(id(model))
                .withEndpoint(id(endpoint))
                .withFlags(true, cached, null)
                .withTokens(in, out)
                .withTimes(us, ttft)
                .withForwardAfter(2_151_000);
    }

    @Test
    void sixTracesHaveTheirGoldenNumbers() {
        table.hold(sixTraces());
        Row row = only(between(
                "2026-01-07T00:00:00Z",
                "2026-01-08T00:00:00Z",
                Frequency.DAY,
                REQUEST_COUNT,
                SUCCESSFUL_REQUESTS,
                FAILED_REQUESTS,
                QUEUING_TIME,
                INPUT_TOKENS,
                OUTPUT_TOKENS,
                CONCURRENT_REQUESTS,
                TTFT.withPercentiles(0.95, 0.99),
                LATENCY.withPercentiles(0.95, 0.99),
                THROUGHPUT,
                CACHE,
                COST));
        assertThat(row.get(REQUEST_COUNT).count()).isEqualTo(6);
        assertThat(row.get(SUCCESSFUL_REQUESTS).count()).hasValue(4);
        assertThat(row.get(SUCCESSFUL_REQUESTS).ratio().orElseThrow()).isCloseTo(4 / 6.0, within(1e-12));
        assertThat(row.get(FAILED_REQUESTS).count()).hasValue(2);
        assertThat(row.get(FAILED_REQUESTS).ratio().orElseThrow()).isCloseTo(2 / 6.0, within(1e-12));
        assertThat(row.get(QUEUING_TIME).mean()).hasValue(2151);
        assertThat(row.get(INPUT_TOKENS).total()).hasValue(86);
        assertThat(row.get(OUTPUT_TOKENS).total()).hasValue(114);
        assertThat(row.get(CONCURRENT_REQUESTS).peak()).hasValue(2);
        assertThat(row.get(TTFT.withPercentiles(0.95, 0.99)).mean()).hasValue(312.5);
        assertThat(row.get(TTFT.withPercentiles(0.95, 0.99)).percentile(0.95).orElseThrow())
                .isCloseTo(427.5, within(1e-9));
        assertThat(row.get(TTFT.withPercentiles(0.95, 0.99)).percentile(0.99).orElseThrow())
                .isCloseTo(445.5, within(1e-9));
        assertThat(row.get(LATENCY.withPercentiles(0.95, 0.99)).mean()).hasValue(1375);
        assertThat(row.get(LATENCY.withPercentiles(0.95, 0.99)).percentile(0.95).orElseThrow())
                .isCloseTo(1975, within(1e-9));
        assertThat(row.get(LATENCY.withPercentiles(0.95, 0.99)).percentile(0.99).orElseThrow())
                .isCloseTo(2095, within(1e-9));
        assertThat(row.get(THROUGHPUT).perSecond().orElseThrow()).isCloseTo(20.7272727272, within(1e-8));
        assertThat(row.get(CACHE).hitRatio()).hasValue(0.5);
        assertThat(row.get(CACHE).hitCount()).hasValue(3);
        assertThat(row.get(CACHE).meanHitLatency().orElseThrow()).isCloseTo(1458.3333333333, within(1e-8));
        assertThat(row.get(COST).total().orElseThrow()).isEqualByComparingTo("0.00125");
    }

    @Test
    void addingAMetricChangesNoOther() {
        table.hold(sixTraces());
        Row two = only(wholeDay(REQUEST_COUNT, FAILED_REQUESTS));
        Row three = only(wholeDay(REQUEST_COUNT, FAILED_REQUESTS, LATENCY, CONCURRENT_REQUESTS));
        assertThat(two.get(REQUEST_COUNT)).isEqualTo(three.get(REQUEST_COUNT));
        assertThat(two.get(FAILED_REQUESTS)).isEqualTo(three.get(FAILED_REQUESTS));
        assertThat(three.get(REQUEST_COUNT).count()).isEqualTo(6);
        assertThat(three.get(FAILED_REQUESTS).count()).hasValue(2);
    }

    @Test
    void sixTracesByProjectModelHourAndCalendar() {
        table.hold(sixTraces());
        AnalyticsAnswer byProject =
                answer(wholeDay(REQUEST_COUNT, SUCCESSFUL_REQUESTS).groupBy(Dimension.PROJECT));
        assertThat(byProject.rows().stream()
                        .map(row -> row.group().get(Dimension.PROJECT).orElseThrow() + " "
                                + row.get(REQUEST_COUNT).count() + " "
                                + row.get(SUCCESSFUL_REQUESTS).ratio().orElseThrow()))
                .containsExactly(id("b6a1") + " 5 0.6", id("b6a4") + " 1 1.0");
        AnalyticsAnswer byModel = answer(wholeDay(REQUEST_COUNT).groupBy(Dimension.MODEL));
        assertThat(countsOf(byModel, id("b6a2"))).containsExactly(5L);
        assertThat(countsOf(byModel, id("b6a3"))).containsExactly(1L);
        AnalyticsAnswer hourly =
                answer(between("2026-01-07T00:00:00Z", "2026-01-08T00:00:00Z", Frequency.HOUR, REQUEST_COUNT));
        assertThat(hourly.rows()).hasSize(24);
        assertThat(hourly.rows().subList(6, 11).stream()
                        .map(row -> row.get(REQUEST_COUNT).count()))
                .containsExactly(1L, 2L, 2L, 0L, 1L);
        for (Frequency frequency : List.of(Frequency.MONTH, Frequency.QUARTER, Frequency.YEAR)) {
            assertThat(counts(
                            answer(between("2026-01-07T00:00:00Z", "2026-01-08T00:00:00Z", frequency, REQUEST_COUNT))))
                    .containsExactly("2026-01-01T00:00:00Z 6");
        }
    }
}
