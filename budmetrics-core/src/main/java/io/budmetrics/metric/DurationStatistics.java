package io.budmetrics.metric;

/** The distribution of a duration over the requests where it was measured, in milliseconds. Immutable. */
public final class DurationStatistics extends Distribution {
    DurationStatistics(Numbers numbers, double[] levels) {
        super(numbers, levels);
    }

    /** Without percentiles the seed's name of the mean is another one. */
    @Override
    String meanField() {
        return hasPercentiles() ? super.meanField() : "avg_time_ms";
    }
}
