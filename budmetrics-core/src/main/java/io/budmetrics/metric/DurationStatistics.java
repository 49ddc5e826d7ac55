package io.budmetrics.metric;

import io.budmetrics.error.BudMetricsException;
import java.util.Map;

/** The distribution of a duration over the requests where it was measured, in milliseconds. Immutable. */
public final class DurationStatistics extends Distribution {
    DurationStatistics(Numbers numbers, double[] levels) {
        super(numbers, levels);
    }

    /**
     * Statistics of at least one measured duration, for answers made by hand.
     *
     * @param requests requests that arrived
     * @param sampleSize those whose duration was measured, 1 or more
     * @param mean milliseconds, from min to max
     * @param min milliseconds, 0 or more
     * @param max milliseconds
     * @param percentiles level from 0 to 1 to milliseconds from min to max, not falling; one for each level that the
     *     question asks for
     * @return the statistics
     * @throws BudMetricsException INVALID_QUERY when no durations have these statistics
     */
    public static DurationStatistics of(
            long requests, long sampleSize, double mean, double min, double max, Map<Double, Double> percentiles) {
        Given given = given(requests, sampleSize, mean, min, max, percentiles);
        return new DurationStatistics(given.numbers(), given.levels());
    }
}
