package io.budmetrics.metric;

import io.budmetrics.error.BudMetricsException;
import java.util.Map;

/** The distribution of a quantity over the requests where it was measured, in its unit, durations in ms. Immutable. */
public final class QuantityStatistics extends Distribution {
    QuantityStatistics(Numbers numbers, double[] levels) {
        super(numbers, levels);
    }

    /**
     * Statistics of at least one measured quantity, for answers made by hand.
     *
     * @param requests requests that arrived
     * @param sampleSize those where it was measured, 1 or more
     * @param mean from min to max
     * @param min 0 or more
     * @param max the greatest
     * @param percentiles level from 0 to 1 to a number from min to max, not falling; one for each level that the question
     *     asks for
     * @return the statistics
     * @throws BudMetricsException INVALID_QUERY when no quantities have these statistics
     */
    public static QuantityStatistics of(
            long requests, long sampleSize, double mean, double min, double max, Map<Double, Double> percentiles) {
        Given given = given(requests, sampleSize, mean, min, max, percentiles);
        return new QuantityStatistics(given.numbers(), given.levels());
    }
}
