package io.budmetrics.metric;

import io.budmetrics.error.BudMetricsException;
import java.util.Map;

/** The distribution of a speed over the requests where it was measured, in tokens per second. Immutable. */
public final class SpeedStatistics extends Distribution {
    SpeedStatistics(Numbers numbers, double[] levels) {
        super(numbers, levels);
    }

    /**
     * Statistics of at least one measured speed, for answers made by hand.
     *
     * @param requests requests that arrived
     * @param sampleSize those whose speed was measured, 1 or more
     * @param mean tokens per second, from min to max
     * @param min tokens per second, 0 or more
     * @param max tokens per second
     * @param percentiles level from 0 to 1 to tokens per second from min to max, not falling; one for each level that the
     *     question asks for
     * @return the statistics
     * @throws BudMetricsException INVALID_QUERY when no speeds have these statistics
     */
    public static SpeedStatistics of(
            long requests, long sampleSize, double mean, double min, double max, Map<Double, Double> percentiles) {
        Given given = given(requests, sampleSize, mean, min, max, percentiles);
        return new SpeedStatistics(given.numbers(), given.levels());
    }
}
