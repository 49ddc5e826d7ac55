package io.budmetrics.analytics;

import io.budmetrics.analytics.AnalyticsQuestion.MovingAverage;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metric.Additivity;
import io.budmetrics.metric.MetricValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The rows of one group in time order. Immutable and safe for use by many threads, compared by value. */
public final class Series {
    private final AnalyticsAnswer answer;
    private final int position;
    private final List<Row> rows;

    Series(AnalyticsAnswer answer, int position, List<Row> rows) {
        this.answer = answer;
        this.position = position;
        this.rows = rows;
    }

    /**
     * Returns the group.
     *
     * @return the group
     */
    public Group group() {
        return answer.group(position);
    }

    /**
     * Returns the rows.
     *
     * @return one a bucket, oldest first; made when they are read, and unchangeable
     */
    public List<Row> rows() {
        return rows;
    }

    /**
     * Returns the values of all metrics for the group over the whole range, as if the range were one bucket.
     *
     * @return a row whose bucket is the range
     * @throws BudMetricsException INVALID_QUERY when the question does not ask for totals
     */
    public Row total() {
        return answer.total(position, Cells.WHOLE_RANGE);
    }

    /**
     * Returns the value of a metric for the whole range: the value of {@link #total()} if the question asks for totals,
     * otherwise its values added up, with ratios over the sums.
     *
     * @param metric one that the question asks for; without totals, one whose values may be added up over buckets
     * @param <V> the type of its values
     * @return the total; it knows as much as the buckets know together
     * @throws BudMetricsException INVALID_QUERY when the question does not ask for the metric, or has no totals and the
     *     metric's values cannot be added up over buckets
     */
    public <V extends MetricValue> V total(Metric<V> metric) {
        if (answer.question().withTotals()) {
            return total().get(metric);
        }
        Sum<V> sum = sum(metric);
        for (Row row : rows) {
            sum.add(row.get(metric), row.requests());
        }
        return sum.value();
    }

    /**
     * Returns the value of a metric from the start of the range to the end of each bucket.
     *
     * @param metric one that the question asks for, whose values may be added up over buckets
     * @param <V> the type of its values
     * @return one a row; each knows as much as the buckets up to it know together
     * @throws BudMetricsException INVALID_QUERY when the question does not ask for the metric, or its values cannot be
     *     added up over buckets
     */
    public <V extends MetricValue> List<V> runningTotals(Metric<V> metric) {
        Sum<V> sum = sum(metric);
        List<V> totals = new ArrayList<>(rows.size());
        for (Row row : rows) {
            sum.add(row.get(metric), row.requests());
            totals.add(sum.value());
        }
        return List.copyOf(totals);
    }

    /**
     * Returns the mean of a metric's headline value over each bucket and the buckets right before it.
     *
     * @param metric one that the question asks for, whose values may be added up over buckets
     * @param buckets how many buckets an average is of, 2 to 10,000
     * @return one a row, in the metric's unit; empty where there are not so many buckets yet, where one of them is cut by
     *     the range, and where the value of one is absent
     * @throws BudMetricsException INVALID_QUERY when the question does not ask for the metric, its values cannot be added
     *     up over buckets, the number of buckets is outside its range, or the question leaves empty buckets out
     */
    public List<OptionalDouble> movingAverages(Metric<?> metric, int buckets) {
        return movingAverages(new MovingAverage(metric, buckets));
    }

    /**
     * Returns the mean of a metric's headline value over each bucket and the buckets right before it.
     *
     * @param average the metric and the number of buckets; create it before the question is executed, to have it checked then
     * @return one a row, in the metric's unit; empty where there are not so many buckets yet, where one of them is cut by
     *     the range, and where the value of one is absent
     * @throws BudMetricsException INVALID_QUERY when the question does not ask for the metric, or leaves empty buckets out
     */
    public List<OptionalDouble> movingAverages(MovingAverage average) {
        Objects.requireNonNull(average, "average is null");
        Metric<?> metric = average.metric();
        int periods = average.buckets();
        if (!answer.question().showsEmptyBuckets()) {
            throw BudMetricsException.invalidQuery(
                    "a moving average of " + metric
                            + " needs every bucket, and the question leaves empty ones out; build it without onlyBucketsWithTraffic()");
        }
        List<OptionalDouble> averages = new ArrayList<>(rows.size());
        double[] values = new double[rows.size()];
        int usable = 0;
        for (int i = 0; i < values.length; i++) {
            Row row = rows.get(i);
            OptionalDouble value = row.get(metric).headline();
            values[i] = value.orElse(0);
            usable = value.isPresent() && !row.bucket().partial() ? usable + 1 : 0;
            averages.add(usable < periods ? OptionalDouble.empty() : OptionalDouble.of(mean(values, i, periods)));
        }
        return List.copyOf(averages);
    }

    private static double mean(double[] values, int last, int periods) {
        double sum = 0;
        for (int i = last - periods + 1; i <= last; i++) {
            sum += values[i];
        }
        return sum / periods;
    }

    private <V extends MetricValue> Sum<V> sum(Metric<V> metric) {
        requireAdditive(metric);
        return new Sum<>(answer.asked(metric));
    }

    private static void requireAdditive(Metric<?> metric) {
        Objects.requireNonNull(metric, "metric is null");
        if (metric.additivity() != Additivity.BUCKETS_AND_GROUPS) {
            throw BudMetricsException.invalidQuery("values of " + metric + " may be added up over "
                    + metric.additivity().words()
                    + ", not over buckets; ask for coarser buckets instead, or for the whole range withTotals()");
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Series that
                && group().equals(that.group())
                && rows.equals(that.rows)
                && answer.question().withTotals() == that.answer.question().withTotals()
                && (!answer.question().withTotals() || total().equals(that.total()));
    }

    @Override
    public int hashCode() {
        return 31 * group().hashCode() + rows.hashCode();
    }

    @Override
    public String toString() {
        return "Series[" + group() + ", " + rows + "]";
    }
}
