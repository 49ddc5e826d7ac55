package io.budmetrics.metric;

import java.util.Optional;

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
        return Optional.of(new Interval(matches == 0 ? 0 : centre - half, matches == sampleSize ? 1 : centre + half));
    }
}
