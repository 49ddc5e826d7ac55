package io.budmetrics.metric;

/** The distribution of a speed over the requests where it was measured, in tokens per second. Immutable. */
public final class SpeedStatistics extends Distribution {
    SpeedStatistics(Numbers numbers, double[] levels) {
        super(numbers, levels);
    }
}
