package io.budmetrics.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.budmetrics.error.BudMetricsException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Values that a caller makes. */
class MetricValueTest {
    private static void refused(ThrowingCallable call, String reason) {
        assertThatExceptionOfType(BudMetricsException.class).isThrownBy(call).withMessageContaining(reason);
    }

    private static Distribution durations(double mean, double min, double max, Map<Double, Double> percentiles) {
        return Distribution.of(10, 8, mean, min, max, percentiles);
    }

    @Test
    void countsArePartsOfEachOther() {
        refused(() -> Count.of(-1), "count is -1; give 0 or more");
        refused(() -> Share.of(2, 1, 5), "matches is 2 and sampleSize 1; give 0 or more, and no more than sampleSize");
        refused(() -> Share.of(0, 6, 5), "sampleSize is 6 and requests 5");
        refused(() -> Share.of(0, -1, 5), "sampleSize is -1 and requests 5");
        refused(() -> TokenTotal.of(-1, 1, 5), "sum is -1; give 0 or more");
        refused(() -> TokenTotal.of(1, 6, 5), "sampleSize is 6 and requests 5");
        refused(() -> CacheUse.of(3, 2, 5, OptionalDouble.empty()), "hits is 3 and sampleSize 2");
        refused(() -> CacheUse.of(1, 2, 5, OptionalDouble.of(Double.NaN)), "meanHitLatency is NaN; give a finite");
        refused(() -> Rate.ofTokens(OptionalDouble.of(Double.POSITIVE_INFINITY), 1, 1), "tokensPerSecond is Infinity");
        refused(() -> Concurrency.of(OptionalLong.of(-1)), "peak is -1; give 0 or more");
        refused(() -> Cost.of(BigDecimal.ONE, 2, 1), "sampleSize is 2 and requests 1");
        refused(() -> UnitCost.of(BigDecimal.ONE, -1, 1, 1, 1), "units is -1; give 0 or more");
        refused(() -> TokenShare.of(1, 2, 4, 3), "sampleSize is 4 and requests 3");
        refused(() -> UniqueUsers.of(-1, 1, 1, OptionalDouble.empty()), "users is -1");
        refused(() -> Rate.ofRequests(1, 0), "coveredSeconds is 0.0; give a finite number above 0");
        refused(() -> Rate.ofGoodRequests(2, 1, 3, 60), "good is 2 and sampleSize 1");
        refused(() -> Rate.ofGoodRequests(1, 1, 3, Double.NaN), "coveredSeconds is NaN");
        refused(() -> Attainment.of(2, 1, 3), "good is 2 and sampleSize 1");
        refused(() -> Apdex.of(2, 2, 3, 3), "tolerating is 2 and the rest of sampleSize 1");
        refused(() -> AverageConcurrency.of(OptionalDouble.of(-0.5)), "average is -0.5");
        refused(() -> QuantityTotal.ofTimeSaved(OptionalDouble.of(Double.NaN), 1, 1), "milliseconds is NaN");
    }

    @Test
    void moneyHasTwelveDecimals() {
        assertThat(Cost.of(new BigDecimal("1.25"), 1, 1))
                .isEqualTo(Cost.of(new BigDecimal("1.2500000000000000"), 1, 1))
                .satisfies(cost -> assertThat(cost.total()).contains(new BigDecimal("1.250000000000")));
        refused(() -> Cost.of(new BigDecimal("0.0000000000001"), 1, 1), "sum has more than 12 decimals; give no more");
    }

    @Test
    void statisticsOfDurationsAreInOrder() {
        Distribution statistics = durations(2, 1, 4, Map.of(0.99, 3.5, 0.5, 1.5));

        assertThat(statistics.levels()).containsExactly(0.5, 0.99);
        assertThat(statistics.percentile(0.5)).hasValue(1.5);
        assertThat(statistics.percentile(0.99)).hasValue(3.5);
        assertThat(statistics.sampleSize()).isEqualTo(8);
        assertThat(statistics.requests()).isEqualTo(10);
        refused(
                () -> statistics.percentile(99),
                "is not in the question, which has [0.5, 0.99]; give withPercentiles each level that is read, from 0 to 1");
        refused(() -> durations(5, 1, 4, Map.of()), "mean is 5.0; give a number from 1.0 to 4.0");
        refused(() -> durations(1, 2, 1, Map.of()), "max is 1.0; give a number from 2.0");
        refused(() -> durations(1, -1, 1, Map.of()), "min is -1.0; give a finite number of 0 or more");
        refused(() -> durations(Double.NaN, 1, 1, Map.of()), "mean is NaN");
        refused(() -> durations(2, 1, 4, Map.of(0.5, 3.0, 0.9, 2.0)), "percentile 0.9 is 2.0; give a number from 3.0");
        refused(() -> durations(2, 1, 4, Map.of(0.5, 5.0)), "percentile 0.5 is 5.0; give a number from 1.0 to 4.0");
        refused(
                () -> durations(2, 1, 4, Map.of(95.0, 3.0)),
                "the level of a percentile is 95.0; give a number from 0.0");
        refused(
                () -> Distribution.of(10, 0, 1, 1, 1, Map.of()),
                "sampleSize is 0; give 1 or more, and leave the value out where nothing was measured");
        refused(() -> Distribution.of(10, 11, 1, 1, 1, Map.of()), "sampleSize is 11 and requests 10");
    }

