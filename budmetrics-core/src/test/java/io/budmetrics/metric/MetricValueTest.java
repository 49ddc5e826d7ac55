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

    private static DurationStatistics durations(double mean, double min, double max, Map<Double, Double> percentiles) {
        return DurationStatistics.of(10, 8, mean, min, max, percentiles);
    }

    @Test
    void countsArePartsOfEachOther() {
        refused(() -> new Count(-1), "count is -1; give 0 or more");
        refused(() -> new Share(2, 1, 5), "matches is 2 and sampleSize 1; give 0 or more, and no more than sampleSize");
        refused(() -> new Share(0, 6, 5), "sampleSize is 6 and requests 5");
        refused(() -> new Share(0, -1, 5), "sampleSize is -1 and requests 5");
        refused(() -> new TokenTotal(-1, 1, 5), "sum is -1; give 0 or more");
        refused(() -> new TokenTotal(1, 6, 5), "sampleSize is 6 and requests 5");
        refused(() -> new CacheUse(3, 2, 5, OptionalDouble.empty()), "hits is 3 and sampleSize 2");
        refused(() -> new CacheUse(1, 2, 5, OptionalDouble.of(Double.NaN)), "meanHitLatency is NaN; give a finite");
        refused(() -> new Throughput(OptionalDouble.of(Double.POSITIVE_INFINITY), 1, 1), "tokensPerSecond is Infinity");
        refused(() -> new Concurrency(OptionalLong.of(-1)), "peak is -1; give 0 or more");
        refused(() -> new Cost(BigDecimal.ONE, 2, 1), "sampleSize is 2 and requests 1");
        refused(() -> new UnitCost(BigDecimal.ONE, -1, 1, 1, 1), "units is -1; give 0 or more");
        refused(() -> new TokenShare(1, 2, 4, 3), "sampleSize is 4 and requests 3");
        refused(() -> new UniqueUsers(-1, 1, 1, OptionalDouble.empty()), "users is -1");
        refused(() -> new RequestRate(1, 0), "coveredSeconds is 0.0; give a finite number above 0");
        refused(() -> new Goodput(2, 1, 3, 60), "good is 2 and sampleSize 1");
        refused(() -> new Goodput(1, 1, 3, Double.NaN), "coveredSeconds is NaN");
        refused(() -> new Attainment(2, 1, 3), "good is 2 and sampleSize 1");
        refused(() -> new Apdex(2, 2, 3, 3), "tolerating is 2 and the rest of sampleSize 1");
        refused(() -> new AverageConcurrency(OptionalDouble.of(-0.5)), "average is -0.5");
        refused(() -> new LatencySaved(OptionalDouble.of(Double.NaN), 1, 1), "milliseconds is NaN");
    }

    @Test
    void moneyHasTwelveDecimals() {
        assertThat(new Cost(new BigDecimal("1.25"), 1, 1))
                .isEqualTo(new Cost(new BigDecimal("1.2500000000000000"), 1, 1))
                .satisfies(cost -> assertThat(cost.sum()).isEqualTo(new BigDecimal("1.250000000000")));
        refused(() -> new Cost(new BigDecimal("0.0000000000001"), 1, 1), "sum has more than 12 decimals; round it");
    }

    @Test
    void statisticsOfDurationsAreInOrder() {
        DurationStatistics statistics = durations(2, 1, 4, Map.of(0.99, 3.5, 0.5, 1.5));

        assertThat(statistics.levels()).containsExactly(0.5, 0.99);
        assertThat(statistics.percentile(0.5)).hasValue(1.5);
        assertThat(statistics.percentile(0.99)).hasValue(3.5);
        assertThat(statistics.sampleSize()).isEqualTo(8);
        assertThat(statistics.requests()).isEqualTo(10);
        refused(() -> statistics.percentile(99), "whose levels are 0 to 1");
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
                () -> DurationStatistics.of(10, 0, 1, 1, 1, Map.of()),
                "sampleSize is 0; give 1 or more, and leave the value out where nothing was measured");
        refused(() -> DurationStatistics.of(10, 11, 1, 1, 1, Map.of()), "sampleSize is 11 and requests 10");
    }

    @Test
    void speedsHaveStatisticsToo() {
        SpeedStatistics speeds = SpeedStatistics.of(10, 8, 40, 12.5, 90, Map.of(0.05, 15.0));

        assertThat(speeds.percentile(0.05)).hasValue(15);
        assertThat(speeds).isNotEqualTo(DurationStatistics.of(10, 8, 40, 12.5, 90, Map.of(0.05, 15.0)));
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
