package io.budmetrics.metric;

/** How sure an interval is meant to be: of a hundred such intervals, how many hold the true value. */
public enum Confidence {
    /** 90 of 100. */
    NINETY_PERCENT(1.6448536269514722),
    /** 95 of 100. */
    NINETY_FIVE_PERCENT(1.959963984540054),
    /** 99 of 100. */
    NINETY_NINE_PERCENT(2.5758293035489004);

    private final double z;

    Confidence(double z) {
        this.z = z;
    }

    /** The two-sided quantile of the standard normal distribution. */
    double z() {
        return z;
    }
}