    @Test
    void equals_comparesAllNumbers() {
        Distribution speeds = Distribution.of(10, 8, 40, 12.5, 90, Map.of(0.05, 15.0));

        assertThat(speeds.percentile(0.05)).hasValue(15);
        assertThat(speeds)
                .isEqualTo(Distribution.of(10, 8, 40, 12.5, 90, Map.of(0.05, 15.0)))
                .hasSameHashCodeAs(Distribution.of(10, 8, 40, 12.5, 90, Map.of(0.05, 15.0)))
                .isNotEqualTo(Distribution.of(10, 8, 40, 12.5, 90, Map.of(0.05, 15.5)))
                .isNotEqualTo(Distribution.of(11, 8, 40, 12.5, 90, Map.of(0.05, 15.0)))
                .hasToString("Distribution{avg=40.0, p5=15.0, min=12.5, max=90.0, sample_size=8}");
        assertThat(Share.of(1, 2, 3)).isNotEqualTo(Share.of(1, 2, 4)).isNotEqualTo(Share.of(1, 2, 3, 1));
        assertThat(Rate.ofTokens(OptionalDouble.of(1), 1, 1)).isNotEqualTo(Rate.ofRequests(1, 1));
    }

    @Test
    void countsAndSums_ofRequestsWithoutASample_areEmpty() {
        assertThat(Cost.of(BigDecimal.ZERO, 0, 3).total()).isEmpty();
        assertThat(TokenTotal.of(0, 0, 3).total()).isEmpty();
        assertThat(QuantityTotal.of(BigDecimal.ZERO, 0, 3).total()).isEmpty();
        assertThat(Share.of(0, 0, 3).count()).isEmpty();
        assertThat(CacheUse.of(0, 0, 3, OptionalDouble.empty()).hitCount()).isEmpty();
        assertThat(UniqueUsers.of(0, 0, 3, OptionalDouble.empty()).count()).isEmpty();
        assertThat(Attainment.of(0, 0, 3).good()).isEmpty();
        assertThat(Attainment.of(0, 0, 3).bad()).isEmpty();
        assertThat(Apdex.of(0, 0, 0, 3).satisfied()).isEmpty();
        assertThat(Apdex.of(0, 0, 0, 3).tolerating()).isEmpty();
        assertThat(Apdex.of(0, 0, 0, 3).frustrated()).isEmpty();
        assertThat(TokenShare.of(0, 0, 0, 3).tokens()).isEmpty();
        assertThat(TokenShare.of(0, 0, 0, 3).allTokens()).isEmpty();
        assertThat(Rate.ofGoodRequests(0, 0, 3, 60).perSecond()).isEmpty();
    }

    @Test
    void countsAndSums_whereNothingArrived_areZero() {
        assertThat(Cost.of(BigDecimal.ZERO, 0, 0).total()).contains(new BigDecimal("0.000000000000"));
        assertThat(TokenTotal.of(0, 0, 0).total()).hasValue(0);
        assertThat(Attainment.of(0, 0, 0).good()).hasValue(0);
        assertThat(Attainment.of(2, 3, 4).bad()).hasValue(1);
        assertThat(Apdex.of(1, 1, 3, 3).frustrated()).hasValue(1);
        assertThat(Rate.ofGoodRequests(0, 0, 0, 60).perSecond()).hasValue(0);
    }

    @Test
    void thePercentileOfALevelHasAPlainName() {
        assertThat(Distribution.percentileField(0)).isEqualTo("p0");
        assertThat(Distribution.percentileField(0.5)).isEqualTo("p50");
        assertThat(Distribution.percentileField(0.999)).isEqualTo("p99.9");
        assertThat(Distribution.percentileField(0.07)).isEqualTo("p7");
        assertThat(Distribution.percentileField(1e-9)).isEqualTo("p0.0000001");
        assertThat(Distribution.percentileField(1)).isEqualTo("p100");
    }
}
