package io.budmetrics.analytics;

import io.budmetrics.metric.MetricValue;
import io.budmetrics.time.BucketAxis;
import java.util.List;

/** The present values of an answer; absent ones are computed. Bucket -1 is the one before the range. */
interface Cells {
    /** Stands for a bucket where the whole range is meant. */
    int WHOLE_RANGE = Integer.MAX_VALUE;

    List<Group> groups();

    /** The buckets in which a group has anything, the one before the range included, ascending. */
    int[] buckets(int group);

    /**
     * What is known of a group in a bucket, looked up once for all its metrics. With totals, the number behind the last
     * group stands for all groups together.
     */
    Spot at(int group, int bucket);

    static long coveredMicros(BucketAxis axis, int bucket) {
        return bucket == WHOLE_RANGE ? axis.to() - axis.from() : axis.coveredMicros(bucket);
    }

    /** What is known of one group in one bucket. */
    interface Spot {
        long requests();

        MetricValue value(int metric);

        // NaN where it is absent
        default double headline(int metric) {
            return value(metric).headline().orElse(Double.NaN);
        }

        // of the same group in the bucket before; NaN where it is absent
        double headlineBefore(int metric);
    }
}
