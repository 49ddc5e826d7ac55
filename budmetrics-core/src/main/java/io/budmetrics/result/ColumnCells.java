package io.budmetrics.result;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.metric.Aggregate;
import io.budmetrics.metric.Measures;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.MetricValue;
import io.budmetrics.query.AnalyticsQuestion;
import io.budmetrics.query.BucketAxis;
import io.budmetrics.query.Dimension;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Cells read from the columns of a result whose rows are ordered by group, then bucket. */
final class ColumnCells implements Cells {
    private static final int NO_ROW = -1;

    private final Columns columns;
    private final Metric<?>[] metrics;
    private final BucketAxis axis;
    private final int requestCount;
    private final List<Group> groups = new ArrayList<>();
    private final Part arrived;
    private final @Nullable Part inFlight;
    /** For each metric, where its aggregates stand; those of running requests are complemented. */
    private final int[][] positions;

    ColumnCells(AnalyticsQuestion question, BucketAxis axis, Columns columns) {
        this.columns = columns;
        this.metrics = question.metrics().toArray(new Metric<?>[0]);
        this.axis = axis;
        this.requestCount = columns.indexOf(ResultColumns.REQUEST_COUNT);
        this.positions = new int[metrics.length][];
        boolean anyInFlight = false;
        for (int m = 0; m < positions.length; m++) {
            List<Aggregate> aggregates = metrics[m].aggregates();
            positions[m] = new int[aggregates.size()];
            for (int a = 0; a < aggregates.size(); a++) {
                boolean runs = aggregates.get(a).population() == Aggregate.Population.IN_FLIGHT;
                int position = columns.indexOf(aggregates.get(a).alias());
                positions[m][a] = runs ? ~position : position;
                anyInFlight |= runs;
            }
        }
        int rows = columns.rowCount();
        this.arrived = new Part(rows);
        this.inFlight = anyInFlight ? new Part(rows) : null;
        readRows(question);
    }

    private void readRows(AnalyticsQuestion question) {
        List<Dimension<?>> dimensions = question.groupBy();
        int[] keys = new int[dimensions.size()];
        for (int d = 0; d < keys.length; d++) {
            keys[d] = columns.indexOf(dimensions.get(d).alias());
        }
        int others = question.top().isPresent() ? columns.indexOf(ResultColumns.IS_OTHERS) : NO_ROW;
        int part = inFlight == null ? NO_ROW : columns.indexOf(ResultColumns.PART);
        int bucketColumn = columns.indexOf(ResultColumns.BUCKET);
        int rows = columns.rowCount();
        int start = 0;
        while (start < rows) {
            int end = start + 1;
            while (end < rows && sameGroup(keys, others, end - 1, end)) {
                end++;
            }
            // without dimensions there is one group, whatever arrived
            boolean kept = dimensions.isEmpty();
            for (int row = start; row < end; row++) {
                int bucket = axis.startingAt(columns.longAt(bucketColumn, row));
                if (part != NO_ROW && columns.longAt(part, row) != 0) {
                    Objects.requireNonNull(inFlight).add(row, bucket);
                } else {
                    arrived.add(row, bucket);
                    kept |= bucket >= 0;
                }
            }
            // a group that was only there before the range, or only runs on from before, is not one of its groups
            if (kept) {
                groups.add(group(dimensions, keys, others, start));
            }
            arrived.endGroup(kept);
            if (inFlight != null) {
                inFlight.endGroup(kept);
            }
            start = end;
        }
        if (groups.isEmpty() && dimensions.isEmpty()) {
            groups.add(Group.everything());
            arrived.endGroup(true);
            if (inFlight != null) {
                inFlight.endGroup(true);
            }
        }
    }

    private boolean sameGroup(int[] keys, int others, int row, int next) {
        if (others != NO_ROW && !columns.same(others, row, next)) {
            return false;
        }
        for (int key : keys) {
            if (!columns.same(key, row, next)) {
                return false;
            }
        }
        return true;
    }

    private Object key(Dimension<?> dimension, int column, int row) {
        Class<?> type = dimension.type();
        if (type == UUID.class) {
            return columns.uuidAt(column, row);
        }
        if (type == String.class) {
            return columns.textAt(column, row);
        }
        long number = columns.longAt(column, row);
        return type == Boolean.class ? (Object) (number != 0) : (Object) Math.toIntExact(number);
    }

    private Group group(List<Dimension<?>> dimensions, int[] keys, int others, int row) {
        if (dimensions.isEmpty()) {
            return Group.everything();
        }
        if (others != NO_ROW && columns.longAt(others, row) != 0) {
            return Group.others(dimensions);
        }
        @Nullable Object[] values = new @Nullable Object[keys.length];
        for (int d = 0; d < keys.length; d++) {
            values[d] = columns.isNull(keys[d], row) ? null : key(dimensions.get(d), keys[d], row);
        }
        return Group.ofValues(dimensions, values);
    }

    @Override
    public List<Group> groups() {
        return groups;
    }

