package io.budmetrics.result;

import io.budmetrics.metric.Measures;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.MetricValue;
import io.budmetrics.query.AnalyticsQuestion;
import io.budmetrics.query.BucketAxis;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Cells given one by one. */
final class GivenCells implements Cells {
    /** Where a value belongs. */
    private record Key(int metric, int group, int bucket) {}

    private final List<Metric<?>> metrics;
    private final BucketAxis axis;
    private final List<Group> groups;
    private final Map<Key, MetricValue> values = new HashMap<>();
    private final Map<Key, Long> requests = new HashMap<>();

    GivenCells(AnalyticsQuestion question, BucketAxis axis, List<Group> groups) {
        this.metrics = question.metrics();
        this.axis = axis;
        this.groups = new ArrayList<>(groups);
    }

    void put(Group group, int bucket, long arrived, Metric<?> metric, MetricValue value) {
        int position = groups.indexOf(group);
        if (position < 0) {
            position = groups.size();
            groups.add(group);
        }
        values.put(new Key(metrics.indexOf(metric), position, bucket), value);
        requests.put(new Key(0, position, bucket), arrived);
    }

    @Override
    public List<Group> groups() {
        return groups;
    }

    @Override
    public long requests(int group, int bucket) {
        return requests.getOrDefault(new Key(0, group, bucket), 0L);
    }

    @Override
    public MetricValue value(int metric, int group, int bucket) {
        MetricValue value = values.get(new Key(metric, group, bucket));
        return value == null ? metrics.get(metric).read(new NoMeasures(axis.coveredMicros(bucket))) : value;
    }

    /** What a metric measures where nothing arrived. */
    private record NoMeasures(long coveredMicros) implements Measures {
        @Override
        public long requests() {
            return 0;
        }

        @Override
        public boolean isAbsent(int aggregate) {
            return true;
        }

        @Override
        public long whole(int aggregate) {
            return 0;
        }

        @Override
        public double real(int aggregate) {
            return 0;
        }

        @Override
        public BigDecimal decimal(int aggregate) {
            return BigDecimal.ZERO.setScale(12);
        }

        @Override
        public double element(int aggregate, int element) {
            return 0;
        }
    }
}
