package io.budmetrics.analytics;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.metric.Additivity;
import io.budmetrics.metric.Metric;
import io.budmetrics.time.BucketAxis;
import java.util.Objects;

/**
 * The mean of a metric's headline value over a bucket and the buckets right before it. A metric without one, such as a
 * percentile, is rejected by the constructor, before a question is executed. Immutable.
 *
 * @param metric whose values may be added up over buckets
 * @param buckets how many buckets an average is of, 2 to 10,000
 */
public record MovingAverage(Metric<?> metric, int buckets) {
    /** Refuses a metric that cannot be added up over buckets, and a number of buckets outside its range. */
    public MovingAverage {
        Objects.requireNonNull(metric, "metric is null");
        if (metric.additivity() != Additivity.BUCKETS_AND_GROUPS) {
            throw BudMetricsException.invalidQuery("a moving average of " + metric + " has no meaning, since its values"
                    + " may be added up over " + metric.additivity().words()
                    + ", not over buckets; ask for coarser buckets instead");
        }
        if (buckets < 2 || buckets > BucketAxis.MAX_BUCKETS) {
            throw BudMetricsException.invalidQuery("a moving average of " + metric + " over " + buckets
                    + " buckets; use 2 to " + BucketAxis.MAX_BUCKETS);
        }
    }
}
