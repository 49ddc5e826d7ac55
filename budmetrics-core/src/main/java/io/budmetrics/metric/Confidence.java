package io.budmetrics.metric;

import io.budmetrics.error.BudMetricsException;
import java.util.Optional;

/** The confidence level of an interval: how many of a hundred such intervals contain the true value. */
public enum Confidence {
    /** 90 of 100. */
    NINETY_PERCENT(90, 1.6448536269514722),
    /** 95 of 100. */
    NINETY_FIVE_PERCENT(95, 1.959963984540054),
    /** 99 of 100. */
    NINETY_NINE_PERCENT(99, 2.5758293035489004);

    private final int percent;
    private final double z;

    Confidence(int percent, double z) {
        this.percent = percent;
        this.z = z;
    }

    /**
     * The confidence level in percent.
     *
     * @return 90, 95 or 99
     */
    public int percent() {
        return percent;
    }

    /**
     * Returns the confidence level for a percentage.
     *
     * @param percent 90, 95 or 99
     * @return the confidence
     * @throws BudMetricsException INVALID_QUERY for another number
     */
    public static Confidence ofPercent(long percent) {
        for (Confidence confidence : values()) {
            if (confidence.percent == percent) {
                return confidence;
            }
        }
        throw BudMetricsException.invalidQuery("confidence is " + percent + "; give 90, 95 or 99 percent");
    }

    /** The two-sided quantile of the standard normal distribution. */
    double z() {
        return z;
    }

    /**
     * A confidence interval: the bounds between which the true value of a ratio or a percentile lies.
     *
     * @param low the lower bound
     * @param high the upper bound
     */
    public record Interval(double low, double high) {
        /**
         * Wilson's score interval of a binomial proportion: right for small samples too, and inside 0 to 1.
         *
         * @param matches how many of the sample match
         * @param sampleSize how many there are
         * @param confidence how sure
         * @return the interval; empty without a sample
         */
        static Optional<Interval> wilson(long matches, long sampleSize, Confidence confidence) {
            if (sampleSize == 0) {
                return Optional.empty();
            }
            double n = sampleSize;
            double ratio = matches / n;
            double z2 = confidence.z() * confidence.z();
            double centre = (ratio + z2 / (2 * n)) / (1 + z2 / n);
            double half = confidence.z() / (1 + z2 / n) * Math.sqrt(ratio * (1 - ratio) / n + z2 / (4 * n * n));
            return Optional.of(
                    new Interval(matches == 0 ? 0 : centre - half, matches == sampleSize ? 1 : centre + half));
        }
    }
}
