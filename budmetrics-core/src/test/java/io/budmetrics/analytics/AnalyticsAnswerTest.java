package io.budmetrics.analytics;

import static io.budmetrics.filter.Dimension.MODEL;
import static io.budmetrics.metric.Metrics.CACHE;
import static io.budmetrics.metric.Metrics.CONCURRENT_REQUESTS;
import static io.budmetrics.metric.Metrics.COST;
import static io.budmetrics.metric.Metrics.LATENCY;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static io.budmetrics.metric.Metrics.REQUEST_RATE;
import static io.budmetrics.metric.Metrics.SUCCESSFUL_REQUESTS;
import static io.budmetrics.metric.Metrics.TPOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.Row.Delta;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.metric.MetricValue.Absence;
import io.budmetrics.metric.Rate;
import io.budmetrics.time.Frequency;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class AnalyticsAnswerTest {
    private static final UUID A = new UUID(0, 10);
    private static final long HOUR = 3_600_000_000L;
    private static final long NINE = 1_767_776_400_000_000L;
    private static final AnalyticsBuilder HOURLY = QueryBuilder.analytics()
            .metrics(REQUEST_COUNT, SUCCESSFUL_REQUESTS, LATENCY, CACHE, COST)
            .between(Instant.parse("2026-01-07T09:00:00Z"), Instant.parse("2026-01-07T12:00:00Z"))
            .every(Frequency.HOUR)
            .groupBy(MODEL)
            .withDelta();

    private static RowColumns traffic() {
        return new RowColumns(
                        "model",
                        "bucket",
                        "request_count",
                        "success_count",
                        "success_known",
                        "latency_measured",
                        "latency_sum",
                        "latency_min",
                        "latency_max",
                        "latency_quantiles",
                        "cache_known",
                        "cache_hits",
                        "cache_hits_measured",
                        "cache_hits_time",
                        "cost_known",
                        "cost_sum")
                .row(
                        A,
                        NINE,
                        10,
                        9,
                        10,
                        2,
                        3000,
                        1000,
                        2000,
                        new double[] {1950, 1990},
                        0,
                        0,
                        0,
                        0,
                        1,
                        cost("0.000000001250"))
                .row(A, NINE + 2 * HOUR, 4, 0, 0, 0, 0, 0, 0, new double[0], 4, 1, 0, 0, 0, null)
                .row(null, NINE - HOUR, 7, 7, 7, 0, 0, 0, 0, new double[0], 0, 0, 0, 0, 0, null)
                .row(null, NINE, 5, 0, 5, 0, 0, 0, 0, new double[0], 0, 0, 0, 0, 0, null);
    }

    private static BigDecimal cost(String text) {
        return new BigDecimal(text);
    }

    private static Row row(AnalyticsAnswer answer, int period, int group) {
        return answer.buckets().get(period).rows().get(group);
    }

    @Test
    void everyGroupHasEveryPeriodAndAMissingDimensionIsAGroup() {
        AnalyticsAnswer answer = AnalyticsAnswer.of(HOURLY.build(), traffic());

        assertThat(answer.groups()).hasSize(2);
        assertThat(answer.groups().get(0).get(MODEL)).contains(A);
        assertThat(answer.groups().get(1).get(MODEL)).isEmpty();
        assertThat(answer.rows())
                .extracting(row -> row.get(REQUEST_COUNT).count())
                .containsExactly(10L, 5L, 0L, 0L, 4L, 0L);
        assertThat(answer.series()).hasSize(2).allSatisfy(series -> assertThat(series.rows())
                .hasSize(3));
    }

    @Test
    void whatIsNotThereIsAbsentWithItsReason() {
        AnalyticsAnswer answer = AnalyticsAnswer.of(HOURLY.build(), traffic());

        assertThat(row(answer, 0, 0).get(LATENCY).mean()).hasValue(1.5);
        assertThat(row(answer, 0, 0).get(LATENCY).percentile(0.99)).hasValue(1.99);
        assertThat(row(answer, 0, 0).get(COST).total()).contains(cost("0.000000001250"));
        assertThat(row(answer, 0, 0).get(CACHE).absence()).contains(Absence.NOT_MEASURED);
        assertThat(row(answer, 1, 0).get(LATENCY).percentile(0.99)).isEmpty();
        assertThat(row(answer, 1, 0).get(LATENCY).absence()).contains(Absence.NO_TRAFFIC);
        assertThat(row(answer, 1, 0).get(SUCCESSFUL_REQUESTS).count()).hasValue(0);
        assertThat(row(answer, 2, 0).get(SUCCESSFUL_REQUESTS).count()).isEmpty();
        assertThat(row(answer, 2, 0).get(SUCCESSFUL_REQUESTS).ratio()).isEmpty();
        assertThat(row(answer, 2, 0).get(CACHE).hitRatio()).hasValue(0.25);
    }

    @Test
    void deltasCompareWithTheBucketBeforeEvenOutsideTheRange() {
        AnalyticsAnswer answer = AnalyticsAnswer.of(HOURLY.build(), traffic());

        assertThat(row(answer, 0, 0).delta(REQUEST_COUNT))
                .isEqualTo(new Delta(OptionalDouble.of(10), OptionalDouble.empty(), true));
        assertThat(row(answer, 1, 0).delta(REQUEST_COUNT))
                .isEqualTo(new Delta(OptionalDouble.of(-10), OptionalDouble.of(-1), true));
        assertThat(row(answer, 2, 0).delta(REQUEST_COUNT))
                .isEqualTo(new Delta(OptionalDouble.of(4), OptionalDouble.empty(), true));
        assertThat(row(answer, 0, 1).delta(REQUEST_COUNT).change()).hasValue(-2);
        assertThat(row(answer, 1, 0).delta(LATENCY).change()).isEmpty();
    }

    private static RowColumns counts() {
        return new RowColumns("model", "bucket", "totals", "request_count")
                .row(A, NINE, 0, 10)
                .row(A, 0, 1, 11)
                .row(null, NINE + HOUR, 0, 20)
                .row(null, 0, 1, 21)
                .row(null, NINE - HOUR, 2, 5)
                .row(null, NINE, 2, 12)
                .row(null, NINE + HOUR, 2, 22)
                .row(null, 0, 3, 33);
    }

    /** Each total is what the server says of it, whatever the cells add up to. */
    @Test
    void totalsAreRead() {
        AnalyticsBuilder question = HOURLY.metrics(REQUEST_COUNT).withTotals();
        AnalyticsAnswer answer = AnalyticsAnswer.of(question.build(), counts());

        assertThat(answer.groups()).containsExactly(Group.of(MODEL, A), Group.of(MODEL, null));
        assertThat(answer.rows())
                .extracting(row -> row.get(REQUEST_COUNT).count())
                .containsExactly(10L, 0L, 0L, 20L, 0L, 0L);
        assertThat(answer.series())
                .extracting(series -> series.total().get(REQUEST_COUNT).count())
                .containsExactly(11L, 21L);
        assertThat(answer.buckets())
                .extracting(period -> period.total().get(REQUEST_COUNT).count())
                .containsExactly(12L, 22L, 0L);
        assertThat(answer.total().get(REQUEST_COUNT).count()).isEqualTo(33);
        assertThat(answer.buckets().get(0).total().delta(REQUEST_COUNT).change())
                .hasValue(7);
        assertThat(answer.total().delta(REQUEST_COUNT))
                .isEqualTo(new Delta(OptionalDouble.empty(), OptionalDouble.empty(), false));
        assertThat(answer.total())
                .hasToString("Row[2026-01-07T09:00:00Z, Group[], request_count=Count{count=33, rate=null}]");
        assertThat(answer.total().group()).isEqualTo(Group.everything());
        assertThat(answer.total().bucket().to()).isEqualTo(Instant.parse("2026-01-07T12:00:00Z"));

        AnalyticsAnswer sparse =
                AnalyticsAnswer.of(question.onlyBucketsWithTraffic().build(), counts());
        assertThat(sparse.buckets())
                .extracting(period -> period.total().get(REQUEST_COUNT).count())
                .containsExactly(12L, 22L);
        assertThat(sparse.series()).extracting(series -> series.rows().size()).containsExactly(1, 1);
    }

    @Test
    void totalsAreThereOnlyWhereTheyAreAskedFor() {
        AnalyticsAnswer answer = AnalyticsAnswer.of(HOURLY.build(), traffic());

        for (ThrowingCallable read : List.<ThrowingCallable>of(
                answer::total, answer.series().get(0)::total, answer.buckets().get(0)::total)) {
            assertThatExceptionOfType(BudMetricsException.class)
                    .isThrownBy(read)
                    .withMessageContaining("build it with withTotals()");
        }
    }

    @Test
    void deltaOfZero_isPositiveZero() {
        assertThat(Delta.between(-2, -2, true)).isEqualTo(new Delta(OptionalDouble.of(0), OptionalDouble.of(0), true));
    }

    @Test
    void deltaOfANegativeBase_isOverItsAbsoluteValue() {
        assertThat(Delta.between(-100, -50, true))
                .isEqualTo(new Delta(OptionalDouble.of(50), OptionalDouble.of(0.5), true));
        assertThat(Delta.between(-50, -100, true).ratio()).hasValue(-1);
        assertThat(Delta.between(-50, 50, true).ratio()).hasValue(2);
    }

    @Test
    void aClippedBucketIsPartialAndItsDeltaNotComparable() {
        AnalyticsQuestion question = HOURLY.between(
                        Instant.parse("2026-01-07T09:30:00Z"), Instant.parse("2026-01-07T12:00:00Z"))
                .build();
        AnalyticsAnswer answer = AnalyticsAnswer.of(question, traffic());

        assertThat(answer.buckets().get(0).bucket().partial()).isTrue();
        assertThat(answer.buckets().get(0).bucket().coveredSeconds()).isEqualTo(1800);
        assertThat(row(answer, 0, 0).delta(REQUEST_COUNT).comparable()).isFalse();
        assertThat(row(answer, 1, 0).delta(REQUEST_COUNT).comparable()).isFalse();
        assertThat(row(answer, 2, 0).delta(REQUEST_COUNT).comparable()).isTrue();
    }

    @Test
    void aSparseAnswerHasOnlyRowsWithTraffic() {
        AnalyticsAnswer answer =
                AnalyticsAnswer.of(HOURLY.onlyBucketsWithTraffic().build(), traffic());

        assertThat(answer.rows())
                .extracting(row -> row.get(REQUEST_COUNT).count())
                .containsExactly(10L, 5L, 4L);
        assertThat(answer.buckets()).hasSize(2);
    }

    @Test
    void withoutDimensionsAnEmptyResultIsADenseGridOfZeros() {
        AnalyticsQuestion question = HOURLY.groupBy().metrics(REQUEST_COUNT).build();
        AnalyticsAnswer answer = AnalyticsAnswer.of(question, new RowColumns("bucket", "request_count"));

        assertThat(answer.rows()).hasSize(3).allSatisfy(row -> {
            assertThat(row.get(REQUEST_COUNT).count()).isZero();
            assertThat(row.hasTraffic()).isFalse();
        });
    }

    @Test
    void json_hasTheCompatibleFieldsNewestBucketFirst() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        String text = mapper.writeValueAsString(AnalyticsAnswer.of(HOURLY.build(), traffic()));
        JsonNode json = mapper.readTree(text);

        assertThat(json.at("/object").asText()).isEqualTo("observability_metrics");
        assertThat(json.at("/items/0/time_period").asText()).isEqualTo("2026-01-07T11:00:00Z");
        JsonNode oldest = json.at("/items/2/items/0");
        assertThat(oldest.at("/model_id").asText()).isEqualTo(A.toString());
        assertThat(oldest.at("/data/success_request/rate").asDouble()).isEqualTo(90);
        assertThat(oldest.at("/data/latency/p99").asDouble()).isEqualTo(1.99);
        assertThat(oldest.at("/data/request_count/delta").asDouble()).isEqualTo(10);
        assertThat(oldest.at("/data/request_count/delta_percent").isNull()).isTrue();
        assertThat(text).contains("\"total\":0.000000001250").doesNotContain("\"question\"", "\"partial\"");
    }

    @Test
    void anAnswerWithDetailsSurvivesItsJson() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        for (AnalyticsQuestion question : List.of(
                HOURLY.withDetails().build(),
                HOURLY.withDetails().onlyBucketsWithTraffic().build())) {
            AnalyticsAnswer answer =
                    AnalyticsAnswer.of(question.asOf(Instant.parse("2026-01-07T12:00:00Z")), traffic());

            String text = mapper.writeValueAsString(answer).replaceFirst("\\{", "{\"unknown\":[1],");

            AnalyticsAnswer read = mapper.readValue(text, AnalyticsAnswer.class);
            assertThat(read).isEqualTo(answer).hasSameHashCodeAs(answer);
            assertThat(row(read, 0, 1).delta(REQUEST_COUNT).change()).hasValue(-2);
        }
    }

    @Test
    void anAnswerWithoutDetailsSaysWhyItCannotBeReadBack() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        String text = mapper.writeValueAsString(AnalyticsAnswer.of(HOURLY.build(), traffic()));

        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> mapper.readValue(text, AnalyticsAnswer.class)))
                .hasMessageContaining("withDetails()");
    }

    @Test
    void metricNotInTheQuestion_isRefused() {
        Row row = AnalyticsAnswer.of(HOURLY.build(), traffic()).rows().get(0);

        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> row.get(io.budmetrics.metric.Metrics.TTFT))
                .withMessageContaining("ttft");
        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> row.get(LATENCY).percentile(0.5))
                .withMessageContaining("withPercentiles");
    }

    @Test
    void rowsAreMadeWhenTheyAreReadAndCannotBeChanged() {
        AnalyticsAnswer answer = AnalyticsAnswer.of(
                HOURLY.groupBy().metrics(REQUEST_COUNT).build(),
                new RowColumns("bucket", "request_count").row(NINE, 10).row(NINE + HOUR, 11));

        List<Row> rows = answer.rows();
        Row second = rows.get(1);

        assertThat(second.get(REQUEST_COUNT).count()).isEqualTo(11);
        assertThat(rows.get(1)).isEqualTo(second).isNotSameAs(second);
        AnalyticsAnswer sparse =
                AnalyticsAnswer.of(HOURLY.onlyBucketsWithTraffic().build(), traffic());
        for (List<?> list : List.of(
                rows,
                answer.groups(),
                answer.buckets(),
                answer.buckets().get(0).rows(),
                answer.series(),
                answer.series().get(0).rows(),
                sparse.rows(),
                sparse.buckets(),
                sparse.buckets().get(0).rows(),
                sparse.series(),
                sparse.series().get(0).rows())) {
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> list.remove(0));
        }
    }

    @Test
    void aSparseAnswerLooksAtNoEmptyCell() {
        AnalyticsBuilder minutes = HOURLY.metrics(REQUEST_COUNT)
                .between(Instant.parse("2026-01-07T09:00:00Z"), Instant.parse("2026-01-13T09:00:00Z"))
                .every(Frequency.MINUTE)
                .onlyBucketsWithTraffic();
        int groups = 20_000;
        RowColumns columns = new RowColumns("model", "bucket", "request_count");
        for (int group = 0; group < groups; group++) {
            columns.row(new UUID(0, group), NINE + (groups - group) % 8_640 * 60_000_000L, 1);
        }

        // 172,800,000 cells, of which 20,000 have traffic
        AnalyticsAnswer answer = AnalyticsAnswer.of(minutes.build(), columns);

        assertThat(answer.rows()).hasSize(groups).allMatch(Row::hasTraffic);
        assertThat(answer.rows()).extracting(row -> row.bucket().from()).isSorted();
        assertThat(answer.buckets()).hasSize(8_640);
        assertThat(answer.series()).hasSize(groups);
    }

    @Test
    void moreCellsThanAListHoldsAreRefused() {
        AnalyticsBuilder minutes = HOURLY.metrics(REQUEST_COUNT)
                .between(Instant.parse("2026-01-07T09:00:00Z"), Instant.parse("2026-01-13T09:00:00Z"))
                .every(Frequency.MINUTE);
        RowColumns columns = new RowColumns("model", "bucket", "request_count");
        for (int group = 0; group < 248_552; group++) {
            columns.row(new UUID(0, group), NINE, 1);
        }

        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> AnalyticsAnswer.of(minutes.build(), columns))
                .withMessage("RESOURCE_EXHAUSTED: 248552 groups in 8640 buckets are too many cells;"
                        + " use top(n) or a coarser frequency");
    }

    @Test
    void rowsAreComparedByWhatTheySayAndShowNoIds() {
        AnalyticsAnswer answer = AnalyticsAnswer.of(HOURLY.build(), traffic());
        AnalyticsAnswer same = AnalyticsAnswer.of(HOURLY.build(), traffic());

        assertThat(answer).isEqualTo(same).hasSameHashCodeAs(same);
        assertThat(answer.rows()).isEqualTo(same.rows()).doesNotHaveDuplicates();
        assertThat(answer.buckets()).isEqualTo(same.buckets());
        assertThat(answer.series()).isEqualTo(same.series());
        assertThat(answer)
                .isNotEqualTo(AnalyticsAnswer.of(
                        HOURLY.build(),
                        traffic().row(new UUID(0, 11), NINE, 1, 1, 1, 0, 0, 0, 0, new double[0], 0, 0, 0, 0, 0, null)));
        assertThat(answer.rows().get(0).toString())
                .startsWith(
                        "Row[2026-01-07T09:00:00Z, Group[model], request_count=Count{count=10, rate=null}, success_request=")
                .doesNotContain(A.toString());
        assertThat(answer.toString())
                .isEqualTo(
                        "AnalyticsAnswer[[request_count, success_request, latency, cache, cost], 2 groups, 3 buckets]");
    }

    @Test
    void twoRowsForOneCellAreRefused() {
        RowColumns columns = new RowColumns("model", "bucket", "request_count")
                .row(A, NINE, 1)
                .row(A, NINE, 2);

        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(
                        () -> AnalyticsAnswer.of(HOURLY.metrics(REQUEST_COUNT).build(), columns))
                .withMessageContaining("two rows for one bucket");
    }

    @Test
    void aGroupThatWasOnlyThereBeforeTheRangeIsNoGroup() {
        RowColumns columns = new RowColumns("model", "bucket", "request_count")
                .row(A, NINE - HOUR, 4)
                .row(null, NINE, 1);

        AnalyticsAnswer answer =
                AnalyticsAnswer.of(HOURLY.metrics(REQUEST_COUNT).build(), columns);

        assertThat(answer.groups()).containsExactly(Group.of(MODEL, null));
    }

    @Test
    void runningRequests_areJoinedWithArrivedOnes() {
        UUID onlyRan = new UUID(0, 11);
        RowColumns columns = new RowColumns(
                        "latency_measured", "model", "bucket", "part", "request_count", "concurrency_peak")
                .row(null, onlyRan, NINE, 1, null, 9)
                .row(0, A, NINE - HOUR, 0, 1, null)
                .row(2, A, NINE, 0, 3, null)
                .row(0, A, NINE + HOUR, 0, 1, null)
                .row(4, A, NINE + 2 * HOUR, 0, 4, null)
                .row(null, A, NINE, 1, null, 2)
                .row(null, A, NINE + HOUR, 1, null, 5);
        AnalyticsQuestion question =
                HOURLY.metrics(CONCURRENT_REQUESTS, REQUEST_COUNT).build();

        List<Row> rows = AnalyticsAnswer.of(question, columns).rows();

        assertThat(rows).extracting(row -> row.group().get(MODEL)).containsOnly(Optional.of(A));
        assertThat(rows)
                .extracting(row -> row.get(CONCURRENT_REQUESTS).peak())
                .containsExactly(OptionalLong.of(2), OptionalLong.of(5), OptionalLong.of(0));
        assertThat(rows)
                .extracting(row -> row.delta(CONCURRENT_REQUESTS).change())
                .containsExactly(OptionalDouble.empty(), OptionalDouble.of(3), OptionalDouble.of(-5));
        assertThat(rows)
                .extracting(row -> row.delta(REQUEST_COUNT).change())
                .containsExactly(OptionalDouble.of(2), OptionalDouble.of(-2), OptionalDouble.of(3));
    }

    @Test
    void realNumbersAreRead() {
        RowColumns columns = new RowColumns(
                        "bucket", "request_count", "tpot_measured", "tpot_sum", "tpot_min", "tpot_max")
                .row(NINE, 3, 2, 3500.5, 1000.25, 2500.25);
        AnalyticsQuestion question =
                HOURLY.groupBy().metrics(TPOT.withPercentiles()).build();

        Row row = AnalyticsAnswer.of(question, columns).rows().get(0);

        assertThat(row.get(TPOT).mean()).hasValue(1.75025);
        assertThat(row.get(TPOT).min()).hasValue(1.00025);
        assertThat(row.get(TPOT).max()).hasValue(2.50025);
    }

    @Test
    void totalsWithoutRows_areZero() {
        AnalyticsBuilder question = HOURLY.metrics(REQUEST_COUNT, REQUEST_RATE).withTotals();
        RowColumns nothing = new RowColumns("model", "bucket", "totals", "request_count");

        for (AnalyticsBuilder asked : List.of(question, question.groupBy())) {
            AnalyticsAnswer answer = AnalyticsAnswer.of(asked.build(), nothing);
            assertThat(answer.total().get(REQUEST_COUNT).count()).isZero();
            assertThat(answer.total().get(REQUEST_RATE)).isEqualTo(Rate.ofRequests(0, 3 * 3_600));
            assertThat(answer.buckets().get(0).total().hasTraffic()).isFalse();
        }
    }

    @Test
    void groupsWithoutATotalAreNoAnswer() {
        RowColumns columns = new RowColumns("model", "bucket", "totals", "request_count").row(A, NINE, 0, 10);

        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> AnalyticsAnswer.of(
                        HOURLY.metrics(REQUEST_COUNT).withTotals().build(), columns))
                .withMessage("SCHEMA_MISMATCH: the result has groups but no total of all groups");
    }

    @Test
    void bucket_isCutAtBothEnds() {
        AnalyticsQuestion question = HOURLY.groupBy()
                .metrics(REQUEST_COUNT)
                .between(Instant.parse("2026-01-07T09:15:00Z"), Instant.parse("2026-01-07T09:45:00.250Z"))
                .build();

        Bucket period = AnalyticsAnswer.of(question, new RowColumns("bucket", "request_count"))
                .buckets()
                .get(0)
                .bucket();

        assertThat(period)
                .isEqualTo(new Bucket(
                        Instant.parse("2026-01-07T09:00:00Z"),
                        Instant.parse("2026-01-07T10:00:00Z"),
                        Instant.parse("2026-01-07T09:15:00Z"),
                        Instant.parse("2026-01-07T09:45:00.250Z")));
        assertThat(period.coveredSeconds()).isEqualTo(1_800.25);
    }

    @Test
    void viewsNotInTheQuestion_areRefusedWithAdvice() {
        Row row = AnalyticsAnswer.builder(HOURLY.groupBy()
                        .metrics(REQUEST_COUNT)
                        .onlyBucketsWithTraffic()
                        .build())
                .row(Instant.parse("2026-01-07T09:00:00Z"), 1)
                .build()
                .rows()
                .get(0);

        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> row.group().get(MODEL))
                .withMessageContaining("the question does not group by model; it groups by []");
    }
}