    @Override
    public int[] buckets(int group) {
        IntStream running = inFlight == null ? IntStream.empty() : inFlight.buckets(group);
        return IntStream.concat(arrived.buckets(group), running)
                .sorted()
                .distinct()
                .toArray();
    }

    @Override
    public Spot at(int group, int bucket) {
        return found(group, bucket);
    }

    private FoundRows found(int group, int bucket) {
        int running = inFlight == null ? NO_ROW : inFlight.find(group, bucket);
        return new FoundRows(group, bucket, arrived.find(group, bucket), running);
    }

    /** The rows of the result that speak of one group in one bucket. */
    private final class FoundRows implements Spot {
        private final int group;
        private final int bucket;
        private final int arrived;
        private final int running;

        /** Found when the first change is read; racing readers find the same. */
        private @Nullable FoundRows before;

        FoundRows(int group, int bucket, int arrived, int running) {
            this.group = group;
            this.bucket = bucket;
            this.arrived = arrived;
            this.running = running;
        }

        @Override
        public Spot before() {
            FoundRows known = before;
            if (known == null) {
                known = found(group, bucket - 1);
                before = known;
            }
            return known;
        }

        @Override
        public long requests() {
            return arrived == NO_ROW ? 0 : columns.longAt(requestCount, arrived);
        }

        @Override
        public MetricValue value(int metric) {
            return metrics[metric].read(new Cell(this, positions[metric]));
        }

        @Override
        public OptionalDouble headline(int metric) {
            return metrics[metric].headline(new Cell(this, positions[metric]));
        }

        int rowOf(int position) {
            return position < 0 ? running : arrived;
        }

        boolean isNull(int position) {
            int row = rowOf(position);
            return row == NO_ROW || columns.isNull(column(position), row);
        }

        long whole(int position) {
            int row = rowOf(position);
            return row == NO_ROW ? 0 : columns.longAt(column(position), row);
        }

        double real(int position) {
            int row = rowOf(position);
            return row == NO_ROW ? 0 : columns.doubleAt(column(position), row);
        }

        BigDecimal decimal(int position) {
            int row = rowOf(position);
            return row == NO_ROW ? ZERO_COST : columns.decimalAt(column(position), row);
        }

        double element(int position, int element) {
            return columns.elementAt(column(position), rowOf(position), element);
        }

        long coveredMicros() {
            return axis.coveredMicros(bucket);
        }
    }

    private static int column(int position) {
        return position < 0 ? ~position : position;
    }

    /** The aggregates of one metric in one row. */
    private static final class Cell implements Measures {
        private final FoundRows rows;
        private final int[] positions;

        Cell(FoundRows rows, int[] positions) {
            this.rows = rows;
            this.positions = positions;
        }

        @Override
        public long requests() {
            return rows.requests();
        }

        @Override
        public long coveredMicros() {
            return rows.coveredMicros();
        }

        @Override
        public boolean isAbsent(int aggregate) {
            return rows.isNull(positions[aggregate]);
        }

        @Override
        public long whole(int aggregate) {
            return rows.whole(positions[aggregate]);
        }

        @Override
        public double real(int aggregate) {
            return rows.real(positions[aggregate]);
        }

        @Override
        public BigDecimal decimal(int aggregate) {
            return rows.decimal(positions[aggregate]);
        }

        @Override
        public double element(int aggregate, int element) {
            return rows.element(positions[aggregate], element);
        }
    }

    private static final BigDecimal ZERO_COST = BigDecimal.ZERO.setScale(12);

    /** The rows of one population, by group and bucket. */
    private static final class Part {
        private final int[] rows;
        private final int[] buckets;
        private int size;
        private int[] starts = new int[16];
        private int groupCount;

        Part(int capacity) {
            rows = new int[capacity];
            buckets = new int[capacity];
        }

        void add(int row, int bucket) {
            if (size > starts[groupCount] && buckets[size - 1] >= bucket) {
                throw BudMetricsException.of(
                        ErrorCode.SCHEMA_MISMATCH, "the result has two rows for one bucket, or not in its order");
            }
            rows[size] = row;
            buckets[size++] = bucket;
        }

        void endGroup(boolean keep) {
            if (!keep) {
                size = starts[groupCount];
                return;
            }
            if (++groupCount == starts.length) {
                starts = Arrays.copyOf(starts, starts.length * 2);
            }
            starts[groupCount] = size;
        }

        IntStream buckets(int group) {
            return Arrays.stream(buckets, starts[group], starts[group + 1]);
        }

        int find(int group, int bucket) {
            int low = starts[group];
            int high = starts[group + 1];
            if (low == high) {
                return NO_ROW;
            }
            // in a group without gaps the row stands where the bucket says
            int guess = low + bucket - buckets[low];
            if (guess >= low && guess < high && buckets[guess] == bucket) {
                return rows[guess];
            }
            int found = Arrays.binarySearch(buckets, low, high, bucket);
            return found < 0 ? NO_ROW : rows[found];
        }
    }
}
