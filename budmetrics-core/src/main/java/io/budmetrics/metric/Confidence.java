package io.budmetrics.metric;

import io.budmetrics.error.BudMetricsException;

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
}
