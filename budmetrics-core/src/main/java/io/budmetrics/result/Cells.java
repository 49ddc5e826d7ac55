package io.budmetrics.result;

import io.budmetrics.metric.MetricValue;
import java.util.List;
import java.util.OptionalDouble;

/** The present values of an answer; absent ones are computed. Bucket -1 is the one before the range. */
interface Cells {
    List<Group> groups();

    long requests(int group, int bucket);

    /** The buckets in which a group has anything, the one before the range included, ascending. */
    int[] buckets(int group);

    MetricValue value(int metric, int group, int bucket);

    default OptionalDouble headline(int metric, int group, int bucket) {
        return value(metric, group, bucket).headline();
    }
}
