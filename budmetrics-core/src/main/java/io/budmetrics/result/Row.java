package io.budmetrics.result;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.MetricValue;

/** What the answer says of one group in one period. Immutable. */
public final class Row {
    private final AnalyticsAnswer answer;
    private final int group;
    private final int bucket;

    Row(AnalyticsAnswer answer, int group, int bucket) {
        this.answer = answer;
        this.group = group;
        this.bucket = bucket;
    }

    /**
     * When.
     *
     * @return the period
     */
    public Period period() {
        return answer.period(bucket);
    }

    /**
     * Who.
     *
     * @return the group
     */
    public Group group() {
        return answer.groups().get(group);
    }

    /**
     * Whether a request of the group arrived in the period.
     *
     * @return false in an empty bucket
     */
    public boolean hasTraffic() {
        return answer.cells().requests(group, bucket) > 0;
    }

    /**
     * The value of a metric; it always exists, what it could not know is empty.
     *
     * @param metric one that the question asks for, found by its name
     * @param <V> the type of its values
     * @return the value
     * @throws BudMetricsException INVALID_QUERY when the question does not ask for it
     */
    @SuppressWarnings("unchecked") // a name stands for one type of value throughout the catalogue
    public <V extends MetricValue> V get(Metric<V> metric) {
        return (V) answer.cells().value(answer.position(metric), group, bucket);
    }

    /**
     * How the headline value of a metric changed against the bucket before.
     *
     * @param metric one that the question asks for
     * @return the change
     * @throws BudMetricsException INVALID_QUERY when the question does not ask for the metric, or not for deltas
     */
    public Delta delta(Metric<?> metric) {
        return answer.delta(answer.position(metric), group, bucket);
    }
}
