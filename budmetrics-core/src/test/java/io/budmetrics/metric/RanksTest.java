package io.budmetrics.metric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ranks between which a percentile lies, against the binomial distribution itself. */
class RanksTest {
    private static final double[] LEVELS = {0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999};

    /** How likely so many of n values are below the percentile that the ranks enclose it. */
    private static double coverage(long n, double level, long low, long high) {
        double none = n * Math.log1p(-level);
        double term = none;
        double sum = low == 0 ? Math.exp(term) : 0;
        for (long k = 1; k < high; k++) {
            term += Math.log((n - k + 1.0) / k) + Math.log(level) - Math.log1p(-level);
            if (k >= low) {
                sum += Math.exp(term);
            }
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource(Confidence.class)
    void coverage_isAtLeastTheConfidence(Confidence confidence) {
        int compared = 0;
        double mean = 0;
        for (double level : LEVELS) {
            Ranks ranks = Ranks.of(level, confidence);
            for (long n = 2; n < 8_000; n += 1 + n / 12) {
                long low = ranks.low(n);
                long high = ranks.high(n);
                if (low >= 1 && high <= n) {
                    double covered = coverage(n, level, low, high);
                    assertThat(covered)
                            .as("%s of %s values", level, n)
                            .isGreaterThanOrEqualTo(confidence.percent() / 100.0);
                    mean += covered;
                    compared++;
                }
            }
        }
        // nor much more often, or the intervals would be too wide to be of use
        assertThat(compared).isGreaterThan(200);
        assertThat(mean / compared).isLessThan(confidence.percent() / 100.0 + 0.035);
    }

    @Test
    void tooSmallASampleHasNone() {
        Ranks median = Ranks.of(0.5, Confidence.NINETY_FIVE_PERCENT);
        Ranks high = Ranks.of(0.99, Confidence.NINETY_FIVE_PERCENT);

        assertThat(median.low(7)).isLessThan(1);
        assertThat(median.low(8)).isEqualTo(1);
        assertThat(median.high(8)).isEqualTo(8);
        assertThat(high.high(562)).isGreaterThan(562);
        assertThat(high.high(563)).isEqualTo(563);
        assertThat(Ranks.of(0, Confidence.NINETY_PERCENT).low(1_000_000)).isLessThan(1);
        assertThat(Ranks.of(1, Confidence.NINETY_PERCENT).high(1_000_000)).isGreaterThan(1_000_000);
    }

    @Test
    void theRanksOfAThousandAreThoseOfTheTable() {
        // 500 -+ 30.99, and 950 -+ 13.51
        assertThat(Ranks.of(0.5, Confidence.NINETY_FIVE_PERCENT).low(1000)).isEqualTo(469);
        assertThat(Ranks.of(0.5, Confidence.NINETY_FIVE_PERCENT).high(1000)).isEqualTo(532);
        assertThat(Ranks.of(0.95, Confidence.NINETY_FIVE_PERCENT).low(1000)).isEqualTo(936);
        assertThat(Ranks.of(0.95, Confidence.NINETY_FIVE_PERCENT).high(1000)).isEqualTo(965);
    }
}
