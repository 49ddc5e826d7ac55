package io.budmetrics.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationHistogramTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void percentilesAreThoseOfTheSortedValuesOrALittleMore(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long[] values = new long[5000];
        DurationHistogram histogram = new DurationHistogram();
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextLong(1L << random.nextInt(1, 62));
            histogram.add(values[i]);
        }
        Arrays.sort(values);
        assertThat(histogram.count()).isEqualTo(values.length);
        for (double level : new double[] {0.001, 0.1, 0.5, 0.95, 0.99, 1}) {
            long exact = values[(int) Math.ceil(level * values.length) - 1];
            assertThat(histogram.percentile(level)).isBetween(exact, exact + exact / 31);
        }
    }

    @Test
    void extremes() {
        DurationHistogram histogram = new DurationHistogram();
        assertThat(histogram.percentile(0.5)).isZero();
        assertThat(histogram).hasToString("count 0");
        histogram.add(-1);
        assertThat(histogram.percentile(1)).isZero();
        histogram.add(Long.MAX_VALUE);
        assertThat(histogram.percentile(1)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void toString_showsMilliseconds() {
        DurationHistogram histogram = new DurationHistogram();
        histogram.add(1_000_000);
        histogram.add(3_000_000);
        assertThat(histogram.toString())
                .startsWith("count 2, mean 2.000, p50 1.0")
                .endsWith(" ms");
    }
}
