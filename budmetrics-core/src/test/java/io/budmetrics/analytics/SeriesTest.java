package io.budmetrics.analytics;

import static io.budmetrics.metric.Metrics.COST;
import static io.budmetrics.metric.Metrics.INPUT_TOKENS;
import static io.budmetrics.metric.Metrics.LATENCY;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static io.budmetrics.metric.Metrics.REQUEST_RATE;
import static io.budmetrics.metric.Metrics.SUCCESSFUL_REQUESTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.budmetrics.QueryBuilder;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.metric.Cost;
import io.budmetrics.metric.Count;
import io.budmetrics.metric.Share;
import io.budmetrics.time.Frequency;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Totals, running totals and moving averages. */
class SeriesTest {
    private static final Instant EIGHT = Instant.parse("2026-01-07T08:00:00Z");
    private static final AnalyticsBuilder HOURLY = QueryBuilder.analytics()
            .metrics(REQUEST_COUNT, SUCCESSFUL_REQUESTS.withMinimumSample(100), COST, LATENCY, REQUEST_RATE)
            .between(EIGHT, hour(5))
            .every(Frequency.HOUR);

    private static Instant hour(int later) {
        return EIGHT.plus(Duration.ofHours(later));
    }

    /** 60, 0, 100 (without prices), 40 and 7 requests. */
    private static Series series(AnalyticsBuilder question) {
        AnalyticsAnswer answer = AnalyticsAnswer.builder(question.build())
                .row(EIGHT, Group.everything(), 60)
                .value(SUCCESSFUL_REQUESTS, Share.of(50, 60, 60, 100))
                .value(COST, Cost.of(new BigDecimal("0.000000000001"), 30, 60))
                .row(hour(2), Group.everything(), 100)
                .row(hour(3), Group.everything(), 40)
                .value(SUCCESSFUL_REQUESTS, Share.of(40, 40, 40, 100))
                .value(COST, Cost.of(new BigDecimal("1.5"), 40, 40))
                .row(hour(4), Group.everything(), 7)
                .value(SUCCESSFUL_REQUESTS, Share.of(7, 7, 7, 100))
                .value(COST, Cost.of(new BigDecimal("0.5"), 7, 7))
                .build();
        return answer.series().get(0);
    }

    private static void refused(ThrowingCallable call, String reason) {
        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(call)
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_QUERY))
                .withMessageContaining(reason);
    }

    @Test
    void runningTotals_combineTheKnownValuesOfBuckets() {
        Series series = series(HOURLY);

        assertThat(series.runningTotals(REQUEST_COUNT).stream().map(Count::count))
                .containsExactly(60L, 60L, 160L, 200L, 207L);
        assertThat(series.runningTotals(COST).stream().map(cost -> cost.total().orElseThrow()))
                .usingElementComparator(BigDecimal::compareTo)
                .containsExactly(
                        new BigDecimal("0.000000000001"),
                        new BigDecimal("0.000000000001"),
                        new BigDecimal("0.000000000001"),
                        new BigDecimal("1.500000000001"),
                        new BigDecimal("2.000000000001"));
        assertThat(series.runningTotals(COST).get(2).coverage()).hasValue(30 / 160.0);
        assertThat(series.total(COST)).isEqualTo(Cost.of(new BigDecimal("2.000000000001"), 77, 207));
        assertThat(series.total(COST)).isEqualTo(series.runningTotals(COST).get(4));
    }

    @Test
    void ratiosAreOverTheSumsAndKeepTheirMinimum() {
        List<Share> totals = series(HOURLY).runningTotals(SUCCESSFUL_REQUESTS);

        assertThat(totals.get(2).ratio()).isEmpty();
        assertThat(totals.get(3)).isEqualTo(Share.of(90, 100, 200, 100));
        assertThat(totals.get(3).ratio()).hasValue(0.9);
    }

    @Test
    void sparseSeries_hasTotalsButNoMovingAverage() {
        Series sparse = series(HOURLY.onlyBucketsWithTraffic());

        assertThat(sparse.runningTotals(REQUEST_COUNT).stream().map(Count::count))
                .containsExactly(60L, 160L, 200L, 207L);
        refused(() -> sparse.movingAverages(REQUEST_COUNT, 2), "build it without onlyBucketsWithTraffic()");
    }

    @Test
    void movingAverage_isEmptyUntilAllBucketsAreKnown() {
        assertThat(series(HOURLY).movingAverages(REQUEST_COUNT, 2))
                .containsExactly(
                        OptionalDouble.empty(),
                        OptionalDouble.of(30),
                        OptionalDouble.of(50),
                        OptionalDouble.of(70),
                        OptionalDouble.of(23.5));
        // the prices of the third hour are not known
        assertThat(series(HOURLY).movingAverages(COST, 2))
                .containsExactly(
                        OptionalDouble.empty(),
                        OptionalDouble.of(0.000000000001 / 2),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.of(1));
        assertThat(series(HOURLY).movingAverages(REQUEST_COUNT, 6)).hasSize(5).allMatch(OptionalDouble::isEmpty);
    }

    @Test
    void periodsThatAreCutAreInNoMovingAverage() {
        Series cut = series(HOURLY.between(EIGHT, hour(5).minusSeconds(1)));

        assertThat(cut.movingAverages(REQUEST_COUNT, 3))
                .containsExactly(
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.of(160 / 3.0),
                        OptionalDouble.of(140 / 3.0),
                        OptionalDouble.empty());
    }

    @Test
    void nonAdditiveMetric_isRefused() {
        Series series = series(HOURLY);

        refused(() -> series.total(LATENCY), "values of latency may be added up over nothing, not over buckets");
        refused(() -> series.runningTotals(REQUEST_RATE), "over the groups of one bucket, not over buckets");
        refused(() -> series.movingAverages(LATENCY, 3), "ask for coarser buckets instead");
        refused(() -> series.movingAverages(REQUEST_COUNT, 1), "over 1 buckets; give 2 to 10000");
        refused(() -> series(HOURLY.metrics(REQUEST_COUNT)).total(INPUT_TOKENS), "does not ask for");
    }
}
