package io.budmetrics.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.budmetrics.metric.Confidence.Interval;
import org.junit.jupiter.api.Test;

class IntervalTest {
    /** The bounds of Wilson's interval are where the score test just rejects. */
    @Test
    void theBoundsOfARatioAreThoseOfTheScoreTest() {
        for (Confidence confidence : Confidence.values()) {
            for (int n : new int[] {1, 7, 40, 100_000}) {
                for (int matches = 0; matches <= n; matches += Math.max(1, n / 7)) {
                    Interval interval = Interval.wilson(matches, n, confidence).orElseThrow();
                    double ratio = (double) matches / n;
                    for (double bound : new double[] {interval.low(), interval.high()}) {
                        double deviation = Math.abs(ratio - bound);
                        double allowed = confidence.z() * Math.sqrt(bound * (1 - bound) / n);
                        assertThat(deviation).isCloseTo(allowed, within(1e-9));
                    }
                    assertThat(interval.low()).isBetween(0.0, ratio);
                    assertThat(interval.high()).isBetween(ratio, 1.0);
                }
            }
        }
    }

    @Test
    void wilsonInterval_ofTenRequestsIsWide() {
        Interval interval =
                Share.of(5, 10, 10, 0).interval(Confidence.NINETY_FIVE_PERCENT).orElseThrow();

        assertThat(interval.low()).isCloseTo(0.2366, within(1e-4));
        assertThat(interval.high()).isCloseTo(0.7634, within(1e-4));
        assertThat(Share.of(0, 0, 10, 0).interval(Confidence.NINETY_FIVE_PERCENT))
                .isEmpty();
    }
}
