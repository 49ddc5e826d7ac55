package io.budmetrics.analytics;

import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.metric.Measures;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.MetricValue;
import io.budmetrics.time.BucketAxis;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Cells given row by row. */
final class GivenCells implements Cells {
    /**
     * A group in a bucket.
     *
     * @param requests how many arrived
     * @param values by the names of their metrics; what is missing was not measured
     */
    record GivenRow(long requests, Map<String, MetricValue> values) {}

    private static final GivenRow NOTHING = new GivenRow(0, Map.of());

    private final List<Metric<?>> metrics;
    private final BucketAxis axis;
    private final boolean grouped;
    private final List<Group> groups = new ArrayList<>();
    private final List<SortedMap<Integer, GivenRow>> rows = new ArrayList<>();
    private final Map<Group, SortedMap<Integer, GivenRow>> byGroup = new HashMap<>();

    /** The row of all groups together in a bucket, where there are groups. */
    private final SortedMap<Integer, GivenRow> ofAll = new TreeMap<>();

    GivenCells(AnalyticsQuestion question, BucketAxis axis) {
        this.metrics = question.metrics();
        this.axis = axis;
        this.grouped = !question.groupBy().isEmpty();
    }

    /** Makes a group the last one, unless it is one already. */
    void add(Group group) {
        byGroup.computeIfAbsent(group, this::begin);
    }

    private SortedMap<Integer, GivenRow> begin(Group group) {
        SortedMap<Integer, GivenRow> ofGroup = new TreeMap<>();
        groups.add(group);
        rows.add(ofGroup);
        return ofGroup;
    }

    void put(Group group, int bucket, GivenRow row) {
        boolean all = grouped && group.equals(Group.everything());
        (all ? ofAll : byGroup.computeIfAbsent(group, this::begin)).put(bucket, row);
    }

    private SortedMap<Integer, GivenRow> rows(int group) {
        return group == rows.size() ? ofAll : rows.get(group);
    }

    @Override
    public List<Group> groups() {
        return groups;
    }

    @Override
    public int[] buckets(int group) {
        return rows(group).keySet().stream()
                .filter(bucket -> bucket != WHOLE_RANGE)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @Override
    public Spot at(int group, int bucket) {
        GivenRow row = rows(group).getOrDefault(bucket, NOTHING);
        return new Spot() {
            @Override
            public long requests() {
                return row.requests();
            }

            @Override
            public double headlineBefore(int metric) {
                return at(group, bucket - 1).headline(metric);
            }

            @Override
            public MetricValue value(int metric) {
                MetricValue value = row.values().get(metrics.get(metric).name());
                return value == null
                        ? unmeasured(metrics.get(metric), row.requests(), Cells.coveredMicros(axis, bucket))
                        : value;
            }
        };
    }

    /** What a metric says of requests of which nothing is known. */
    static <V extends MetricValue> V unmeasured(Metric<V> metric, long requests, long coveredMicros) {
        return Internals.of(metric).read(new NoMeasures(requests, coveredMicros));
    }

    /** Nothing but how many requests arrived in what time. */
    private record NoMeasures(long requests, long coveredMicros) implements Measures {
        @Override
        public boolean isAbsent(int aggregate) {
            return true;
        }

        @Override
        public long longAt(int aggregate) {
            return 0;
        }

        @Override
        public double doubleAt(int aggregate) {
            return 0;
        }

        @Override
        public BigDecimal decimalAt(int aggregate) {
            return BigDecimal.ZERO;
        }

        @Override
        public double elementAt(int aggregate, int element) {
            return 0;
        }
    }
}
